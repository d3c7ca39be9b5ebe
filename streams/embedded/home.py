"""Where a broker keeps its files: a directory that exactly one process owns, shown by a lock that dies with the process."""

import fcntl
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from streams.embedded.jars import BrokerUnavailable

PREFIX = "geosignals-broker-"
_OWNER = "owner.lock"


@dataclass(frozen=True, slots=True)
class Home:
    """An owned directory; `keep` says that its data outlive the run."""

    path: Path
    keep: bool
    lock: TextIO

    def leave(self) -> None:
        """Gives the directory up, and removes it when it was not to be kept."""
        if not self.keep:
            shutil.rmtree(self.path, ignore_errors=True)
        self.lock.close()


def own(data_dir: Path | None) -> Home:
    """The given directory, kept afterwards, or a fresh one that goes with its owner. Raises BrokerUnavailable if it is taken."""
    try:
        if data_dir is None:
            sweep()
            return _own_fresh()
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = _try_lock(data_dir / _OWNER, "a+")
    except OSError as error:
        raise BrokerUnavailable(f"the broker's directory cannot be used: {error}") from error
    if lock is None:
        raise BrokerUnavailable(f"{data_dir} is in use by another run; give each run a --data-dir of its own")
    return Home(data_dir.resolve(), keep=True, lock=lock)


def _own_fresh() -> Home:
    path = Path(tempfile.mkdtemp(prefix=PREFIX))
    # locked under another name first: a sweep that runs meanwhile must never see it there and unlocked
    lock = _try_lock(path / "owner.new", "w")
    assert lock is not None, "nobody else knows this fresh directory"
    os.rename(path / "owner.new", path / _OWNER)
    return Home(path, keep=False, lock=lock)


def sweep() -> None:
    """Removes directories of brokers whose owner was killed: ours, and their lock is free."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if path.stat().st_uid != os.getuid():
                continue
            lock = _try_lock(path / _OWNER, "r+")
        except OSError:
            continue  # not there, not ours, or removed by another sweep just now
        if lock is not None:
            with lock:
                shutil.rmtree(path, ignore_errors=True)


def _try_lock(path: Path, mode: Literal["r+", "a+", "w"]) -> TextIO | None:
    """The open and locked file, or None while another process holds it."""
    file = path.open(mode, encoding="utf-8")  # stays open: the lock lasts as long as it is
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
