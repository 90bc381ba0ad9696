"""How much of each layer rests on how few: the page, and the same as open data."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from arobase.observatory.models import About
from arobase.observatory.queries.concentration import LARGEST, Concentration, concentrations
from arobase.observatory.queries.dependence import Dependence
from arobase.observatory.views.downloads import LOST
from arobase.observatory.views.outages import query_of
from arobase.observatory.views.sets import SET, said_of, set_of, sets
from arobase.observatory.views.wording import country_name, layer_name
from arobase.territories.rules.spelling import folded
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import Column, Table, Type, document, download, schema_of

LAYER = "couche"
_OURS = gettext_lazy("calculé par Arobase : docs/methodology/observatory.md")


@open_to(ANYONE)
@require_safe
def concentration(request: HttpRequest) -> HttpResponse:
    """One layer, region by region; the first that is known where the address names none."""
    on = set_of(request)
    found = concentrations(on)
    layers = list(dict.fromkeys(one.layer for one in found))
    asked = request.GET.get(LAYER)
    chosen = next((one for one in layers if one == asked), layers[0] if layers else None)
    whole, *places = [_row(one, on) for one in found if one.layer == chosen] or [{}]
    rows = [whole, *sorted(places, key=lambda row: folded(row["name"]))] if whole else []
    context = {
        **said_of(on),
        "sets": sets(),
        "set_name": SET,
        "layer_name": LAYER,
        "layers": [(one, layer_name(one)) for one in layers],
        "chosen": chosen,
        "chosen_name": layer_name(chosen) if chosen else "",
        "largest": LARGEST,
        "rows": rows,
        "whole": whole,
        "is_europe": on.slug == About.EUROPE,
        "has_regions": bool(on.regions),
    }
    return render(request, "observatory/concentration.html", context)


def _row(one: Concentration, on: Dependence) -> dict[str, Any]:
    node = f"{one.layer}:{one.first[0]}" if one.first else ""
    return {
        "told": one,
        "name": place_name(one.region, on),
        "largest": [one.largest.get(k) for k in LARGEST],
        "first": on.name(node) if node else "",
        "query": query_of(on, [node]) if on.graph.can_fail(node) else "",
    }


def place_name(region: str | None, on: Dependence) -> str:
    """A region of a set, a country in that of several, the set as a whole."""
    if region is None:
        return _("Ensemble")
    if not region:
        return _("sans région")
    return country_name(region) if on.slug == About.EUROPE else on.regions.get(region, region)


Row = tuple[Concentration, Dependence]


def _share_of(k: int) -> Column[Row]:
    means = gettext_lazy("Part des plus grands, de 0 à 1 : combien ils sont est à la fin du nom de la colonne")
    return Column(f"largest_{k}", Type.NUMBER, means, _OURS, lambda row: row[0].largest.get(k))


CONCENTRATION = Table[Row](
    "concentration",
    gettext_lazy("Concentration par couche et par région"),
    gettext_lazy("Combien de prestataires se partagent chaque couche, dans chaque région et dans l’ensemble."),
    (
        Column("layer", Type.STRING, gettext_lazy("Couche"), _OURS, lambda row: str(row[0].layer), is_required=True),
        Column(
            "region",
            Type.STRING,
            gettext_lazy("Identifiant de la région, pays en Europe ; vide pour l’ensemble"),
            _OURS,
            lambda row: row[0].region,
        ),
        Column("name", Type.STRING, gettext_lazy("Nom"), _OURS, lambda row: place_name(row[0].region, row[1])),
        Column("subjects", Type.INTEGER, gettext_lazy("Combien y sont"), _OURS, lambda row: row[0].subjects),
        Column("known", Type.INTEGER, gettext_lazy("Dont la couche est connue"), _OURS, lambda row: row[0].known),
        Column(
            "hhi",
            Type.NUMBER,
            gettext_lazy("Indice de Herfindahl-Hirschman, de 0 à 1 pour un seul prestataire"),
            _OURS,
            lambda row: row[0].index,
        ),
        *map(_share_of, LARGEST),
        Column(
            "first",
            Type.STRING,
            gettext_lazy("Le plus grand : identifiant ou domaine"),
            _OURS,
            lambda row: row[0].first[0] if row[0].first else None,
        ),
        Column(
            "first_count",
            Type.INTEGER,
            gettext_lazy("Combien sont chez lui"),
            _OURS,
            lambda row: row[0].first[1] if row[0].first else None,
        ),
    ),
    LOST.licence,
    lambda _row: None,
)


@open_to(ANYONE)
@require_safe
def concentration_file(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Every layer and region of a set."""
    on = set_of(request)
    return download(
        request,
        table=CONCENTRATION,
        rows=((one, on) for one in concentrations(on)),
        extension=extension,
        stem=f"concentration-{on.slug}",
        schema_url=request.build_absolute_uri(reverse("concentration_schema")),
        last_modified=None,
    )


@open_to(ANYONE)
@require_safe
def concentration_schema(request: HttpRequest) -> HttpResponseBase:
    """What the columns mean, where they come from, under which licence."""
    return document(request, schema_of(CONCENTRATION))
