"""Which offsets of a partition are settled, as sorted half-open ranges, and how a consumer group remembers them. Pure."""

import zlib
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]

METADATA_BYTES = 4_000
"""Kafka keeps 4,096 beside a committed offset unless a broker is told otherwise."""


class TooScattered(ValueError):
    """The settled letters lie too scattered among the others to be remembered."""


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Sorted, with what touches put together.

    >>> merged([(5, 7), (0, 2), (2, 3), (6, 9)])
    ((0, 3), (5, 9))
    """
    whole: list[tuple[int, int]] = []
    for begin, end in sorted(ranges):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        elif begin < end:
            whole.append((begin, end))
    return tuple(whole)


def holds(ranges: Ranges, offset: int) -> bool:
    """Whether the offset is in one of them."""
    at = bisect_right(ranges, offset, key=lambda each: each[0]) - 1
    return at >= 0 and ranges[at][0] <= offset < ranges[at][1]


def written(ranges: Ranges, begin: int) -> tuple[int, str]:
    """The offset before which all is settled, and the ranges beyond it as text. What lies before `begin` is gone.

    >>> read(*written(((3, 9), (12, 15)), begin=4))
    ((0, 9), (12, 15))

    Raises TooScattered.
    """
    settled = merged([*ranges, (0, begin)])
    position = settled[0][1] if settled and settled[0][0] == 0 else 0
    steps, at = [], position
    for first, last in settled:
        if first >= position and first > 0:
            steps += [first - at, last - first]
            at = last
    text = b64encode(zlib.compress(",".join(map(str, steps)).encode(), 9)).decode() if steps else ""
    if len(text) > METADATA_BYTES:
        raise TooScattered("too many letters between others are settled to be remembered: leave --reason out")
    return position, text


def read(position: int, metadata: str) -> Ranges:
    """What `written` wrote. Text of somebody else's counts as none: then a letter may go twice, and none is forgotten."""
    try:
        steps = zlib.decompress(b64decode(metadata, validate=True)).decode().split(",") if metadata else []
        lengths = [int(step) for step in steps]
    except (ValueError, zlib.error):
        lengths = []
    ranges, at = [(0, position)], position
    for gap, length in zip(lengths[::2], lengths[1::2], strict=False):
        ranges.append((at + gap, at + gap + length))
        at += gap + length
    return merged(ranges)
