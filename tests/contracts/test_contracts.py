"""The committed contracts: fresh, valid, closed, true of what is written, and no break of the released ones."""

import copy
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from schemas.article import Article, InvalidArticle, article_from
from schemas.json_schema import DIALECT, components, json_schemas
from schemas.signal import PAYLOADS, encode_signal
from streams.contracts import contract_files, export
from streams.contracts.asyncapi import document
from streams.pipeline import signals
from tests.contracts.compatibility import breaks

CONTRACTS = Path(__file__).resolve().parents[2] / "schemas" / "contracts"
RELEASED = CONTRACTS / "released"
CHANGES = tomllib.loads(Path(__file__).with_name("changes.toml").read_text(encoding="utf-8"))["change"]
SCHEMAS = sorted(path.name for path in RELEASED.glob("*.schema.json"))


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((CONTRACTS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, itself included."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(child)


def test_the_committed_files_are_what_the_models_give() -> None:
    stale = "`geosignals schemas export schemas/contracts` brings them up to date"
    committed = {path.name: path.read_text(encoding="utf-8") for path in CONTRACTS.iterdir() if path.is_file()}
    committed.pop("__init__.py", None)
    assert committed == contract_files(), stale


def test_export_writes_them_anywhere(tmp_path: Path) -> None:
    paths = export(tmp_path / "new" / "folder")
    assert {path.name: path.read_text(encoding="utf-8") for path in paths} == contract_files()


@pytest.mark.parametrize("name", ["article", *PAYLOADS])
def test_each_is_a_valid_2020_12_schema_closed_and_named_by_urn(name: str) -> None:
    schema = json_schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"].startswith("urn:geosignals:") and schema["$id"].endswith(":v1")
    models = [each for each in objects(schema) if each.get("type") == "object"]
    assert models and all(each["additionalProperties"] is False for each in models)
    assert name == "article" or schema["properties"]["kind"]["const"] == name


def test_every_signal_of_the_seed_articles_is_valid(seed_articles: tuple[Article, ...]) -> None:
    seen = set()
    for article in seed_articles[::5]:
        for signal in signals(article):
            validator(signal.kind).validate(json.loads(encode_signal(signal)))
            seen.add(signal.kind)
    assert seen == set(PAYLOADS)


def test_every_seed_article_is_valid_as_it_is_written(seed_articles: tuple[Article, ...]) -> None:
    check = validator("article")
    for article in seed_articles:
        check.validate(json.loads(article.model_dump_json()))
        check.validate(json.loads(article.model_dump_json(exclude_defaults=True)))


@pytest.mark.parametrize(
    ("article", "right"),
    [
        ({"title": "Talks"}, True),
        ({"id": "a", "body": "Talks.", "published_at": "2025-09-03T06:57:00+05:30", "authors": ["A"]}, True),
        ({"id": "a", "title": " ", "body": ""}, False),
        ({"id": "a"}, False),
        ({"id": "", "title": "Talks"}, False),
        ({"id": "x" * 257, "title": "Talks"}, False),
        ({"id": 7, "title": "Talks"}, False),
        ({"title": "Talks", "version": 0}, False),
        ({"title": "Talks", "authors": "A"}, False),
    ],
)
def test_what_the_articles_contract_says_is_what_the_reader_does(article: dict[str, Any], right: bool) -> None:
    assert validator("article").is_valid(article) is right
    if right:
        article_from(article)
    else:
        with pytest.raises(InvalidArticle):
            article_from(article)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("kind",), "sanctions_stance"),
        (("payload", "stage"), "mooted"),
        (("payload", "supplier"), "Russia"),
        (("payload", "seller"), "RUS"),
        (("confidence",), 1.5),
        (("id",), "not-a-uuid"),
        (("processed_at",), "2025-09-03T00:00:00Z"),
    ],
)
def test_what_is_no_signal_of_ours_is_refused(
    place: tuple[str, ...], value: object, seed_articles: tuple[Article, ...]
) -> None:
    found = (signal for article in seed_articles for signal in signals(article) if signal.kind == "arms_deal")
    signal = json.loads(encode_signal(next(found)))
    validator("arms_deal").validate(signal)
    inside = signal
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = value
    with pytest.raises(ValidationError):
        validator("arms_deal").validate(signal)


@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_breaks_the_released_contract(name: str) -> None:
    """At a release, copy the contracts to `released`. A change that must break takes a new `.vN` topic and contract."""
    released, current = (json.loads((folder / name).read_text(encoding="utf-8")) for folder in (RELEASED, CONTRACTS))
    assert breaks(released, current) == []


def test_no_released_topic_is_gone() -> None:
    released, current = (
        yaml.safe_load((folder / "asyncapi.yaml").read_text(encoding="utf-8")) for folder in (RELEASED, CONTRACTS)
    )
    addresses = [{channel["address"] for channel in each["channels"].values()} for each in (released, current)]
    assert addresses[0] and addresses[0] <= addresses[1]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change["name"])
def test_a_break_is_seen_and_an_addition_is_none(change: dict[str, Any]) -> None:
    old = json_schemas()["arms_deal"]
    new = copy.deepcopy(old)
    *way, last = change["path"]
    inside = new
    for part in way:
        inside = inside[part]
    if "put" in change:
        inside[last] = change["put"]
    elif "drop" in change:
        del inside[last][change["drop"]]
    else:
        was, now = change["rename"]
        inside[last][now] = inside[last].pop(was)
    assert new != old
    assert breaks(old, new)[:1] == ([change["breaks"]] if "breaks" in change else [])


def test_the_asyncapi_document_holds_the_same_schemas() -> None:
    text = (CONTRACTS / "asyncapi.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == document()
    for name, schema in json_schemas().items():
        whole = components()["Article" if name == "article" else f"{PAYLOADS[name].__name__}Signal"]
        standing = json.loads(json.dumps(schema).replace("#/$defs/", "#/components/schemas/"))
        definitions = standing.pop("$defs", {})
        assert {key: value for key, value in standing.items() if key not in ("$id", "$schema")} == whole
        assert definitions.items() <= components().items()
