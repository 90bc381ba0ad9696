"""What an organiser decides about a line that waits; each decision is kept, and can be undone."""

from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.label.actions.awards import derive, one_writer
from arobase.label.models import Line, Settlement
from arobase.label.rules.lines import Unreadable, level_of, year_of
from arobase.label.rules.reconciliation import PLACED
from arobase.territories.models import Territory


class NotAllowed(PermissionError):
    """Someone who is no organiser of the label tried to settle a line."""


class AlreadySettled(ValueError):
    """The line was settled otherwise; undo that first."""

    def __init__(self, line: Line) -> None:
        super().__init__(str(line))
        self.line = line


class YearNeeded(ValueError):
    """The line does not say a year that an edition can have."""


def place(
    line_id: int,
    *,
    territory_id: str,
    by: User,
    at: datetime,
    year: int | None = None,
    level: int | None = None,
) -> Line:
    """Place a line; the same decision again changes nothing.

    year, level    corrections of what the line says; None keeps that

    Raises NotAllowed, AlreadySettled, YearNeeded, Line.DoesNotExist, Territory.DoesNotExist.
    """
    with transaction.atomic():
        line = _locked(line_id, by=by)
        if line.placed_as_id == territory_id and line.settled_at:
            return line
        if line.settled_at or line.status in PLACED:
            raise AlreadySettled(line)
        territory = Territory.objects.get(pk=territory_id)
        line.year, line.level = year or line.year, level or line.level
        if line.year is None:
            raise YearNeeded(str(line))
        line.placed_as, line.settled_at, line.settled_by = territory, at, by
        line.save()
        Settlement.objects.create(line=line, verb=Settlement.Verb.PLACED, territory=territory, at=at, by=by)
        derive([(line.year, territory_id)])
        return line


def set_aside(line_id: int, *, reason: str, by: User, at: datetime) -> Line:
    """Say why a line belongs to no territory of ours. Raises NotAllowed, AlreadySettled, Line.DoesNotExist."""
    with transaction.atomic():
        line = _locked(line_id, by=by)
        if line.set_aside_because == reason:
            return line
        if line.settled_at or line.status in PLACED:
            raise AlreadySettled(line)
        line.set_aside_because, line.settled_at, line.settled_by = reason, at, by
        line.save()
        Settlement.objects.create(line=line, verb=Settlement.Verb.SET_ASIDE, reason=reason, at=at, by=by)
        return line


def undo(line_id: int, *, by: User, at: datetime) -> Line:
    """Let a settled line wait again; one that waits already stays as it is. Raises NotAllowed, Line.DoesNotExist."""
    with transaction.atomic():
        line = _locked(line_id, by=by)
        if line.settled_at is None:
            return line
        pair = [(line.year, line.placed_as_id)] if line.year and line.placed_as_id else []
        line.year, line.level = _printed_year(line), _printed_level(line)
        line.placed_as, line.settled_at, line.settled_by, line.set_aside_because = None, None, None, ""
        line.save()
        Settlement.objects.create(line=line, verb=Settlement.Verb.UNDONE, at=at, by=by)
        derive(pair)
        return line


def _locked(line_id: int, *, by: User) -> Line:
    if not holds(by, Role.ORGANISER):
        raise NotAllowed(by.pk)
    one_writer()
    return Line.objects.select_for_update(of=("self",)).select_related("source_import").get(pk=line_id)


def _printed_year(line: Line) -> int | None:
    try:
        return year_of(line.printed.get("year", ""))
    except Unreadable:
        return None


def _printed_level(line: Line) -> int | None:
    try:
        return level_of(line.printed.get("level", ""))
    except Unreadable:
        return None
