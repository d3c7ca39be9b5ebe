"""What a user named (files, folders, globs, `-`) as the files to read, in a stable order."""

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from streams.formats.record import Fault, Rejected

STDIN = "-"


def inputs(names: Iterable[str]) -> Iterator[Path | Rejected]:
    """Each file once, in the order named, folders sorted by path and followed through links; `-` is Path("-").

    What cannot be read (missing, a loop of links, a device in a folder) comes out as Rejected in its place.
    """
    seen: set[tuple[int, int]] = set()
    for name in names:
        for path in _expanded(name):
            if isinstance(path, Rejected) or str(path) == STDIN:
                yield path
            elif path.is_dir():
                yield from _within(path, (), seen)
            elif not path.exists():
                yield Rejected(str(path), Fault.BAD_FILE, "no such file or folder")
            elif _first_time(path, seen):
                yield path


def is_among(path: Path, names: Iterable[str]) -> bool:
    """Whether this file is one of those that names stand for, under whatever name: writing to it would destroy it."""
    if not path.is_file():
        return False
    return any(isinstance(each, Path) and each.is_file() and each.samefile(path) for each in inputs(names))


def _expanded(name: str) -> Iterator[Path | Rejected]:
    """The name itself when such a file exists, else what it matches as a glob pattern (`**` included)."""
    if name == STDIN or Path(name).exists() or not glob.has_magic(name):
        yield Path(name)
        return
    matches = sorted(glob.glob(name, recursive=True))
    if not matches:
        yield Rejected(name, Fault.BAD_FILE, "the pattern matches no file")
    yield from map(Path, matches)


def _within(folder: Path, above: tuple[str, ...], seen: set[tuple[int, int]]) -> Iterator[Path | Rejected]:
    real = os.path.realpath(folder)
    if real in above:
        yield Rejected(str(folder), Fault.BAD_FILE, "a loop: this folder contains itself by way of a link")
        return
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Rejected(str(folder), Fault.BAD_FILE, error.strerror or str(error))
        return
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir():
            yield from _within(path, (*above, real), seen)
        elif not path.is_file():
            yield Rejected(str(path), Fault.BAD_FILE, "a broken link, or no regular file")
        elif _first_time(path, seen):
            yield path


def _first_time(path: Path, seen: set[tuple[int, int]]) -> bool:
    """False for a file that was named before, under whatever name. Pipes count as new each time."""
    if not path.is_file():
        return True
    status = path.stat()
    key = (status.st_dev, status.st_ino)
    return not (key in seen or seen.add(key))  # type: ignore[func-returns-value]
