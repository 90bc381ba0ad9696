"""Parquet files that are there whole or not at all."""

from pathlib import Path
from uuid import uuid4

import pyarrow
import pyarrow.parquet


def keep(path: Path, table: pyarrow.Table) -> None:
    """Write a table; whoever reads meanwhile sees all of it or nothing, and the last of two writers stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{uuid4().hex}.partial")
    pyarrow.parquet.write_table(table, partial, compression="zstd")
    partial.replace(path)
