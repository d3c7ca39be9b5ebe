"""The commands that the README gives to analysts do what it says, as they stand there."""

import gzip
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.formats.test_readers import warc
from tests.replay.conftest import Desk, jsonl, numbered

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "formats" / "data"


def commands() -> list[str]:
    """The lines of the block under "History"."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## History\n")[2].partition("\n## ")[0]
    block = section.partition("```sh\n")[2].partition("```")[0]
    return [line.partition("#")[0].strip() for line in block.splitlines()]


def test_the_commands_of_the_readme_run(desk: Desk, tmp_path: Path) -> None:
    archive, topics = tmp_path / "archive", desk.site.settings.topics
    archive.mkdir()
    for year in (2013, 2014):
        articles = [each | {"id": f"{year}-{each['id']}", "published_at": f"{year}-07-01"} for each in numbered(3)]
        (archive / f"{year}.jsonl.gz").write_bytes(gzip.compress(jsonl(tmp_path / "plain", articles).read_bytes()))
    (tmp_path / "feed.xml").write_bytes((DATA / "feed.rss").read_bytes())
    (tmp_path / "dump.warc.gz").write_bytes(warc((DATA / "page.html").read_bytes()))
    desk.site.send(*(json.dumps(each).encode() for each in numbered(2)))
    said = [_run(command.replace("geo.articles.v1", topics.articles), desk, tmp_path) for command in commands()]
    dry, window, to_file, from_topic, resumed = said
    assert "(dry run): read 6, sent 6, skipped 0, failed 0" in dry
    assert "read 6, sent 3, skipped 3 (since 3), failed 0" in window
    assert "read 5, sent 3, skipped 2 (not_text 2), failed 0" in to_file
    assert (tmp_path / "signals.jsonl").exists()
    assert "read 2, sent 2, skipped 0, failed 0" in from_topic
    assert "read 6, sent 6, skipped 0, failed 0" in resumed
    assert (tmp_path / "unreadable.jsonl").read_text() == ""
    assert len(desk.arrived_values()) == 3 + 2 + 6


def _run(command: str, desk: Desk, folder: Path) -> str:
    """What the command says on standard error; it must end with 0."""
    program = shlex.join([sys.executable, "-c", "from streams.cli import main; main()"])
    line = re.sub(r"^geosignals ", f"{program} ", command)
    assert line != command
    process = ["bash", "-c", line]
    done = subprocess.run(process, cwd=folder, env=desk.env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, (command, done.stderr)
    return done.stderr
