"""The list of those who lose their mail, as open data."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from arobase.observatory.queries.dependence import Origin, Town, dependence
from arobase.observatory.queries.outages import outage
from arobase.observatory.rules.outage import UnknownFailure
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.outages import FAILS
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import BadParameter, Column, Licence, Table, Type, document, download, refusal, schema_of

Row = tuple[Town, tuple[str, ...]]
_CODE = gettext_lazy("Code officiel géographique (INSEE)")
_OURS = gettext_lazy("calculé par Arobase : docs/methodology/observatory.md")
_DECLARED = gettext_lazy("annuaire de l’administration (DILA)")
ORIGINS = {Origin.DECLARED: "declared", Origin.OTHERS: "another project's verdict", Origin.NONE: ""}

LOST = Table[Row](
    "outage",
    gettext_lazy("Communes sans messagerie"),
    gettext_lazy("Les communes dont la messagerie s’éteint quand les prestataires de l’adresse tombent."),
    (
        Column(
            "code", Type.STRING, gettext_lazy("Code de la commune"), _CODE, lambda row: row[0].code, is_required=True
        ),
        Column("commune", Type.STRING, gettext_lazy("Nom"), _CODE, lambda row: row[0].name, is_required=True),
        Column("department", Type.STRING, gettext_lazy("Code du département"), _CODE, lambda row: row[0].department),
        Column(
            "population", Type.INTEGER, gettext_lazy("Population municipale"), "INSEE", lambda row: row[0].population
        ),
        Column("service", Type.STRING, gettext_lazy("Service éteint"), _OURS, lambda _row: "mail"),
        Column(
            "domain", Type.STRING, gettext_lazy("Domaine de l’adresse déclarée"), _DECLARED, lambda row: row[0].host
        ),
        Column("why", Type.STRING, gettext_lazy("Chaîne jusqu’à ce qui tombe"), _OURS, lambda row: " < ".join(row[1])),
        Column("origin", Type.STRING, gettext_lazy("Origine du verdict"), _OURS, lambda row: ORIGINS[row[0].origin]),
    ),
    Licence(
        "etalab-2.0",
        "Licence Ouverte / Open Licence 2.0 (Etalab)",
        "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
    ),
    lambda _row: None,
)


@open_to(ANYONE)
@require_safe
def lost(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Communes whose mail goes dark when those that the address names fail."""
    on = dependence(catalogue())
    try:
        shown = outage(request.GET.getlist(FAILS), on)
    except UnknownFailure as error:
        expected = _("un prestataire, owner:… ou country:… que la page des pannes propose")
        return refusal(BadParameter(FAILS, value=error.name, expected=expected))
    return download(
        request,
        table=LOST,
        rows=shown.lost,
        extension=extension,
        stem="panne",
        schema_url=request.build_absolute_uri(reverse("outage_schema")),
        last_modified=None,
    )


@open_to(ANYONE)
@require_safe
def schema(request: HttpRequest) -> HttpResponseBase:
    """What the columns mean, where they come from, under which licence."""
    return document(request, schema_of(LOST))
