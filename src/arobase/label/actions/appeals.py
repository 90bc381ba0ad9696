"""Appeals: filed within the delay, read again by others, concluded with a reason."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.label.actions.badges import grant
from arobase.label.actions.campaigns import check_organiser
from arobase.label.actions.invitations import team_emails
from arobase.label.actions.letters import write_letter
from arobase.label.models import Appeal, Award, Campaign, Decision, DecisionEvent, Dossier, Juror, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.jury import conflicts, seated
from arobase.label.queries.phrases import level_words
from arobase.label.queries.teams import may_submit
from arobase.label.rules.appeals import APPEAL, SECOND_READERS, AppealState, AppealVerb, outcome
from arobase.label.rules.badges import valid_until
from arobase.label.rules.deliberation import DecisionState
from arobase.label.rules.reviews import ACTIVE, ReviewState


class NotTheirs(PermissionError):
    """Only someone who may hand in the dossier appeals against its level, or takes the appeal back."""


class OutOfTime(ValueError):
    """An appeal is filed between the publication and the end of its delay; carries that end."""

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(closes_at.isoformat())
        self.closes_at = closes_at


class AlreadyFiled(ValueError):
    """A dossier has one appeal."""


class NoGrounds(ValueError):
    """An appeal says what was misread, an answer says why."""


class NobodyElse(ValueError):
    """No juror is left who has not read the dossier and has no conflict with it."""


class Unread(ValueError):
    """An appeal is concluded when its second readings are finished; carries how many are not."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} waiting")
        self.waiting = waiting


def file(dossier_id: int, *, grounds: str, by: User, at: datetime) -> Appeal:
    """Appeal against the published level of a dossier.

    Raises   NotTheirs, OutOfTime, NoGrounds, AlreadyFiled
    """
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=dossier_id)
        if not may_submit(by, dossier.territory_id):
            raise NotTheirs(by.pk)
        calendar = in_force(dossier.campaign).calendar
        decision = Decision.objects.filter(dossier=dossier, state=DecisionState.PUBLISHED).first()
        if decision is None or decision.level is None or at >= calendar.appeals_close_at():
            raise OutOfTime(calendar.appeals_close_at())
        if not grounds.strip():
            raise NoGrounds
        made, is_new = Appeal.objects.get_or_create(
            dossier=dossier,
            defaults={"grounds": grounds.strip(), "level_before": decision.level, "filed_at": at, "filed_by": by},
        )
        if not is_new:
            raise AlreadyFiled
        return made


def take_back(appeal_id: int, *, by: User, at: datetime) -> None:
    """The territory takes its appeal back. Raises NotTheirs, NotPossible."""
    with transaction.atomic():
        appeal = _locked(appeal_id)
        if not may_submit(by, appeal.dossier.territory_id):
            raise NotTheirs(by.pk)
        _move(appeal, AppealVerb.WITHDRAW, by=by, at=at)
        appeal.save()
        appeal.reviews.filter(state=ReviewState.ASSIGNED).update(state=ReviewState.DROPPED)


def reject(appeal_id: int, *, reason: str, by: User, at: datetime) -> None:
    """Answer that an appeal cannot be read, and why. Raises NotAllowed, NoGrounds, NotPossible."""
    check_organiser(by)
    if not reason.strip():
        raise NoGrounds
    with transaction.atomic():
        appeal = _locked(appeal_id)
        _move(appeal, AppealVerb.REJECT, by=by, at=at)
        appeal.answer = reason.strip()
        appeal.save()
        _tell(appeal, at=at, link="")


def admit(appeal_id: int, *, by: User, at: datetime) -> Sequence[Review]:
    """Have an appeal read by others. Raises NotAllowed, NobodyElse, NotPossible."""
    check_organiser(by)
    with transaction.atomic():
        appeal = _locked(appeal_id)
        _move(appeal, AppealVerb.ADMIT, by=by, at=at)
        appeal.save()
        return _appoint(appeal, at=at)


def appoint(appeal_id: int, *, by: User, at: datetime) -> Sequence[Review]:
    """Name other readers for those who left. Raises NotAllowed, NobodyElse."""
    check_organiser(by)
    with transaction.atomic():
        return _appoint(_locked(appeal_id), at=at)


