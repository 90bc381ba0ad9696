"""The list of those who lose something, as open data."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from arobase.observatory.queries.outages import Loss, outage
from arobase.observatory.rules.services import SERVICES
from arobase.observatory.views.failing import FAILS, NAMED, asked_to_fail
from arobase.observatory.views.outages import SERVICE
from arobase.observatory.views.sets import set_of
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import BadParameter, Column, Licence, Table, Type, document, download, refusal, schema_of

_CODE = gettext_lazy("Code officiel géographique (INSEE)")
_OURS = gettext_lazy("calculé par Arobase : docs/methodology/observatory.md")
_DECLARED = gettext_lazy("annuaire de l’administration (DILA), ou la liste interrogée")

LOST = Table[Loss](
    "outage",
    gettext_lazy("Services éteints ou diminués"),
    gettext_lazy(
        "Qui perd quoi quand les prestataires de l’adresse tombent, par la chaîne qui l’explique. Simulation. Avec "
        "service=web, mail ou names, ce service seul."
    ),
    (
        Column(
            "subject",
            Type.STRING,
            gettext_lazy("Identifiant : commune:CODE, sinon le domaine"),
            _OURS,
            lambda row: row.subject.id,
            is_required=True,
        ),
        Column("code", Type.STRING, gettext_lazy("Code de la commune"), _CODE, lambda row: row.subject.code),
        Column("name", Type.STRING, gettext_lazy("Nom"), _CODE, lambda row: row.subject.name, is_required=True),
        Column(
            "department", Type.STRING, gettext_lazy("Code du département"), _CODE, lambda row: row.subject.department
        ),
        Column(
            "population",
            Type.INTEGER,
            gettext_lazy("Population municipale"),
            "INSEE",
            lambda row: row.subject.population,
        ),
        Column("service", Type.STRING, gettext_lazy("Service : web, mail ou names"), _OURS, lambda row: row.service),
        Column(
            "effect",
            Type.STRING,
            gettext_lazy("lost ou degraded"),
            _OURS,
            lambda row: "lost" if row.is_lost else "degraded",
        ),
        Column("site", Type.STRING, gettext_lazy("Site"), _DECLARED, lambda row: row.subject.site),
        Column("mail", Type.STRING, gettext_lazy("Domaine de messagerie"), _DECLARED, lambda row: row.subject.mail),
        Column("why", Type.STRING, gettext_lazy("Chaîne jusqu’à ce qui tombe"), _OURS, lambda row: " < ".join(row.why)),
        Column(
            "dependence",
            Type.STRING,
            gettext_lazy(
                "direct si le service nomme lui-même ce qui tombe, indirect s’il n’en dépend qu’à travers d’autres"
            ),
            _OURS,
            lambda row: "direct" if row.is_direct else "indirect",
        ),
        Column("origin", Type.STRING, gettext_lazy("Origine du verdict"), _OURS, lambda row: str(row.origin)),
        Column(
            "until",
            Type.STRING,
            gettext_lazy(
                "Dernier jour du certificat, quand son autorité tombe : le site tient jusque-là. Vide s’il est "
                "inconnu, ou si aucune autorité ne tombe."
            ),
            gettext_lazy("le certificat du site"),
            lambda row: row.until.isoformat() if row.until else "",
        ),
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
    """Services that go dark or miss something when those that the address names fail; of one kind where it says so."""
    on, kind = set_of(request), request.GET.get(SERVICE, "")
    asked = asked_to_fail(request, on)
    if asked.is_in_vain:
        name, value = (FAILS, asked.unknown[0]) if asked.unknown else (NAMED, asked.typed)
        expected = _("un prestataire, owner:… ou country:… que la page des pannes propose")
        return refusal(BadParameter(name, value=value, expected=expected))
    if kind and kind not in SERVICES:
        return refusal(BadParameter(SERVICE, value=kind, expected=", ".join(SERVICES)))
    return download(
        request,
        table=LOST,
        rows=[one for one in outage(asked.failures, on).all_losses() if kind in {"", one.service}],
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
