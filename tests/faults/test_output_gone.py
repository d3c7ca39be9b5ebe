"""`geosignals run` whose standard output cannot be written: it says so and ends, and the signals stay in Kafka."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import LONG
from tests.faults.load import message
from tests.shell.conftest import Site

RUN = [sys.executable, "-c", "from streams.cli import main; main()", "run"]


@pytest.mark.parametrize("output", ["closed", "full"])
def test_an_output_that_takes_nothing_ends_the_run(site: Site, tmp_path: Path, output: str) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_bytes(b"".join(message(number) + b"\n" for number in range(9)))
    full = Path("/dev/full")
    if output == "full" and not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") if output == "full" else open(tmp_path / "unused", "w") as out:
        process = subprocess.Popen(
            [*RUN, "--brokers", site.broker.address(), str(articles)],
            env=site.env,
            stdout=out if output == "full" else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if process.stdout is not None:
            process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
        assert process.wait(LONG) == 1, said
    assert ("stopped: " in said) == (output == "full"), said
    assert "Traceback" not in said
    assert site.signals()
