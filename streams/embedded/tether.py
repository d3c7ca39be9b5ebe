"""Runs a command that cannot outlive its parent: `python tether.py kernel|pipe PARENT_PID COMMAND…`, standard library only.

kernel (Linux): the kernel kills the command when the parent's thread that started it ends, however it ends (PR_SET_PDEATHSIG).
pipe (elsewhere): this process stays, and kills its group when its standard input, a pipe that only the parent holds, closes.
"""

import ctypes
import os
import signal
import subprocess
import sys
from enum import StrEnum

PR_SET_PDEATHSIG = 1


class Tether(StrEnum):
    """What ends the command when its parent is gone."""

    KERNEL = "kernel"
    PIPE = "pipe"


def _exec_on_linux(parent: int, command: list[str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it ended before the line above: no signal will ever come
        sys.exit(1)
    os.execv(command[0], command)


def _watch(command: list[str]) -> None:
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    signal.signal(signal.SIGCHLD, lambda *_: sys.exit(child.wait()))
    while os.read(0, 1024):
        pass
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    how, parent, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    if how == Tether.KERNEL:
        _exec_on_linux(parent, command)
    _watch(command)


if __name__ == "__main__":
    main()
