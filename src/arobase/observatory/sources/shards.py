"""Facts of a scan on disk: a Parquet file a shard, whole or not at all, so that a scan goes on where it stopped."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet

from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.sources.seen import Seen

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


def names_in(folder: Path, column: str = "domain") -> Iterator[str]:
    """The domains, or whatever a column names, whose facts are there; `folder` holds one file a shard."""
    for path in sorted(folder.glob("*.parquet")):
        yield from pyarrow.parquet.read_table(path, columns=[column])[column].unique().to_pylist()


def undone(
    domains: Iterable[str], folder: Path, *, column: str = "domain", tell: Callable[[int], object]
) -> Iterator[tuple[str, ...]]:
    """Domains in groups of SIZE, without those whose facts are in `folder`: a list that grew falls into other groups.

    tell  is told how many more were there before
    """
    there = Seen(names_in(folder, column))
    for shard in shards(domains):
        fresh = tuple(one for one in shard if one not in there)
        if len(fresh) < len(shard):
            tell(len(shard) - len(fresh))
        if fresh:
            yield fresh


def read(folder: Path) -> Iterator[Facts]:
    """Every domain of a scan with its answers, by shard; of a domain asked twice, the later answers come later."""
    for path in sorted((folder / "facts").glob("*.parquet"), key=_asked_at):
        found: dict[str, list[Answer]] = {}
        for row in pyarrow.parquet.read_table(path).to_pylist():
            answer = Answer(
                row["name"], row["type"], Outcome(row["outcome"]), tuple(row["records"]), tuple(row["aliases"])
            )
            found.setdefault(row["domain"], []).append(answer)
        yield from found.items()


def _asked_at(path: Path) -> tuple[datetime, str]:
    """When a shard was asked about: all of it at one moment."""
    first = next(pyarrow.parquet.ParquetFile(path).iter_batches(1, columns=["asked_at"]), None)
    return (first["asked_at"][0].as_py() if first else datetime.min.replace(tzinfo=UTC)), path.name
