"""The sheets of a night: one page for each station, with two codes that exist on this paper only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from arobase.accounts.models import User
from arobase.elections.actions.passes import issue
from arobase.elections.models import Election, Station
from arobase.elections.queries.desk import SEATS
from arobase.elections.queries.sheets import PART, codes_of, named_stations, parts_of, without_codes
from arobase.elections.views.audiences import OFFICERS
from arobase.web.access import open_to


@dataclass(frozen=True)
class PrintedCode:
    """A code as the sheet shows it: in type, and as the picture that a telephone reads."""

    seat: int
    code: str
    picture: str


@dataclass(frozen=True)
class Sheet:
    """One page."""

    station: Station
    codes: Sequence[PrintedCode]


class _NotChosen(ValueError):
    """No sheets to make, with a sentence that says why."""


@open_to(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sheets(request: HttpRequest, number: int) -> HttpResponse:
    """Where the codes stand; the button makes new ones and answers with the pages to print, this once."""
    election = get_object_or_404(Election, pk=number)
    if request.method != "POST":
        return _page(request, election)
    try:
        stations = _chosen(request, election)
    except _NotChosen as error:
        return _page(request, election, problem=str(error))
    made = issue(
        number,
        stations=[one.code for one in stations],
        replaces_used="replace_used" in request.POST,
        by=cast(User, request.user),
        at=timezone.now(),
    )
    printed = [one for one in stations if (one.code, SEATS[0]) in made]
    if not printed:
        return _page(request, election, problem=_("Les codes de ces bureaux servent déjà\u00a0: rien n’est remplacé."))
    facts = {
        "election": election,
        "sheets": [_sheet(one, made) for one in printed],
        "kept": [one.code for one in stations if one not in printed],
        "to_make": without_codes(election),
        "address": code_address().partition("://")[2],
    }
    return render(request, "elections/printed_sheets.html", facts)


def _page(request: HttpRequest, election: Election, *, problem: str = "") -> HttpResponse:
    parts = parts_of(election)
    facts = {
        "election": election,
        "codes": codes_of(election),
        "parts": parts,
        "most": PART,
        "next": next((one.number for one in parts if not one.is_made), 0),
        "typed": request.POST.get("codes", ""),
        "problem": problem,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    with timezone.override(election.clock):
        return render(request, "elections/sheets.html", facts, status=status)


def _chosen(request: HttpRequest, election: Election) -> Sequence[Station]:
    """The stations of a part, or those that are typed. Raises _NotChosen."""
    if typed := request.POST.get("codes", "").strip():
        return _typed(election, typed)
    parts = parts_of(election)
    told = request.POST.get("part", "0" if len(parts) == 1 else "")
    found = next((one for one in parts if str(one.number) == told), None)
    if found is None:
        raise _NotChosen(_("Choisissez les bureaux dont vous imprimez les feuilles."))
    return found.stations


def _typed(election: Election, typed: str) -> Sequence[Station]:
    found, unknown = named_stations(election, [one for one in re.split(r"[\s,;]+", typed) if one])
    if unknown:
        raise _NotChosen(_("Aucun bureau n’a ce numéro\u00a0: %s.") % ", ".join(unknown)[:200])
    if not 0 < len(found) <= PART:
        raise _NotChosen(_("%s bureaux au plus à la fois.") % PART)
    return found


def code_address(code: str = "") -> str:
    """Where a code is typed; with it, the address that the picture on the sheet holds."""
    address = settings.SITE_URL + reverse("election_code")
    return f"{address}?{urlencode({'code': code})}" if code else address


def _sheet(station: Station, made: Mapping[tuple[str, int], str]) -> Sheet:
    return Sheet(station, [_printed(seat, made[station.code, seat]) for seat in SEATS])


def _printed(seat: int, code: str) -> PrintedCode:
    return PrintedCode(seat, code, segno.make(code_address(code), error="m").svg_data_uri(border=2, omitsize=True))
