"""The table, the errors and the comparison as text for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from streams.evaluation.errors import Error
from streams.evaluation.facets import WHO

Table = Mapping[str, Any]
_MACROS = {"macro_detection_f1": "macro detection F1", "macro_structure_f1": "macro structure F1"}


def lines(run: Table, baseline: Table | None = None) -> Iterator[str]:
    """The whole report of a run; beside each number what it gained or lost against the baseline."""
    earlier = baseline or {}
    if _kinds(run) != _kinds(earlier):
        earlier = {kind: earlier[kind] for kind in _kinds(earlier)}  # what sums up other kinds does not compare
    for kind in _kinds(run):
        yield f"{kind:<22}{'P':>7}{'R':>7}{'F1':>7}{'n':>7}"
        for name, row in run[kind].items():
            yield _row(name, row, earlier.get(kind, {}).get(name))
    for name, title in _MACROS.items():
        if name in run:
            yield f"{title:<36}{run[name]:>7.3f}" + _gain(run[name], earlier.get(name))
    yield f"{'articles':<36}{run['articles']:>7}"
    yield from _reliability(run["reliability"], earlier.get("reliability", {}))


def _kinds(run: Table) -> list[str]:
    return [name for name, rows in run.items() if isinstance(rows, Mapping) and "article" in rows]


def _row(name: str, row: Any, before: Any) -> str:
    if not isinstance(row, Mapping):
        return f"  {name:<20}{row:>28}" + _gain(row, before)
    if "acc" in row:
        share = "-" if row["acc"] is None else f"{row['acc']:.3f}"
        return f"  {name:<20}{share:>21}{row['n']:>7}" + _gain(row["acc"], before and before["acc"])
    return f"  {name:<20}{row['p']:>7.3f}{row['r']:>7.3f}{row['f1']:>7.3f}{row['n']:>7}" + _gain(
        row["f1"], before and before["f1"]
    )


def _gain(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return ""
    return f"  {now - before:+d}" if isinstance(now, int) and isinstance(before, int) else f"  {now - before:+.3f}"


def _reliability(table: Table, before: Table) -> Iterator[str]:
    if not table["n"]:
        return
    yield f"{'confidence':<22}{'mean':>7}{'right':>7}{'n':>14}"
    for row in table["bins"]:
        span = f"{row['from']:.1f} to {row['from'] + 0.1:.1f}"
        yield f"  {span:<20}{row['confidence']:>7.3f}{row['right']:>7.3f}{row['n']:>14}"
    yield f"{'expected calibration error':<36}{table['ece']:>7.3f}" + _gain(table["ece"], before.get("ece"))


def error_lines(error: Error) -> Iterator[str]:
    """One error: what and of which class, the title, the sentence, the object, and what decided."""
    yield f"{'MISSED' if error.miss else 'FALSE'}  {error.kind}  {error.sort}  [{error.article}]"
    yield f"  title     {error.title}"
    yield f"  sentence  {' '.join(error.sentence.split()) if error.sentence is not None else '-'}"
    yield f"  {'expected' if error.miss else 'said':<8}  {_object(error)}"
    yield f"  why       {error.why}"


def _object(error: Error) -> str:
    hidden = {"ev", "evidence", "confidence"}
    actors, label = WHO[error.kind]
    order = [*actors, label, *(name for name in error.object if name not in {*actors, label} | hidden)]
    return " ".join(f"{name}={_value(error.object.get(name))}" for name in order)


def _value(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
