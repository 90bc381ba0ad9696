"""Prepare an election night, change or wipe what was prepared until the first entry, and wipe rehearsals."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.elections.actions.entries import NotAllowed
from arobase.elections.models import Choice, Election, Entry, Station
from arobase.elections.rules.plans import FormerResult, Plan, PlannedStation, Problem, problems
from arobase.elections.rules.preparing import key_of
from arobase.elections.rules.states import State


class BadPlan(ValueError):
    """A plan that is no election yet; carries every problem."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{one.wrong.value} {one.about}".strip() for one in found))
        self.found = tuple(found)


class AlreadyBegun(ValueError):
    """Lists and stations do not change once the first figure is entered."""


class AlreadyPrepared(ValueError):
    """A night has one second round."""


class NoRehearsal(ValueError):
    """Figures of a real night are kept."""


def prepare(plan: Plan, *, by: User | None, at: datetime, first_round: Election | None = None) -> Election:
    """Make an election of a plan. `by` None: the platform itself. Raises BadPlan, NotAllowed, AlreadyPrepared."""
    _check(plan, by=by)
    with transaction.atomic():
        if first_round is not None and plan.round > 1 and not plan.is_rehearsal:
            first_round = Election.objects.select_for_update().get(pk=first_round.pk)
            if first_round.later_rounds.filter(is_rehearsal=False).exists():
                raise AlreadyPrepared(str(first_round))
        election = Election(made_by=by.pk if by else None, made_at=at, first_round=first_round)
        _fill(election, plan)
        return election


def change(election_id: int, plan: Plan, *, by: User | None, at: datetime) -> Election:
    """Replace what was prepared. Raises BadPlan, NotAllowed, AlreadyBegun."""
    _check(plan, by=by)
    with transaction.atomic():
        election = Election.objects.select_for_update().get(pk=election_id)
        check_officer(by, election.territory_id)
        if election.head_sequence:
            raise AlreadyBegun(str(election))
        election.choices.all().delete()
        election.stations.all().delete()
        election.changed_at = at
        _fill(election, plan)
        return election


def wipe(election_id: int, *, by: User | None) -> None:
    """Forget a rehearsal with its figures, or a night without any. Raises NoRehearsal, NotAllowed."""
    with transaction.atomic():
        election = Election.objects.select_for_update().get(pk=election_id)
        check_officer(by, election.territory_id)
        if election.head_sequence and not election.is_rehearsal:
            raise NoRehearsal(str(election))
        election.delete()


def rewind(election_id: int, *, by: User | None, at: datetime) -> None:
    """Begin a rehearsal again: its figures are forgotten, what was prepared stays. Raises NoRehearsal, NotAllowed."""
    with transaction.atomic():
        election = Election.objects.select_for_update().get(pk=election_id)
        check_officer(by, election.territory_id)
        if not election.is_rehearsal:
            raise NoRehearsal(str(election))
        Entry.objects.filter(election=election).delete()
        Station.objects.filter(election=election).update(
            standing={}, state=State.AWAITED.value, last_entry=0, last_at=None
        )
        election.head_sequence, election.head_hash, election.changed_at = 0, "", at
        election.save(update_fields=["head_sequence", "head_hash", "changed_at"])


def outline(
    election_id: int, outlines: Mapping[str, Mapping[str, Any]], *, by: User | None, at: datetime
) -> Sequence[str]:
    """Give stations their outlines, by `rules.preparing.key_of`, at any hour: no figure is read by them.

    Returns the codes of the stations without one in the end. Raises NotAllowed.
    """
    with transaction.atomic():
        election = Election.objects.select_for_update().get(pk=election_id)
        check_officer(by, election.territory_id)
        stations = list(election.stations.all())
        for one in stations:
            one.outline = dict(outlines.get(key_of(one.code), one.outline))
        Station.objects.bulk_update(stations, ["outline"], batch_size=100)
        election.changed_at = at
        election.save(update_fields=["changed_at"])
        return [one.code for one in stations if not one.outline]


def _check(plan: Plan, *, by: User | None) -> None:
    check_officer(by, f"commune:{plan.code}")
    if found := problems(plan):
        raise BadPlan(found)


def check_officer(by: User | None, territory_id: str) -> None:
    """Raises NotAllowed unless someone is an agent of the town; None is the platform itself."""
    if by is not None and not holds(by, Role.AGENT, territory_id=territory_id):
        raise NotAllowed(str(by), territory_id)


def _fill(election: Election, plan: Plan) -> None:
    for name in (
        "code",
        "place",
        "kind",
        "round",
        "day",
        "scope",
        "seats",
        "typists",
        "origin",
        "phone",
        "is_rehearsal",
    ):
        setattr(election, name, getattr(plan, name))
    election.hours = list(plan.hours)
    election.save()
    Choice.objects.bulk_create(
        Choice(
            election=election,
            place=place,
            number=one.number,
            name=one.name.strip(),
            short=one.short.strip() or one.name.strip()[:40],
            average_age=one.average_age,
        )
        for place, one in enumerate(plan.choices)
    )
    Station.objects.bulk_create(_station(election, one) for one in plan.stations)


def _station(election: Election, one: PlannedStation) -> Station:
    return Station(
        election=election,
        code=one.code.strip(),
        name=one.name,
        address=one.address,
        phone=one.phone,
        registered=one.registered,
        tables=one.tables,
        opens=one.opens,
        closes=one.closes,
        lon=one.lon,
        lat=one.lat,
        outline=dict(one.outline or {}),
        former=_former(one.former),
        replayed=asdict(one.replayed) if one.replayed else {},
    )


def _former(result: FormerResult | None) -> dict[str, object]:
    if result is None:
        return {}
    return {
        "poll": result.poll,
        "registered": result.registered,
        "voters": result.voters,
        "votes": dict(result.votes),
    }
