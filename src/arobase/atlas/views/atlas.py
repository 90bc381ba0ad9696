"""The atlas of the label: the same laureates as a sentence, a drawn map, a map that moves, a list, and for embeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import condition, require_safe

from arobase.atlas.queries.downloads import changed_at
from arobase.atlas.queries.laureates import Laureate, Order, Results, choices, laureates, members
from arobase.atlas.queries.picture import picture
from arobase.atlas.queries.tiles import current
from arobase.atlas.rules.filters import KINDS, LEVELS, UNSTATED, BadFilter, LaureateFilter
from arobase.territories.models import Kind
from arobase.territories.queries.provenance import provenances
from arobase.territories.rules.names import intercommunal_name, typeset
from arobase.territories.rules.sizes import SIZE_CLASSES
from arobase.territories.views.phrases import SIZE_NAMES
from arobase.web.access import ANYONE, open_to

ROWS = 50
OWN = ("tri", "page", "theme")  # parameters of the page that choose no laureate
OVERSEAS = (  # where the buttons fly to: longitude, latitude, zoom
    (gettext_lazy("Guadeloupe"), "-61.4,16.2,8"),
    (gettext_lazy("Martinique"), "-61.02,14.64,9"),
    (gettext_lazy("Guyane"), "-53.1,3.95,6.5"),
    (gettext_lazy("La Réunion"), "55.53,-21.13,9"),
    (gettext_lazy("Mayotte"), "45.15,-12.82,9.5"),
    (gettext_lazy("Nouvelle-Calédonie"), "165.6,-21.3,6.2"),
    (gettext_lazy("Polynésie française"), "-149.5,-17.6,8"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the atlas."""

    kept: LaureateFilter
    order: Order
    page: int

    @property
    def query(self) -> str:
        return self.kept.to_query()


def _changed(_request: HttpRequest, **_arguments: Any) -> Any:
    return changed_at()


@open_to(ANYONE)
@require_safe
def atlas(request: HttpRequest) -> HttpResponse:
    """The page: form, map, list."""
    asked = _asked(request)
    offered = choices()
    tiles = current()
    context = {
        **_results(asked),
        "choices": offered,
        "levels": [(level, str(level or UNSTATED) in _levels(asked)) for level in (*map(int, reversed(LEVELS)), 0)],
        "kinds": [(kind, _kind_names()[kind], kind in asked.kept.kinds) for kind in KINDS],
        "sizes": [(size.slug, SIZE_NAMES[size.slug], size.slug in asked.kept.population) for size in SIZE_CLASSES],
        "tiles": reverse("tiles", kwargs={"name": tiles.name}) if tiles else "",
        "years": ",".join(str(year) for year, _number in reversed(offered.years)),
        "overseas": OVERSEAS,
        "embed": f'<iframe src="{settings.SITE_URL}{reverse("atlas_embed")}?{asked.query}" width="100%" height="720" '
        f'title="{_("Atlas du label Territoires, Villes et Villages Internet")}"></iframe>',
    }
    return render(request, "atlas/atlas.html", context)


