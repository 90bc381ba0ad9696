"""Visited sites on disk, beside the answers of name servers: a Parquet file a shard, a row a domain."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet
from pydantic import TypeAdapter

from arobase.observatory.rules.visits import Site
from arobase.observatory.sources import shards
from arobase.observatory.sources.tables import keep

SCHEMA = pyarrow.schema(
    [
        ("domain", pyarrow.string()),
        ("visited_at", pyarrow.timestamp("s", tz="UTC")),
        ("site", pyarrow.string()),  # the whole Site as JSON
    ]
)
SITE = TypeAdapter(Site)


def as_json(site: Site) -> str:
    """A site as a JSON document.

    >>> from datetime import UTC, datetime
    >>> site = Site("ville.example.fr", datetime(2025, 11, 18, tzinfo=UTC), ways=())
    >>> of_json(as_json(site)) == site
    True
    """
    return SITE.dump_json(site).decode()


def of_json(text: str | bytes) -> Site:
    """A site from its JSON document. Raises pydantic.ValidationError."""
    return SITE.validate_json(text)


def place(folder: Path, domains: Sequence[str]) -> Path:
    """Where the sites of these domains belong: the same place whoever writes them and however often."""
    return folder / "sites" / shards.place(folder, domains).name


def write(path: Path, sites: Iterable[Site]) -> None:
    """Keep the sites of a shard, whole or not at all."""
    rows = [{"domain": one.domain, "visited_at": one.visited_at, "site": as_json(one)} for one in sites]
    keep(path, pyarrow.Table.from_pylist(rows, schema=SCHEMA))


def read(folder: Path) -> Iterator[Site]:
    """Every site of a campaign, by shard."""
    for path in sorted((folder / "sites").glob("*.parquet")):
        for text in pyarrow.parquet.read_table(path, columns=["site"]).column("site").to_pylist():
            yield of_json(text)
