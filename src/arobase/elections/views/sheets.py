"""The sheets of a night: one page for each station, with two codes that exist on this paper only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from arobase.accounts.models import User
from arobase.elections.actions.passes import issue
from arobase.elections.models import Election, Station
from arobase.elections.queries.desk import SEATS
from arobase.elections.queries.sheets import codes_of
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


@open_to(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sheets(request: HttpRequest, number: int) -> HttpResponse:
    """Where the codes stand; the button makes new ones and answers with the pages to print, this once."""
    election = get_object_or_404(Election, pk=number)
    if request.method != "POST":
        with timezone.override(election.clock):
            return render(request, "elections/sheets.html", {"election": election, "codes": codes_of(election)})
    made = issue(number, by=cast(User, request.user), at=timezone.now())
    facts = {
        "election": election,
        "sheets": [_sheet(one, made) for one in election.stations.all()],
        "address": code_address().partition("://")[2],
    }
    return render(request, "elections/printed_sheets.html", facts)


def code_address(code: str = "") -> str:
    """Where a code is typed; with it, the address that the picture on the sheet holds."""
    address = settings.SITE_URL + reverse("election_code")
    return f"{address}?{urlencode({'code': code})}" if code else address


def _sheet(station: Station, made: Mapping[tuple[str, int], str]) -> Sheet:
    return Sheet(station, [_printed(seat, made[station.code, seat]) for seat in SEATS])


def _printed(seat: int, code: str) -> PrintedCode:
    return PrintedCode(seat, code, segno.make(code_address(code), error="m").svg_data_uri(border=2, omitsize=True))
