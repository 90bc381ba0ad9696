"""The doors of the geographic API: a Django view, and for speed a plain ASGI application in front of it."""

from typing import Any
from urllib.parse import quote

import orjson
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from arobase.territories.api.answers import FRESH_FOR_S, JSON, Answer, answer, needs_contours
from arobase.territories.api.openapi import document
from arobase.territories.api.operations import OPERATIONS
from arobase.territories.queries.gazetteer import gazetteer_async
from arobase.web.access import ANYONE, open_to

READING = "GET, HEAD, OPTIONS"
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "X-Content-Type-Options": "nosniff",
}
PREFLIGHT = {
    **OPEN_TO_ALL,
    "Allow": READING,
    "Access-Control-Allow-Methods": READING,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


@open_to(ANYONE)
async def geo(request: HttpRequest, path: str) -> HttpResponse:
    """One answer of the geographic API."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=PREFLIGHT)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={**OPEN_TO_ALL, "Allow": READING})
    given = await answered(
        path=path,
        query=request.META.get("QUERY_STRING", ""),
        language=get_language() or "fr",
        if_none_match=request.headers.get("If-None-Match", ""),
    )
    return HttpResponse(given.body, status=given.status, headers=headers_of(given))


async def answered(*, path: str, query: str, language: str, if_none_match: str) -> Answer:
    places = await gazetteer_async()
    if not places.has_read_contours and needs_contours(query):
        # The first of them reads all contours from the database.
        await sync_to_async(lambda: places.contours)()
    return answer(places, path=path, query=query, language=language, if_none_match=if_none_match)


def headers_of(given: Answer) -> dict[str, str]:
    """Headers of an answer: who may read it, how long it stays fresh, how it is asked for again."""
    if not given.etag:
        return {
            **OPEN_TO_ALL,
            "Content-Type": given.content_type,
            "Cache-Control": "no-store",
            "Vary": "Accept-Language",
        }
    fresh = {"Cache-Control": f"public, max-age={FRESH_FOR_S}", "ETag": given.etag}
    return {**OPEN_TO_ALL, "Content-Type": given.content_type, **fresh}


@open_to(ANYONE)
async def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    headers = {**OPEN_TO_ALL, "Cache-Control": f"public, max-age={FRESH_FOR_S}", "Vary": "Accept-Language"}
    return HttpResponse(orjson.dumps(document()), content_type=JSON, headers=headers)


@open_to(ANYONE)
def documentation(request: HttpRequest) -> HttpResponse:
    """How to use the geographic API, with examples to click."""
    return render(request, "territories/api.html", {"operations": [_explained(one) for one in OPERATIONS]})


_EXAMPLES = {
    "/communes": [
        "nom=havre&limit=5",
        "codePostal=76600",
        "lat=49.49&lon=0.11&fields=nom,code,epci",
        "codeDepartement=76&boost=population&nom=saint&limit=5",
        "ancienCode=76476&fields=nom,code,anciensCodes",
    ],
    "/communes/{code}": ["fields=nom,code,population,surface,centre,mairie"],
    "/epcis": ["nom=havre&limit=3"],
    "/epcis/{code}/communes": ["fields=nom,code&format=geojson"],
    "/departements": ["codeRegion=28", "zone=com"],
    "/departements/{code}/communes": ["fields=nom,code,population&limit=10"],
    "/regions": ["zone=metro,drom,com"],
    "/communes_associees_deleguees": ["nom=gravenchon"],
}
_CODES = {"communes": "76351", "epcis": "200084952", "departements": "76", "regions": "28"}


def _explained(operation: Any) -> dict[str, Any]:
    collection = operation.path.split("/")[1]
    address = "/api/geo" + operation.path.replace("{code}", _CODES.get(collection, "76476"))
    examples = [
        {"url": f"{address}?{query}" if query else address, "href": quote(address) + (f"?{query}" if query else "")}
        for query in _EXAMPLES.get(operation.path, [""])
    ]
    return {
        "path": f"/api/geo{operation.path}",
        "anchor": operation.path.strip("/").translate(str.maketrans("/{}", "---")).strip("-"),
        "summary": operation.summary,
        "parameters": list(operation.parameters.values()),
        "default": operation.resource.default,
        "fields": list(operation.resource.fields),
        "examples": examples,
    }
