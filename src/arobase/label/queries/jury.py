"""The jury as its organiser and its members see it: conflicts, readings, what is allowed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from arobase.accounts.models import Grant, User
from arobase.accounts.roles import Role
from arobase.initiatives.models import Initiative
from arobase.initiatives.rules.states import State
from arobase.label.models import Campaign, Conflict, Dossier, Juror, Review
from arobase.label.rules.conflicts import ConflictKind, Place, Ties, automatic
from arobase.label.rules.reviews import ACTIVE, ReviewState
from arobase.label.rules.states import DossierState
from arobase.territories.models import Territory

Pair = tuple[int, int]  # dossier, juror


def handed_in(campaign: Campaign) -> list[Dossier]:
    """The dossiers that a jury reads: those handed in."""
    found = campaign.dossiers.filter(state=DossierState.SUBMITTED)
    return list(found.select_related("campaign", "territory"))


def first_readings() -> QuerySet[Review]:
    """Readings that make the grade: not the second ones of an appeal."""
    return Review.objects.filter(appeal__isnull=True)


def seated(campaign: Campaign) -> list[Juror]:
    """The jurors who accepted the charter and did not withdraw."""
    found = campaign.jurors.filter(accepted_at__isnull=False, withdrew_at__isnull=True)
    return list(found.select_related("user"))


def conflicts(jurors: Sequence[Juror], dossiers: Sequence[Dossier]) -> Mapping[Pair, tuple[ConflictKind, ...]]:
    """Every conflict among jurors and dossiers, automatic, declared or set (six statements)."""
    found: dict[Pair, tuple[ConflictKind, ...]] = {}
    ties, partners = _ties(jurors), _partners(dossiers)
    for dossier in dossiers:
        place = _place(dossier.territory)
        for juror in jurors:
            if kinds := automatic(ties[juror.pk], place, partners=partners[dossier.territory_id]):
                found[dossier.pk, juror.pk] = kinds
    told = Conflict.objects.filter(juror__in=[one.pk for one in jurors], dossier__in=[one.pk for one in dossiers])
    for one in told:
        kind = ConflictKind.DECLARED if one.origin == Conflict.Origin.JUROR else ConflictKind.ORGANISER
        found[one.dossier_id, one.juror_id] = (*found.get((one.dossier_id, one.juror_id), ()), kind)
    return found


def _ties(jurors: Sequence[Juror]) -> dict[int, Ties]:
    users = [one.user_id for one in jurors]
    confirmed = set(EmailAddress.objects.filter(user__in=users, verified=True).values_list("user_id", flat=True))
    granted: dict[int, set[str]] = {}
    for user_id, territory_id in Grant.objects.filter(user__in=users, role=Role.AGENT).values_list(
        "user_id", "territory_id"
    ):
        granted.setdefault(user_id, set()).add(territory_id)
    ids = {place for one in jurors for place in one.ties} | {place for places in granted.values() for place in places}
    places = {one.pk: _place(one) for one in Territory.objects.filter(pk__in=ids)}
    return {
        one.pk: Ties(
            tuple(places[id] for id in sorted({*one.ties, *granted.get(one.user_id, ())}) if id in places),
            one.user_id in confirmed,
        )
        for one in jurors
    }


def _partners(dossiers: Sequence[Dossier]) -> dict[str, frozenset[str]]:
    named: dict[str, set[str]] = {one.territory_id: set() for one in dossiers}
    found = Initiative.objects.filter(territory_id__in=named).exclude(state=State.WITHDRAWN)
    for territory_id, partners in found.values_list("territory_id", "partners"):
        named[territory_id] |= {one["territory"] for one in partners if one.get("territory")}
    return {territory_id: frozenset(ids) for territory_id, ids in named.items()}


def _place(territory: Territory) -> Place:
    return Place(territory.pk, territory.epci_id or "", territory.department_id or "")


def readable(user: User, review_id: int) -> Review | None:
    """A review that someone may open: their own, active, of a dossier that is handed in and without any conflict."""
    found = (
        Review.objects.filter(pk=review_id, juror__user=user, juror__accepted_at__isnull=False)
        .filter(juror__withdrew_at__isnull=True, state__in=ACTIVE, dossier__state=DossierState.SUBMITTED)
        .select_related(
            "juror__user", "juror__campaign", "dossier__campaign", "dossier__territory__department", "appeal"
        )
        .first()
    )
    if found is None or conflicts([found.juror], [found.dossier]):
        return None
    return found


def reads_documents(user: User, territory_id: str) -> bool:
    """Whether someone reads, as a juror, a dossier of that territory."""
    mine = Review.objects.filter(juror__user=user, dossier__territory_id=territory_id).values_list("pk", flat=True)
    return any(readable(user, one) for one in mine)


@dataclass(frozen=True)
class Seat:
    """A juror with what is theirs: readings in all and finished, dossiers in conflict."""

    juror: Juror
    readings: int
    finished: int
    conflicts: int
    said: Sequence[str] = ()
    undelivered: int = 0


def seats(campaign: Campaign, said: Mapping[int, Sequence[str]] | None = None) -> list[Seat]:
    """Everyone invited, with their load and progress, and what was `said` of each."""
    jurors = list(campaign.jurors.select_related("user"))
    dossiers = handed_in(campaign)
    against = conflicts(jurors, dossiers)
    left = _undelivered(campaign)
    reviews = Review.objects.filter(juror__in=jurors, state__in=ACTIVE).values_list("juror_id", "state")
    return [
        Seat(
            one,
            sum(juror == one.pk for juror, _state in reviews),
            sum(juror == one.pk and state == "done" for juror, state in reviews),
            sum(juror == one.pk for _dossier, juror in against),
            (said or {}).get(one.pk, ()),
            left.get(one.user_id, 0),
        )
        for one in jurors
    ]


def _undelivered(campaign: Campaign) -> Mapping[int, int]:
    """By user, the readings that were never finished in the campaign before."""
    last = Campaign.objects.filter(pk__lt=campaign.pk).first()
    left = Review.objects.filter(juror__campaign=last, state=ReviewState.ASSIGNED)
    return Counter(left.values_list("juror__user_id", flat=True))


def lacking(campaign: Campaign, reviews: int) -> AbstractSet[int]:
    """Dossiers that have fewer readers than they should."""
    read: dict[int, int] = {}
    for dossier_id in (
        first_readings().filter(dossier__campaign=campaign, state__in=ACTIVE).values_list("dossier_id", flat=True)
    ):
        read[dossier_id] = read.get(dossier_id, 0) + 1
    return {one.pk for one in handed_in(campaign) if read.get(one.pk, 0) < reviews}
