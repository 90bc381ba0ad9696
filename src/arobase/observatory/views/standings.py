"""What every subject of a set stands on, as far as it is known, as open data: a row for each provider of each layer."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from arobase.observatory.models import About
from arobase.observatory.queries.dependence import dependence
from arobase.observatory.queries.verdicts import Verdict, counted, verdicts
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.downloads import LOST
from arobase.observatory.views.sets import SET
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import Column, Table, Type, document, download, schema_of

_OURS = gettext_lazy("calculé par Arobase : docs/methodology/observatory.md")
_ASKED = gettext_lazy("annuaire de l’administration (DILA), ou la liste interrogée")


STANDINGS = Table[Verdict](
    "standings",
    gettext_lazy("Sur quoi repose chacun, couche par couche"),
    gettext_lazy(
        "Chaque sujet du jeu dont quelque chose est connu, avec qui tient chaque couche, de quel jour et d’après qui."
    ),
    (
        Column(
            "subject",
            Type.STRING,
            gettext_lazy("Identifiant : commune:CODE, sinon le domaine"),
            _OURS,
            lambda row: row.subject,
            is_required=True,
        ),
        Column("name", Type.STRING, gettext_lazy("Nom"), _ASKED, lambda row: row.name, is_required=True),
        Column("site", Type.STRING, gettext_lazy("Site"), _ASKED, lambda row: row.site),
        Column("mail", Type.STRING, gettext_lazy("Domaine de messagerie"), _ASKED, lambda row: row.mail),
        Column("layer", Type.STRING, gettext_lazy("Couche"), _OURS, lambda row: row.layer, is_required=True),
        Column(
            "state",
            Type.STRING,
            gettext_lazy("found ou none ; ce qui manque est inconnu"),
            _OURS,
            lambda row: row.state,
        ),
        Column("provider", Type.STRING, gettext_lazy("Prestataire"), _OURS, lambda row: _told(row, "provider")),
        Column(
            "law",
            Type.STRING,
            gettext_lazy("Droit qui compte, celui du prestataire ou d’un de ses propriétaires"),
            _OURS,
            lambda row: _told(row, "law"),
        ),
        Column(
            "owner_country",
            Type.STRING,
            gettext_lazy("Pays du dernier propriétaire"),
            _OURS,
            lambda row: _told(row, "owner_country"),
        ),
        Column(
            "server_countries",
            Type.STRING,
            gettext_lazy("Pays où sont enregistrées les adresses des serveurs, là où une campagne les a vues"),
            _OURS,
            lambda row: _told(row, "countries"),
        ),
        Column(
            "certainty",
            Type.STRING,
            gettext_lazy("sure, likely ou unsure, là où une campagne le dit"),
            _OURS,
            lambda row: _told(row, "certainty"),
        ),
        Column(
            "index",
            Type.NUMBER,
            gettext_lazy("Indice de souveraineté, de 0 à 1"),
            _OURS,
            lambda row: row.index,
        ),
        Column(
            "origin",
            Type.STRING,
            gettext_lazy(
                "D’où le verdict est connu : measured, declared (l’adresse même), recorded (nos règles, faits "
                "d’un autre), others (verdict d’un autre projet) ou invented"
            ),
            _OURS,
            lambda row: str(row.origin),
            is_required=True,
        ),
        Column("source", Type.STRING, gettext_lazy("De qui, vide si c’est de nous"), _OURS, lambda row: row.source),
        Column(
            "day",
            Type.STRING,
            gettext_lazy("Jour des faits, ou du fichier qui déclare"),
            _OURS,
            lambda row: row.day.isoformat() if row.day else "",
        ),
    ),
    LOST.licence,
    lambda _row: None,
)


def _told(row: Verdict, key: str) -> str:
    """A field of the provider as text; several joined by a space."""
    value = row.held.get(key) or ""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


@open_to(ANYONE)
@require_safe
def standings(request: HttpRequest, extension: str) -> HttpResponseBase:
    """All that is known of a set, whole. Raises Http404 where nothing is."""
    slug = request.GET.get(SET) or About.COMMUNES.value
    if slug not in About.values or not counted(on := dependence(catalogue(), About(slug))):
        raise Http404(slug)
    return download(
        request,
        table=STANDINGS,
        rows=verdicts(on),
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
