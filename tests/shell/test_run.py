"""`geosignals run`: one command, everything on one machine, nothing left behind."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.shell.conftest import Site, wait_until

pytestmark = pytest.mark.timeout(150)

RUN = [sys.executable, "-c", "from streams.cli import main; main()", "run"]


def _brokers(tmp: Path) -> list[int]:
    """Process ids of Java processes that work below the directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if "kafka.Kafka" in command and str(tmp) in command:
            found.append(int(entry.parent.name))
    return found


def _env(tmp: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GEOSIGNALS_")}
    return {**clean, "TMPDIR": str(tmp), "PYTHONWARNINGS": "ignore"}


def test_once_takes_the_seeds_through_a_real_kafka_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [*RUN, "--once"], env=_env(tmp_path), capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
    kinds = Counter(json.loads(line)["kind"] for line in done.stdout.splitlines())
    assert kinds.total() >= 60
    assert set(kinds) == {"arms_deal", "sanctions_stance", "diplomatic_statement"}
    assert f"{kinds.total()} signals" in done.stderr.splitlines()[-1]
    assert not _brokers(tmp_path)
    assert not list(tmp_path.glob("geosignals-broker-*"))


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts `geosignals run` in the test's directory; what the test leaves running is killed."""
    processes: list[subprocess.Popen[str]] = []

    def start(*paths: str, stdout: int = subprocess.DEVNULL, **env: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [*RUN, *paths], env=_env(tmp_path) | env, stdout=stdout, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


def _until_it_waits(process: "subprocess.Popen[str]") -> None:
    assert process.stderr is not None
    assert any("Ctrl-C ends" in line for line in process.stderr)


def test_on_a_terminal_each_signal_is_a_line_and_ctrl_c_ends_it_all(
    started: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    articles = tmp_path / "articles.jsonl"
    article = {
        "id": "a",
        "title": "Poland signs",
        "body": "Poland signed a contract to buy 180 K2 tanks from South Korea.",
    }
    articles.write_text(json.dumps(article) + "\n{broken\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    process = started(str(articles), stdout=theirs)
    os.close(theirs)
    shown = os.read(ours, 4096).decode()
    assert "arms_deal" in shown and "→ POL" in shown
    assert not shown.lstrip("\x1b[0123456789;m").startswith("{")
    _until_it_waits(process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=80)
    assert process.returncode == 130, errors
    assert "1 dead letters" in errors
    assert not _brokers(tmp_path)


def test_killed_it_leaves_no_broker(started: Callable[..., "subprocess.Popen[str]"], tmp_path: Path) -> None:
    process = started()
    _until_it_waits(process)
    assert _brokers(tmp_path)
    process.kill()
    process.communicate()
    wait_until(lambda: not _brokers(tmp_path), 60, "the broker is gone")


def test_without_its_broker_it_says_so_and_ends_unacknowledged(
    started: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    process = started(GEOSIGNALS_WORKER__SHUTDOWN_SECONDS="5")
    _until_it_waits(process)
    (broker,) = _brokers(tmp_path)
    os.kill(broker, signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 70, errors
    assert "the embedded Kafka has ended" in errors


def test_once_with_a_kafka_of_yours_goes_by_offsets(site: Site, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    article = {"title": "Poland signs", "body": "Poland signed a contract to buy 180 K2 tanks from South Korea."}
    articles.write_text("".join(json.dumps({**article, "id": f"a{n}"}) + "\n" for n in range(50)), encoding="utf-8")
    command = [*RUN, "--once", "--brokers", site.broker.address(), str(articles)]
    done = subprocess.run(command, env=site.env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert {json.loads(line)["article"]["id"] for line in done.stdout.splitlines()} == {f"a{n}" for n in range(50)}
    assert sorted(line.encode() for line in done.stdout.splitlines()) == sorted(
        record.value
        for kind in ("arms_deal", "sanctions_stance", "diplomatic_statement")
        for record in site.signals(kind)
    )
