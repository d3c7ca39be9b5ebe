"""`make bench`: four tables, about a quarter of an hour. ARGS="classify scale" prints only those named.

Every number of articles can be set when a table is run by its own name: python -m benchmarks.worker --articles 20000
"""

import os
import platform
import sys
import time

from benchmarks import classify, growth, scale, worker

TABLES = {
    "classify": ("what classifying an article costs", classify.main),
    "growth": ("how that grows with length and gazetteers", growth.main),
    "worker": ("the worker on Kafka", worker.main),
    "scale": ("partitions, workers, processes", scale.main),
}


def main(names: list[str]) -> None:
    """Prints the tables named, else all; each in the cores it began with."""
    if unknown := set(names) - set(TABLES):
        sys.exit(f"no table {', '.join(sorted(unknown))}: there are {', '.join(TABLES)}")
    cores = os.sched_getaffinity(0)
    print(f"CPython {platform.python_version()} on {platform.system()} {platform.machine()}, {len(cores)} cores")
    for name in names or TABLES:
        title, table = TABLES[name]
        began, load = time.monotonic(), os.getloadavg()[0]
        print(f"\n## {name}: {title} (load average before: {load:.1f})\n", flush=True)
        table()
        os.sched_setaffinity(0, cores)
        print(f"({time.monotonic() - began:.0f} s)", flush=True)
    print("\nAlso, each as python -m benchmarks.NAME: replay, replay_delay, replay_resume, keyword_matcher")


if __name__ == "__main__":
    main(sys.argv[1:])
