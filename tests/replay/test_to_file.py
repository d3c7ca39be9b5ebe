"""A replay with no broker, and one through Kafka and a worker: the signals are those that `classify` gives."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.replay.conftest import Desk, jsonl, numbered
from tests.shell.conftest import wait_until

SEEDS = sorted((Path(__file__).parents[2] / "seeds" / "articles").glob("*.articles.jsonl"))


def run(folder: Path, *options: str) -> tuple[int, bytes, str]:
    program = [sys.executable, "-W", "ignore", "-c", "from streams.cli import main; main()", *options]
    env = os.environ | {"XDG_STATE_HOME": str(folder / "state")}
    done = subprocess.run(program, cwd=folder, env=env, capture_output=True, timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def some(folder: Path, count: int) -> Path:
    lines = [line for path in SEEDS for line in path.read_bytes().splitlines(keepends=True)]
    path = folder / "some.jsonl"
    path.write_bytes(b"".join(lines[:: max(1, len(lines) // count)][:count]))
    return path


def test_the_file_is_what_classify_prints_with_one_process_and_with_two(tmp_path: Path) -> None:
    source = some(tmp_path, 60)
    code, expected, err = run(tmp_path, "classify", str(source))
    assert code == 0, err
    assert expected
    for jobs in ("1", "2"):
        out = tmp_path / f"out{jobs}.jsonl"
        code, printed, err = run(tmp_path, "replay", str(source), "--output", str(out), "--jobs", jobs)
        assert (code, printed) == (0, b""), err
        assert out.read_bytes() == expected


def test_a_resumed_file_is_the_same_file(tmp_path: Path) -> None:
    source, out = some(tmp_path, 60), tmp_path / "out.jsonl"
    options = ("replay", str(source), "--output", str(out), "--job-id", "j")
    assert run(tmp_path, *options)[0] == 0
    whole = out.read_bytes()
    ids = [json.loads(line)["id"] for line in source.read_bytes().splitlines()]
    of_first = [line for line in whole.splitlines(keepends=True) if json.loads(line)["article"]["id"] in ids[:25]]
    assert 0 < len(of_first) < len(whole.splitlines())
    path = tmp_path / "state" / "geosignals" / "replay" / "j.json"
    state = json.loads(path.read_text())
    state["position"]["records"], state["output_bytes"] = 25, len(b"".join(of_first))
    path.write_text(json.dumps(state))
    out.write_bytes(b"".join(of_first) + b'{"torn": ')
    assert run(tmp_path, *options, "--resume")[0] == 0
    assert out.read_bytes() == whole
    out.write_bytes(b"short")
    path.write_text(json.dumps(state))
    code, _, err = run(tmp_path, *options, "--resume")
    assert (code, "shorter" in err) == (2, True)


def test_a_file_name_that_is_no_text_is_reported_like_any_other(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    (tmp_path / os.fsdecode(b"caf\xe9.jsonl")).write_text("broken\n")
    for command in (("classify",), ("replay", "--dry-run")):
        code, _, err = run(tmp_path, *command, *map(str, tmp_path.glob("caf*")), "--rejects", str(rejects))
        assert code == 1, err
        assert json.loads(rejects.read_text())["place"].endswith("caf\udce9.jsonl:1")


def test_a_broken_seed_is_one_line_with_one_process_and_with_two(tmp_path: Path) -> None:
    root = SEEDS[0].parents[2]
    for package in ("schemas", "streams", "seeds"):
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    lexicon = tmp_path / "seeds" / "lexicons" / "arms_deal.toml"
    lexicon.write_text("= nonsense\n" + lexicon.read_text())
    source = jsonl(tmp_path / "news.jsonl", numbered(40))
    for command in (
        ("classify",),
        ("classify", "--jobs", "2"),
        ("replay", "--output", str(tmp_path / "o"), "--jobs", "2"),
    ):
        code, out, err = run(tmp_path, *command, str(source))
        assert (code, out) == (2, b""), err
        (line,) = (line for line in err.splitlines() if not line.startswith("replay"))
        assert line.startswith(f"geosignals: {lexicon}:1: "), err


def test_the_processes_of_a_killed_replay_end_with_it(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    program = [sys.executable, "-W", "ignore", "-c", "from streams.cli import main; main()"]
    process = subprocess.Popen(
        [*program, "replay", "-", "--output", str(out), "--jobs", "2"],
        env=os.environ | {"XDG_STATE_HOME": str(tmp_path / "state")},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stderr is not None
    process.stdin.write(some(tmp_path, 300).read_bytes())
    process.stdin.flush()
    wait_until(lambda: out.exists() and out.stat().st_size > 0, 120, "both processes are at work")
    process.kill()
    process.wait()
    ended = threading.Event()
    stderr = process.stderr
    threading.Thread(target=lambda: (stderr.read(), ended.set()), daemon=True).start()
    assert ended.wait(60), "a process still holds the pipe"


def test_killed_twice_and_resumed_the_replay_lane_gives_the_signals_of_classify(desk: Desk, tmp_path: Path) -> None:
    source = some(tmp_path, 200)
    expected = set(run(tmp_path, "classify", str(source))[1].splitlines())
    options = (str(source), "--rate", "40/s", "--resume")
    worker = desk.site.worker("--lane", "replay", planted=False)
    for part in (1, 2):
        process = desk.start(*options)
        wait_until(lambda part=part: len(desk.arrived()) >= part * 50, 60, "part of it has gone")  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert desk.replay(*options)[0] == 0
    wait_until(lambda: _signals(desk) >= expected, 60, "every signal has come")
    assert worker.end() == 0
    assert _signals(desk) == expected


def _signals(desk: Desk) -> set[bytes]:
    topics = desk.site.settings.topics
    kinds = ("arms_deal", "sanctions_stance", "diplomatic_statement")
    return {record.value for kind in kinds for record in desk.site.records(topics.of_kind(kind))}
