"""The town's central desk: which station to call, new codes, and what only the town's officer may do."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from arobase.accounts.models import User
from arobase.elections.actions.entries import NotAllowed, record
from arobase.elections.actions.passes import replace, revoke
from arobase.elections.models import Election, Station
from arobase.elections.queries.desk import SEATS, central_desk
from arobase.elections.queries.exports import PREFECTURE
from arobase.elections.rules.states import Verb
from arobase.elections.sources.tables import whole
from arobase.elections.views.audiences import OFFICERS
from arobase.elections.views.entry import STATUS
from arobase.elections.views.wording import NOT_KEPT, Problem, problem_of
from arobase.web.access import open_to


@dataclass(frozen=True)
class MadeCode:
    """A code that was just made: it is shown this once."""

    station: str
    seat: int
    code: str


Answer = MadeCode | Problem | str


@open_to(OFFICERS)
@require_safe
@never_cache
def desk(request: HttpRequest, number: int) -> HttpResponse:
    """Late and odd stations first, then all others."""
    return _page(request, number)


@open_to(OFFICERS)
@require_POST
@never_cache
def act(request: HttpRequest, number: int, code: str) -> HttpResponseBase:
    """One thing done at one station; what was typed stays where it was refused."""
    station = get_object_or_404(Station, election=number, code=code)
    answer = ACTS.get(request.POST.get("act", ""), _unknown)(request, station)
    if isinstance(answer, MadeCode):
        return _page(request, number, made=answer)
    if isinstance(answer, Problem):
        return _page(request, number, problem=answer, about=station)
    messages.success(request, answer)
    return redirect(f"{reverse('election_desk', args=[number])}#bureau-{code}")


def _page(
    request: HttpRequest,
    number: int,
    *,
    made: MadeCode | None = None,
    problem: Problem | None = None,
    about: Station | None = None,
) -> HttpResponse:
    election = get_object_or_404(Election, pk=number)
    facts = {
        "desk": central_desk(election, at=timezone.now()),
        "election": election,
        "has_prefecture_file": election.kind in PREFECTURE,
        "made": made,
        "problem": problem,
        "about": about,
        "typed_registered": request.POST.get("registered", "") if problem else "",
        "typed": request.POST.get("why", "") if problem else "",
        "act": request.POST.get("act", "") if problem else "",
    }
    status = STATUS.get(problem.kind, HTTPStatus.UNPROCESSABLE_ENTITY) if problem else HTTPStatus.OK
    with timezone.override(election.clock):
        return render(request, "elections/desk.html", facts, status=status)


def _new_code(request: HttpRequest, station: Station) -> Answer:
    seat = _seat(request)
    if seat is None:
        return _unknown(request, station)
    try:
        code = replace(station.pk, seat, by=cast(User, request.user), at=timezone.now())
    except NotAllowed as error:
        return problem_of(error, [])
    return MadeCode(station.code, seat, code)


def _revoke(request: HttpRequest, station: Station) -> Answer:
    seat = _seat(request)
    if seat is None:
        return _unknown(request, station)
    try:
        revoke(station.pk, seat, by=cast(User, request.user), at=timezone.now())
    except NotAllowed as error:
        return problem_of(error, [])
    return _("Bureau %(code)s, personne %(seat)s : le code n’ouvre plus rien.") % {"code": station.code, "seat": seat}


def _undo(request: HttpRequest, station: Station) -> Answer:
    entry = request.POST.get("entry", "")
    payload: dict[str, object] = {"entry": int(entry) if entry.isdecimal() else entry, "why": _why(request)}
    return _recorded(request, station, Verb.UNDO, payload) or (
        _("Bureau %s : la dernière centaine est annulée.") % station.code
    )


def _sign(request: HttpRequest, station: Station) -> Answer:
    return _recorded(request, station, Verb.SIGN, {}) or (_("Bureau %s : procès-verbal signé.") % station.code)


def _reopen(request: HttpRequest, station: Station) -> Answer:
    return _recorded(request, station, Verb.REOPEN, {"why": _why(request)}) or (
        _("Bureau %s : la saisie est rouverte.") % station.code
    )


def _aside(request: HttpRequest, station: Station) -> Answer:
    return _recorded(request, station, Verb.REOPEN, {"why": _why(request), "aside": True}) or (
        _("Bureau %s : ses chiffres sont mis de côté, la saisie recommence.") % station.code
    )


def _enrol(request: HttpRequest, station: Station) -> Answer:
    typed = request.POST.get("registered", "")
    payload: dict[str, object] = {
        "registered": number if (number := whole(typed)) is not None else typed,
        "why": _why(request),
    }
    return _recorded(request, station, Verb.ENROL, payload) or (
        _("Bureau %(code)s : %(registered)s inscrits.") % {"code": station.code, "registered": typed}
    )


def _unknown(_request: HttpRequest, _station: Station) -> Answer:
    return Problem("refused", [_("Ce qui est arrivé n’est pas une action de cette page.")])


def _recorded(request: HttpRequest, station: Station, verb: Verb, payload: dict[str, object]) -> Problem | None:
    """Keep an entry of the desk; the problem where it was not kept."""
    try:
        record(station.pk, verb, payload, key=str(uuid.uuid4()), by=cast(User, request.user), at=timezone.now())
    except NOT_KEPT as error:
        return problem_of(error, list(station.election.choices.values_list("name", flat=True)))
    return None


def _why(request: HttpRequest) -> str:
    return request.POST.get("why", "")


def _seat(request: HttpRequest) -> int | None:
    return next((seat for seat in SEATS if request.POST.get("seat") == str(seat)), None)


ACTS: dict[str, Callable[[HttpRequest, Station], Answer]] = {
    "code": _new_code,
    "revoke": _revoke,
    "undo": _undo,
    "sign": _sign,
    "reopen": _reopen,
    "aside": _aside,
    "enrol": _enrol,
}
