"""Where the platform's data comes from: a page that credits every source and says what is missing."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from arobase.territories.queries.provenance import LAYERS, Provenance, provenances
from arobase.web.access import ANYONE, open_to

LAYER_WORDS = {
    1: _("miroir local de la publication officielle"),
    2: _("publication officielle"),
    3: _("paquets logiciels verrouillés"),
}
CHANGE_WORDS = {"added": _("ajoutés"), "changed": _("modifiés"), "removed": _("retirés")}
CREDITS = [
    ("INSEE", _("code officiel géographique, populations"), "Licence Ouverte 2.0"),
    ("IGN", _("contours ADMIN EXPRESS"), "Licence Ouverte 2.0"),
    ("DGCL", _("intercommunalités et leurs membres"), "Licence Ouverte 2.0"),
    ("La Poste", _("codes postaux"), "Licence Ouverte 2.0"),
    ("DILA", _("positions des mairies"), "Licence Ouverte 2.0"),
    ("Etalab", _("découpage administratif, mise en forme des précédents"), "MIT"),
    ("Natural Earth", _("pays voisins, contours d’outre-mer"), _("domaine public")),
    ("GeoNames", _("position de communes d’outre-mer"), "CC BY 4.0"),
]


@open_to(ANYONE)
def data(request: HttpRequest) -> HttpResponse:
    """Every source of data, what was loaded of it, what is missing, and how to take the data away."""
    sources = provenances()
    context = {
        "sources": [_shown(source) for source in sources],
        "loaded": sum(source.is_loaded for source in sources),
        "credits": _credits(sources),
        "downloads": _address("laureates_download", extension="csv"),
        "observatory_api": _address("observatory_api"),
        "schema": _address("schema"),
    }
    return render(request, "territories/data.html", context)


@open_to(ANYONE)
def data_document(request: HttpRequest) -> JsonResponse:
    """The same as JSON."""
    answer = JsonResponse(
        {"sources": [_document(source) for source in provenances()]}, json_dumps_params={"ensure_ascii": False}
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _credits(sources: Iterable[Provenance]) -> list[tuple[str, Any, Any]]:
    """Those whose work is used: named as publisher or in the licence of what is loaded."""
    named = " ".join(f"{source.publisher} {source.state.licence}" for source in sources if source.state)
    return [credit for credit in CREDITS if credit[0] in named]


def _address(name: str, **arguments: str) -> str:
    """The address of a page of another capability; empty where that is not installed."""
    try:
        return reverse(name, kwargs=arguments)
    except NoReverseMatch:
        return ""


def _shown(source: Provenance) -> dict[str, Any]:
    layer = source.state.layer if source.state else None
    return {
        "source": source,
        "state": source.state,
        "command": "" if source.state and "arobase data load" in source.state.note else source.command,
        "layer": LAYER_WORDS.get(layer or 0, ""),
        "changes": [(CHANGE_WORDS.get(what, what), number) for what, number in source.changes.items()],
    }


def _document(source: Provenance) -> dict[str, Any]:
    about: dict[str, Any] = {"name": source.name, "title": str(source.title), "publisher": source.publisher}
    if (state := source.state) is None or not source.is_loaded:
        return {**about, "loaded": False, "note": state.note if state else "", "command": source.command}
    return {
        **about,
        "loaded": True,
        "layer": LAYERS.get(state.layer) if state.layer else None,
        "version": state.version,
        "licence": state.licence,
        "rows": state.rows,
        "changes": state.changes,
        "note": state.note,
        "seconds": state.seconds,
        "loaded_at": state.loaded_at.isoformat(),
        "command": source.command,
    }
