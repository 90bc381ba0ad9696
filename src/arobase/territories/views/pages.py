"""A page per territory, the index of the ground, and what belongs to each page: map, contour."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from arobase.registry.registers import panels
from arobase.territories.models import Kind, Succession, Territory
from arobase.territories.queries.gazetteer import FOUND_BY_DEFAULT, gazetteer
from arobase.territories.queries.locator import locator, map_ground
from arobase.territories.queries.pages import (
    Former,
    FormerTerritory,
    NoContour,
    Order,
    TerritoryPage,
    UnknownTerritory,
    contour,
    former_territory,
    ground,
    territory_page,
)
from arobase.territories.rules.addresses import KINDS, SLUGS
from arobase.territories.rules.projection import CANVAS
from arobase.territories.views import phrases
from arobase.web.access import ANYONE, open_to
from arobase.web.dates import day

SUGGESTED = 6
API = {
    Kind.COMMUNE: "/communes/{code}",
    Kind.DELEGATED: "/communes_associees_deleguees/{code}",
    Kind.ASSOCIATED: "/communes_associees_deleguees/{code}",
    Kind.ARRONDISSEMENT: "/communes/{code}?type=arrondissement-municipal",
    Kind.DEPARTMENT: "/departements/{code}",
    Kind.COLLECTIVITY: "/departements/{code}",
    Kind.REGION: "/regions/{code}",
    Kind.EPCI: "/epcis/{code}",
}


@open_to(ANYONE)
def territory(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The page of a territory of today; of one of before, what it became."""
    if kind not in KINDS:
        return _unknown(request, code)
    order = Order.POPULATION if request.GET.get("tri") == Order.POPULATION else Order.NAME
    try:
        page = territory_page(KINDS[kind], code, order=order)
    except UnknownTerritory:
        return _of_before(request, kind, code)
    return render(request, "territories/territory.html", _context(request, page, order=order))


def _context(request: HttpRequest, page: TerritoryPage, *, order: Order) -> dict[str, Any]:
    id = page.territory.pk
    offers = sorted(panels, key=lambda panel: panel.order)
    variables = [(panel, panel.context(id)) for panel in offers]
    return {
        "page": page,
        "territory": page.territory,
        "place": page.place,
        "slug": SLUGS[page.territory.kind],
        "kind_label": Kind(page.territory.kind).label,
        "summary": phrases.summary(page),
        "order": order,
        "where": locator(page.territory),
        "canvas": CANVAS,
        "hall": _hall(page.territory),
        "siren": _grouped(page.territory.siren),
        "population_version": next((state.version for state in page.sources if state.name == "code"), ""),
        "similar": [(found, phrases.likeness(found.reasons)) for found in page.similar],
        "formers": [(former, _event(former)) for former in page.formers],
        "panels": [
            {"title": panel.title, "content": render_to_string(panel.template, dict(given), request)}
            for panel, given in variables
            if given is not None
        ],
        "api": reverse("geo_api") + API[Kind(page.territory.kind)].format(code=page.territory.code)
        if page.territory.kind in API
        else "",
        "formers_are_undated": any(former.on is None for former in page.formers),
    }


def _event(former: Former) -> str:
    """What happened and when; empty where the day is not known."""
    return f"{phrases.event_label(former.event)}, {day(former.on)}" if former.on else ""


def _hall(territory: Territory) -> dict[str, str] | None:
    """Where the town hall stands: in words, and as an address that a map application opens."""
    lon, lat = territory.hall_lon, territory.hall_lat
    if lon is None or lat is None:
        return None
    return {"words": phrases.coordinates(lon=lon, lat=lat), "address": f"geo:{lat},{lon}"}


def _grouped(siren: str) -> str:
    """A SIREN as it is printed, three digits by three."""
    return "\u202f".join(siren[start : start + 3] for start in range(0, len(siren), 3))


def _of_before(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """A former code: straight on to today's where only the code changed, else a page that tells."""
    try:
        former = former_territory(KINDS[kind], code)
    except UnknownTerritory:
        return _unknown(request, code, kind=kind)
    if former.event == Succession.Event.RECODED and len(former.successors) == 1:
        successor = former.successors[0]
        return HttpResponsePermanentRedirect(reverse("territory", args=[SLUGS[successor.kind], successor.code]))
    return render(request, "territories/former.html", _former_context(former))


def _former_context(former: FormerTerritory) -> dict[str, Any]:
    return {
        "former": former,
        "summary": phrases.became(former),
        "event": phrases.event_label(former.event),
        "day": day(former.on) if former.on else "",
        "kind_label": Kind(former.kind).label,
    }


def _unknown(request: HttpRequest, code: str, *, kind: str = "") -> HttpResponse:
    """404, with what the last part of the address may have meant."""
    places = gazetteer()
    hits = places.search.search(code.replace("-", " "), limit=SUGGESTED, kinds=FOUND_BY_DEFAULT)
    suggestions = [
        {"slug": SLUGS[place.kind], "code": place.code, "name": place.name, "kind_label": Kind(place.kind).label}
        for place in (places.places[hit.position] for hit in hits)
    ]
    context = {
        "code": code,
        "kind_label": Kind(KINDS[kind]).label if kind in KINDS else "",
        "suggestions": suggestions,
        "is_empty": not places.places,
    }
    return render(request, "territories/unknown.html", context, status=404)


@open_to(ANYONE)
def contour_file(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The contour of a territory as a GeoJSON Feature, to download."""
    if kind not in KINDS:
        return _unknown(request, code)
    try:
        found, geometry = contour(KINDS[kind], code)
    except UnknownTerritory:
        return _unknown(request, code, kind=kind)
    except NoContour:
        return render(request, "territories/no_contour.html", {"slug": kind, "code": code}, status=404)
    properties = {
        "kind": found.kind,
        "code": found.code,
        "nom": found.name,
        "population": found.population,
        "source": "IGN ADMIN EXPRESS",
    }
    # The geometry is spliced in as it is kept: a region's is not worth parsing to print it again.
    head = f'{{"type":"Feature","id":{json.dumps(found.pk)},"properties":{json.dumps(properties, ensure_ascii=False)}'
    body = head.encode() + b',"geometry":' + geometry + b"}"
    headers = {
        "Content-Disposition": f'attachment; filename="{kind}-{code}.geojson"',
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "public, max-age=3600",
    }
    return HttpResponse(body, content_type="application/geo+json; charset=utf-8", headers=headers)


@open_to(ANYONE)
def map_file(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Where a territory lies in France, as an SVG of its own."""
    if kind not in KINDS:
        return _unknown(request, code)
    try:
        page = territory_page(KINDS[kind], code)
    except UnknownTerritory:
        return _unknown(request, code, kind=kind)
    context = {
        "ground": map_ground(),
        "where": locator(page.territory),
        "place": page.place,
        "summary": phrases.summary(page),
    }
    return render(request, "territories/locator.svg", context, content_type="image/svg+xml")


@open_to(ANYONE)
def ground_file(request: HttpRequest) -> HttpResponse:
    """The outlines that all locators are drawn over; pages refer to it, so that it is fetched once."""
    answer = render(request, "territories/ground.svg", {"ground": map_ground()}, content_type="image/svg+xml")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@open_to(ANYONE)
def index(request: HttpRequest) -> HttpResponse:
    """All of France: regions and their departments, overseas collectivities, former regions."""
    return render(request, "territories/index.html", {"ground": ground()})
