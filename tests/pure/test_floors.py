"""The layout is the design: imports point down, detectors stand alone, and the core has no clock."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.detectors import DETECTORS
from tests.conftest import ROOT

PURE = [
    *sorted((ROOT / "schemas").glob("*.py")),
    *(path for name in ("text", "detectors", "formats") for path in sorted((ROOT / "streams" / name).glob("**/*.py"))),
    *(ROOT / "streams" / f"{name}.py" for name in ("codes", "weights", "pipeline")),
]
CLOCKS = {"now", "utcnow", "today", "uuid1", "uuid4", "urandom", "getenv", "print"}
"""Calls whose answer is not in their arguments, and the one that says something to a screen."""


def test_imports_point_down_the_floors() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("kind", DETECTORS)
def test_a_detector_imports_nothing_of_another(kind: str) -> None:
    others = [f"streams.detectors.{other}" for other in DETECTORS if other != kind]
    own = [p for p in (ROOT / "streams" / "detectors").glob("**/*.py") if kind in p.relative_to(ROOT).as_posix()]
    assert own
    for path in own:
        assert not [name for name in _imports(path) if name.startswith(tuple(others))], path.name


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_core_asks_no_clock_no_chance_and_no_environment(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            assert name not in CLOCKS, f"{path.name}:{node.lineno} calls {name}"
        assert not (isinstance(node, ast.Attribute) and node.attr == "environ"), f"{path.name}: reads the environment"


@pytest.mark.parametrize("package", ["schemas", "streams"])
def test_modules_and_functions_are_short_enough_to_hold_one_idea(package: str) -> None:
    for path in sorted((ROOT / package).glob("**/*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 250, f"{path.relative_to(ROOT)} has {len(lines)} lines"
        for node in ast.walk(ast.parse("\n".join(lines))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                length = (node.end_lineno or 0) - first.lineno + 1
                assert length <= 40, f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {length} lines"
