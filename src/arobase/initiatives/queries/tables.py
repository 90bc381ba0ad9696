"""The open-data table of initiatives: what it says of each, without contacts."""

from django.utils.translation import gettext_lazy as _

from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.referential import enjeux_of
from arobase.web.opendata import Column, Licence, Table, Type

DECLARED = _("déclaré par le territoire")
OPEN_LICENCE = Licence(
    "etalab-2.0",
    "Licence Ouverte 2.0",
    "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
)


def _point(initiative: Initiative) -> tuple[float, float] | None:
    territory = initiative.territory
    return None if territory.lon is None or territory.lat is None else (territory.lon, territory.lat)


def _day(value: object) -> str | None:
    return str(value) if value else None


TABLE: Table[Initiative] = Table(
    name="initiatives",
    title=_("Initiatives numériques des territoires"),
    description=_("Les initiatives publiées. Les codes de services et d’enjeux sont ceux du référentiel."),
    columns=[
        Column("id", Type.INTEGER, _("numéro de l’initiative"), _("plateforme"), lambda one: one.pk, is_required=True),
        Column(
            "territory", Type.STRING, _("territoire : sorte et code officiel"), DECLARED, lambda one: one.territory_id
        ),
        Column(
            "territory_name",
            Type.STRING,
            _("nom du territoire"),
            _("code officiel géographique"),
            lambda one: one.territory.name,
        ),
        Column("title", Type.STRING, _("titre"), DECLARED, lambda one: one.title, is_required=True),
        Column("summary", Type.STRING, _("ce qui est fait"), DECLARED, lambda one: one.summary),
        Column("audience", Type.STRING, _("pour qui"), DECLARED, lambda one: one.audience),
        Column(
            "services",
            Type.STRING,
            _("services, séparés par des espaces"),
            DECLARED,
            lambda one: " ".join(one.services),
        ),
        Column(
            "enjeux",
            Type.STRING,
            _("enjeux de ces services, séparés par des espaces"),
            _("référentiel"),
            lambda one: " ".join(enjeux_of(tuple(one.services))),
        ),
        Column("started_on", Type.STRING, _("premier jour (AAAA-MM-JJ)"), DECLARED, lambda one: _day(one.started_on)),
        Column(
            "ended_on",
            Type.STRING,
            _("dernier jour ; vide quand elle dure encore"),
            DECLARED,
            lambda one: _day(one.ended_on),
        ),
        Column(
            "maturity", Type.STRING, _("avancement : idea, trial, running, settled"), DECLARED, lambda one: one.maturity
        ),
        Column(
            "doer", Type.STRING, _("qui la mène : territory, association, contractor"), DECLARED, lambda one: one.doer
        ),
        Column(
            "cost",
            Type.STRING,
            _("au plus ce coût en tout : 0, 1000, 10000, 50000, 200000, ou more"),
            DECLARED,
            lambda one: one.cost,
            unit="€",
        ),
        Column(
            "effort",
            Type.STRING,
            _("temps de mise en place : days, weeks, months, years"),
            DECLARED,
            lambda one: one.effort,
        ),
        Column(
            "partners",
            Type.STRING,
            _("partenaires"),
            DECLARED,
            lambda one: " | ".join(partner["name"] for partner in one.partners),
        ),
        Column(
            "software",
            Type.STRING,
            _("logiciels"),
            DECLARED,
            lambda one: " | ".join(software["name"] for software in one.software),
        ),
        Column("address", Type.STRING, _("adresse sur le web"), DECLARED, lambda one: one.address),
        Column("results", Type.STRING, _("résultats"), DECLARED, lambda one: one.results),
        Column(
            "is_sample",
            Type.BOOLEAN,
            _("exemple inventé pour la démonstration"),
            _("plateforme"),
            lambda one: one.is_sample,
        ),
        Column(
            "changed_at",
            Type.STRING,
            _("dernier changement (ISO 8601)"),
            _("plateforme"),
            lambda one: one.changed_at.isoformat(),
        ),
    ],
    licence=OPEN_LICENCE,
    point=_point,
)
