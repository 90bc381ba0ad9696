"""The search page, and the suggestions behind every field that asks for a territory."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arobase.territories.models import Kind
from arobase.territories.queries.gazetteer import FOUND_BY_DEFAULT, Gazetteer, Place, gazetteer, gazetteer_async
from arobase.territories.rules.search import Hit, Why
from arobase.web.access import ANYONE, open_to

SUGGESTED = 8
LISTED = 50
LONGEST_QUERY = 200
SLUGS = {
    Kind.COMMUNE: "commune",
    Kind.DELEGATED: "commune-deleguee",
    Kind.ASSOCIATED: "commune-associee",
    Kind.ARRONDISSEMENT: "arrondissement",
    Kind.DEPARTMENT: "departement",
    Kind.REGION: "region",
    Kind.FORMER_REGION: "ancienne-region",
    Kind.EPCI: "epci",
    Kind.COLLECTIVITY: "collectivite",
}
REASONS = {
    Why.EXACT: gettext_lazy("nom exact"),
    Why.BEGINNING: gettext_lazy("début du nom"),
    Why.WORDS: gettext_lazy("mots du nom"),
    Why.SPELLING: gettext_lazy("orthographe proche"),
    Why.POSTAL_CODE: gettext_lazy("code postal"),
    Why.CODE: gettext_lazy("code officiel"),
}


@open_to(ANYONE)
def search(request: HttpRequest) -> HttpResponse:
    """Everything that a query finds, as a page that works without JavaScript."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    kinds = _kinds(request)
    places = gazetteer()
    hits = places.search.search(query, limit=LISTED, kinds=kinds) if query else []
    context = {
        "query": query,
        "kinds": ",".join(request.GET.get("kinds", "").split(",")),
        "is_empty": not places.places,
    }
    return render(request, "territories/search.html", {**context, "found": [_found(hit, places) for hit in hits]})


@open_to(ANYONE)
async def suggestions(request: HttpRequest) -> HttpResponse:
    """The best few for what has been typed so far, as JSON."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    places = await gazetteer_async()
    hits = places.search.search(query, limit=SUGGESTED, kinds=_kinds(request)) if query else []
    body = orjson.dumps({"query": query, "suggestions": [_found(hit, places) for hit in hits]})
    headers = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Language, Cookie"}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


def _kinds(request: HttpRequest) -> Sequence[str]:
    """The kinds asked for, by their slug or value; unless any is known: those that people look for."""
    by_slug = {slug: kind for kind, slug in SLUGS.items()} | {kind.value: kind for kind in Kind}
    asked = [by_slug[name] for name in request.GET.get("kinds", "").split(",") if name in by_slug]
    return asked or FOUND_BY_DEFAULT


def _found(hit: Hit, places: Gazetteer) -> dict[str, Any]:
    place = places.places[hit.position]
    return {
        "id": place.id,
        "code": place.code,
        "name": place.name,
        "kind": str(Kind(place.kind).label),
        "where": _where(place, places),
        "why": hit.why,
        "reason": _reason(hit),
        "url": _url(Kind(place.kind), place.code),
    }


def _where(place: Place, places: Gazetteer) -> str:
    if place.kind == Kind.EPCI:
        within = [places.department(code) for code in places.departments_of_epci.get(place.code, ())]
        return ", ".join(department.name for department in within if department)
    if place.kind == Kind.DEPARTMENT:
        region = places.region(place.region)
        return region.name if region else ""
    department = places.department(place.department) if place.kind not in {Kind.REGION, Kind.COLLECTIVITY} else None
    return f"{department.name} ({department.code})" if department else ""


def _reason(hit: Hit) -> str:
    if hit.why == Why.FORMER:
        return _("ancien nom : %(name)s") % {"name": hit.matched}
    if hit.why == Why.POSTAL_CODE:
        return _("code postal %(code)s") % {"code": hit.matched}
    return str(REASONS[hit.why])


def _url(kind: Kind, code: str) -> str:
    try:
        return reverse("territory", args=[SLUGS[kind], code])
    except NoReverseMatch:
        return ""
