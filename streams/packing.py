"""Rows of numbers packed into one whole number each, so that rows are added by one addition.

A column is a field of 32 bits that holds a signed count of ten-thousandths: weights have four decimals at most, and sums
of them are exact, in any order, up to 200,000.
"""

from collections.abc import Iterable
from struct import Struct

_BITS = 32
_UNIT = 10_000
_HALF = 1 << (_BITS - 1)
_MASK = (1 << _BITS) - 1


def packed(row: Iterable[tuple[int, float]]) -> int:
    """The row with these (column, number) pairs, and nothing in its other columns."""
    return sum(round(number * _UNIT) << (_BITS * column) for column, number in row)


def first(row: int) -> float:
    """The number in column 0."""
    return (((row + _HALF) & _MASK) - _HALF) / _UNIT


class Unpacking:
    """Rows of a given width as lists of numbers."""

    __slots__ = ("_fields", "_offset")

    def __init__(self, width: int) -> None:
        # half a field is lent to each column, so that none is below zero and none borrows from its neighbour
        self._offset = sum(_HALF << (_BITS * column) for column in range(width))
        self._fields = Struct(f"<{width}I")

    def __call__(self, row: int) -> list[float]:
        counts = self._fields.unpack((row + self._offset).to_bytes(self._fields.size, "little"))
        return [(count - _HALF) / _UNIT for count in counts]
