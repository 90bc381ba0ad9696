"""The night, followed by anyone: its page, its stations, the screen in the hall, what others embed."""

from dataclasses import replace
from typing import Any

from csp.decorators import csp_replace
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from arobase.accounts.access import AGENTS
from arobase.elections.models import Election
from arobase.elections.queries.journal import corrected
from arobase.elections.queries.live import Live, live, until_said
from arobase.elections.queries.results import embargo_of
from arobase.elections.sources.priors import priors_for
from arobase.elections.sources.record import record_sentence
from arobase.elections.sources.silences import silence_sentence
from arobase.web.access import ANYONE, open_to

KEPT_S = 600
PARTS = {
    "figures": "elections/parts/figures.html",
    "stations": "elections/parts/stations.html",
    "map": "elections/parts/map.html",
}


@open_to(ANYONE)
@require_safe
def nights(request: HttpRequest) -> HttpResponse:
    """All nights, the latest first."""
    facts = {
        "elections": Election.objects.all(),
        "today": timezone.localdate(),
        "may_prepare": AGENTS.admits(request.user),
    }
    return render(request, "elections/nights.html", facts)


@open_to(ANYONE)
@require_safe
def night(request: HttpRequest, number: int) -> HttpResponse:
    """The page that is followed on a phone: complete without JavaScript, pushed to with it."""
    election = found(number)
    end = embargo_of(election, at=timezone.now())
    facts = {"election": election, "until": until_said(election, end) if end else "", **parts(election)}
    return render(request, "elections/night.html", facts)


@open_to(ANYONE)
@require_safe
def screen(request: HttpRequest, number: int) -> HttpResponse:
    """The same for the big screen in the hall: large, without menus, by itself."""
    election = found(number)
    return render(request, "elections/screen.html", {"election": election, **parts(election)})


@open_to(ANYONE)
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # typed for views without arguments
def embed(request: HttpRequest, number: int) -> HttpResponse:
    """The figures alone, for a page of the town's own site."""
    election = found(number)
    return render(request, "elections/embed.html", {"election": election, "is_embedded": True, **parts(election)})


@open_to(ANYONE)
@require_safe
def station(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """One polling station."""
    election = found(number)
    shown = live(election, at=timezone.now())
    row = next((one for one in shown.rows if one.result.station.code == code), None)
    if row is None:
        raise Http404
    then = row.result.station.former.get("votes", {})
    choices, valid = zip(shown.night.choices, row.result.ballots.votes, strict=True), row.result.ballots.valid
    lines = [(choice, votes, votes / valid if valid else None, then.get(choice.name)) for choice, votes in choices]
    stood = any(choice.name in then for choice in shown.night.choices)
    changed = corrected(row.result.station, election=election)
    facts = {
        "election": election,
        "live": shown,
        "row": row,
        "lines": lines,
        "stood": stood,
        "corrections": [one for one in changed if not (shown.until and one.is_of_result)],
    }
    with timezone.override(election.clock):
        return render(request, "elections/station.html", facts)


@open_to(ANYONE)
@require_safe
def part(request: HttpRequest, number: int, name: str) -> HttpResponseBase:
    """A part of the page as it is now, for those whom nothing is pushed to; unchanged, it is not sent again."""
    election = found(number)
    mark = mark_of(election)
    etag = f'"{mark}-{get_language()}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(parts(election, mark)[name])
    answer["ETag"], answer["Cache-Control"] = etag, "public, max-age=1"
    return answer


def found(number: int) -> Election:
    """The election of this number. Raises Http404."""
    election = Election.objects.filter(pk=number).first()
    if election is None:
        raise Http404
    return election


def parts(election: Election, mark: str = "") -> dict[str, Any]:
    """The parts of the page that change, drawn once for everybody: `figures`, `stations`, and of these the `map`.

    mark   of the election as it is (`mark_of`), where it was asked for already
    """
    kept = caches["process"]
    key = f"elections:{election.pk}:{mark or mark_of(election)}:{get_language()}"
    drawn = kept.get(key)
    if drawn is None:
        drawn = drawn_parts(_followed(election))
        kept.set(key, drawn, KEPT_S)
    return drawn


def _followed(election: Election) -> Live:
    """The night with its trend, and what is said beside it."""
    shown = live(election, at=timezone.now(), priors=priors_for(election))
    if shown.trend is None:
        return shown
    if shown.trend.silence:
        return replace(shown, silence=silence_sentence(shown.trend.silence))
    return replace(shown, record=record_sentence())


def drawn_parts(shown: Live) -> dict[str, Any]:
    """The parts, drawn now, on the town's clock."""
    facts = {"live": shown, "night": shown.night, "election": shown.election}
    with timezone.override(shown.election.clock):
        return {name: render_to_string(template, facts) for name, template in PARTS.items()}


def mark_of(election: Election) -> str:
    """Changes with whatever the page shows: the head of the chain, what was prepared, whether the embargo holds."""
    held = embargo_of(election, at=timezone.now()) is not None
    prepared = (election.changed_at or election.made_at).timestamp()
    return f"{election.head_sequence}-{election.head_hash[:12]}-{prepared:.6f}{'-held' if held else ''}"
