"""What goes dark when someone fails: the page on which anyone makes it happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.observatory.models import About
from arobase.observatory.queries.dependence import Dependence, Origin, Subject
from arobase.observatory.queries.outages import Loss, Outage, Toll, Tolls, outage
from arobase.observatory.sources import study
from arobase.observatory.views.failing import FAILS, NAMED, Asked, asked_to_fail, choices
from arobase.observatory.views.sets import SET, said_of, set_of, sets
from arobase.observatory.views.wording import (
    country_name,
    failure_name,
    indirect_said,
    origin_name,
    redundant_said,
    service_name,
    subjects_named,
    would_lose,
)
from arobase.territories.queries.locator import Ground, map_ground
from arobase.web.access import ANYONE, open_to

PER_PAGE = 100
MOST_MEANT = 7  # things that one name may mean
STEPS = (0.05, 0.2, 0.4, 0.6, 0.8)  # shares from which a department is drawn darker
SERVICE = "service"


@dataclass(frozen=True)
class Sentence:
    """What a service loses: said in one sentence."""

    kind: str
    name: str
    lost: str
    of: str
    people: int
    of_people: int
    degraded: str
    degraded_people: int
    share: float | None


@dataclass(frozen=True)
class Line:
    """A line of the table by region."""

    name: str
    toll: Toll
    degraded: Toll


@dataclass(frozen=True)
class Shape:
    """A department on the map.

    step    from 0 (lit) to 5 (dark), empty where nothing is known of it
    is_dim  whether at least the first step's share stands there, but misses something
    """

    path: str
    step: str
    is_dim: bool
    says: str


@open_to(ANYONE)
@require_safe
def outage_page(request: HttpRequest) -> HttpResponse:
    """What goes dark when those that the address names fail."""
    on = set_of(request)
    asked, kind = asked_to_fail(request, on), request.GET.get(SERVICE, "")
    chosen = asked.failures
    shown = outage(chosen, on, kind=kind)
    kind = kind if kind in shown.tolls else ""
    sentences = [sentence(kind, shown) for kind in shown.tolls]
    said = [one for one in sentences if one.share] or [one for one in sentences if one.kind == shown.kind]
    page = Paginator(shown.lost, PER_PAGE).get_page(request.GET.get("page"))
    is_listed = on.slug != study.SLUG  # any site of the world is among them; the file has them
    degraded = shown.degraded[:PER_PAGE] if is_listed else []
    kept = query_of(on, chosen, kind=kind)
    context = {
        **said_of(on),
        "sets": sets(),
        "fails": FAILS,
        "named": NAMED,
        "set_name": SET,
        "service_name": SERVICE,
        **_understood(asked, kind, on),
        "chosen": chosen,
        "names": [failure_name(one, on) for one in chosen],
        "choices": choices(chosen, on),
        "outage": shown,
        "kind": shown.kind,
        "indirect_said": indirect_said(shown.indirect.towns, of=shown.toll.towns),
        "redundant_said": redundant_said(shown.redundant.towns, slug=on.slug),
        "kinds": [(kind, service_name(kind)) for kind in on.of_kind],
        "said": said,
        "unsaid": [one for one in sentences if one not in said],
        "regions": _regions(shown, on),
        "is_by_country": on.slug == About.EUROPE,
        "page": page,
        "lost": [_told(one, on) for one in shown.losses(list(page.object_list))] if is_listed else [],
        "degraded": [_told(one, on) for one in shown.losses(degraded, is_lost=False)],
        "is_listed": is_listed,
        "degraded_count": len(shown.degraded),
        "query": kept,
        "whole_query": query_of(on, chosen) if kind else "",
        "address": request.build_absolute_uri(f"{reverse('outage')}?{kept}"),
    }
    if on.slug == About.COMMUNES:
        ground = map_ground()
        context |= {"ground": ground, "shapes": _shapes(shown, ground)}
    return render(request, "observatory/outage.html", context, status=404 if asked.is_in_vain else 200)


def query_of(on: Dependence, failures: Sequence[str], *, kind: str = "") -> str:
    """The query string that shows this outage of this set."""
    chosen = [(SET, on.slug)] if on.slug != About.COMMUNES else []
    return urlencode([*chosen, *([(SERVICE, kind)] if kind else []), *((FAILS, one) for one in failures)])


def subject_address(one: Subject, slug: str) -> str:
    """The page of a subject; empty where its set has none."""
    if one.code:
        return reverse("territory", kwargs={"kind": "commune", "code": one.code})
    if slug not in About.values:
        return ""
    return f"{reverse('observatory_subject', kwargs={'domain': one.id})}?{urlencode({SET: slug})}"


def sentence(kind: str, shown: Outage) -> Sentence:
    """What is lost of a service."""
    toll, degraded = shown.tolls[kind], shown.degraded_tolls[kind]
    slug = shown.on.slug
    return Sentence(
        kind,
        service_name(kind),
        would_lose(kind, toll.towns, known=toll.known, slug=slug),
        subjects_named(slug, toll.known),
        toll.inhabitants,
        toll.known_inhabitants,
        subjects_named(slug, degraded.towns) if degraded.towns else "",
        degraded.inhabitants,
        toll.share,
    )


def _understood(asked: Asked, kind: str, on: Dependence) -> dict[str, Any]:
    """What the typed name is taken for, what else it may mean, and what is called nearly so, with their addresses."""
    others = [one for one in asked.failures if one not in asked.meant[:1]]

    def instead(failure: str) -> tuple[str, str]:
        return failure_name(failure, on), query_of(on, [*others, failure], kind=kind)

    return {
        "asked": asked,
        "understood": failure_name(asked.meant[0], on) if asked.meant else "",
        "otherwise": list(map(instead, asked.meant[1:MOST_MEANT])),
        "near": list(map(instead, asked.near)),
    }


def _told(one: Loss, on: Dependence) -> dict[str, object]:
    return {
        "subject": one.subject,
        "address": subject_address(one.subject, on.slug),
        "chain": [failure_name(name, on) for name in one.why],
        "origin": origin_name(one.origin, on),
        "is_theirs": one.origin is Origin.OTHERS,
        "misses_authority": one.misses_authority,
        "until": one.until,
    }


def _regions(shown: Outage, on: Dependence) -> list[Line]:
    named = {code: country_name(code) for code in on.regions} if on.slug == About.EUROPE else on.regions
    lines = [
        Line(named.get(region, _("sans région")), one.lost, one.degraded) for region, one in shown.by_region.items()
    ]
    order = sorted(lines, key=lambda line: (-(line.toll.share or 0), -(line.degraded.share or 0), line.name))
    return order if on.regions else []


def _shapes(shown: Outage, ground: Ground) -> list[Shape]:
    return [
        Shape(one.path, _step(tolls), _is_dim(tolls), _says(one.name, tolls))
        for one in ground.outlines
        for tolls in [shown.by_department.get(one.code)]
    ]


def _step(tolls: Tolls | None) -> str:
    if tolls is None or (share := tolls.lost.share) is None:
        return ""
    return str(sum(share >= step for step in STEPS))


def _is_dim(tolls: Tolls | None) -> bool:
    return tolls is not None and (tolls.degraded.share or 0) >= STEPS[0]


def _says(name: str, tolls: Tolls | None) -> str:
    if tolls is None:
        return _("%(name)s : pas encore connu") % {"name": name}
    words = {"name": name, "lost": tolls.lost.towns, "known": tolls.lost.known, "dim": tolls.degraded.towns}
    if tolls.degraded.towns:
        return _("%(name)s : %(lost)s communes éteintes et %(dim)s diminuées sur %(known)s") % words
    return _("%(name)s : %(lost)s communes sur %(known)s") % words
