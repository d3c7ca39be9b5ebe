"""The contracts as files: JSON Schemas and the AsyncAPI document, generated from the models and from our topics."""

import json
from pathlib import Path

from schemas.json_schema import json_schemas
from streams.contracts.asyncapi import document
from streams.contracts.yaml_text import yaml_text

__all__ = ["contract_files", "export"]

_HEAD = "# Generated from the models by `geosignals schemas export`: change those, not this.\n"


def contract_files() -> dict[str, str]:
    """File name -> text, the same on every machine; what `schemas/contracts` holds."""
    files = {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in json_schemas().items()
    }
    return files | {"asyncapi.yaml": _HEAD + yaml_text(document())}


def export(directory: Path) -> list[Path]:
    """Writes the files into the directory, which is made when it is not there, and returns their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in contract_files().items():
        paths.append(directory / name)
        paths[-1].write_text(text, encoding="utf-8")
    return paths
