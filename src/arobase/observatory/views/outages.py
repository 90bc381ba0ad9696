"""How communes' mail stands, and what goes dark when someone fails."""

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

from arobase.observatory.queries.dependence import Dependence, Origin, dependence
from arobase.observatory.queries.outages import Outage, Reach, Toll, outage, standing
from arobase.observatory.rules.outage import UnknownFailure
from arobase.observatory.rules.providers import Law
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.wording import country_name, failure_name, law_name
from arobase.territories.queries.locator import Ground, map_ground
from arobase.web.access import ANYONE, open_to
from arobase.web.charts.multiples import shares

PER_PAGE = 100
FIRST_CHOICES = 12
STEPS = (0.05, 0.2, 0.4, 0.6, 0.8)  # shares from which a department is drawn darker
FAILS = "tombe"


@dataclass(frozen=True)
class Choice:
    """Something that can be made to fail, ticked or not."""

    failure: str
    name: str
    towns: int
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """A line of the table by region."""

    name: str
    toll: Toll


@dataclass(frozen=True)
class Shape:
    """A department on the map: `step` from 0 (lit) to 5 (dark), empty where nothing is known of it."""

    path: str
    step: str
    says: str


@open_to(ANYONE)
@require_safe
def observatory(request: HttpRequest) -> HttpResponse:
    """How communes' mail stands as a whole, and the failures that would hurt most."""
    on = dependence(catalogue())
    stands = standing(on)
    context = {
        **_said_of(on),
        "stands": stands,
        "first": next((_row(one, on) for one in stands.providers), None),
        "worst": [_row(one, on) for one in stands.worst],
        "providers": [_row(one, on) for one in stands.providers],
        "laws": shares({law_name(law): (f"law-{law.lower()}", stands.by_law.get(law, 0)) for law in Law}),
    }
    return render(request, "observatory/observatory.html", context)


@open_to(ANYONE)
@require_safe
def outage_page(request: HttpRequest) -> HttpResponse:
    """What goes dark when those that the address names fail."""
    on = dependence(catalogue())
    chosen = list(dict.fromkeys(request.GET.getlist(FAILS)))
    try:
        shown = outage(chosen, on)
    except UnknownFailure as error:
        context = {**_said_of(on), "unknown": error.name, "choices": _choices([], on), "fails": FAILS}
        return render(request, "observatory/outage.html", context, status=404)
    names = [failure_name(one, on) for one in chosen]
    page = Paginator(shown.lost, PER_PAGE).get_page(request.GET.get("page"))
    ground = map_ground()
    kept = urlencode([(FAILS, one) for one in chosen])
    context = {
        **_said_of(on),
        "fails": FAILS,
        "chosen": chosen,
        "names": names,
        "choices": _choices(chosen, on),
        "outage": shown,
        "regions": _regions(shown, on),
        "shapes": _shapes(shown, ground),
        "ground": ground,
        "page": page,
        "lost": [(town, [on.name(one) for one in chain]) for town, chain in page.object_list],
        "query": kept,
        "address": request.build_absolute_uri(f"{reverse('outage')}?{kept}"),
    }
    return render(request, "observatory/outage.html", context)


def _said_of(on: Dependence) -> dict[str, Any]:
    """How many communes, from which origin, and what is not measured yet."""
    return {
        "total": len(on.towns),
        "known": on.known,
        "declared": on.origins.get(Origin.DECLARED, 0),
        "others": on.origins.get(Origin.OTHERS, 0),
        "inhabitants": on.inhabitants,
        "project": on.seen_by_others,
    }


def _row(one: Reach, on: Dependence) -> dict[str, Any]:
    owners = on.catalogue.owners(one.failure)
    return {
        "reach": one,
        "name": failure_name(one.failure, on),
        "others": one.towns - one.declared,
        "law": law_name(one.law),
        "owner": f"{owners[-1].name} ({country_name(owners[-1].country)})" if owners else "",
        "query": urlencode({FAILS: one.failure}),
    }


def _choices(chosen: Sequence[str], on: Dependence) -> dict[str, list[Choice]]:
    """What can fail: those that would take most first, the others folded away unless one of them is ticked."""
    reaches = standing(on).reaches
    made = [Choice(one.failure, failure_name(one.failure, on), one.towns, one.failure in chosen) for one in reaches]
    return {"first": made[:FIRST_CHOICES], "more": made[FIRST_CHOICES:]}


def _regions(shown: Outage, on: Dependence) -> list[Line]:
    lines = [Line(on.regions.get(region, _("sans région")), toll) for region, toll in shown.by_region.items()]
    return sorted(lines, key=lambda line: (-(line.toll.share or 0), line.name))


def _shapes(shown: Outage, ground: Ground) -> list[Shape]:
    return [
        Shape(one.path, _step(toll), _says(one.name, toll))
        for one in ground.outlines
        for toll in [shown.by_department.get(one.code)]
    ]


def _step(toll: Toll | None) -> str:
    if toll is None or toll.share is None:
        return ""
    return str(sum(toll.share >= step for step in STEPS))


def _says(name: str, toll: Toll | None) -> str:
    if toll is None:
        return _("%(name)s : pas encore connu") % {"name": name}
    return _("%(name)s : %(lost)s communes sur %(known)s") % {"name": name, "lost": toll.towns, "known": toll.known}