@open_to(ANYONE)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The list alone, for a page that is there already."""
    return render(request, "atlas/atlas_results.html", _results(_asked(request)))


@open_to(ANYONE)
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embed(request: HttpRequest) -> HttpResponse:
    """Map and list without the shell, for other sites to frame."""
    return render(request, "atlas/embed.html", _results(_asked(request)))


@open_to(ANYONE)
@require_safe
@condition(last_modified_func=_changed)
def drawn(request: HttpRequest) -> HttpResponse:
    """The map drawn on the server."""
    asked = _asked(request)
    found = laureates(asked.kept)
    theme = "dark" if request.GET.get("theme") == "sombre" else "light"
    context = {"drawing": picture(found.laureates, theme=theme), "sentence": sentence(asked.kept, found)}
    answer = render(request, "atlas/picture.svg", context, content_type="image/svg+xml")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@open_to(ANYONE)
@require_safe
@condition(last_modified_func=_changed)
def places(request: HttpRequest) -> HttpResponse:
    """What the map that moves puts on the ground."""
    asked = _asked(request)
    found = laureates(asked.kept)
    communes = members([one.id for one in found.laureates if one.row.kind == Kind.EPCI])
    body = {
        "laureates": [_place(one, communes.get(one.id)) for one in found.laureates],
        "known": found.known,
        "total": found.total,
        "year": asked.kept.year,
    }
    answer = HttpResponse(orjson.dumps(body), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


def sentence(kept: LaureateFilter, found: Results) -> str:
    """What the filter keeps, of how many, in a sentence."""
    number = len(found.laureates)
    territories = ngettext("%(n)s territoire lauréat", "%(n)s territoires lauréats", number) % {"n": number}
    if kept.year is None:
        return _("%(territories)s, toutes éditions connues ensemble.") % {"territories": territories}
    if found.total is None:
        return _("%(territories)s en %(year)s ; le total de cette édition n’est pas publié.") % {
            "territories": territories,
            "year": kept.year,
        }
    return _("%(territories)s en %(year)s : l’atlas en connaît %(known)s sur %(total)s récompensés.") % {
        "territories": territories,
        "year": kept.year,
        "known": found.known,
        "total": found.total,
    }


def _asked(request: HttpRequest) -> Asked:
    """The filter, order and page of an address. Raises BadRequest that names the parameter."""
    query = {name: values for name, values in request.GET.lists() if name not in OWN and any(values)}
    try:
        kept = LaureateFilter.from_query(query)
        order = Order(request.GET.get("tri") or Order.LEVEL)
        page = int(request.GET.get("page") or 1)
    except BadFilter as error:
        raise BadRequest(
            _("Paramètre %(parameter)s : « %(value)s » ne convient pas. Attendu : %(expected)s.")
            % {"parameter": error.parameter, "value": error.value, "expected": ", ".join(error.expected)}
        ) from error
    except ValueError as error:
        raise BadRequest(
            _("Paramètre tri ou page : attendu %(expected)s, ou un numéro de page.")
            % {"expected": ", ".join(order.value for order in Order)}
        ) from error
    return Asked(kept, order, max(page, 1))


def _results(asked: Asked) -> dict[str, Any]:
    found = laureates(asked.kept, order=asked.order)
    pages = max(1, -(-len(found.laureates) // ROWS))
    page = min(asked.page, pages)
    shown = found.laureates[(page - 1) * ROWS : page * ROWS]
    return {
        "asked": asked,
        "found": found,
        "sentence": sentence(asked.kept, found),
        "is_partial": found.total is None or found.known < found.total,
        "rows": [(one, _name(one)) for one in shown],
        "heads": [(name, _address(asked, tri=order.value), order is asked.order) for order, name in _heads().items()],
        "pages": [(number, _address(asked, page=number), number == page) for number in range(1, pages + 1)],
        "contours": next((one.state for one in provenances() if one.name == "contours"), None),
        "picture": f"{reverse('atlas_picture')}?{asked.query}",
    }


def _heads() -> Mapping[Order, str]:
    return {
        Order.LEVEL: _("Niveau"),
        Order.NAME: _("Territoire"),
        Order.YEAR: _("Année"),
        Order.POPULATION: _("Habitants"),
    }


def _kind_names() -> Mapping[str, str]:
    return {
        "commune": _("communes"),
        "epci": _("intercommunalités"),
        "departement": _("départements"),
        "region": _("régions"),
    }


def _levels(asked: Asked) -> set[str]:
    return {str(level) for level in asked.kept.levels}


def _address(asked: Asked, **own: Any) -> str:
    state = {"tri": asked.order.value, **own}
    return f"{reverse('atlas')}?{'&'.join(filter(None, (asked.query, urlencode(state))))}"


def _name(one: Laureate) -> str:
    return intercommunal_name(one.row.territory) if one.row.kind == Kind.EPCI else typeset(one.row.territory)


def _place(one: Laureate, communes: list[str] | None) -> dict[str, Any]:
    row = one.row
    place = {
        "id": one.id,
        "code": row.code,
        "kind": row.kind,
        "name": _name(one),
        "lon": row.lon,
        "lat": row.lat,
        "level": row.level,
        "distinctions": list(row.distinctions),
        "years": one.years,
        "url": reverse("territory", kwargs={"kind": one.slug, "code": row.code}),
    }
    return place | ({"members": communes} if communes else {})
