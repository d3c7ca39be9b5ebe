"""A broken seed stops the start, and says where: never at message ten thousand."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from streams.pipeline import load
from streams.text.seedfile import SEEDS, SeedError

FAULTS = tomllib.loads(Path(__file__).with_name("broken.toml").read_text(encoding="utf-8"))["fault"]
_LINES = 60
"""Of each table: enough to be a table, few enough to be read in no time."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sound seeds with short tables."""
    folder = tmp_path_factory.mktemp("sound")
    for path in SEEDS.glob("gazetteers/*.csv"):
        copy = folder / "gazetteers" / path.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text("".join(path.open(encoding="utf-8").readlines()[:_LINES]), encoding="utf-8")
    for name in ("lexicons", "weights"):
        shutil.copytree(SEEDS / name, folder / name)
    return folder


def test_sound_seeds_load(sound: Path) -> None:
    load(sound)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["id"] for fault in FAULTS])
def test_a_broken_seed_stops_the_start_with_file_line_and_reason(
    fault: dict[str, Any], sound: Path, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(sound, seeds)
    _break(seeds / fault["file"], fault)
    with pytest.raises(SeedError) as caught:
        load(seeds)
    error = caught.value
    assert error.file == seeds / fault["file"]
    assert (error.line or 0) == fault["line"], str(error)
    assert fault["says"] in error.reason
    assert error.reason and "\n" not in str(error)


def _break(path: Path, fault: dict[str, Any]) -> None:
    if fault.get("remove"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    elif "bytes" in fault:
        path.write_bytes(bytes(fault["bytes"]))
    elif "before" in fault:
        text = path.read_text(encoding="utf-8")
        assert fault["before"] in text
        path.write_text(text.replace(fault["before"], fault["after"], 1), encoding="utf-8")
    else:
        path.write_text(fault["text"], encoding="utf-8")
