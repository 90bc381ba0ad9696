"""What is known of the printed codes of a night: when they were made, and how many opened a device."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from arobase.elections.models import Election, Pass, Station
from arobase.elections.queries.stations import stations_of
from arobase.elections.rules.preparing import key_of

PART = 50  # stations whose sheets are one answer: half a second, 300 kB


@dataclass(frozen=True)
class Codes:
    """Codes in force; `made_at` is None while there are none."""

    made_at: datetime | None
    in_force: int
    used: int


@dataclass(frozen=True)
class Part:
    """Stations that are printed together, in the order of their codes; `number` from 0."""

    number: int
    stations: Sequence[Station]
    codes: Codes

    @property
    def first(self) -> str:
        """Code of the first of them."""
        return self.stations[0].code

    @property
    def last(self) -> str:
        """Code of the last of them."""
        return self.stations[-1].code

    @property
    def is_made(self) -> bool:
        """Whether each of them has its two codes."""
        return self.codes.in_force == 2 * len(self.stations)  # two people a station


def codes_of(election: Election) -> Codes:
    """The codes in force of a night (one statement)."""
    found = Pass.objects.filter(station__election=election, revoked_at=None).aggregate(
        made_at=Max("made_at"), in_force=Count("pk"), used=Count("used_at")
    )
    return Codes(**found)


def parts_of(election: Election) -> Sequence[Part]:
    """All stations of a night in parts (two statements)."""
    stations = stations_of(election)
    passes = list(Pass.objects.filter(station__election=election, revoked_at=None))
    return list(_parts(stations, passes))


def _parts(stations: Sequence[Station], passes: Sequence[Pass]) -> Iterator[Part]:
    for number, start in enumerate(range(0, len(stations), PART)):
        some = stations[start : start + PART]
        ids = {one.pk for one in some}
        own = [one for one in passes if one.station_id in ids]
        made_at = max((one.made_at for one in own), default=None)
        yield Part(number, some, Codes(made_at, len(own), sum(one.used_at is not None for one in own)))


def without_codes(election: Election) -> int:
    """How many stations have no code in force (one statement)."""
    with_codes = Pass.objects.filter(station__election=election, revoked_at=None).values("station")
    return election.stations.exclude(pk__in=with_codes).count()


def named_stations(election: Election, written: Sequence[str]) -> tuple[Sequence[Station], Sequence[str]]:
    """Stations by their codes however they are written, in their own order, and what is no code of the night's."""
    known = {key_of(one.code): one for one in stations_of(election)}
    keys = {key_of(one): one for one in written}
    return [one for key, one in known.items() if key in keys], [one for key, one in keys.items() if key not in known]
