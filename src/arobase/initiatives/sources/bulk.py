"""Many initiatives from one file, CSV or JSON: what each line would become, then all of them or none."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _

from arobase.accounts.models import User
from arobase.initiatives.actions.initiatives import change, move, write
from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.referential import referential
from arobase.initiatives.queries.sheets import sheet_of
from arobase.initiatives.rules.sheets import Partner, Problem, Sheet, Software, Why, difference, missing, problems
from arobase.initiatives.rules.states import State, Verb
from arobase.initiatives.rules.text import folded_words
from arobase.territories.models import Kind, Territory
from arobase.web.files import REPLACED, UnreadableFile, decoded

MOST_LINES = 5_000
COLUMNS = (
    *("code", "title", "summary", "audience", "started_on", "ended_on", "maturity", "doer", "cost", "effort"),
    *("services", "partners", "software", "address", "results", "contact_name", "contact_email"),
)
PLAIN = tuple(
    name for name in COLUMNS if name not in {"code", "services", "partners", "software", "started_on", "ended_on"}
)
EXAMPLE = "code;title;summary;audience;started_on;services"


class Outcome(StrEnum):
    """What a line would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, read: `known` is the initiative of the same territory and title, where there is one."""

    number: int
    outcome: Outcome
    territory: str
    sheet: Sheet
    known: int | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """How many initiatives an import began, changed, and left as they are."""

    new: int
    changed: int
    same: int


class HasInvalidLines(ValueError):
    """Nothing is written as long as a line cannot be; carries those lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__(", ".join(str(line.number) for line in lines))
        self.lines = tuple(lines)


def read(content: bytes, *, at: datetime, publish: bool, own: frozenset[str] | None = None) -> list[Line]:
    """What each line would become.

    publish   whether they are to be published: then nothing may be missing
    own       ids of the only territories that may be written for; None: any

    Raises UnreadableFile.
    """
    rows = list(_rows(content))
    territories = _territories({str(row.get("code") or "").strip() for _number, row in rows})
    known = _known(set(territories.values()))
    lines = []
    seen: set[tuple[str, str]] = set()
    for number, row in rows:
        line = _line(number, row, territories, known, at=at, publish=publish, own=own)
        key = (line.territory, _same(line.sheet.title))
        if line.territory and key in seen:
            twice = Problem("title", Why.UNKNOWN, {"value": line.sheet.title})
            line = Line(number, Outcome.INVALID, line.territory, line.sheet, None, (*line.problems, twice))
        seen.add(key)
        lines.append(line)
    return lines


