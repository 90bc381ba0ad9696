"""The jury's meeting: grades become proposals, proposals decisions, each step kept."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.label.actions.campaigns import check_organiser
from arobase.label.actions.dossiers import keep_snapshot
from arobase.label.models import Campaign, Decision, DecisionEvent, Dossier, Snapshot
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.dossiers import read
from arobase.label.queries.jury import seated
from arobase.label.queries.phrases import points
from arobase.label.queries.reviews import grades
from arobase.label.rules.calendar import Phase
from arobase.label.rules.deliberation import DECISION, DecisionState, DecisionVerb, has_quorum
from arobase.label.rules.levels import HIGHEST, LOWEST


class NotDeliberating(ValueError):
    """Decisions are taken between the end of the reviews and the ceremony."""


class Unread(ValueError):
    """Dossiers of which no review is finished cannot be proposed; carries them."""

    def __init__(self, dossiers: Sequence[Dossier]) -> None:
        super().__init__(f"{len(dossiers)} dossiers")
        self.dossiers = dossiers


class NoQuorum(ValueError):
    """Too few jurors are present to decide."""

    def __init__(self, present: int, seated_: int) -> None:
        super().__init__(f"{present} of {seated_}")
        self.present, self.seated = present, seated_


class BadLevel(ValueError):
    """A level is 1 to 5 arobases."""


class ReasonNeeded(ValueError):
    """Whoever decides otherwise than proposed says why."""


def propose(campaign: Campaign, *, by: User | None, at: datetime) -> int:
    """Make proposals of today's grades, corrected where the test says so; how many. What is decided stays.

    Raises   NotAllowed, NotDeliberating, Unread
    """
    check_organiser(by)
    _check_phase(campaign, at=at)
    found = grades(campaign)
    if found is None or found.unread:
        raise Unread(found.unread if found else [])
    with transaction.atomic():
        for row in found.rows:
            grade = row.calibrated if found.applied else row.raw
            decision = Decision.objects.select_for_update().filter(dossier=row.dossier).first()
            if decision and decision.state != DecisionState.PROPOSED:
                continue
            level = grade.standing.arobases
            facts = {
                "proposed": level,
                "raw": points(row.raw.value),
                "calibrated": points(row.calibrated.value),
                "is_doubtful": grade.is_doubtful,
            }
            if decision and decision.proposed == level:
                Decision.objects.filter(pk=decision.pk).update(**facts)
                continue
            made, is_new = Decision.objects.update_or_create(dossier=row.dossier, defaults=facts)
            if is_new:
                keep_snapshot(read(row.dossier), Snapshot.Milestone.REVIEWED, at=at)
            _note(made, "propose", level, by=by, at=at)
    return len(found.rows)


def attend(campaign: Campaign, juror_ids: Collection[int], *, by: User | None) -> int:
    """Note who is in the meeting; how many. Raises NotAllowed."""
    check_organiser(by)
    with transaction.atomic():
        for juror in seated(campaign):
            if juror.is_present != (juror.pk in juror_ids):
                juror.is_present = juror.pk in juror_ids
                juror.save(update_fields=["is_present"])
    return sum(one.is_present for one in seated(campaign))


def decide(
    decision_id: int,
    level: int,
    *,
    reason: str = "",
    mentions: Collection[str] = (),
    by: User | None,
    at: datetime,
) -> Decision:
    """Decide the level of a dossier; deciding again changes it, and both stay in the trace.

    Raises   NotAllowed, NotDeliberating, NoQuorum, BadLevel, ReasonNeeded, NotPossible
    """
    check_organiser(by)
    with transaction.atomic():
        decision = _locked(decision_id)
        campaign = decision.dossier.campaign
        _check_phase(campaign, at=at)
        configuration, jurors = in_force(campaign), seated(campaign)
        present = sum(one.is_present for one in jurors)
        if not has_quorum(present, seated=len(jurors), share=configuration.jury.quorum):
            raise NoQuorum(present, len(jurors))
        if not LOWEST <= level <= HIGHEST:
            raise BadLevel(level)
        if level != decision.proposed and not reason.strip():
            raise ReasonNeeded
        decision.state = DECISION.after(DecisionState(decision.state), DecisionVerb.DECIDE)
        decision.level, decision.reason = level, reason.strip()
        decision.mentions = [one.slug for one in configuration.mentions if one.slug in set(mentions)]
        decision.save()
        _note(decision, DecisionVerb.DECIDE, level, by=by, at=at, reason=reason.strip(), present=present)
        return decision


def undo(decision_id: int, *, by: User | None, at: datetime) -> Decision:
    """Take a decision back to its proposal; the trace keeps both. Raises NotAllowed, NotDeliberating, NotPossible."""
    check_organiser(by)
    with transaction.atomic():
        decision = _locked(decision_id)
        _check_phase(decision.dossier.campaign, at=at)
        decision.state = DECISION.after(DecisionState(decision.state), DecisionVerb.UNDO)
        _note(decision, DecisionVerb.UNDO, decision.level or decision.proposed, by=by, at=at)
        decision.level, decision.reason, decision.mentions = None, "", []
        decision.save()
        return decision


def _locked(decision_id: int) -> Decision:
    found = Decision.objects.select_for_update(of=("self",)).select_related("dossier__campaign", "dossier__territory")
    return found.get(pk=decision_id)


def _check_phase(campaign: Campaign, *, at: datetime) -> None:
    if in_force(campaign).calendar.phase(at) is not Phase.DELIBERATION:
        raise NotDeliberating


def _note(
    decision: Decision,
    verb: str,
    level: int,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    present: int = 0,
) -> None:
    DecisionEvent.objects.create(
        decision=decision, verb=verb, level=level, reason=reason, present=present, at=at, by=by
    )
