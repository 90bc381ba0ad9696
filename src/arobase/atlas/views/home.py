"""The first page: what the platform knows, in a sentence, and the ways in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from arobase.atlas.queries.home import home
from arobase.web.access import ANYONE, open_to

PICTURE = "/atlas/carte.svg"
WAYS = [
    ("atlas", _("L’atlas du label"), _("La carte et la liste des lauréats, année par année.")),
    (
        "dynamics",
        _("Les dynamiques"),
        _("Régions, départements, intercommunalités : combien de lauréats, et pour qui."),
    ),
    ("territories", _("Les territoires"), _("Une page pour chaque commune, intercommunalité, département et région.")),
    ("data", _("Les données"), _("D’où elles viennent, de quand elles datent, et comment les reprendre.")),
    ("geo_api", _("L’API géographique"), _("Les mêmes adresses et les mêmes réponses que celle de l’État.")),
]


@open_to(ANYONE)
def first_page(request: HttpRequest) -> HttpResponse:
    """The home page."""
    context = {"home": home(), "ways": _ways(), "picture": PICTURE if _answers(PICTURE) else ""}
    return render(request, "atlas/home.html", context)


def _ways() -> list[dict[str, Any]]:
    """The ways in that are installed."""
    ways = []
    for name, title, sentence in WAYS:
        try:
            ways.append({"address": reverse(name), "title": title, "sentence": sentence})
        except NoReverseMatch:
            continue
    return ways


def _answers(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
