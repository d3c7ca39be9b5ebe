"""The command line: exit codes, what goes to standard output and what does not."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.shell.conftest import Site

DEAL = {
    "id": "deal",
    "title": "Poland signs contract for 180 South Korean tanks",
    "body": "WARSAW - Poland signed a contract with South Korea on Friday to buy 180 K2 tanks for $6.5 billion.",
}


def geosignals(*arguments: str, stdin: str = "", **env: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GEOSIGNALS_")}
    return subprocess.run(
        [sys.executable, "-c", "from streams.cli import main; main()", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        env={**clean, "PYTHONWARNINGS": "ignore", **env},
        check=False,
    )


def test_help_is_quick() -> None:
    began = time.monotonic()
    done = geosignals("--help")
    assert done.returncode == 0
    assert {"classify", "run", "worker", "topics", "kinds", "config", "schemas"} <= set(done.stdout.split())
    assert time.monotonic() - began < 1.5  # 0.14 s on an idle machine


@pytest.mark.parametrize(
    ("arguments", "env", "says"),
    [
        (["config", "show"], {"GEOSIGNALS_KAFKA__SERVERS": "x"}, "GEOSIGNALS_KAFKA__SERVERS is no setting"),
        (["classify", "--kind", "arms_deals"], {}, "--kind arms_deals: there is no such kind"),
        (["classify", "--format", "word"], {}, "--format: 'word' is no format"),
        (["run", "no/such/file.jsonl"], {}, "no/such/file.jsonl: no such file"),
        (["run", "--brokers", "127.0.0.1:9", "--data-dir", "x"], {}, "--data-dir is for the embedded Kafka"),
        (["worker", "--lane", "fast"], {}, "fast"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(arguments: list[str], env: dict[str, str], says: str) -> None:
    done = geosignals(*arguments, **env)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_kafka_that_cannot_be_reached_is_one_line_and_exit_1() -> None:
    commands = [["worker"], ["topics", "create"], ["topics", "check"], ["run", "--once"]]
    with ThreadPoolExecutor() as pool:  # each of them waits for some seconds before it gives up
        ends = list(pool.map(lambda command: geosignals(*command, "--brokers", "127.0.0.1:9"), commands))
    for done in ends:
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.strip().splitlines()
        assert "127.0.0.1:9" in line


def test_classify_writes_signals_and_rejects_apart(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    lines = [json.dumps(DEAL), "{broken", json.dumps({**DEAL, "id": "second"})]
    done = geosignals("classify", "-", "--rejects", str(rejects), stdin="\n".join(lines))
    assert done.returncode == 1
    ids = [json.loads(line)["article"]["id"] for line in done.stdout.splitlines()]
    assert "deal" in ids and "second" in ids and ids == sorted(ids, key=["deal", "second"].index)
    (rejected,) = map(json.loads, rejects.read_text(encoding="utf-8").splitlines())
    assert (rejected["place"], rejected["reason"]) == ("stdin:2", "not_json")


def test_classify_with_several_processes_writes_the_same(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(json.dumps({**DEAL, "id": f"a{n}"}) + "\n" for n in range(100)), encoding="utf-8")
    one, two = geosignals("classify", str(file)), geosignals("classify", str(file), "--jobs", "2")
    assert one.returncode == two.returncode == 0
    assert one.stdout == two.stdout
    assert len(one.stdout.splitlines()) >= 100


def test_pretty_marks_the_evidence_in_the_text_and_lets_no_escape_through() -> None:
    article = {**DEAL, "body": f"\x1b[31m{DEAL['body']}"}
    done = geosignals("classify", "--pretty", "--kind", "arms-deal", stdin=json.dumps(article))
    assert done.returncode == 0
    assert "]recipient" in done.stdout
    assert "\x1b" not in done.stdout


def test_explain_names_the_features_that_decided_below_each_signal() -> None:
    done = geosignals("classify", "--explain", "--kind", "arms-deal", stdin=json.dumps(DEAL))
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    headers = [at for at, line in enumerate(lines) if "arms_deal" in line]
    reasons = [line.split() for line in lines if line.startswith("    because")]
    assert len(reasons) == len(headers) >= 1
    for _, *pairs in reasons:
        weights = [float(weight) for weight in pairs[1::2]]
        assert weights and weights == sorted(weights, reverse=True) and weights[-1] > 0


def test_a_signal_below_the_least_confidence_is_not_written() -> None:
    said = geosignals("classify", stdin=json.dumps(DEAL)).stdout.splitlines()
    confidences = sorted(json.loads(line)["confidence"] for line in said)
    least = str(confidences[-1])
    kept = geosignals("classify", "--min-confidence", least, stdin=json.dumps(DEAL)).stdout.splitlines()
    assert [json.loads(line)["confidence"] for line in kept] == [c for c in confidences if c >= float(least)]
    none = geosignals("classify", "--explain", "--min-confidence", "1", stdin=json.dumps(DEAL))
    assert (none.returncode, "no signal" in none.stdout) == (0, True)
    assert geosignals("classify", "--min-confidence", "1.5", stdin="").returncode == 2


def test_kinds_shows_each_with_topic_and_fields() -> None:
    rows = {line.split("\t")[0]: line for line in geosignals("kinds").stdout.splitlines()}
    assert set(rows) == {"arms_deal", "sanctions_stance", "diplomatic_statement"}
    assert "geo.signals.arms-deal.v1" in rows["arms_deal"] and "supplier" in rows["arms_deal"]


def test_topics_are_checked_and_what_is_missing_is_created(site: Site) -> None:
    env = {**site.env, "GEOSIGNALS_TOPICS__DLQ": f"{site.settings.topics.dlq}.new"}
    settings = {name: value for name, value in env.items() if name.startswith("GEOSIGNALS_")}
    missing = geosignals("topics", "check", **settings)
    assert (missing.returncode, missing.stdout) == (1, f"{site.settings.topics.dlq}.new: missing\n")
    refused = geosignals("worker", **settings)
    assert refused.returncode == 1
    assert "`geosignals topics create` creates what is missing" in refused.stderr
    created = geosignals("topics", "create", **settings)
    assert f"{site.settings.topics.dlq}.new\tcreated" in created.stdout
    assert geosignals("topics", "check", **settings).returncode == 0
