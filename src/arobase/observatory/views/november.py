"""The page « 18 novembre 2025 »: what that day's outage would do to those that were looked at, set by set.

That day one company's proxy, its challenge widget and its edge functions failed, not its name servers: layers of one
company fail apart (its own account of the incident, published the same day).
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arobase.observatory.models import About
from arobase.observatory.queries import plan_phrases
from arobase.observatory.queries.dependence import Dependence, dependence
from arobase.observatory.queries.outages import outage
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.services import WEB
from arobase.observatory.sources.alternatives import alternatives
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.outages import Sentence, query_of, sentence, subject_address
from arobase.observatory.views.sets import said_of, sets
from arobase.observatory.views.wording import failure_name, subjects_named
from arobase.web.access import ANYONE, open_to

COMPANY = "cloudflare"
FAILED = (Layer.CDN, Layer.HOSTING, Layer.CAPTCHA)  # the proxy, edge functions and pages, the challenge widget
STOOD = (Layer.DNS,)
LISTED = 50
SETS = (About.COMMUNES, About.PUBLIC_SITES, About.TRIAL)


@dataclass(frozen=True)
class Part:
    """What that day would do to one set."""

    said: dict[str, Any]
    sentence: Sentence | None
    lost: list[tuple[str, str, list[str]]]
    more: int
    query: str
    wider: str
    wider_query: str


@open_to(ANYONE)
@require_safe
def november(request: HttpRequest) -> HttpResponse:
    """What that day's outage would do."""
    shown = {one.slug for one in sets()}
    parts = [_part(dependence(catalogue(), about)) for about in SETS if about in shown]
    others = [plan_phrases.alternative(one) for layer in FAILED for one in alternatives().get(layer, ())]
    context = {"parts": parts, "alternatives": list(dict.fromkeys(others)), "sets": sets()}
    return render(request, "observatory/november.html", context)


def _part(on: Dependence) -> Part:
    failures = [f"{layer}:{COMPANY}" for layer in FAILED if f"{layer}:{COMPANY}" in on.graph.number]
    found = outage(failures, on, kind=WEB)
    everything = [*failures, *(f"{layer}:{COMPANY}" for layer in STOOD if f"{layer}:{COMPANY}" in on.graph.number)]
    wider = outage(everything, on, kind=WEB)
    is_known = WEB in on.of_kind
    return Part(
        said_of(on),
        sentence(WEB, found) if is_known else None,
        [
            (one.subject.name, subject_address(one.subject, on.slug), [failure_name(name, on) for name in one.why])
            for one in found.losses(found.lost[:LISTED])
        ],
        max(0, len(found.lost) - LISTED),
        query_of(on, failures, kind=WEB) if failures else "",
        subjects_named(on.slug, wider.toll.towns) if len(everything) > len(failures) else "",
        query_of(on, everything, kind=WEB),
    )
