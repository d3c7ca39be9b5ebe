"""The same article gives the same bytes in every process."""

import hashlib
import os
import subprocess
import sys

from tests.conftest import ROOT

_PROGRAM = """
import hashlib, json, sys
from pathlib import Path
from schemas.article import article_from
from schemas.signal import encode_signal
from streams.pipeline import signals
from streams.text.seedfile import SEEDS
for path in sorted((SEEDS / "articles").glob("*.articles.jsonl")):
    for line in path.open(encoding="utf-8"):
        for signal in signals(article_from(json.loads(line))):
            sys.stdout.buffer.write(encode_signal(signal) + b"\\n")
"""


def test_another_hash_seed_gives_the_same_bytes() -> None:
    outputs = []
    for seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM], cwd=ROOT, env=environment, capture_output=True, timeout=250, check=False
        )
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        outputs.append(done.stdout)
    assert len(outputs[0].splitlines()) >= 60
    assert hashlib.sha256(outputs[0]).digest() == hashlib.sha256(outputs[1]).digest()
