"""How benchmarks sum up their rounds."""

import statistics
from collections.abc import Iterable


def middle(values: Iterable[float]) -> float:
    """The median."""
    return statistics.median(values)


def spread(values: Iterable[float], digits: int = 2) -> str:
    """From the least to the most, as text."""
    seen = list(values)
    return f"{min(seen):.{digits}f} to {max(seen):.{digits}f}"
