"""The lock files: every package with its hashes, none with an address, and one version of each in all of them."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.outside import ROOT

FILES = ("runtime", "build", "dev")


def entries(name: str) -> Iterator[tuple[str, str, int]]:
    """Package, version with its marker, number of hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    for entry in text.replace("\\\n", " ").splitlines():
        package, _, rest = entry.partition("==")
        version, *hashes = rest.split("--hash=sha256:")
        yield package, version.strip(), len(hashes)


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_by_hash_and_without_an_address(name: str) -> None:
    assert all(version and hashes for _, version, hashes in entries(name))
    assert "://" not in (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ("runtime", "build"))
def test_developing_adds_to_what_running_installs_and_changes_nothing_of_it(name: str) -> None:
    def pinned(of: str) -> set[tuple[str, str]]:
        return {(package, version.partition(" ;")[0]) for package, version, _ in entries(of)}

    assert pinned(name) <= pinned("dev")


def test_building_the_project_needs_nothing_that_is_not_pinned() -> None:
    pinned = {package for package, _, _ in entries("build")}
    assert {"hatchling", "editables"} <= pinned
    backend = re.search(r'^requires = \["([a-z]+)', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert backend is not None and backend[1] in pinned


def test_the_lock_file_of_npm_names_hashes_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in each for path, each in packages.items() if path)
    assert not any("resolved" in each for each in packages.values())
