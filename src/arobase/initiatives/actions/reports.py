"""Reports: anyone says what is not true, the organiser upholds it or not and says why."""

from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.initiatives.actions.initiatives import NotAllowed
from arobase.initiatives.models import Initiative, Report
from arobase.initiatives.rules.states import State

LONGEST = 2_000


class NothingSaid(ValueError):
    """A report says what is not true, an answer says why."""


class NotThere(LookupError):
    """Only what is published can be reported."""


def report(initiative_id: int, text: str, *, at: datetime) -> Report:
    """Keep a report; nothing is kept of who made it. Raises NotThere, NothingSaid."""
    said = text.strip()[:LONGEST]
    if not said:
        raise NothingSaid
    with transaction.atomic():
        found = Initiative.objects.filter(pk=initiative_id, state=State.PUBLISHED).first()
        if found is None:
            raise NotThere(initiative_id)
        same = Report.objects.filter(initiative=found, text=said, state=Report.State.WAITING).first()
        return same or Report.objects.create(initiative=found, text=said, at=at)


def answer(report_id: int, *, upheld: bool, text: str, by: User, at: datetime) -> Report:
    """Uphold a report or not. Raises NotAllowed, NothingSaid; one that was answered stays as it is."""
    if not holds(by, Role.ORGANISER):
        raise NotAllowed
    if not text.strip():
        raise NothingSaid
    with transaction.atomic():
        found = Report.objects.select_for_update().get(pk=report_id)
        if found.state == Report.State.WAITING:
            found.state = Report.State.UPHELD if upheld else Report.State.DISMISSED
            found.answer, found.answered_at, found.answered_by = text.strip()[:LONGEST], at, by
            found.save()
        return found
