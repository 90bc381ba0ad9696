"""Write, change, propose, publish, send back, withdraw: each change leaves a line of history."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.utils.timezone import localdate

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.initiatives.models import Initiative, Revision
from arobase.initiatives.queries.referential import referential
from arobase.initiatives.queries.sheets import columns_of, kept_changes, sheet_of
from arobase.initiatives.rules.sheets import Problem, Sheet, difference, missing, problems
from arobase.initiatives.rules.states import BY_AGENTS, State, Verb, after
from arobase.initiatives.rules.text import column


class NotAllowed(PermissionError):
    """Someone acts for a territory or as an organiser without being one."""


class BadSheet(ValueError):
    """A sheet that cannot be kept, or not submitted; carries every problem."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.why}" for problem in found))
        self.problems = tuple(found)


class ChangedMeanwhile(ValueError):
    """Someone else changed the same fields since the form was opened; carries what they say now and who said it.

    conflicts   {field: (what it was when the form was opened, what the other wrote)}
    """

    def __init__(self, initiative: Initiative, conflicts: Mapping[str, tuple[object, object]], by: User | None) -> None:
        super().__init__(f"{initiative.pk} is at version {initiative.version}.")
        self.initiative, self.conflicts, self.by = initiative, conflicts, by


class ReasonNeeded(ValueError):
    """Whoever sends an initiative back says why."""


def write(sheet: Sheet, *, territory_id: str, by: User | None, at: datetime, is_sample: bool = False) -> Initiative:
    """Begin an initiative as a draft. Raises NotAllowed, BadSheet. `by` None: the platform itself, for examples."""
    _check_agent(by, territory_id)
    _check(sheet, at=at)
    with transaction.atomic():
        initiative = Initiative(territory_id=territory_id, created_at=at, is_sample=is_sample)
        _keep(initiative, sheet, at=at)
        _note(initiative, "change", by=by, at=at, changes=difference(None, sheet))
        return initiative


def change(initiative_id: int, sheet: Sheet, *, since: Sheet, by: User | None, at: datetime) -> Initiative:
    """Change what someone changed in the form, and leave alone what they did not touch.

    since   the sheet as it was when the form was opened: fields that others changed meanwhile stay as they wrote them
            unless both touched the same

    Raises NotAllowed, BadSheet, ChangedMeanwhile, Initiative.DoesNotExist. The same sheet again changes nothing.
    """
    with transaction.atomic():
        initiative = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative_id)
        _check_agent(by, initiative.territory_id)
        now = sheet_of(initiative)
        mine, theirs = difference(since, sheet), difference(since, now)
        both = {name: theirs[name] for name in mine if name in theirs and mine[name][1] != theirs[name][1]}
        if both:
            last = initiative.revisions.select_related("by").last()
            raise ChangedMeanwhile(initiative, both, last.by if last else None)
        merged = replace(now, **{name: getattr(sheet, name) for name in mine})
        _check(merged, at=at)
        if initiative.state == State.PUBLISHED and (lacking := missing(merged)):
            raise BadSheet(lacking)
        changes = difference(now, merged)
        if changes:
            initiative.version += 1
            _keep(initiative, merged, at=at)
            _note(initiative, "change", by=by, at=at, changes=changes)
        return initiative


def move(initiative_id: int, verb: Verb, *, by: User | None, at: datetime, reason: str = "") -> Initiative:
    """Submit, publish, send back, withdraw or take up again; the same verb twice is refused by the state.

    Raises NotAllowed, NotPossible, BadSheet (submit), ReasonNeeded (return), Initiative.DoesNotExist.
    """
    with transaction.atomic():
        initiative = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative_id)
        if verb in BY_AGENTS:
            _check_agent(by, initiative.territory_id)
        elif by is not None and not holds(by, Role.ORGANISER):
            raise NotAllowed(by.pk)
        state = after(State(initiative.state), verb)
        if verb is Verb.SUBMIT and (lacking := missing(sheet_of(initiative))):
            raise BadSheet(lacking)
        if verb is Verb.RETURN and not reason.strip():
            raise ReasonNeeded
        initiative.state, initiative.changed_at = state, at
        initiative.returned_because = reason if verb is Verb.RETURN else ""
        if verb in {Verb.PUBLISH, Verb.RETURN}:
            initiative.reviewed_at = at
        if verb is Verb.PUBLISH:
            initiative.published_at = initiative.published_at or at
        initiative.save()
        _note(initiative, verb, by=by, at=at, reason=reason)
        return initiative


def read_again(initiative_id: int, *, by: User, at: datetime) -> None:
    """The organiser has read what changed since the publication. Raises NotAllowed, Initiative.DoesNotExist."""
    if not holds(by, Role.ORGANISER):
        raise NotAllowed(by.pk)
    with transaction.atomic():
        initiative = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative_id)
        initiative.reviewed_at = at
        initiative.save(update_fields=["reviewed_at"])


def _check_agent(by: User | None, territory_id: str) -> None:
    if by is not None and not holds(by, Role.AGENT, territory_id=territory_id):
        raise NotAllowed(by.pk)


def _check(sheet: Sheet, *, at: datetime) -> None:
    found = problems(sheet, services={service.slug for service in referential().services}, on=localdate(at))
    if found:
        raise BadSheet(found)


def _keep(initiative: Initiative, sheet: Sheet, *, at: datetime) -> None:
    for name, value in columns_of(sheet).items():
        setattr(initiative, name, value)
    known = referential()
    named = [text for slug in sheet.services for text in (known.service(slug).name.fr, known.service(slug).name.en)]
    initiative.title_stems = column([sheet.title])
    initiative.stems = column([sheet.title, sheet.summary, sheet.audience, sheet.results, *named, *_proper(sheet)])
    initiative.changed_at = at
    initiative.save()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO initiatives_words (rowid, title_stems, stems) VALUES (%s, %s, %s)",
                [initiative.pk, initiative.title_stems, initiative.stems],
            )


def _proper(sheet: Sheet) -> list[str]:
    partners, software = [one.name for one in sheet.partners], [one.name for one in sheet.software]
    return [*partners, *software, *(place.label for place in sheet.places)]


def _note(
    initiative: Initiative,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    changes: Mapping[str, tuple[object, object]] | None = None,
    reason: str = "",
) -> None:
    kept = kept_changes(changes or {})
    Revision.objects.create(initiative=initiative, at=at, by=by, verb=verb, changes=kept, reason=reason)
