"""The page « 18 novembre 2025 »: what that day's outage would do to those that were looked at, set by set.

That day one company's proxy, its challenge widget and its edge functions failed, not its name servers: layers of one
company fail apart (its own account of the incident, published the same day).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.observatory.models import About
from arobase.observatory.queries import plan_phrases
from arobase.observatory.queries.dependence import Dependence, Subject, dependence
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
class Lost:
    """Who would go dark, through whom, and where their plan is."""

    name: str
    address: str
    chain: Sequence[str]
    plan: str


@dataclass(frozen=True)
class Instead:
    """What could stand in place of a layer that failed."""

    title: str
    alternatives: Sequence[str]


@dataclass(frozen=True)
class Part:
    """What that day would do to one set."""

    said: dict[str, Any]
    sentence: Sentence | None
    lost: list[Lost]
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
    context = {"parts": parts, "instead": _instead(), "sets": sets()}
    return render(request, "observatory/november.html", context)


def _instead() -> list[Instead]:
    """What each layer that failed could be replaced by."""
    titles = {
        Layer.CDN: _("À la place du relais devant le site"),
        Layer.HOSTING: _("À la place de l’hébergement au bord du réseau"),
        Layer.CAPTCHA: _("À la place de la fenêtre de vérification"),
    }
    told = {layer: map(plan_phrases.alternative, alternatives().get(layer, ())) for layer in FAILED}
    return [Instead(titles[layer], list(dict.fromkeys(lines))) for layer, lines in told.items()]


def plan_address(one: Subject, slug: str) -> str:
    """Where the plan of a subject is: its own page of the observatory, below what it stands on."""
    if one.code:
        return f"{reverse('observatory_commune', kwargs={'code': one.code})}#plan-heading"
    return f"{subject_address(one, slug)}#plan-heading"


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
            Lost(
                one.subject.name,
                subject_address(one.subject, on.slug),
                [failure_name(name, on) for name in one.why],
                plan_address(one.subject, on.slug),
            )
            for one in found.losses(found.lost[:LISTED])
        ],
        max(0, len(found.lost) - LISTED),
        query_of(on, failures, kind=WEB) if failures else "",
        subjects_named(on.slug, wider.toll.towns) if len(everything) > len(failures) else "",
        query_of(on, everything, kind=WEB),
    )
