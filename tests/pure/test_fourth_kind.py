"""A fourth kind needs a payload, a detector and a lexicon, and one line in each of two lists; all else follows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PARTS = Path(__file__).parent / "fourth"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages with the fourth kind in it."""
    house = tmp_path_factory.mktemp("house")
    for package in ("schemas", "streams", "seeds"):
        shutil.copytree(ROOT / package, house / package, ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
    shutil.copy(PARTS / "state_visit.py.txt", house / "schemas" / "state_visit.py")
    shutil.copy(PARTS / "detector.py.txt", house / "streams" / "detectors" / "state_visit.py")
    shutil.copy(PARTS / "state_visit.toml", house / "seeds" / "lexicons")
    _change(
        house / "schemas" / "signal.py",
        ("Payload = ArmsDeal |", "Payload = StateVisit | ArmsDeal |"),
        ("from schemas.sanctions_stance", "from schemas.state_visit import StateVisit\nfrom schemas.sanctions_stance"),
    )
    _change(
        house / "streams" / "detectors" / "__init__.py",
        ("    for detector in (\n", f"    for detector in (\n        {_LINE}\n"),
        ("from streams.detectors.choosing", f"{_IMPORTS}\nfrom streams.detectors.choosing"),
    )
    return house


_IMPORTS = "from schemas.state_visit import Phase, StateVisit\nfrom streams.detectors import state_visit"
_LINE = (
    'Detector(StateVisit.KIND, ("visitor", "host"), "phase", tuple(Phase), ("visit",), by_label=False,'
    " events=state_visit.events, payload=state_visit.payload, prior=0.6),"
)


def _change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, f"{path.name} has no one place for {after!r}"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def _run(house: Path, *program: str, stdin: str = "") -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GEOSIGNALS_")}
    done = subprocess.run(
        [sys.executable, *program],
        cwd=house,
        env={**environment, "PYTHONWARNINGS": "ignore", "PYTHONPATH": str(house)},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-2500:]
    return done.stdout


_MAIN = ("-c", "from streams.cli import main; main()")


def test_its_signals_come_out_without_weights(house: Path) -> None:
    article = (
        '{"id": "a", "title": "Xi visits Moscow", "body": "Chinese President Xi Jinping visited Russia on Monday."}'
    )
    out = _run(house, *_MAIN, "classify", "--kind", "state-visit", stdin=article)
    assert '"kind":"state_visit"' in out
    assert '"visitor":"CHN","host":"RUS","phase":"made"' in out
    assert '"confidence":0.6,' in out


def test_it_has_a_topic_and_stands_in_the_table_of_kinds(house: Path) -> None:
    row = next(line for line in _run(house, *_MAIN, "kinds").splitlines() if line.startswith("state_visit\t"))
    assert row.split("\t")[1:] == ["geo.signals.state-visit.v1", "visitor host phase"]


def test_it_has_a_series_in_the_metrics_from_the_start(house: Path) -> None:
    program = """
from prometheus_client import generate_latest
from streams.metrics import Metrics
print(generate_latest(Metrics("0", "test").registry).decode())
"""
    assert 'geosignals_signals_emitted_total{kind="state_visit"} 0.0' in _run(house, "-c", program)


def test_its_contract_is_exported(house: Path, tmp_path: Path) -> None:
    _run(house, *_MAIN, "schemas", "export", str(tmp_path))
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert any("state_visit" in name or "state-visit" in name for name in written)
    assert "geo.signals.state-visit.v1" in written["asyncapi.yaml"]


def test_it_is_evaluated_by_detection(house: Path, tmp_path: Path) -> None:
    articles, labels = tmp_path / "articles.jsonl", tmp_path / "labels.jsonl"
    articles.write_text('{"id": "a", "title": "T", "body": "Chinese President Xi Jinping visited Russia on Monday."}\n')
    labels.write_text('{"id": "a", "signals": {"state_visit": [{"visitor": "CHN", "host": "RUS", "phase": "made"}]}}\n')
    out = _run(house, *_MAIN, "evaluate", str(articles), str(labels), "--kind", "state-visit")
    assert "state_visit" in out and "macro detection F1" in out
