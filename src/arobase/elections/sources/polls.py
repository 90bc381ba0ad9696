"""National polls by polling station, from the mirror: only the wanted towns are kept, line by line."""

import csv
import gzip
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings

from arobase.elections.rules.projection.trials import TownPoll

POLLS = (
    "2014-europeennes",
    "2017-presidentielle-1",
    "2017-presidentielle-2",
    "2017-legislatives-1",
    "2017-legislatives-2",
    "2019-europeennes",
)
# The election that a town would set up as the former one: the last first round, or the round before a second one.
FORMER = {
    "2017-presidentielle-1": "2014-europeennes",
    "2017-presidentielle-2": "2017-presidentielle-1",
    "2017-legislatives-1": "2017-presidentielle-1",
    "2017-legislatives-2": "2017-legislatives-1",
    "2019-europeennes": "2017-presidentielle-1",
}
_VALID = "exprimes"  # the last column before those of the choices


class NoPolls(ValueError):
    """There is no mirror, or it lacks a file: `missing` names the setting or the file."""

    def __init__(self, missing: str) -> None:
        self.missing = missing
        super().__init__(missing)


@dataclass(frozen=True, slots=True)
class StableTown:
    """A town whose stations kept their codes in all polls."""

    code: str
    name: str
    stations: int


def elections_folder() -> Path:
    """The mirror's folder of elections. Raises NoPolls."""
    if settings.DATA_MIRROR is None:
        raise NoPolls("AROBASE_DATA_MIRROR")
    folder = Path(settings.DATA_MIRROR) / "elections"
    if not folder.is_dir():
        raise NoPolls(str(folder))
    return folder


def stable_towns(folder: Path) -> tuple[StableTown, ...]:
    """The towns of towns_stable.csv, in its order. Raises NoPolls."""
    path = folder / "towns_stable.csv"
    if not path.is_file():
        raise NoPolls(str(path))
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(StableTown(row["insee"], row["commune"], int(row["stations"])) for row in csv.DictReader(file))


def town_polls(folder: Path, poll: str, *, towns: Collection[str]) -> dict[str, TownPoll]:
    """A poll in each of the towns, by code; stations without a valid vote are left out. Raises NoPolls."""
    path = folder / f"{poll}_bureaux.csv.gz"
    if not path.is_file():
        raise NoPolls(str(path))
    wanted, kept = set(towns), dict[str, list[list[str]]]()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        lines: Iterator[list[str]] = csv.reader(file)
        header = next(lines)
        for line in lines:
            if line[0] in wanted:
                kept.setdefault(line[0], []).append(line)
    return {code: _town(poll, code, header, lines) for code, lines in kept.items()}


def _town(poll: str, code: str, header: list[str], lines: list[list[str]]) -> TownPoll:
    first = header.index(_VALID) + 1
    lines = [line for line in lines if int(line[first - 1] or 0) > 0]
    votes = np.array([[int(number or 0) for number in line[first:]] for line in lines], dtype=np.int64)
    present = votes.sum(axis=0) > 0

    def column(name: str) -> np.ndarray:
        place = header.index(name) if name in header else None
        return np.array([-1 if place is None else int(line[place]) for line in lines], dtype=np.int64)

    return TownPoll(
        poll=poll,
        town=code,
        choices=tuple(name for name, here in zip(header[first:], present, strict=True) if here),
        stations=tuple(line[header.index("bureau")] for line in lines),
        registered=column("inscrits"),
        voters=np.maximum(column("votants"), votes.sum(axis=1)),  # some told fewer than their own votes
        votes=votes[:, present],
        blank=column("blancs"),
    )
