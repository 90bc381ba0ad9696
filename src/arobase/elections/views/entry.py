"""Entering figures at a polling station: the code of the printed sheet, the page, and what devices send."""

import json
import re
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arobase.elections.actions.entries import Kept, record
from arobase.elections.actions.passes import NotToday, UnknownCode, UsedCode, digest_of, seen, use
from arobase.elections.models import Choice, Pass, Station
from arobase.elections.queries.entry import CountedBag, Desk, desk
from arobase.elections.queries.wording import sentence
from arobase.elections.rules.counts import Ballots
from arobase.elections.rules.states import Verb
from arobase.elections.views import guesses
from arobase.elections.views.audiences import SECRETARIES, let_in, own_pass, station_of, who_enters
from arobase.elections.views.forms import Figure, as_typed, ballot_figures, box_figures, sent_by_form
from arobase.elections.views.wording import CONFLICT, FORBIDDEN, NOT_KEPT, Problem, problem_of
from arobase.web.access import ANYONE, open_to

STATUS = {CONFLICT: HTTPStatus.CONFLICT, FORBIDDEN: HTTPStatus.FORBIDDEN}
KEY = re.compile(r"[!-~]{1,64}")  # as devices choose it: printable ASCII


@open_to(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponseBase:
    """The code of the sheet, typed or brought by its QR code; only sending it uses it up."""
    typed = request.POST.get("code", "") or request.GET.get("code", "")
    problem = ""
    if mine := own_pass(request, digest_of(typed)):
        return redirect("election_entry", number=mine.station.election_id, code=mine.station.code)
    if request.method == "POST":
        # Only what opens nothing counts: all stations of a town may come from one address at the same minute.
        at = timezone.now()
        if guesses.are_too_many(request, at=at):
            return cast(HttpResponse, ratelimit.respond_429(request))
        try:
            opened = use(typed, at=at)
        except UnknownCode:
            guesses.count(request, at=at)
            problem = _("Ce code n’ouvre rien. Vérifiez les douze signes, ou demandez-en un autre à la mairie.")
        except UsedCode:
            problem = _("Ce code a déjà ouvert un autre appareil. La mairie peut vous en donner un nouveau.")
        except NotToday as error:
            problem = _("Ce code ouvre le %(first)s, jusqu’au lendemain à l’aube.") % {
                "first": date_format(error.first, "DATE_FORMAT")
            }
        else:
            let_in(request, opened)
            return redirect("election_entry", number=opened.station.election_id, code=opened.station.code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "elections/code.html", {"typed": typed, "problem": problem}, status=status)


@open_to(SECRETARIES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def entry(request: HttpRequest, number: int, code: str) -> HttpResponseBase:
    """The page of one station; its forms work without JavaScript too, and nothing typed is lost."""
    station = get_object_or_404(Station, election=number, code=code)
    problem: Problem | None = None
    typed = {name: str(value) for name, value in request.POST.items()}
    if request.method == "POST" and "corriger" not in request.POST:
        verb, payload = sent_by_form(request.POST)
        kept = _keep(request, station, verb, payload, key=request.POST.get("key", ""), sure="sure" in request.POST)
        if not isinstance(kept, Problem):
            return redirect("election_entry", number=number, code=code)
        problem = kept
    shown = desk(station, at=timezone.now(), by=who_enters(request))
    correcting = _correcting(shown, request)
    facts = {
        "desk": shown,
        "election": shown.election,
        "station": shown.station,
        "problem": problem,
        "typed": typed,
        "key": uuid.uuid4(),
        "correcting": correcting,
        "replaced": _replaced(shown, problem, typed),
        **_figures(shown, typed, correcting),
    }
    status = STATUS.get(problem.kind, HTTPStatus.UNPROCESSABLE_ENTITY) if problem else HTTPStatus.OK
    with timezone.override(shown.election.clock):
        return render(request, "elections/entry.html", facts, status=status)


@open_to(SECRETARIES)
@require_POST
@never_cache
def send(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """One entry as JSON {verb, payload, key, sure}: 200 when it is kept (or was before), else what is wrong."""
    station = station_of(request, number, code)
    try:
        sent = json.loads(request.body)
        verb, payload = Verb(sent["verb"]), sent["payload"]
        key, sure = str(sent["key"]), sent.get("sure") is True
    except (ValueError, TypeError, KeyError):
        payload = None
    if not isinstance(payload, dict):
        return _told(Problem("refused", [_("Ce qui est arrivé n’est pas une saisie.")]))
    kept = _keep(request, station, verb, payload, key=key, sure=sure)
    if isinstance(kept, Problem):
        return _told(kept)
    names = list(Choice.objects.filter(election=number).values_list("name", flat=True)) if kept.found else []
    notes = [sentence(one, names) for one in kept.found]
    return JsonResponse(
        {"sequence": kept.sequence, "is_new": kept.is_new, "notes": notes, "bags": len(kept.count.bags)}
    )


@open_to(SECRETARIES)
@require_safe
@never_cache
def standing(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """The part of the page that others change; unchanged, it is not sent again."""
    station = get_object_or_404(Station, election=number, code=code)
    by = who_enters(request)
    if isinstance(by, Pass):
        seen(by.pk, at=timezone.now())
    shown = desk(station, at=timezone.now(), by=by)
    etag = f'"{shown.mark}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        with timezone.override(shown.election.clock):
            answer = render(request, "elections/parts/standing.html", {"desk": shown, "election": shown.election})
    answer["ETag"] = etag
    return answer


@open_to(SECRETARIES)
@require_safe
@never_cache
def record_sheet(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """What goes into the station's record (« procès-verbal », Code électoral, R67), to be printed and signed."""
    station = get_object_or_404(Station, election=number, code=code)
    shown = desk(station, at=timezone.now(), by=who_enters(request))
    if not shown.count.is_final:
        return redirect("election_entry", number=number, code=code)
    facts = {"desk": shown, "election": shown.election, "record_lines": _votes(shown, shown.count.counted)}
    with timezone.override(shown.election.clock):
        return render(request, "elections/record.html", facts)


def _votes(shown: Desk, content: Ballots) -> list[tuple[Choice, int]]:
    return list(zip(shown.choices, content.votes, strict=True))


def _keep(
    request: HttpRequest, station: Station, verb: Verb | None, payload: dict[str, Any], *, key: str, sure: bool
) -> Kept | Problem:
    if verb is None or not KEY.fullmatch(key):
        return Problem("refused", [_("Ce qui est arrivé n’est pas une saisie.")])
    by = who_enters(request)
    try:
        return record(station.pk, verb, payload, key=key, by=by, at=timezone.now(), sure=sure)
    except NOT_KEPT as error:
        names = list(station.election.choices.values_list("name", flat=True))
        with timezone.override(station.election.clock):
            return problem_of(error, names, is_their_own=isinstance(by, Pass))


def _figures(shown: Desk, typed: dict[str, str], correcting: CountedBag | None) -> dict[str, Any]:
    """The fields of each form, with what was typed in it and was not kept."""
    verb = typed.get("verb", "")
    box, bag, totals = (typed if verb == one else {} for one in ("box", "bag", "totals"))
    before: Mapping[str, str | int] = as_typed(correcting.bag.content) if correcting else {}
    return {
        "bag_number": bag.get("number", shown.next),
        "box_lines": box_figures(box),
        "bag_lines": ballot_figures(shown.choices, {} if correcting else bag),
        "correcting_lines": ballot_figures(shown.choices, typed if correcting and "votes.0" in typed else before),
        "totals_lines": [
            *box_figures(totals, differing=shown.differing),
            *ballot_figures(shown.choices, totals, differing=shown.differing),
            Figure("valid", _("Suffrages exprimés, s’ils sont écrits"), totals.get("valid", "")),
        ],
    }


def _replaced(shown: Desk, problem: Problem | None, typed: dict[str, str]) -> int | str | None:
    """The entry whose totals those being typed replace: what was found there, or named before someone was asked."""
    if problem is None or typed.get("verb") != Verb.TOTALS:
        return shown.totals
    return problem.entry if problem.kind == CONFLICT else typed.get("replaces") or shown.totals


def _correcting(shown: Desk, request: HttpRequest) -> CountedBag | None:
    """The bag whose figures are to be corrected: asked for, or sent and not kept."""
    sent = request.POST.get("entry", "") if request.POST.get("verb") == Verb.CORRECT else ""
    entry = request.GET.get("corriger", "") or request.POST.get("corriger", "") or sent
    return next((one for one in shown.bags if str(one.bag.entry) == entry), None)


def _told(problem: Problem) -> JsonResponse:
    status = STATUS.get(problem.kind, HTTPStatus.UNPROCESSABLE_ENTITY)
    told = {"problem": problem.kind, "lines": list(problem.lines), "field": problem.field, "entry": problem.entry}
    return JsonResponse(told, status=status)
