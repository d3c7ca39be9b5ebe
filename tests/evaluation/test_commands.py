"""`geosignals evaluate` and `geosignals train` as commands: what they print, write and refuse."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from streams.text.seedfile import SEEDS
from tests.conftest import ROOT, geosignals, json_lines

ARTICLES, LABELS = SEEDS / "articles" / "arms.articles.jsonl", SEEDS / "articles" / "arms.labels.jsonl"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    done = geosignals("evaluate", ARTICLES, LABELS, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_table_says_what_the_json_says(run: dict[str, Any]) -> None:
    done = geosignals("evaluate", ARTICLES, LABELS, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    table = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.startswith("  pair")}
    row = run["arms_deal"]["pair"]
    assert table["pair"] == [f"{row['p']:.3f}", f"{row['r']:.3f}", f"{row['f1']:.3f}", str(row["n"])]
    assert f"{run['macro_structure_f1']:.3f}" in done.stdout
    assert run["articles"] == sum(1 for _ in json_lines(LABELS))
    assert run["reliability"]["n"] > 0


def test_labels_scored_against_themselves_are_right_throughout() -> None:
    done = geosignals("evaluate", ARTICLES, LABELS, "--predicted", LABELS, "--json")
    run = json.loads(done.stdout)
    assert run["macro_detection_f1"] == run["macro_structure_f1"] == 1.0
    assert run["arms_deal"]["main_right"]["acc"] == 1.0
    assert run["reliability"]["ece"] is None


def test_signals_of_classify_score_the_same(run: dict[str, Any], tmp_path: Path) -> None:
    said = tmp_path / "signals.jsonl"
    said.write_text(geosignals("classify", ARTICLES).stdout, encoding="utf-8")
    assert json.loads(geosignals("evaluate", ARTICLES, LABELS, "--predicted", said, "--json").stdout) == run


def test_two_runs_are_compared(run: dict[str, Any], tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.json"
    row = run["arms_deal"]["pair"]
    worse = run | {"arms_deal": run["arms_deal"] | {"pair": row | {"f1": round(row["f1"] - 0.25, 3)}}}
    earlier.write_text(json.dumps(worse))
    done = geosignals("evaluate", ARTICLES, LABELS, "--baseline", earlier, "--kind", "arms-deal")
    (pair,) = (line for line in done.stdout.splitlines() if line.startswith("  pair "))
    assert pair.endswith("+0.250")
    assert "macro" in done.stdout
    (macro,) = (line for line in done.stdout.splitlines() if line.startswith("macro structure"))
    assert "+" not in macro and "-" not in macro  # other kinds went into the earlier mean


def test_errors_are_told_after_the_table() -> None:
    done = geosignals("evaluate", ARTICLES, LABELS, "--errors", "--kind", "arms_deal")
    table, _, first = done.stdout.partition("\n\n")
    assert "macro detection F1" in table
    assert first.startswith(("MISSED  arms_deal", "FALSE  arms_deal"))
    assert {"  title", "  sentence", "  why"} <= {line[:10].rstrip() for line in first.splitlines()}


def test_an_article_that_cannot_be_read_is_told_and_exit_1(tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text(ARTICLES.read_text(encoding="utf-8").partition("\n")[0] + "\n{broken\n", encoding="utf-8")
    done = geosignals("evaluate", articles, LABELS, "--json")
    assert done.returncode == 1
    assert f"{articles}:2: not_json" in done.stderr
    assert "labelled articles are not in" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("evaluate", ARTICLES, "none.jsonl"), "none.jsonl: No such file"),
        (("evaluate", ARTICLES, ARTICLES), "arms.articles.jsonl:1: neither labels nor a signal"),
        (("evaluate", ARTICLES, LABELS, "--baseline", LABELS), "arms.labels.jsonl: not JSON"),
        (("evaluate", ARTICLES, LABELS, "--json", "--errors"), "choose one"),
        (("evaluate", ARTICLES, LABELS, "--kind", "coups"), "--kind coups: there is no such kind"),
        (("train", ARTICLES, "none.jsonl", "--out", "x"), "none.jsonl: no such file"),
        (("train", ARTICLES, LABELS, "--also", ARTICLES, "--out", "x"), "--also takes two files"),
        (("train", ARTICLES, LABELS, "--judge", "none.gz", LABELS, "--out", "x"), "none.gz: no such file"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(arguments: tuple[str | Path, ...], says: str) -> None:
    done = geosignals(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert says in line


def test_training_is_reproducible_to_the_byte_and_what_it_writes_is_read(tmp_path: Path) -> None:
    few, more = tmp_path / "few.jsonl", tmp_path / "more.jsonl.gz"
    lines = ARTICLES.read_text(encoding="utf-8").splitlines(keepends=True)
    few.write_text("".join(lines[:45]), encoding="utf-8")
    more.write_bytes(gzip.compress("".join(lines[45:65]).encode()))
    outs = [tmp_path / "one", tmp_path / "two"]
    for out, seed in zip(outs, ("0", "99"), strict=True):
        done = geosignals(
            "train", few, LABELS, "--also", more, LABELS, "--also-weight", "0.5", "--kind", "arms-deal",
            "--out", out, PYTHONHASHSEED=seed,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "cross-validated" in done.stderr and done.stdout == ""
    one, two = ((out / "arms_deal.json").read_bytes() for out in outs)
    assert one == two
    data = json.loads(one)
    assert [source["weight"] for source in data["card"]["sources"]] == [1.0, 0.5]
    assert data["card"]["articles"] == 65
    _is_read(outs[0] / "arms_deal.json", tmp_path)
    judged = tmp_path / "judged"
    done = geosignals("train", few, LABELS, "--judge", more, LABELS, "--kind", "arms-deal", "--out", judged)
    assert done.returncode == 0, done.stderr
    assert "judged" in done.stderr
    assert json.loads((judged / "arms_deal.json").read_bytes())["card"]["judge"]["articles"] == "more.jsonl.gz"


def _is_read(weights: Path, tmp_path: Path) -> None:
    from streams.pipeline import load

    seeds = tmp_path / "seeds"
    for name in ("lexicons", "gazetteers", "weights"):
        shutil.copytree(SEEDS / name, seeds / name)
    shutil.copy(weights, seeds / "weights")
    load(seeds)


def test_the_baseline_row_is_measured_by_the_same_table() -> None:
    program = [sys.executable, "-m", "benchmarks.keyword_matcher", str(ARTICLES), str(LABELS), "--json"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    run = json.loads(done.stdout)
    assert run["arms_deal"]["article"]["f1"] > 0.5
    assert run["macro_structure_f1"] == 0.0


def test_training_without_its_extra_says_what_to_install(tmp_path: Path) -> None:
    hidden = tmp_path / "sklearn"
    hidden.mkdir()
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'sklearn'\", name='sklearn')\n")
    done = geosignals("train", ARTICLES, LABELS, "--out", tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "geosignals: train needs sklearn: pip install 'geosignals[train]'\n"
