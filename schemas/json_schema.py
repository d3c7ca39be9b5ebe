"""The contracts of what crosses the wire as JSON Schema 2020-12, from the models: closed, with `$id` and `$schema`.

Required is what has no default. A later version of a contract may so add fields, and records written before stay valid.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema

from schemas.article import MAX_MESSAGE_BYTES, Article
from schemas.signal import PAYLOADS, Signal

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ARTICLE = "article"
_SOME_TEXT = {"type": "string", "pattern": r"\S"}


class _Plain(GenerateJsonSchema):
    """Without a title on every property: "Published At" beside `published_at` says nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def signal_model(kind: str) -> type[Signal]:
    """The envelope with the payload of one kind, whose name is then constant."""
    payload = PAYLOADS[kind]
    fields: Any = {"kind": (Literal[kind], FieldInfo()), "payload": (payload, FieldInfo())}
    return create_model(f"{payload.__name__}Signal", __base__=Signal, __doc__=Signal.__doc__, **fields)


def json_schemas() -> Mapping[str, dict[str, Any]]:
    """Contract name (`article`, or a kind) -> its schema, which needs no other file."""
    own = {ARTICLE: _article("#/$defs/{model}")}
    own |= {kind: _schema(signal_model(kind), "#/$defs/{model}") for kind in PAYLOADS}
    return {name: {"$schema": DIALECT, "$id": urn(name), **schema} for name, schema in own.items()}


def components() -> Mapping[str, dict[str, Any]]:
    """The same as `json_schemas`, by the models' names and side by side, as AsyncAPI's `components/schemas` wants them."""
    place = "#/components/schemas/{model}"
    schemas = {"Article": _article(place)}
    for kind in PAYLOADS:
        model = signal_model(kind)
        schema = _schema(model, place)
        schemas |= schema.pop("$defs")
        schemas[model.__name__] = schema
    return dict(sorted(schemas.items()))


def urn(name: str) -> str:
    """The `$id` of a contract; a break is a new version, and a new topic.

    >>> urn("article"), urn("arms_deal")
    ('urn:geosignals:article:v1', 'urn:geosignals:signal:arms_deal:v1')
    """
    return f"urn:geosignals:{name if name == ARTICLE else f'signal:{name}'}:v1"


def _schema(model: type[BaseModel], place: str) -> dict[str, Any]:
    return model.model_json_schema(ref_template=place, schema_generator=_Plain)


def _article(place: str) -> dict[str, Any]:
    """What a producer should send. The reader is kinder: it ignores unknown fields and takes null for "not given"."""
    schema = _schema(Article, place)
    schema["description"] = (
        f"{Article.__doc__} Without id, one is derived: from url, else from title and body. Unknown fields are ignored "
        f"by the reader and are a mistake by this contract. At most {MAX_MESSAGE_BYTES} bytes as JSON."
    )
    schema["required"] = []
    schema["additionalProperties"] = False
    schema["anyOf"] = [{"required": [name], "properties": {name: _SOME_TEXT}} for name in ("title", "body")]
    return schema
