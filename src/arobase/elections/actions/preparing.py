"""Prepare an election night, change or wipe it until the first entry, mend it after, and wipe rehearsals."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.elections.actions.entries import NotAllowed
from arobase.elections.models import Choice, Election, Entry, Station
from arobase.elections.queries.council import is_decided
from arobase.elections.queries.plans import plan_of
from arobase.elections.queries.results import embargo_end, general_nights, night_of
from arobase.elections.queries.stations import stations_of
from arobase.elections.rules import embargo
from arobase.elections.rules.embargo import Scope
from arobase.elections.rules.plans import FormerResult, Plan, PlannedStation, Problem, Wrong, problems
from arobase.elections.rules.preparing import key_of, mended
from arobase.elections.rules.states import State

# What of a station no figure is read by, and may change at any time.
MENDED = ("name", "address", "phone", "tables", "lon", "lat")


class BadPlan(ValueError):
    """A plan that is no election yet; carries every problem."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{one.wrong.value} {one.about}".strip() for one in found))
        self.found = tuple(found)


class AlreadyDecided(ValueError):
    """A second round of a night whose first one has elected the council."""


class AlreadyPrepared(ValueError):
    """A night has one second round."""


class NoRehearsal(ValueError):
    """Figures of a real night are kept."""


class StillHeld(ValueError):
    """A real night of the day stays until its embargo is over: it holds back what else would be shown."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {until}")
        self.until = until


def prepare(plan: Plan, *, by: User | None, at: datetime, first_round: Election | None = None) -> Election:
    """Make an election of a plan. `by` None: the platform itself.

    Raises    BadPlan, NotAllowed, AlreadyPrepared, AlreadyDecided.
    """
    _check(plan, by=by)
    with transaction.atomic():
        if first_round is not None and plan.round > 1 and not plan.is_rehearsal:
            first_round = Election.objects.select_for_update().get(pk=first_round.pk)
            if first_round.later_rounds.filter(is_rehearsal=False).exists():
                raise AlreadyPrepared(str(first_round))
            if is_decided(night_of(first_round)):
                raise AlreadyDecided(str(first_round))
        election = Election(made_by=by.pk if by else None, made_at=at, first_round=first_round)
        _fill(election, plan)
        return election


def change(election_id: int, plan: Plan, *, by: User | None, at: datetime) -> Election:
    """Replace what was prepared; once the first figure is entered, only what no figure is read by.

    Raises    BadPlan, NotAllowed, and Frozen for what can no longer change.
    """
    with transaction.atomic():
        election = Election.objects.select_for_update().get(pk=election_id)
        check_officer(by, election.territory_id)
        if election.head_sequence:
            _mend(election, plan, at=at)
            return election
        _check(plan, by=by, but=election_id)
        _check_embargo(election, plan, at=at)
        election.choices.all().delete()
        election.stations.all().delete()
        election.changed_at = at
        _fill(election, plan)
        return election


def _mend(election: Election, plan: Plan, *, at: datetime) -> None:
    """Keep telephones, names, places, tables and hours of turnout; sheets and codes stay as they are."""
    wished = mended(plan_of(election), plan)
    stations = {one.code: one for one in Station.objects.filter(election=election)}
    given = {hour for one in stations.values() for hour in one.standing.get("turnout", {})}
    if missing := sorted(given - set(wished.hours)):
        raise BadPlan([Problem(Wrong.HOUR_IS_GIVEN, ", ".join(missing))])
    for one in wished.stations:
        for name in MENDED:
            setattr(stations[one.code], name, getattr(one, name))
    Station.objects.bulk_update(stations.values(), MENDED)
    election.phone, election.hours, election.changed_at = wished.phone, list(wished.hours), at
    election.save(update_fields=["phone", "hours", "changed_at"])


def _check_embargo(election: Election, plan: Plan, *, at: datetime) -> None:
    """Once the poll's day has begun, nothing changes by which results would be out before the law allows it."""
    if election.is_rehearsal or at < embargo.evening(election.day, commune=election.code)[0]:
        return
    if election.scope == Scope.GENERAL and plan.scope == Scope.PARTIAL:
        raise BadPlan([Problem(Wrong.PARTIAL_TOO_LATE)])
    end = _end_of(election)
    if not embargo.holds(at, end):
        return
    if plan.day != election.day:  # a later day too: from there it could be moved before this one
        raise BadPlan([Problem(Wrong.DAY_HAS_BEGUN)])
    wished = Election(code=plan.code, kind=plan.kind, day=plan.day, scope=plan.scope)
    if embargo_end(wished, [one.closes for one in plan.stations]) < end:
        raise BadPlan([Problem(Wrong.SHOWN_SOONER)])


def _end_of(election: Election) -> datetime:
    return embargo_end(election, election.stations.values_list("closes", flat=True))


def wipe(election_id: int, *, by: User | None, at: datetime) -> None:
    """Forget a rehearsal with its figures, or a night without any. Raises NoRehearsal, StillHeld, NotAllowed."""
    with transaction.atomic():
        election = Election.objects.select_for_update().get(pk=election_id)
        check_officer(by, election.territory_id)
        if not election.is_rehearsal:
            _check_wiped(election, at=at)
        election.delete()


def _check_wiped(election: Election, *, at: datetime) -> None:
    if election.head_sequence:
        raise NoRehearsal(str(election))
    first, end = embargo.evening(election.day, commune=election.code)[0], _end_of(election)
    if first <= at and embargo.holds(at, end):
        raise StillHeld(end)


def rewind(election_id: int, *, by: User | None, at: datetime) -> None:
    """Begin a rehearsal again: its figures are forgotten, what was prepared stays. Raises NoRehearsal, NotAllowed."""
    with transaction.atomic():
        election = Election.objects.select_for_update().get(pk=election_id)
        check_officer(by, election.territory_id)
        if not election.is_rehearsal:
            raise NoRehearsal(str(election))
        Entry.objects.filter(election=election).delete()
        Station.objects.filter(election=election).update(
            standing={},
            state=State.AWAITED.value,
            last_entry=0,
            last_at=None,
            registered=Coalesce("first_registered", "registered"),
            first_registered=None,
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
        stations = stations_of(election)
        for one in stations:
            one.outline = dict(outlines.get(key_of(one.code), one.outline))
        Station.objects.bulk_update(stations, ["outline"], batch_size=100)
        election.changed_at = at
        election.save(update_fields=["changed_at"])
        return [one.code for one in stations if not one.outline]


def _check(plan: Plan, *, by: User | None, but: int | None = None) -> None:
    """Raises NotAllowed and BadPlan; `but` is the night that the plan changes."""
    check_officer(by, f"commune:{plan.code}")
    if found := (*problems(plan), *_of_the_day(plan, but=but)):
        raise BadPlan(found)


def _of_the_day(plan: Plan, *, but: int | None) -> Sequence[Problem]:
    """A partial election on the day on which another town of this site votes on the same as all of France."""
    asked = Election(pk=but, kind=plan.kind, day=plan.day, scope=plan.scope, is_rehearsal=plan.is_rehearsal)
    return [Problem(Wrong.DAY_IS_GENERAL, one.place) for one in general_nights(asked)[:1]]


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
        "sector",
        "community_seats",
        "population",
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
            short=one.shown,
            average_age=one.average_age,
            candidates=one.candidates,
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
