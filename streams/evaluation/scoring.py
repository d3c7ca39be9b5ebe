"""Signals against labels, in numbers.

Detection is counted by article and kind. Facets compare sets of keys article by article and are micro-averaged. Labellers
stop at a cap: where an article's list is full, a prediction that it lacks is unknown, not wrong, and is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from streams.evaluation.facets import FACETS, STRUCTURE, Key, same_amount, structure, weapon_words
from streams.evaluation.objects import Object, Objects
from streams.training.labelled import CAP

Pair = tuple[list[Object], list[Object]]
"""One article's objects of one kind: labelled, predicted."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Hits, false alarms and misses of one facet."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Hits in all that was said; 0 where nothing was."""
        return self.hits / (self.hits + self.false) if self.hits + self.false else 0.0

    @property
    def recall(self) -> float:
        """Hits in all that was labelled; 0 where nothing was."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def row(self) -> dict[str, float]:
        """Three digits, as the table prints them; `n` is what was labelled."""
        return {
            "p": round(self.precision, 3),
            "r": round(self.recall, 3),
            "f1": round(self.f1, 3),
            "n": self.hits + self.missed,
        }


def score(gold: Objects, said: Objects, kinds: Iterable[str]) -> dict[str, Any]:
    """The table: kind -> facet -> numbers, and the macro means of detection and of structure."""
    table: dict[str, Any] = {}
    for kind in kinds:
        pairs = [(of_article[kind], said.get(article, {}).get(kind, [])) for article, of_article in gold.items()]
        table[kind] = _kind(kind, pairs)
    detection = [rows["article"]["f1"] for rows in table.values()]
    table["macro_detection_f1"] = round(sum(detection) / len(detection), 3)
    structured = [rows[STRUCTURE[kind]]["f1"] for kind, rows in table.items() if kind in STRUCTURE]
    if structured:
        table["macro_structure_f1"] = round(sum(structured) / len(structured), 3)
    return table


def _kind(kind: str, pairs: list[Pair]) -> dict[str, Any]:
    rows: dict[str, Any] = {"article": _detection(pairs).row()}
    for name, key in FACETS.get(kind, {}).items():
        rows[name] = _facet(pairs, key, CAP.get(kind)).row()
    if kind == "arms_deal":
        rows |= _deals(pairs)
    if kind in STRUCTURE:
        rows["main_right"] = _main(pairs, structure(kind))
    return rows


def _detection(pairs: list[Pair]) -> Counts:
    found = [(bool(gold), bool(said)) for gold, said in pairs]
    return Counts(found.count((True, True)), found.count((False, True)), found.count((True, False)))


def _facet(pairs: list[Pair], key: Key, cap: int | None) -> Counts:
    hits = false = missed = 0
    for gold, said in pairs:
        wanted, given = {key(thing) for thing in gold}, {key(thing) for thing in said}
        hits += len(wanted & given)
        missed += len(wanted - given)
        false += 0 if cap is not None and len(gold) >= cap else len(given - wanted)
    return Counts(hits, false, missed)


def _share(right: list[bool]) -> dict[str, float | None]:
    return {"acc": round(sum(right) / len(right), 3) if right else None, "n": len(right)}


def _deals(pairs: list[Pair]) -> dict[str, Any]:
    """Weapon and value where the pair is right, and deals told only with the roles swapped."""
    weapon, value, swapped = [], [], 0
    for gold, said in pairs:
        for deal in gold:
            supplier, recipient = deal.get("supplier"), deal.get("recipient")
            same = [d for d in said if (d.get("supplier"), d.get("recipient")) == (supplier, recipient)]
            mirrored = any((d.get("recipient"), d.get("supplier")) == (supplier, recipient) for d in said)
            swapped += mirrored and not same and supplier != recipient
            if same and deal.get("weapons"):
                weapon.append(any(weapon_words(deal) & weapon_words(d) for d in same))
            if same and deal.get("value"):
                value.append(any(same_amount(deal, d) for d in same))
    return {"weapon_given_pair": _share(weapon), "value_given_pair": _share(value), "swapped_roles": swapped}


def _main(pairs: list[Pair], key: Key) -> dict[str, float | None]:
    """Of the articles where the kind is labelled and found: how often the two main signals agree.

    A file of predictions that marks no main signal is not measured.
    """
    right = []
    for gold, said in pairs:
        wanted = {key(thing) for thing in gold if thing.get("main")}
        given = {key(thing) for thing in said if thing.get("main")}
        if wanted and given:
            right.append(bool(wanted & given))
    return _share(right)
