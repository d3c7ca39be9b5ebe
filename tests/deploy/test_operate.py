"""The README's commands for who operates it, as they stand there, against a real Kafka."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from streams.embedded import Broker
from tests.outside import ROOT, program
from tests.shell.conftest import CACHE, wait_until

OPERATE = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Operate")[2].partition("\n## ")[0]


def command(begins: str) -> list[str]:
    """The words of the one command of the section that begins so."""
    (line,) = (line for line in OPERATE.splitlines() if line.startswith(begins))
    return shlex.split(line, comments=True)


def test_the_section_has_at_most_sixty_lines_and_leads_to_sections_that_exist() -> None:
    assert len(OPERATE.splitlines()) <= 60
    headings = [line.lstrip("# ").lower() for line in (ROOT / "deploy" / "RUNBOOK.md").read_text("utf-8").splitlines()]
    anchors = [part.partition(")")[0] for part in OPERATE.split("RUNBOOK.md#")[1:]]
    assert anchors and set(anchors) <= set(headings)


def test_files_and_overlays_that_are_named_exist() -> None:
    compose, overlay = command("docker compose"), command("kubectl apply")
    assert (ROOT / compose[compose.index("--file") + 1]).is_file()
    assert (ROOT / overlay[-1] / "kustomization.yaml").is_file()


@pytest.mark.broker
@pytest.mark.tools
def test_the_commands_do_what_they_say(tmp_path: Path) -> None:
    kcat = program("kcat")
    env = {name: value for name, value in os.environ.items() if not name.startswith("GEOSIGNALS_")}
    env |= {"GEOSIGNALS_METRICS__PORT": "0", "XDG_STATE_HOME": str(tmp_path)}

    with Broker(CACHE) as broker:

        def words(begins: str) -> list[str]:
            first, *rest = (word.replace("kafka:9092", broker.address()) for word in command(begins))
            ours = [sys.executable, "-W", "ignore", "-c", "from streams.cli import main; main()"]
            return [*(ours if first == "geosignals" else [kcat]), *rest]

        def run(begins: str) -> str:
            done = subprocess.run(
                words(begins), check=False, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        def signals() -> list[str]:
            return [line for line in run("kcat -b kafka:9092 -t geo.signals").splitlines() if "ce_id=" in line]

        run("geosignals topics")
        run("kcat -b kafka:9092 -t geo.articles")
        with (tmp_path / "worker.log").open("w") as log:
            worker = subprocess.Popen(words("geosignals worker"), env=env, stdout=log, stderr=log)
        try:
            wait_until(lambda: len(signals()) > 10, 120, "signals")
            assert all("ce_type=geosignals.signal.arms_deal.v1" in row for row in signals())
            run("geosignals dlq")
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(120) == 0
        finally:
            worker.kill()
