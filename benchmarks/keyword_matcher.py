"""The baseline row: a plain keyword matcher, one regular expression a kind, scored like everything else.

    python -m benchmarks.keyword_matcher ARTICLES LABELS [--json]

It says whether an article carries a kind and nothing of who, whom or how: its objects have no fields, so every facet
but detection stays at nothing.
"""

import argparse
import json
import re
from pathlib import Path

from schemas.article import Article
from schemas.signal import PAYLOADS
from streams.evaluation.objects import Object, Objects, read_objects
from streams.evaluation.report import lines
from streams.evaluation.run import measured, read_articles

WORDS = {
    "arms_deal": re.compile(
        r"""\b(?: arms \s (?: deal | sale | sales | export | exports | shipment | package )
            | weapons? \s (?: sale | sales | deal | deliver\w* | package )
            | military \s (?: aid | assistance | sale | sales | equipment )
            | fighter \s jets? | air \s defen[cs]e \s systems? | missile \s systems? | tanks | howitzers | Patriot | HIMARS
            | F-16s? | F-35s? | S-400s? | Rafales? )\b""",
        re.VERBOSE,
    ),
    "sanctions_stance": re.compile(
        r"""\b(?: sanctions? | sanctioned | embargo(?:es)? | asset \s freezes? | travel \s bans? | blacklist\w*
            | export \s controls? | price \s cap )\b""",
        re.VERBOSE | re.IGNORECASE,
    ),
    "diplomatic_statement": re.compile(
        r"""\b(?: foreign \s (?: minister | ministry | secretary ) | secretary \s of \s state | prime \s minister
            | president | spokes(?:man|woman|person) | ambassador | Kremlin | White \s House | Security \s Council
            )\b [^.\n]{0,120} \b(?: said | says | told | warned | urged | condemned | accused | called )\b""",
        re.VERBOSE | re.IGNORECASE,
    ),
}


def matched(article: Article) -> dict[str, list[Object]]:
    """One empty object for each kind whose words stand in the text."""
    return {kind: [{}] if WORDS[kind].search(article.text) else [] for kind in PAYLOADS}


def main() -> None:
    """Prints the table, or the run as `geosignals evaluate --baseline` reads it."""
    arguments = argparse.ArgumentParser(description="A keyword matcher's accuracy.")
    arguments.add_argument("articles", type=Path)
    arguments.add_argument("labels", type=Path)
    arguments.add_argument("--json", action="store_true", help="for geosignals evaluate --baseline")
    options = arguments.parse_args()
    articles, _ = read_articles(options.articles)
    said: Objects = {article.id: matched(article) for article in articles}
    run = measured(read_objects(options.labels), said, list(PAYLOADS))
    print(json.dumps(run) if options.json else "\n".join(lines(run)))


if __name__ == "__main__":
    main()
