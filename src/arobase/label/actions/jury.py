"""The jury: invited, seated by the charter, kept apart by conflicts, assigned to dossiers."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import numpy as np
from allauth.account.models import EmailAddress
from django.db import transaction

from arobase.accounts.actions import RoleAlreadyHeld, create_person, give_role
from arobase.accounts.models import User
from arobase.accounts.roles import Role
from arobase.initiatives.queries.referential import referential
from arobase.label.actions.campaigns import check_organiser
from arobase.label.actions.letters import write_letter
from arobase.label.models import Campaign, Conflict, Dossier, Juror, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.dossiers import read
from arobase.label.queries.jury import Pair, conflicts, first_readings, handed_in, seated
from arobase.label.rules.assignment import Assignment, Problem, alternates, assign
from arobase.label.rules.fit import fit
from arobase.label.rules.mixing import mix
from arobase.label.rules.reviews import ACTIVE, REVIEW, ReviewState, ReviewVerb
from arobase.label.rules.sharing import common, even_loads
from arobase.territories.models import Kind, Territory
from arobase.territories.rules.sizes import size_of

ALTERNATES = 2  # jurors noted for each dossier, who could step in


class NotAllowed(PermissionError):
    """Someone acts for a juror or a jury that is not theirs."""


class UnknownPlace(ValueError):
    """A tie that names no territory."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NothingToAssign(ValueError):
    """No dossier is handed in, or no juror is seated."""


class NotYet(ValueError):
    """Assigning begins when participation has closed."""


def invite(
    campaign: Campaign, email: str, *, name: str, by: User | None, at: datetime, link: str, closing: str
) -> tuple[Juror, bool]:
    """Invite someone, with an account of theirs or a new one, and write to them; whether they are new to the jury.

    Raises   NotAllowed, BadAddress
    """
    check_organiser(by)
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            user = create_person(email, password=secrets.token_urlsafe(24), at=at, by=None, name=name)
            EmailAddress.objects.filter(user=user).update(verified=False)  # nobody has shown yet that it is theirs
        with suppress(RoleAlreadyHeld):
            give_role(user, role=Role.JUROR, at=at, by=by)
        juror, is_new = Juror.objects.get_or_create(campaign=campaign, user=user, defaults={"invited_at": at})
        write_letter(
            campaign,
            "jury",
            key=f"jury:{juror.pk}",
            to=user.email,
            at=at,
            edition=campaign.pk,
            closing=closing,
            link=link,
        )
        return juror, is_new


def accept(juror_id: int, *, expertise: Sequence[str], ties: Sequence[str], by: User, at: datetime) -> Juror:
    """Accept the charter and say what one knows and where one works or is elected. Raises NotAllowed, UnknownPlace."""
    with transaction.atomic():
        juror = Juror.objects.select_for_update().get(pk=juror_id)
        if juror.user_id != by.pk:
            raise NotAllowed(by.pk)
        known = set(Territory.objects.filter(pk__in=ties).values_list("pk", flat=True))
        if strangers := [one for one in ties if one not in known]:
            raise UnknownPlace(strangers[0])
        juror.expertise = [one.slug for one in referential().categories if one.slug in set(expertise)]
        juror.ties, juror.accepted_at, juror.withdrew_at = sorted(known), juror.accepted_at or at, None
        juror.save()
        return juror


def withdraw(juror_id: int, *, by: User, at: datetime) -> None:
    """Leave the jury: what was not finished is free for others, what was finished stays. Raises NotAllowed."""
    with transaction.atomic():
        juror = Juror.objects.select_for_update().get(pk=juror_id)
        if juror.user_id != by.pk:
            check_organiser(by)
        juror.withdrew_at = at
        juror.save(update_fields=["withdrew_at"])
        juror.reviews.filter(state=ReviewState.ASSIGNED).update(state=ReviewState.DROPPED, is_locked=False)


def declare(juror: Juror, dossier: Dossier, *, reason: str, by: User, at: datetime) -> Conflict:
    """A juror declares a conflict, or the organiser sets one, which the juror cannot lift. Raises NotAllowed."""
    with transaction.atomic():
        is_own = juror.user_id == by.pk
        if not is_own:
            check_organiser(by)
        origin = Conflict.Origin.JUROR if is_own else Conflict.Origin.ORGANISER
        made, _is_new = Conflict.objects.get_or_create(
            juror=juror, dossier=dossier, origin=origin, defaults={"reason": reason[:300], "at": at, "by": by}
        )
        for review in Review.objects.filter(juror=juror, dossier=dossier, state__in=ACTIVE):
            review.state = REVIEW.after(ReviewState(review.state), ReviewVerb.RECUSE)
            review.is_locked = False
            review.save(update_fields=["state", "is_locked"])
        return made


