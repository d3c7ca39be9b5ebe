"""Seed files read and checked: every fault names its file, line and reason, at start and never later."""

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


class SeedError(ValueError):
    """A seed file that cannot be used."""

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        place = f"{file}:{line}" if line is not None else str(file)
        super().__init__(f"{place}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason

    def __reduce__(self) -> tuple[type["SeedError"], tuple[Path, int | None, str]]:
        """By its three parts, not its words: it comes out of other processes too (`--jobs`)."""
        return type(self), (self.file, self.line, self.reason)


def read_text(path: Path) -> str:
    """The file's text. Raises SeedError where it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SeedError(path, None, error.strerror or "cannot be read") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SeedError(path, line, f"not UTF-8: {error.reason}") from None


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) for each row of a CSV file; lines that begin with # are comments.

    Raises SeedError where a column is missing, a row has another number of cells, or the first of `columns` is empty.
    """
    lines = [(n, line) for n, line in enumerate(read_text(path).split("\n"), 1) if line and not line.startswith("#")]
    if not lines:
        raise SeedError(path, 1, "no header row")
    for number, line in lines:
        if line.count('"') % 2:
            raise SeedError(path, number, "a quoted cell runs over the line's end")
    reader = csv.reader((line for _, line in lines), strict=True)
    try:
        header = next(reader)
        missing = [name for name in columns if name not in header]
        if missing:
            raise SeedError(path, lines[0][0], f"no column {missing[0]!r}")
        for (number, _), cells in zip(lines[1:], reader, strict=True):
            if len(cells) != len(header):
                raise SeedError(path, number, f"{len(cells)} cells under {len(header)} columns")
            if not cells[header.index(columns[0])].strip():
                raise SeedError(path, number, f"no {columns[0]}")
            yield number, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise SeedError(path, lines[min(reader.line_num, len(lines)) - 1][0], f"not CSV: {error}") from None


def read_table(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary. Raises SeedError with the line."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        line = int(words.rsplit("line ", 1)[1].split(",")[0].rstrip(")")) if "line " in words else None
        raise SeedError(path, line, words) from None


def line_of(path: Path, words: str) -> int | None:
    """The first line that holds the words: where a value that parsed well but means nothing stands."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if words in line:
            return number
    return None