def conclude(appeal_id: int, level: int, *, reason: str, by: User, at: datetime, site: str) -> Appeal:
    """Record what a second reading led to: decision, award, a badge that replaces the former, a letter.

    Raises   NotAllowed, NoGrounds, Unread, WorseThanBefore, NotPossible
    """
    check_organiser(by)
    if not reason.strip():
        raise NoGrounds
    with transaction.atomic():
        appeal = _locked(appeal_id)
        _move(appeal, AppealVerb.CONCLUDE, by=by, at=at)
        states = list(appeal.reviews.filter(state__in=ACTIVE).values_list("state", flat=True))
        if not states or ReviewState.ASSIGNED in states:
            raise Unread(states.count(ReviewState.ASSIGNED))
        appeal.level, appeal.answer = outcome(appeal.level_before, level), reason.strip()
        appeal.save()
        if appeal.level != appeal.level_before:
            _raise_level(appeal, by=by, at=at)
        place = appeal.dossier.territory
        _tell(appeal, at=at, link=f"{site}/label/{appeal.dossier.campaign_id}/{place.slug}/{place.code}")
        return appeal


def _raise_level(appeal: Appeal, *, by: User, at: datetime) -> None:
    dossier, level = appeal.dossier, appeal.level or 1
    decision = Decision.objects.select_for_update().get(dossier=dossier)
    decision.level = level
    decision.save(update_fields=["level"])
    DecisionEvent.objects.create(decision=decision, verb="appeal", level=level, reason=appeal.answer, at=at, by=by)
    award = Award.objects.get(edition_id=dossier.campaign_id, territory_id=dossier.territory_id)
    award.level = level
    award.save(update_fields=["level"])
    calendar = in_force(dossier.campaign).calendar
    grant(award, since=at, until=valid_until(calendar.ceremony_at, years=calendar.badge_years))


def _appoint(appeal: Appeal, *, at: datetime) -> list[Review]:
    """Fill up to the number of second readers, those with the fewest second readings first."""
    dossier = appeal.dossier
    wanted = SECOND_READERS - appeal.reviews.filter(state__in=ACTIVE).count()
    known = set(Review.objects.filter(dossier=dossier).values_list("juror_id", flat=True))
    jurors = [one for one in seated(dossier.campaign) if one.pk not in known]
    against = conflicts(jurors, [dossier])
    free = sorted((one for one in jurors if (dossier.pk, one.pk) not in against), key=_load(dossier.campaign))
    if wanted > 0 and not free:
        raise NobodyElse
    return [
        Review.objects.create(juror=one, dossier=dossier, appeal=appeal, assigned_at=at)
        for one in free[: max(0, wanted)]
    ]


def _load(campaign: Campaign) -> Callable[[Juror], tuple[int, int]]:
    held: dict[int, int] = {}
    second = Review.objects.filter(juror__campaign=campaign, appeal__isnull=False, state__in=ACTIVE)
    for juror_id in second.values_list("juror_id", flat=True):
        held[juror_id] = held.get(juror_id, 0) + 1
    return lambda juror: (held.get(juror.pk, 0), juror.pk)


def _locked(appeal_id: int) -> Appeal:
    found = Appeal.objects.select_for_update(of=("self",)).select_related("dossier__campaign", "dossier__territory")
    return found.get(pk=appeal_id)


def _move(appeal: Appeal, verb: AppealVerb, *, by: User, at: datetime) -> None:
    appeal.state = APPEAL.after(AppealState(appeal.state), verb)
    appeal.answered_at, appeal.answered_by = at, by


def _tell(appeal: Appeal, *, at: datetime, link: str) -> None:
    dossier = appeal.dossier
    for email in team_emails(dossier.territory_id):
        write_letter(
            dossier.campaign,
            "appeal",
            key=f"appeal:{appeal.pk}:{email}",
            to=email,
            at=at,
            territory=str(dossier.territory),
            edition=dossier.campaign_id,
            level=level_words(appeal.level or appeal.level_before),
            answer=appeal.answer,
            link=link,
        )