def keep(lines: Sequence[Line], *, by: User | None, at: datetime, publish: bool) -> Written:
    """Write all lines in one transaction. Raises HasInvalidLines, NotAllowed; the same file again changes nothing."""
    if invalid := [line for line in lines if line.outcome is Outcome.INVALID]:
        raise HasInvalidLines(invalid)
    with transaction.atomic():
        for line in lines:
            if line.outcome is Outcome.NEW:
                made = write(line.sheet, territory_id=line.territory, by=by, at=at)
                if publish:
                    move(made.pk, Verb.SUBMIT, by=by, at=at)
                    move(made.pk, Verb.PUBLISH, by=by, at=at)
            elif line.outcome is Outcome.CHANGED and line.known is not None:
                since = sheet_of(Initiative.objects.get(pk=line.known))
                change(line.known, line.sheet, since=since, by=by, at=at)
    return Written(
        *(sum(line.outcome is one for line in lines) for one in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME))
    )


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    text, _encoding = decoded(content)
    if not text.strip():
        raise UnreadableFile(_("Le fichier est vide."))
    rows = _json_rows(text) if text.lstrip().startswith(("[", "{")) else _csv_rows(text)
    for count, pair in enumerate(rows):
        if count >= MOST_LINES:
            raise UnreadableFile(
                _("Le fichier a plus de %(most)s lignes : importez-le en plusieurs parties."), most=MOST_LINES
            )
        yield pair


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise UnreadableFile(_("Ce n’est pas du JSON lisible : %(reason)s."), reason=str(error)) from error
    rows = document if isinstance(document, list) else [document]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise UnreadableFile(_("Élément %(line)s : un objet est attendu."), line=number)
        yield number, row


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    head = text.splitlines()[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    reader.fieldnames = [name.strip().casefold() for name in reader.fieldnames or []]
    if lacking := {"code", "title"} - set(reader.fieldnames):
        raise UnreadableFile(
            _("En-tête sans colonne %(missing)s (lu : « %(found)s » ; attendu : %(example)s)."),
            missing=", ".join(sorted(lacking)),
            found=head[:120],
            example=EXAMPLE,
        )
    try:
        for row in reader:
            if any(isinstance(value, str) and value.strip() for value in row.values()):
                yield reader.line_num, {name: value for name, value in row.items() if name in COLUMNS}
    except csv.Error as error:
        raise UnreadableFile(
            _("Ligne %(line)s : un guillemet ouvert n’est pas refermé, ou une cellule est démesurée (%(reason)s)."),
            line=reader.line_num,
            reason=str(error),
        ) from error


def _line(
    number: int,
    row: Mapping[str, Any],
    territories: Mapping[str, str],
    known: Mapping[tuple[str, str], Initiative],
    *,
    at: datetime,
    publish: bool,
    own: frozenset[str] | None,
) -> Line:
    code = str(row.get("code") or "").strip()
    territory = territories.get(code, "")
    sheet, found = _sheet(row)
    if not territory or (own is not None and territory not in own):
        found.append(Problem("code", Why.UNKNOWN, {"value": code}))
    found += problems(sheet, services={service.slug for service in referential().services}, on=localdate(at))
    told = {problem.field for problem in found}
    found += [problem for problem in missing(sheet) if publish and problem.field not in told]
    same = known.get((territory, _same(sheet.title)))
    if found:
        return Line(number, Outcome.INVALID, territory, sheet, same.pk if same else None, tuple(found))
    if same is None:
        return Line(number, Outcome.NEW, territory, sheet, None, ())
    outcome = Outcome.CHANGED if difference(sheet_of(same), sheet) else Outcome.SAME
    return Line(number, outcome, territory, sheet, same.pk, ())


def _sheet(row: Mapping[str, Any]) -> tuple[Sheet, list[Problem]]:
    found: list[Problem] = []
    texts: dict[str, Any] = {name: str(row.get(name) or "").strip() for name in PLAIN}
    found += [Problem(name, Why.UNKNOWN, {"value": text[:80]}) for name, text in texts.items() if REPLACED in text]
    days = {name: _day(row, name, found) for name in ("started_on", "ended_on")}
    sheet = Sheet(
        **texts,
        started_on=days["started_on"],
        ended_on=days["ended_on"],
        services=tuple(dict.fromkeys(_list(row.get("services"), str.split))),
        partners=tuple(Partner(name) for name in _list(row.get("partners"), _by_bars)),
        software=tuple(Software(name) for name in _list(row.get("software"), _by_bars)),
    )
    return sheet, found


def _day(row: Mapping[str, Any], name: str, found: list[Problem]) -> date | None:
    text = str(row.get(name) or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        found.append(Problem(name, Why.UNKNOWN, {"value": text[:80]}))
        return None


def _list(value: Any, cut: Callable[[str], list[str]]) -> list[str]:
    if isinstance(value, list):
        return [str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in value]
    return cut(str(value or ""))


def _by_bars(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _territories(codes: set[str]) -> dict[str, str]:
    """Ids by code: communes by their INSEE code, EPCI by their SIREN, or the whole id as `department:76`."""
    kinds = [Kind.COMMUNE, Kind.EPCI, Kind.COLLECTIVITY]
    plain = Territory.objects.filter(code__in=codes, kind__in=kinds, valid_to__isnull=True)
    whole = Territory.objects.filter(pk__in=codes)
    return dict(plain.values_list("code", "pk")) | {pk: pk for pk in whole.values_list("pk", flat=True)}


def _known(territories: set[str]) -> dict[tuple[str, str], Initiative]:
    kept = Initiative.objects.filter(territory_id__in=territories).exclude(state=State.WITHDRAWN)
    return {(one.territory_id, _same(one.title)): one for one in kept}


def _same(title: str) -> str:
    """What makes two titles of a territory the same."""
    return " ".join(folded_words(title))
