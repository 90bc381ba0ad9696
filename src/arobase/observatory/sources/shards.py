"""Facts of a scan on disk: a Parquet file a shard, whole or not at all, so that a scan goes on where it stopped."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet

from arobase.observatory.rules.answers import Answer, Outcome

SIZE = 50  # domains a shard
SCHEMA = pyarrow.schema(
    [
        ("domain", pyarrow.string()),
        ("asked_at", pyarrow.timestamp("s", tz="UTC")),
        ("name", pyarrow.string()),
        ("type", pyarrow.string()),
        ("outcome", pyarrow.string()),
        ("records", pyarrow.list_(pyarrow.string())),
        ("aliases", pyarrow.list_(pyarrow.string())),
    ]
)
Facts = tuple[str, Sequence[Answer]]


def shards(domains: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Domains in groups of SIZE, one group in memory at a time."""
    group: list[str] = []
    for domain in domains:
        group.append(domain)
        if len(group) == SIZE:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def place(folder: Path, domains: Sequence[str]) -> Path:
    """Where the facts of these domains belong: the same place whoever writes them and however often."""
    digest = hashlib.sha256("\n".join(domains).encode()).hexdigest()[:20]
    return folder / "facts" / f"{digest}.parquet"


def write(path: Path, facts: Iterable[Facts], *, at: datetime) -> None:
    """Keep the facts of a shard; whoever reads meanwhile sees all of it or nothing."""
    rows = [(domain, answer) for domain, answers in facts for answer in answers]
    columns = {
        "domain": [domain for domain, _answer in rows],
        "asked_at": [at] * len(rows),
        "name": [answer.name for _domain, answer in rows],
        "type": [answer.type for _domain, answer in rows],
        "outcome": [str(answer.outcome) for _domain, answer in rows],
        "records": [answer.records for _domain, answer in rows],
        "aliases": [answer.aliases for _domain, answer in rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".partial", delete=False) as partial:
        pyarrow.parquet.write_table(pyarrow.Table.from_pydict(columns, schema=SCHEMA), partial, compression="zstd")
    Path(partial.name).replace(path)


def read(folder: Path) -> Iterator[Facts]:
    """Every domain of a scan with its answers, by shard."""
    for path in sorted((folder / "facts").glob("*.parquet")):
        found: dict[str, list[Answer]] = {}
        for row in pyarrow.parquet.read_table(path).to_pylist():
            answer = Answer(
                row["name"], row["type"], Outcome(row["outcome"]), tuple(row["records"]), tuple(row["aliases"])
            )
            found.setdefault(row["domain"], []).append(answer)
        yield from found.items()