def lift(conflict_id: int, *, by: User) -> None:
    """Lift a conflict: whoever declared or set it, or the organiser. Raises NotAllowed."""
    with transaction.atomic():
        found = Conflict.objects.select_related("juror").get(pk=conflict_id)
        if found.origin == Conflict.Origin.ORGANISER or found.juror.user_id != by.pk:
            check_organiser(by)
        found.delete()


def distribute(
    campaign: Campaign, *, by: User | None, at: datetime, seconds: float, elapsed: Callable[[], float]
) -> Assignment:
    """Assign jurors to all dossiers that are handed in; run again, it changes as little as possible.

    What is finished or locked stays. Raises NotAllowed, NotYet, NothingToAssign, Impossible.
    """
    check_organiser(by)
    configuration = in_force(campaign)
    if at < configuration.calendar.closes_at:
        raise NotYet
    dossiers, jurors = handed_in(campaign), seated(campaign)
    if not dossiers or not jurors:
        raise NothingToAssign
    against = conflicts(jurors, dossiers)
    everyones = _common(dossiers, against, number=min(configuration.jury.common, len(dossiers) - 1))
    chosen = [one for one in dossiers if one.pk not in everyones]
    problem = _problem(chosen, jurors, against, reviews=configuration.jury.reviews, taken=len(everyones))
    found = mix(assign(problem, seconds=seconds, elapsed=elapsed), problem, _sizes(chosen))
    reserves = alternates(problem, found, each=ALTERNATES)
    with transaction.atomic():
        wanted = {(int(dossier), int(juror)) for dossier, juror in found.pairs}
        wanted |= {(one, juror.pk) for one in everyones for juror in jurors if (one, juror.pk) not in against}
        for dossier in dossiers:
            dossier.is_common = dossier.pk in everyones
            dossier.alternates = [int(juror) for juror in reserves.get(str(dossier.pk), ())]
        Dossier.objects.bulk_update(dossiers, ["is_common", "alternates"])
        kept = Review.objects.select_for_update().filter(dossier__in=dossiers, appeal__isnull=True)
        there = {(one.dossier_id, one.juror_id): one for one in kept}
        for pair, review in there.items():
            is_wanted = pair in wanted
            if is_wanted and review.state in {ReviewState.DROPPED, ReviewState.RECUSED}:
                review.state = ReviewState.ASSIGNED
                review.save(update_fields=["state"])
            elif not is_wanted and review.state == ReviewState.ASSIGNED:
                review.state = ReviewState.DROPPED
                review.save(update_fields=["state"])
        Review.objects.bulk_create(
            Review(dossier_id=dossier, juror_id=juror, assigned_at=at)
            for dossier, juror in sorted(wanted - there.keys())
        )
    return found


def limit(juror_id: int, most: int | None, *, by: User) -> None:
    """Note how many dossiers a juror reads at most, besides those that everyone reads. Raises NotAllowed."""
    check_organiser(by)
    Juror.objects.filter(pk=juror_id).update(most=most)


def _common(dossiers: Sequence[Dossier], against: Mapping[Pair, object], *, number: int) -> frozenset[int]:
    """The dossiers that everyone reads: those of before, and more where there are too few."""
    kept = [one.pk for one in dossiers if one.is_common][:number]
    if len(kept) < number:
        scores = {one.pk: read(one).mosaic.score for one in dossiers if one.pk not in kept}
        barred = Counter(dossier for dossier, _juror in against)
        kept += common(scores, barred, number=number - len(kept))
    return frozenset(kept)


def _sizes(dossiers: Sequence[Dossier]) -> Mapping[str, str]:
    return {
        str(one.pk): size_of(one.territory.population, is_commune=one.territory.kind == Kind.COMMUNE)
        for one in dossiers
    }


def _problem(
    dossiers: Sequence[Dossier], jurors: Sequence[Juror], against: Mapping[Pair, object], *, reviews: int, taken: int
) -> Problem:
    """What is to be decided.

    taken   dossiers that everyone reads, which count for what a juror takes at most
    """
    there = first_readings().filter(dossier__in=dossiers, juror__in=jurors, state__in=ACTIVE)
    active = {(str(one.dossier_id), str(one.juror_id)): one for one in there}
    fixed = {pair for pair, one in active.items() if one.is_locked or one.state == ReviewState.DONE}
    mosaics = [read(one).mosaic for one in dossiers]
    here = {one.pk for one in dossiers}
    conflicting = frozenset((str(dossier), str(juror)) for dossier, juror in against if dossier in here)
    caps = {str(one.pk): None if one.most is None else max(0, one.most - taken) for one in jurors}
    locked = frozenset(fixed - conflicting)
    return Problem(
        dossiers=tuple(str(one.pk) for one in dossiers),
        jurors=tuple(caps),
        fit=np.array([[fit(mosaic, one.expertise) for one in jurors] for mosaic in mosaics]),
        conflicts=conflicting,
        reviews=reviews,
        locked=locked,
        loads=even_loads(caps, total=reviews * len(dossiers), held=Counter(juror for _dossier, juror in locked)),
        previous=frozenset(active),
    )
