"""The journal of a night: each entry with its hour, who, what it changed and why; for the officer, or one's station."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from arobase.accounts.models import User
from arobase.elections.models import Election, Station
from arobase.elections.queries.journal import Line, journal, journal_page
from arobase.elections.views.audiences import OFFICERS, SECRETARIES, who_enters
from arobase.elections.views.live import found
from arobase.web.access import open_to
from arobase.web.opendata import safe_cell

HEADER = ("numero", "heure", "bureau", "qui", "quoi", "avant", "apres", "pourquoi", "confirme", "empreinte")


@open_to(OFFICERS)
@require_safe
@never_cache
def night(request: HttpRequest, number: int) -> HttpResponse:
    """All stations', the newest entries first."""
    return _page(request, found(number))


@open_to(SECRETARIES)
@require_safe
@never_cache
def of_station(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """One station's, for the officer and for those who enter there."""
    return _page(request, found(number), get_object_or_404(Station, election=number, code=code))


@open_to(OFFICERS)
@require_safe
@never_cache
def as_csv(request: HttpRequest, number: int) -> HttpResponse:
    """All of it as a file, in the order of the chain."""
    election = found(number)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    with timezone.override(election.clock):
        writer.writerows([safe_cell(cell) for cell in _cells(line)] for line in journal(election))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    mark = "repetition-" if election.is_rehearsal else ""
    answer["Content-Disposition"] = f'attachment; filename="{mark}journal-{election.code}-{election.day}.csv"'
    return answer


def _page(request: HttpRequest, election: Election, station: Station | None = None) -> HttpResponse:
    by, before = who_enters(request), request.GET.get("avant", "")
    place = int(before) if before.isdecimal() and len(before) < 10 else None  # noqa: PLR2004 - digits of any database
    with timezone.override(election.clock):
        shown = journal_page(election, by=by, station=station, before=place)
        facts = {
            "election": election,
            "station": station,
            "page": shown,
            "before": place,
            "is_officer": isinstance(by, User),
        }
        return render(request, "elections/journal.html", facts)


def _cells(line: Line) -> list[str | int | bool]:
    return [
        line.entry.sequence,
        timezone.localtime(line.entry.at).isoformat(timespec="seconds"),
        line.station.code,
        line.who,
        line.title,
        ", ".join(f"{one.label} {one.before}" for one in line.figures if one.before is not None),
        ", ".join(f"{one.label} {one.after}" for one in line.figures if one.after is not None),
        line.why,
        _("oui") if line.is_sure else "",
        line.entry.hash,
    ]
