"""What a change of a JSON Schema breaks: records and users of the old one that the new one no longer serves.

Covers the keywords that our models give: a keyword it does not know is an error, so that no change goes unseen.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_NOTES = frozenset(("title", "description", "default", "$id", "$schema", "$defs"))
_MAXIMA = ("maxLength", "maxItems", "maximum", "exclusiveMaximum")
_MINIMA = ("minLength", "minItems", "minimum", "exclusiveMinimum")
_KNOWN = _NOTES | {*_MAXIMA, *_MINIMA, "type", "format", "const", "enum", "pattern", "anyOf", "$ref", "items"}
_KNOWN |= {"properties", "required", "additionalProperties"}


def breaks(old: Schema, new: Schema) -> list[str]:
    """Every break, with its place; none when what was valid stays valid and what was promised stays promised."""
    return [f"$id: {old['$id']} is now {new['$id']}"] * (old["$id"] != new["$id"]) + list(_Both(old, new).breaks())


class _Both:
    """Two documents side by side, so that references are looked up in the right one."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new

    def breaks(self) -> Iterator[str]:
        yield from self._compare(self._old, self._new, "$")

    def _compare(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        for side in (old, new):
            if unknown := side.keys() - _KNOWN:
                raise NotImplementedError(f"{at}: no rule for {sorted(unknown)}")
        yield from self._choices(old, new, at)
        yield from _narrowed(old, new, at)
        yield from self._properties(old, new, at)
        if "items" in new:
            yield from self._compare(old.get("items", {}), new["items"], f"{at}[]")

    def _choices(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        """Each way in which a value could be right must still be right in some way."""
        if "anyOf" not in old and "anyOf" not in new:
            return
        after = new.get("anyOf", [_bare(new)])
        for choice in old.get("anyOf", [_bare(old)]):
            reasons = [list(self._compare(choice, other, at)) for other in after]
            if all(reasons):
                yield min(reasons, key=len)[0]

    def _properties(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, schema in before.items():
            if name in after:
                yield from self._compare(schema, after[name], f"{at}.{name}")
            elif "additionalProperties" in new:
                yield f"{at}.{name}: removed"
        was, now = set(old.get("required", ())), set(new.get("required", ()))
        yield from (f"{at}.{name}: now required" for name in sorted(now - was))
        yield from (f"{at}.{name}: no longer promised" for name in sorted(was - now))


def _resolved(schema: Schema, document: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    target: Schema = document["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return target


def _bare(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "anyOf"}


def _narrowed(old: Schema, new: Schema, at: str) -> Iterator[str]:
    """Of two schemas without choices: types, values, patterns and bounds that the new one takes no more."""
    if "anyOf" in old or "anyOf" in new:
        return
    for key in ("type", "format", "additionalProperties"):
        if new.get(key) != old.get(key) and key in new:
            yield f"{at}: {key} was {old.get(key)}, is {new[key]}"
    if (allowed := _values(new)) is not None and not (before := _values(old) or {None}) <= allowed:
        yield f"{at}: no longer takes {min(map(str, before - allowed))}"
    if "pattern" in new and not _alternatives(old.get("pattern", "")) <= _alternatives(new["pattern"]):
        yield f"{at}: pattern was {old.get('pattern')}, is {new['pattern']}"
    for keys, stricter in (
        (_MAXIMA, lambda was, now: was is None or now < was),
        (_MINIMA, lambda was, now: was is None or now > was),
    ):
        for key in keys:
            if key in new and stricter(old.get(key), new[key]):
                yield f"{at}: {key} was {old.get(key)}, is {new[key]}"


def _values(schema: Schema) -> set[Any] | None:
    return {schema["const"]} if "const" in schema else set(schema["enum"]) if "enum" in schema else None


def _alternatives(pattern: str) -> set[str]:
    """`^(?:A|B)$` is A and B, so that one more alternative is seen as wider; any other pattern is one alternative."""
    body = pattern.removeprefix("^(?:").removesuffix(")$")
    return set(body.split("|")) if pattern == f"^(?:{body})$" else {pattern}
