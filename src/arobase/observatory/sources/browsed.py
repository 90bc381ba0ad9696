"""What a browser saw, on disk: a Parquet file a domain, whole or not at all."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet
from pydantic import TypeAdapter

from arobase.observatory.rules.browsing import Browsing

SCHEMA = pyarrow.schema(
    [("domain", pyarrow.string()), ("browsed_at", pyarrow.timestamp("s", tz="UTC")), ("document", pyarrow.string())]
)
DOCUMENT = TypeAdapter(Browsing)


def place(folder: Path, domain: str) -> Path:
    """Where a domain's document belongs, however often it is browsed."""
    return folder / "browsing" / f"{hashlib.sha256(domain.encode()).hexdigest()[:20]}.parquet"


def write(folder: Path, browsing: Browsing) -> None:
    """Keep a document; whoever reads meanwhile sees the one before or this one."""
    path = place(folder, browsing.domain)
    row = {
        "domain": browsing.domain,
        "browsed_at": browsing.browsed_at,
        "document": DOCUMENT.dump_json(browsing).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row], schema=SCHEMA), partial, compression="zstd")
    partial.replace(path)


def read(folder: Path) -> Iterator[Browsing]:
    """Every document below a folder, in the order of their places."""
    for path in sorted((folder / "browsing").glob("*.parquet")):
        yield from _in(path)


def latest(folders: Iterable[Path], domain: str) -> Browsing | None:
    """What a browser last saw of a domain's site, among these folders; None where none has it."""
    places = (place(folder, domain) for folder in folders)
    found = (one for path in places if path.exists() for one in _in(path))
    return max(found, key=lambda one: one.browsed_at, default=None)


def _in(path: Path) -> Iterator[Browsing]:
    for row in pyarrow.parquet.read_table(path).to_pylist():
        yield DOCUMENT.validate_json(row["document"])
