"""What changed, and certificates about to end, as open data."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from arobase.observatory.models import Change, Standing
from arobase.observatory.queries.follow import ending_certificates
from arobase.observatory.views.downloads import LOST
from arobase.observatory.views.follow.changes import asked
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import Column, Table, Type, document, download, schema_of

_OURS = gettext_lazy("calculé par Arobase : docs/methodology/following.md")
_ASKED = gettext_lazy("annuaire de l’administration (DILA), ou la liste interrogée")
_CODE = gettext_lazy("Code officiel géographique (INSEE)")
_CAMPAIGN = gettext_lazy("Jour où la campagne a commencé")
_SET = gettext_lazy("Jeu de la campagne")

CHANGES = Table[Change](
    "changes",
    gettext_lazy("Ce qui a changé d’une campagne à la suivante"),
    gettext_lazy(
        "Chaque changement d’une couche ou d’un critère, entre deux campagnes publiées ; les derniers d’abord."
    ),
    (
        Column(
            "territory",
            Type.STRING,
            gettext_lazy("Identifiant : commune:CODE"),
            _CODE,
            lambda row: row.territory_id,
            is_required=True,
        ),
        Column("code", Type.STRING, gettext_lazy("Code de la commune"), _CODE, lambda row: row.territory.code),
        Column("name", Type.STRING, gettext_lazy("Nom"), _CODE, lambda row: row.territory.name, is_required=True),
        Column("about", Type.STRING, _SET, _OURS, lambda row: row.campaign.about, is_required=True),
        Column("campaign", Type.INTEGER, gettext_lazy("Numéro de la campagne"), _OURS, lambda row: row.campaign_id),
        Column("seen", Type.STRING, _CAMPAIGN, _OURS, lambda row: row.campaign.began_at.date().isoformat()),
        Column(
            "kind",
            Type.STRING,
            gettext_lazy("moved, begun ou ended (couche) ; dark, back, won ou lost (critère)"),
            _OURS,
            lambda row: row.kind,
            is_required=True,
        ),
        Column(
            "subject",
            Type.STRING,
            gettext_lazy("Couche (mail) ou critère (2.5)"),
            _OURS,
            lambda row: row.layer,
            is_required=True,
        ),
        Column("before", Type.STRING, gettext_lazy("Prestataires d’avant"), _OURS, lambda row: " ".join(row.before)),
        Column("after", Type.STRING, gettext_lazy("Prestataires d’après"), _OURS, lambda row: " ".join(row.after)),
    ),
    LOST.licence,
    lambda _row: None,
)

CERTIFICATES = Table[tuple[date, Standing]](
    "certificates",
    gettext_lazy("Certificats qui finissent"),
    gettext_lazy(
        "Sites dont le certificat a pris fin ou finit dans les 30 jours, d’après la dernière campagne publiée."
    ),
    (
        Column(
            "subject",
            Type.STRING,
            gettext_lazy("Identifiant : commune:CODE, sinon le domaine"),
            _OURS,
            lambda row: row[1].subject,
            is_required=True,
        ),
        Column("name", Type.STRING, gettext_lazy("Nom"), _ASKED, lambda row: row[1].name, is_required=True),
        Column("site", Type.STRING, gettext_lazy("Site"), _ASKED, lambda row: row[1].site),
        Column(
            "until",
            Type.STRING,
            gettext_lazy("Dernier jour du certificat"),
            gettext_lazy("le certificat du site"),
            lambda row: row[0].isoformat(),
            is_required=True,
        ),
        Column("about", Type.STRING, _SET, _OURS, lambda row: row[1].campaign.about, is_required=True),
        Column("seen", Type.STRING, _CAMPAIGN, _OURS, lambda row: row[1].campaign.began_at.date().isoformat()),
    ),
    LOST.licence,
    lambda _row: None,
)


@open_to(ANYONE)
@require_safe
def changes_file(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The changes that the address asks for, as the page does, whole."""
    return download(
        request,
        table=CHANGES,
        rows=asked(request).iterator(chunk_size=500),
        extension=extension,
        stem="changements",
        schema_url=request.build_absolute_uri(reverse("observatory_changes_schema")),
        last_modified=None,
    )


@open_to(ANYONE)
@require_safe
def changes_schema(request: HttpRequest) -> HttpResponseBase:
    """What the columns mean, where they come from, under which licence."""
    return document(request, schema_of(CHANGES))


@open_to(ANYONE)
@require_safe
def certificates_file(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Certificates that ended, or end within 30 days, by day."""
    return download(
        request,
        table=CERTIFICATES,
        rows=ending_certificates(on=timezone.localdate()),
        extension=extension,
        stem="certificats",
        schema_url=request.build_absolute_uri(reverse("observatory_certificates_schema")),
        last_modified=None,
    )


@open_to(ANYONE)
@require_safe
def certificates_schema(request: HttpRequest) -> HttpResponseBase:
    """What the columns mean, where they come from, under which licence."""
    return document(request, schema_of(CERTIFICATES))
