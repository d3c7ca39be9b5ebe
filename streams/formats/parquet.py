"""Parquet tables (extra `parquet`), columns as in CSV."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO, cast

from streams.formats.columns import columns_of, fields_of
from streams.formats.opening import FREE_BYTES, MAX_RATIO
from streams.formats.record import BrokenFile, Fault, Read, Rejected, article_or_rejected

_ROWS = 64
"""Rows in memory at a time: articles are a few kilobytes, so this is well under a megabyte."""
_MAX_SPOOLED = 64 * 1024 * 1024


def read(stream: BinaryIO, source: str, fields: Mapping[str, str] | None = None) -> Iterator[Read]:
    """One article a row. `fields` maps article fields to column names where the usual names do not fit.

    Parquet is read from its end: a stream that cannot seek is put into a temporary file first.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped] # an extra
        import pyarrow.parquet as pq  # type: ignore[import-untyped] # an extra
    except ImportError:
        raise BrokenFile(Fault.MISSING_EXTRA, "Parquet needs an extra: pip install 'geosignals[parquet]'") from None
    with tempfile.SpooledTemporaryFile(_MAX_SPOOLED) as spooled:
        try:
            file = pq.ParquetFile(_seekable(stream, cast(BinaryIO, spooled)), pre_buffer=False, buffer_size=1 << 20)
            yield from _rows(file, source, fields or {})
        except (pa.ArrowException, OSError, ValueError) as error:
            raise BrokenFile(Fault.BAD_FILE, f"not a readable Parquet file: {error}"[:300]) from None


def _rows(file: Any, source: str, given: Mapping[str, str]) -> Iterator[Read]:
    columns = columns_of(file.schema_arrow.names, given)
    _refuse_bombs(file.metadata)
    number = 0
    for batch in file.iter_batches(batch_size=_ROWS, columns=list(dict.fromkeys(columns.values())), use_threads=False):
        for row in batch.to_pylist():
            number += 1
            read = article_or_rejected(fields_of(row, columns), f"{source}#{number}")
            yield replace(read, raw=_shown(row)) if isinstance(read, Rejected) else read


def _refuse_bombs(metadata: Any) -> None:
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for column in (group.column(each) for each in range(group.num_columns)):
            size, packed = column.total_uncompressed_size, column.total_compressed_size
            if size > FREE_BYTES + MAX_RATIO * packed:
                detail = f"column {column.path_in_schema}: {size} bytes from {packed}: over {MAX_RATIO} times its size"
                raise BrokenFile(Fault.TOO_DENSE, detail)


def _shown(row: Mapping[str, object]) -> bytes:
    return json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _seekable(stream: BinaryIO, spooled: BinaryIO) -> BinaryIO:
    if stream.seekable():
        return stream
    shutil.copyfileobj(stream, spooled)
    spooled.seek(0)
    return spooled
