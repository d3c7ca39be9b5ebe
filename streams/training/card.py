"""The card beside the weights: what they were trained on, how good they are by cross-validation, how to make them again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

_HEAD = """# Learned weights

One file a kind, written by `geosignals train`; nothing is trained at run time. Level 1 reads one event (a sentence and the
actors who may act there): the probability that a signal of theirs is told there, and which label it then has. Level 2 reads
numbers pooled over the article and decides what is kept; a last reading picks the main signal. Weights are those of
logistic regressions over readable features; none names a state, a person or a source. `scale` turns the raw probability
into the share of right signals that was found with it (isotonic, from cross-validation).

Source: this project's training over the labelled articles named below. Licence: Apache-2.0. Made: {made}.

Figures are from {folds}-fold cross-validation over the articles of the first source, an article weighing less the more
articles its outlet has there; the other sources only add to what is learned. Structure is the pair of an arms deal, actor
and stance of a sanctions stance, actor and act of a statement; detection is whether an article carries the kind at all.

The thresholds (of an article's likeliest candidate, and of each further one) and the scale of confidence were chosen on the
judge's articles named below, from which nothing else was learned: a larger share of them carries each kind. Without a judge
they are those of cross-validation.

| kind | articles | events | structure F1 (P, R) | detection F1 | thresholds |
|---|---|---|---|---|---|
"""


def write_card(folder: Path, folds: int) -> Path:
    """README.md of the folder, from the cards inside its files of weights."""
    kinds = [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    rows = [_row(data["kind"], data["card"], data["thresholds"]) for data in kinds]
    sources: dict[str, None] = {}
    for data in kinds:
        for source in data["card"]["sources"]:
            sources[f"- `{source['articles']}` with `{source['labels']}`, weight {source['weight']}"] = None
        if data["card"]["judge"] is not None:
            judge = data["card"]["judge"]
            sources[f"- judge: `{judge['articles']}` with `{judge['labels']}`"] = None
    path = folder / "README.md"
    made = datetime.now(UTC).date().isoformat()
    text = _HEAD.format(made=made, folds=folds) + "\n".join(rows) + "\n\nTrained on:\n\n" + "\n".join(sources) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def _row(kind: str, card: dict[str, Any], thresholds: list[float]) -> str:
    structure = f"{card['structure F1']} ({card['structure precision']}, {card['structure recall']})"
    figures = (kind, card["articles"], card["events"], structure, card["detection F1"], thresholds)
    return f"| {' | '.join(map(str, figures))} |"
