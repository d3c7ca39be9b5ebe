"""JSON values as block YAML, so that no YAML library is needed at run time."""

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$-]*")
_READ_OTHERWISE = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def yaml_text(value: dict[str, Any]) -> str:
    r"""The value as YAML: strings quoted as in JSON (which YAML reads the same), keys plain where they can be.

    >>> print(yaml_text({"topic": "geo.x", "keys": [1, {"a": None, "no": []}]}), end="")
    topic: "geo.x"
    keys:
      - 1
      - a: null
        "no": []
    """
    return "".join(f"{line}\n" for line in _mapping(value))


def _mapping(value: dict[str, Any]) -> Iterator[str]:
    for key, child in value.items():
        name = key if _PLAIN_KEY.fullmatch(key) and key.lower() not in _READ_OTHERWISE else json.dumps(key)
        if child and isinstance(child, dict | list):
            yield f"{name}:"
            yield from (f"  {line}" for line in _block(child))
        else:
            yield f"{name}: {json.dumps(child, ensure_ascii=False)}"


def _block(value: dict[str, Any] | list[Any]) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _mapping(value)
        return
    for item in value:
        lines = _block(item) if item and isinstance(item, dict | list) else (json.dumps(item, ensure_ascii=False),)
        for number, line in enumerate(lines):
            yield f"{'  ' if number else '- '}{line}"
