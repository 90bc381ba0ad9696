"""Parquet files that are there whole or not at all."""

import os
from pathlib import Path

import pyarrow
import pyarrow.parquet


def keep(path: Path, table: pyarrow.Table) -> None:
    """Write a table; whoever reads meanwhile sees all of it or nothing, and the last of two writers stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    pyarrow.parquet.write_table(table, partial, compression="zstd")
    partial.replace(path)
