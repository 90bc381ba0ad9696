"""Codes on paper: made, used once, revoked."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from arobase.accounts.models import User
from arobase.elections.actions.preparing import check_officer
from arobase.elections.models import Election, Pass, Station
from arobase.elections.queries.stations import stations_of
from arobase.elections.rules import embargo

LENGTH = 12  # of an alphabet of 31: 59 bits, one use, throttled


class UnknownCode(ValueError):
    """No sheet in force has this code: mistyped, replaced, or revoked."""


class UsedCode(ValueError):
    """The code opened another device already."""


class NotToday(ValueError):
    """The code is for another day: from `first` to `last`."""

    def __init__(self, first: datetime, last: datetime) -> None:
        super().__init__(f"from {first} to {last}")
        self.first, self.last = first, last


def issue(
    election_id: int,
    *,
    by: User | None,
    at: datetime,
    stations: Collection[str] | None = None,
    replaces_used: bool = False,
) -> Mapping[tuple[str, int], str]:
    """New codes for all stations or those named, two each; their former ones are revoked.

    replaces_used   also where a code has opened a device, which enters nothing more; such stations are left out else
    Returns         {(station code, seat): code}
    """
    with transaction.atomic():
        election = Election.objects.select_for_update().get(pk=election_id)
        check_officer(by, election.territory_id)
        named = [one for one in stations_of(election) if stations is None or one.code in stations]
        in_force = list(Pass.objects.select_for_update().filter(station__in=named, revoked_at=None))
        kept = set() if replaces_used else {one.station_id for one in in_force if one.used_at}
        ended = [one.pk for one in in_force if one.station_id not in kept]
        Pass.objects.filter(pk__in=ended).update(revoked_at=at)
        made = {(one, seat): _drawn() for one in named if one.pk not in kept for seat in (1, 2)}
        Pass.objects.bulk_create(_pass(one.pk, seat, code, at=at) for (one, seat), code in made.items())
        return {(one.code, seat): code for (one, seat), code in made.items()}


def replace(station_id: int, seat: int, *, by: User | None, at: datetime) -> str:
    """A new code for one seat of a station (a battery died, someone takes over); the former is revoked."""
    with transaction.atomic():
        Station.objects.select_for_update().get(pk=station_id)  # two officers at once: one code is in force, the later
        revoke(station_id, seat, by=by, at=at)
        code = _drawn()
        _pass(station_id, seat, code, at=at).save()
        return code


def revoke(station_id: int, seat: int, *, by: User | None, at: datetime) -> None:
    """Nothing is entered any more with the code of this seat."""
    station = Station.objects.select_related("election").get(pk=station_id)
    check_officer(by, station.election.territory_id)
    Pass.objects.filter(station=station, seat=seat, revoked_at=None).update(revoked_at=at)


def use(code: str, *, at: datetime) -> Pass:
    """Open a station's entry with the code of its sheet, once. Raises UnknownCode, UsedCode, NotToday.

    The code is used up when the device that it opened comes back with what it was given (`seen`): were the answer lost
    on its way, the code would be lost with it. Until then it opens again, and the first device that comes back has it:
    of a code sent twice, the answer that was lost does not turn out the one that arrived.
    """
    with transaction.atomic():
        found = (
            Pass.objects.select_for_update(of=("self",))
            .select_related("station__election")
            .filter(digest=digest_of(code), revoked_at=None)
            .first()
        )
        if found is None:
            raise UnknownCode
        election = found.station.election
        first, last = embargo.evening(election.day, commune=election.code)
        if not found.opens_at(at, first=first, last=last):
            raise NotToday(first, last)
        if found.seen_at is not None:
            raise UsedCode
        found.used_at = at
        found.save(update_fields=["used_at"])
        return found


def digest_of(code: str) -> str:
    """What is kept of a code: spaces, hyphens and case do not matter."""
    plain = "".join(sign for sign in code.upper() if sign in Pass.ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()


def _drawn() -> str:
    code = "".join(secrets.choice(Pass.ALPHABET) for _ in range(LENGTH))
    return "-".join(code[place : place + 4] for place in range(0, LENGTH, 4))


def _pass(station_id: int, seat: int, code: str, *, at: datetime) -> Pass:
    return Pass(station_id=station_id, seat=seat, digest=digest_of(code), made_at=at)


def taken(pass_id: int, *, used_at: datetime, at: datetime) -> bool:
    """The device that was let in at `used_at` is back; whether it is the first, which has the code from now on."""
    return bool(Pass.objects.filter(pk=pass_id, seen_at=None).update(used_at=used_at, seen_at=at))


def seen(pass_id: int, *, at: datetime) -> None:
    """Note that a device is there; written every ten seconds at most."""
    recently = at - timedelta(seconds=10)
    Pass.objects.filter(pk=pass_id).exclude(seen_at__gte=recently).update(seen_at=at)
