"""What every subject of a set stands on, as open data: a row for each provider of each layer."""

from collections.abc import Iterator
from typing import NamedTuple

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from arobase.observatory.models import About, Campaign, Standing
from arobase.observatory.queries.dependence import published
from arobase.observatory.queries.follow import left_out, left_out_domains
from arobase.observatory.rules.profile import State
from arobase.observatory.views.downloads import LOST
from arobase.observatory.views.sets import SET
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import Column, Table, Type, document, download, schema_of

_OURS = gettext_lazy("calculé par Arobase : docs/methodology/observatory.md")
_ASKED = gettext_lazy("annuaire de l’administration (DILA), ou la liste interrogée")


class Row(NamedTuple):
    """One provider of one layer of one subject; an empty provider where nobody holds it or nobody knows."""

    standing: Standing
    layer: str
    state: str
    held: dict[str, object]

    def told(self, key: str) -> str:
        """A field of the provider as text; several joined by a space."""
        value = self.held.get(key) or ""
        return " ".join(map(str, value)) if isinstance(value, list) else str(value)


STANDINGS = Table[Row](
    "standings",
    gettext_lazy("Sur quoi repose chacun, couche par couche"),
    gettext_lazy("Chaque sujet de la dernière campagne publiée du jeu, avec qui tient chaque couche."),
    (
        Column(
            "subject",
            Type.STRING,
            gettext_lazy("Identifiant : commune:CODE, sinon le domaine"),
            _OURS,
            lambda row: row.standing.subject,
            is_required=True,
        ),
        Column("name", Type.STRING, gettext_lazy("Nom"), _ASKED, lambda row: row.standing.name, is_required=True),
        Column("site", Type.STRING, gettext_lazy("Site"), _ASKED, lambda row: row.standing.site),
        Column("mail", Type.STRING, gettext_lazy("Domaine de messagerie"), _ASKED, lambda row: row.standing.mail),
        Column("layer", Type.STRING, gettext_lazy("Couche"), _OURS, lambda row: row.layer, is_required=True),
        Column(
            "state",
            Type.STRING,
            gettext_lazy("found ou none ; ce qui manque est inconnu"),
            _OURS,
            lambda row: row.state,
        ),
        Column("provider", Type.STRING, gettext_lazy("Prestataire"), _OURS, lambda row: row.told("provider")),
        Column("law", Type.STRING, gettext_lazy("Droit du dernier propriétaire"), _OURS, lambda row: row.told("law")),
        Column(
            "owner_country",
            Type.STRING,
            gettext_lazy("Pays du dernier propriétaire"),
            _OURS,
            lambda row: row.told("owner_country"),
        ),
        Column(
            "server_countries", Type.STRING, gettext_lazy("Pays des serveurs"), _OURS, lambda row: row.told("countries")
        ),
        Column(
            "certainty", Type.STRING, gettext_lazy("sure, likely ou unsure"), _OURS, lambda row: row.told("certainty")
        ),
        Column(
            "index",
            Type.NUMBER,
            gettext_lazy("Indice de souveraineté, de 0 à 1"),
            _OURS,
            lambda row: row.standing.index,
        ),
    ),
    LOST.licence,
    lambda _row: None,
)


@open_to(ANYONE)
@require_safe
def standings(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The latest published campaign of a set, whole. Raises Http404 where there is none."""
    slug = request.GET.get(SET) or About.COMMUNES.value
    campaign = published(About(slug)) if slug in About.values else None
    if campaign is None:
        raise Http404(slug)
    return download(
        request,
        table=STANDINGS,
        rows=_rows(campaign),
        extension=extension,
        stem=f"observatoire-{slug}",
        schema_url=request.build_absolute_uri(reverse("standings_schema")),
        last_modified=None,  # it changes too when someone asks to be left out
    )


@open_to(ANYONE)
@require_safe
def standings_schema(request: HttpRequest) -> HttpResponseBase:
    """What the columns mean, where they come from, under which licence."""
    return document(request, schema_of(STANDINGS))


def _rows(campaign: Campaign) -> Iterator[Row]:
    shown = campaign.standings.order_by("subject").defer("wires", "criteria")
    shown = shown.exclude(territory_id__in=left_out()).exclude(subject__in=left_out_domains())
    for one in shown.iterator(chunk_size=500):
        for layer, verdict in one.profile["layers"].items():
            if verdict["state"] == State.UNKNOWN:
                continue  # what is missing from the file is unknown
            for held in verdict["held"] or [{}]:
                yield Row(one, layer, verdict["state"], held)
