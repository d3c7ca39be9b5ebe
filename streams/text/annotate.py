"""The one pass over a text: sentences, what the vocabulary finds, quotes, who is named and who speaks."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from schemas.article import Article
from streams.text.actors import dateline, home_state, mentions
from streams.text.document import NEVER_ACTS, Document, Mention, Sentence
from streams.text.folding import folded
from streams.text.quotes import quotes
from streams.text.seedfile import SEEDS
from streams.text.sentences import sentence_spans
from streams.text.speech import utterances
from streams.text.vocabulary import Hit, hits, vocabulary

MAX_TEXT = 100_000
"""Code points of an article that are read; news that is longer is a list or a hostile text, and its time must end.

The longest of the 9,114 articles that the project was measured with has 78,437.
"""

MAX_FURNITURE = 160
"""Code points; a longer line is text, whatever it begins with."""


def annotate(article: Article, seeds: Path = SEEDS) -> Document:
    """The document of an article, of its first `MAX_TEXT` code points. Pure: the same article and seeds, the same document."""
    known = vocabulary(seeds)
    text = article.text[:MAX_TEXT]
    fold = folded(text)
    layers = hits(text, known, fold)
    title_end = min(len(article.title), len(text))
    spans = [(0, title_end, -1)] if text[:title_end].strip() else []
    spans += sentence_spans(text, title_end)
    actors = layers.get("actor", [])
    body = spans[1][0] if title_end and len(spans) > 1 else (spans[0][0] if spans else 0)
    line = dateline(text, body, actors)
    home = home_state(article.source, line, actors, known.gazetteer)
    starts = [start for start, _, _ in spans]
    day = article.published_at.date() if article.published_at else None
    found = mentions(text, fold, layers, starts, known.gazetteer, day=day, home=home, line=line)
    sentences = _sentences(text, spans, found, layers.get("furniture", ()), title_end)
    frozen = {section: tuple(section_hits) for section, section_hits in layers.items()}
    named = Counter(m.code for m in found if m.code is not None and m.kind not in NEVER_ACTS)
    document = Document(
        article, text, fold, sentences, tuple(found), quotes(text), frozen, home, spoken={}, named=named
    )
    return replace(document, spoken=utterances(document))


def _sentences(
    text: str,
    spans: list[tuple[int, int, int]],
    found: list[Mention],
    furniture: list[Hit] | tuple[Hit, ...],
    title_end: int,
) -> tuple[Sentence, ...]:
    by_sentence: dict[int, list[Mention]] = {}
    for mention in found:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    lines = _furniture_lines(text, furniture)
    return tuple(
        Sentence(
            index, start, end, paragraph,
            in_title=start < title_end,
            furniture=start >= title_end and _line_start(text, start) in lines,
            mentions=tuple(by_sentence.get(index, ())),
        )
        for index, (start, end, paragraph) in enumerate(spans)
    )  # fmt: skip


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _furniture_lines(text: str, furniture: list[Hit] | tuple[Hit, ...]) -> frozenset[int]:
    """Starts of the lines that are a site's: short, begun by a furniture cue, and a label ("Topics :") or no sentence."""
    lines = set()
    for hit in furniture:
        start = _line_start(text, hit.start)
        stop = text.find("\n", hit.end)
        stop = len(text) if stop < 0 else stop
        if text[start : hit.start].strip(" \t\r#*|•–—->[(") or stop - start > MAX_FURNITURE:
            continue
        labelled = text[hit.end : stop].lstrip()[:1] in {":", "|", "»", "/"}
        if labelled or not text[start:stop].rstrip().endswith((".", "!", "?", "”", '"')):
            lines.add(start)
    return frozenset(lines)
