"""What agents and the organiser have on their desks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from arobase.accounts.models import User
from arobase.accounts.queries import holds, places_of
from arobase.accounts.roles import Role
from arobase.initiatives.models import Following, Initiative, Reuse
from arobase.initiatives.queries.panel import Suggestion, like_mine
from arobase.initiatives.queries.sheets import sheet_of
from arobase.initiatives.rules.filiation import Link
from arobase.initiatives.rules.sheets import completeness, counts
from arobase.initiatives.rules.states import State
from arobase.territories.models import Territory


@dataclass(frozen=True, slots=True)
class Row:
    """An initiative on an agent's desk: how much of its sheet is filled, and whether the label counts it today."""

    initiative: Initiative
    filled: int
    parts: int
    counts: bool


@dataclass(frozen=True, slots=True)
class TownDesk:
    """What an agent keeps for one territory."""

    territory: Territory
    rows: Sequence[Row]
    suggestions: Sequence[Suggestion]


def desks_of(user: User, *, on: date) -> list[TownDesk]:
    """The desk of each territory someone is an agent of."""
    territories = Territory.objects.filter(pk__in=places_of(user, Role.AGENT)).select_related("epci")
    return [TownDesk(one, _rows(one, on=on), like_mine(one)) for one in territories]


def _rows(territory: Territory, *, on: date) -> list[Row]:
    found = Initiative.objects.filter(territory=territory).order_by("-changed_at", "-id")
    return [Row(one, *completeness(sheet_of(one)), counts(one.started_on, one.ended_on, on=on)) for one in found]


def may_read(user: object, initiative: Initiative) -> bool:
    """What is published is everybody's; the rest belongs to the territory's agents and the organiser."""
    return (
        initiative.state == State.PUBLISHED
        or holds(user, Role.AGENT, territory_id=initiative.territory_id)
        or (holds(user, Role.ORGANISER) and initiative.state not in {State.DRAFT, State.WITHDRAWN})
    )


def waiting() -> QuerySet[Initiative]:
    """What is submitted, the oldest first."""
    return Initiative.objects.filter(state=State.SUBMITTED).select_related("territory").order_by("changed_at", "id")


def changed_since_read() -> QuerySet[Initiative]:
    """What was changed after the organiser read it last, the oldest change first."""
    later = Q(reviewed_at__isnull=True) | Q(changed_at__gt=F("reviewed_at"))
    return Initiative.objects.filter(later, state=State.PUBLISHED).select_related("territory").order_by("changed_at")


def followed_by(user: User) -> list[tuple[Initiative, bool]]:
    """What someone follows, the latest change first, with whether it changed since they looked."""
    found = Following.objects.filter(user=user).select_related("initiative__territory")
    ordered = sorted(found, key=lambda one: one.initiative.changed_at, reverse=True)
    return [(one.initiative, one.initiative.changed_at > one.seen_at) for one in ordered]


def links() -> list[Link]:
    """Who inspired whom, among what is published."""
    both = Reuse.objects.filter(initiative__state=State.PUBLISHED, inspired_by__state=State.PUBLISHED)
    return list(both.values_list("inspired_by_id", "initiative_id"))
