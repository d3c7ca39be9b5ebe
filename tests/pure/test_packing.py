"""Rows packed into whole numbers: what goes in comes out, and adding them adds every column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.packing import Unpacking, first, packed

WIDTH = 5
_WEIGHT = st.integers(-400_000, 400_000).map(lambda n: n / 10_000)
_ROW = st.lists(_WEIGHT, min_size=WIDTH, max_size=WIDTH)


@given(st.lists(_ROW, max_size=200))
def test_a_sum_of_packed_rows_is_the_packed_row_of_their_sums(rows: list[list[float]]) -> None:
    total = sum(packed(enumerate(row)) for row in rows)
    sums = [sum(column) for column in zip(*rows, strict=True)] or [0.0] * WIDTH
    assert Unpacking(WIDTH)(total) == pytest.approx(sums, abs=1e-6)
    assert first(total) == Unpacking(WIDTH)(total)[0]


def test_columns_that_are_not_named_hold_nothing() -> None:
    assert Unpacking(3)(packed([(1, -0.0401)])) == [0.0, -0.0401, 0.0]
