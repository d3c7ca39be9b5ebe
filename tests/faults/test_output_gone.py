"""`geosignals run` whose standard output cannot be written: it says so and ends, and the signals stay in Kafka."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.signal import PAYLOADS
from tests.faults.conftest import LONG
from tests.faults.load import message
from tests.shell.conftest import Site

RUN = [sys.executable, "-c", "from streams.cli import main; main()", "run"]


@pytest.mark.parametrize("output", ["closed", "full"])
def test_an_output_that_takes_nothing_ends_the_run(site: Site, tmp_path: Path, output: str) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_bytes(b"".join(message(number) + b"\n" for number in range(9)))
    if output == "full" and not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    reading, writing = os.pipe() if output == "closed" else (None, os.open("/dev/full", os.O_WRONLY))
    process = subprocess.Popen(
        [*RUN, "--brokers", site.broker.address(), str(articles)],
        env=site.env,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    if reading is not None:
        os.close(reading)
    try:
        _, said = process.communicate(timeout=LONG)
    finally:
        process.kill()
    assert process.returncode == 1, said
    assert ("stopped: " in said) == (output == "full"), said
    assert "Traceback" not in said
    assert any(site.signals(kind) for kind in PAYLOADS)
