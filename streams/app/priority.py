"""History steps back: a process that does nothing else leaves the processor to live news wherever both want it."""

import os


def step_back(niceness: int) -> None:
    """Adds to the niceness of this process, 0 changes nothing; to be called before threads and processes are started.

    Linux keeps a niceness for each thread, new threads and processes take that of the one that started them.
    """
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
