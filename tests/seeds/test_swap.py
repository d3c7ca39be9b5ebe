"""No rule and no weight knows a country: two states exchanged in a text come out exchanged in the signals.

Two ways to exchange them. In the gazetteers: every name, office and firm of one state becomes the other's, the texts stay as
they are. In the texts: names, adjectives, peoples and capitals change places, the gazetteers stay.
"""

import csv
import io
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.signal import Signal
from streams.pipeline import signals
from streams.text.annotate import annotate
from streams.text.gazetteer import Alias
from streams.text.seedfile import SEEDS

STATES = {
    row["code"]: row["forms"]
    for row in tomllib.loads(Path(__file__).with_name("swap.toml").read_text(encoding="utf-8"))["state"]
}
SHARE = 0.98
"""Of the signals, so many must come out exchanged."""
_LABELS = ("stage", "stance", "act")
_ACTORS = ("supplier", "recipient", "actor", "sender", "target", "speaker_actor", "targets")


def _exchanged(value: object, pair: tuple[str, str]) -> object:
    if isinstance(value, tuple):
        return tuple(_exchanged(item, pair) for item in value)
    return pair[1 - pair.index(value)] if isinstance(value, str) and value in pair else value


def _essence(signal: Signal, pair: tuple[str, str] | None = None) -> tuple[object, ...]:
    """Kind, actors by field, label, main and realis; the actors exchanged where a pair is given."""
    payload = dict(signal.payload)
    actors = tuple((name, payload[name]) for name in _ACTORS if name in payload)
    if pair is not None:
        actors = tuple((name, _exchanged(value, pair)) for name, value in actors)
    return signal.kind, actors, *(payload[name] for name in _LABELS if name in payload), signal.main, signal.realis


def _agreement(before: tuple[Signal, ...], after: tuple[Signal, ...], pair: tuple[str, str]) -> tuple[int, int]:
    """How many signals come out exchanged, of how many."""
    wanted = Counter(_essence(signal, pair) for signal in before)
    given = Counter(_essence(signal) for signal in after)
    return (wanted & given).total(), max(wanted.total(), given.total())


def _seeds_with_exchanged_codes(folder: Path, pair: tuple[str, str]) -> Path:
    seeds = folder / "seeds"
    for name in ("lexicons", "weights", "gazetteers"):
        shutil.copytree(SEEDS / name, seeds / name)
    for path in (seeds / "gazetteers").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = list(csv.reader(line for line in lines if line and not line.startswith("#")))
        if "code" not in rows[0]:
            continue
        column = rows[0].index("code")
        for row in rows[1:]:
            row[column] = str(_exchanged(row[column], pair))
        sheet = io.StringIO()
        csv.writer(sheet, lineterminator="\n").writerows(rows)
        path.write_text(sheet.getvalue(), encoding="utf-8")
    return seeds


@pytest.mark.parametrize("pair", [("RUS", "IND"), ("USA", "CHN")], ids="-".join)
def test_states_exchanged_in_the_gazetteers_come_out_exchanged(
    pair: tuple[str, str], tmp_path: Path, seed_articles: tuple[Article, ...]
) -> None:
    seeds = _seeds_with_exchanged_codes(tmp_path, pair)
    same = whole = 0
    for article in seed_articles:
        if pair[0] in (named := {m.code for m in annotate(article).mentions}) or pair[1] in named:
            hits, n = _agreement(signals(article), signals(article, seeds=seeds), pair)
            same, whole = same + hits, whole + n
    assert whole >= 60
    assert same >= SHARE * whole, f"{same} of {whole}"


def _aliases(article: Article) -> dict[str, set[str]]:
    """code -> the names by which the text calls it, people's offices and firms among them."""
    found: dict[str, set[str]] = {}
    for hit in annotate(article).layers.get("actor", ()):
        if isinstance(hit.entry, Alias) and hit.entry.code:
            found.setdefault(hit.entry.code, set()).add(hit.entry.text)
    return found


def _pairs(article: Article) -> Iterator[tuple[str, str]]:
    """The pairs of states that can be exchanged in this text: both, or one and a state that the text does not name."""
    names = _aliases(article)
    plain = {code for code, forms in STATES.items() if names.get(code, set()) <= set(forms)}
    named = [code for code in STATES if code in plain and code in names]
    absent = [code for code in STATES if code not in names]
    yield from combinations(named, 2)
    for at, code in enumerate(named):
        yield code, absent[at % len(absent)]


def _swapped(article: Article, pair: tuple[str, str]) -> Article:
    forms = dict(zip(STATES[pair[0]] + STATES[pair[1]], STATES[pair[1]] + STATES[pair[0]], strict=True))
    forms |= {name.upper(): other.upper() for name, other in forms.items()}
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, forms), key=len, reverse=True))})\b")
    title, body = (pattern.sub(lambda match: forms[match[0]], text) for text in (article.title, article.body))
    return article.model_copy(update={"title": title, "body": body})


def test_states_exchanged_in_a_text_come_out_exchanged(seed_articles: tuple[Article, ...]) -> None:
    same = whole = 0
    different = []
    for article in seed_articles:
        before = signals(article)
        for pair in _pairs(article) if before else ():
            hits, n = _agreement(before, signals(_swapped(article, pair)), pair)
            same, whole = same + hits, whole + n
            different += [f"{article.id} {pair}: {hits} of {n}"] if hits < n else []
    assert whole >= 300
    assert same >= SHARE * whole, f"{same} of {whole}\n" + "\n".join(different[:40])
