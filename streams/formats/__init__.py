"""Files in: one reader a format, each from a binary stream to articles."""

from streams.formats.record import Fault, Read, Rejected, Skip, Skipped
from streams.formats.registry import FORMATS, Choice, Source, mapped, read_source, sources

__all__ = [
    "FORMATS",
    "Choice",
    "Fault",
    "Read",
    "Rejected",
    "Skip",
    "Skipped",
    "Source",
    "mapped",
    "read_source",
    "sources",
]
