"""Rows and columns of the open data: laureates, one line for each award, and areas with their dynamics.

Column names are those that `arobase laureates import` reads (year, territory, code, department, level, mention,
source), so that a downloaded file can be imported again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from arobase.atlas.queries.dynamics import PARTS, AreaRow, Family, Ground, Order, ground, overview
from arobase.atlas.rules.dynamics import Partial, Place, Rate
from arobase.atlas.rules.filters import LaureateFilter
from arobase.label import models as label
from arobase.territories.models import SourceState, Territory
from arobase.territories.rules.sizes import size_of
from arobase.web.opendata import Column, Licence, Table, Type

# Awards are facts compiled from the press with their source; codes, names and populations come under the same licence.
LICENCE = Licence(
    "etalab-2.0",
    "Licence Ouverte / Open Licence 2.0 (Etalab)",
    "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
)
CODE_LICENCE = Licence("EUPL-1.2", "European Union Public Licence 1.2", "https://eupl.eu/1.2/fr/")

_PRESS = _("fichier de résultats importé, ou presse : voir la colonne source")
_COG = _("Code officiel géographique (INSEE)")
_POPULATION = _("populations municipales (INSEE)")
_OURS = _("calculé par Arobase : docs/methodology/dynamics.md")


@dataclass(frozen=True, slots=True)
class LaureateRow:
    """An award with where it is."""

    year: int
    territory: str
    kind: str
    code: str
    name_as_printed: str
    level: int | None
    distinctions: tuple[str, ...]
    source: str
    is_sample: bool
    department: str | None
    department_name: str | None
    region: str | None
    region_name: str | None
    epci: str | None
    population: int | None
    lon: float | None
    lat: float | None
    edition_known: int
    edition_total: int | None


@dataclass(frozen=True, slots=True)
class AreaYear:
    """An area in an edition, with what is known of that edition."""

    year: int | None
    row: AreaRow
    known: int
    total: int | None


def _point(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    return None if lon is None or lat is None else (lon, lat)


def _exact(value: Rate) -> float | None:
    return None if value is None or isinstance(value, Partial) else float(value)


LAUREATES: Table[LaureateRow] = Table(
    name="laureats",
    title=_("Lauréats du label connus de l’atlas"),
    description=_(
        "Une ligne par label : un territoire dans une édition. La liste est incomplète tant que edition_known "
        "n’égale pas edition_total."
    ),
    licence=LICENCE,
    point=lambda row: _point(row.lon, row.lat),
    columns=(
        Column("year", Type.INTEGER, _("année du label"), _PRESS, lambda row: row.year, is_required=True),
        Column("territory", Type.STRING, _("nom d’aujourd’hui"), _COG, lambda row: row.territory, is_required=True),
        Column(
            "kind",
            Type.STRING,
            _("sorte de territoire : commune, delegated, associated, arrondissement, epci, department, region…"),
            _COG,
            lambda row: row.kind,
            is_required=True,
        ),
        Column(
            "code",
            Type.STRING,
            _("code INSEE d’aujourd’hui, ou SIREN d’une intercommunalité"),
            _("Code officiel géographique (INSEE), BANATIC (DGCL)"),
            lambda row: row.code,
            is_required=True,
        ),
        Column("name_as_printed", Type.STRING, _("nom tel qu’imprimé"), _PRESS, lambda row: row.name_as_printed),
        Column(
            "level",
            Type.INTEGER,
            _("niveau de 1 à 5 ; vide si aucune source ne le dit"),
            _PRESS,
            lambda row: row.level,
            unit=_("arobases"),
        ),
        Column(
            "mention",
            Type.STRING,
            _("mentions et distinctions, séparées par « ; »"),
            _PRESS,
            lambda row: " ; ".join(row.distinctions),
        ),
        Column("source", Type.STRING, _("qui le dit"), _PRESS, lambda row: row.source),
        Column(
            "is_sample",
            Type.BOOLEAN,
            _("vrai si la ligne vient de l’échantillon fourni avec le logiciel"),
            _OURS,
            lambda row: row.is_sample,
            is_required=True,
        ),
        Column("department", Type.STRING, _("code du département"), _COG, lambda row: row.department),
        Column("department_name", Type.STRING, _("nom du département"), _COG, lambda row: row.department_name),
        Column("region", Type.STRING, _("code de la région d’aujourd’hui"), _COG, lambda row: row.region),
        Column("region_name", Type.STRING, _("nom de la région d’aujourd’hui"), _COG, lambda row: row.region_name),
        Column("epci", Type.STRING, _("SIREN de l’intercommunalité"), _("BANATIC (DGCL)"), lambda row: row.epci),
        Column(
            "population",
            Type.INTEGER,
            _("population municipale d’aujourd’hui"),
            _POPULATION,
            lambda row: row.population,
            unit=_("habitants"),
        ),
        Column(
            "lon",
            Type.NUMBER,
            _("longitude d’un point du territoire (WGS 84)"),
            _("points et contours chargés : voir les sources"),
            lambda row: row.lon,
            unit=_("degrés"),
        ),
        Column(
            "lat",
            Type.NUMBER,
            _("latitude d’un point du territoire (WGS 84)"),
            _("points et contours chargés : voir les sources"),
            lambda row: row.lat,
            unit=_("degrés"),
        ),
        Column(
            "edition_known",
            Type.INTEGER,
            _("labels de cette édition que l’atlas connaît"),
            _OURS,
            lambda row: row.edition_known,
            unit=_("labels"),
            is_required=True,
        ),
        Column(
            "edition_total",
            Type.INTEGER,
            _("labels attribués dans cette édition, tel que publié ; vide si le total n’est pas publié"),
            _("presse : voir les totaux des éditions"),
            lambda row: row.edition_total,
            unit=_("labels"),
        ),
    ),
)

_LEVELS: tuple[Column[AreaYear], ...] = tuple(
    Column(
        f"awards_level_{level or 'unstated'}",
        Type.INTEGER,
        _("labels connus de ce niveau (unstated : niveau non précisé)"),
        _OURS,
        lambda one, level=level: one.row.dynamics.counts.by_level[level],  # type: ignore[misc]  # bound per column
        unit=_("labels"),
        is_required=True,
    )
    for level in (5, 4, 3, 2, 1, None)
)

AREAS: Table[AreaYear] = Table(
    name="dynamiques",
    title=_("Dynamiques du label par territoire"),
    description=_(
        "Une ligne par région, ancienne région, département ou intercommunalité. Taux et rang sont vides tant que "
        "l’édition n’est pas complète."
    ),
    licence=LICENCE,
    point=lambda one: _point(one.row.area.lon, one.row.area.lat),
    columns=(
        Column("year", Type.INTEGER, _("édition ; vide : toutes ensemble"), _OURS, lambda one: one.year),
        Column("kind", Type.STRING, _("sorte de territoire"), _COG, lambda one: one.row.area.kind, is_required=True),
        Column("code", Type.STRING, _("code INSEE ou SIREN"), _COG, lambda one: one.row.area.code, is_required=True),
        Column("name", Type.STRING, _("nom"), _COG, lambda one: one.row.area.name, is_required=True),
        Column(
            "laureates",
            Type.INTEGER,
            _("territoires lauréats connus, chacun compté une fois"),
            _OURS,
            lambda one: one.row.dynamics.counts.laureates,
            unit=_("territoires"),
            is_required=True,
        ),
        Column(
            "awards",
            Type.INTEGER,
            _("labels connus, un par territoire et par édition"),
            _OURS,
            lambda one: one.row.dynamics.counts.awards,
            unit=_("labels"),
            is_required=True,
        ),
        *_LEVELS,
        Column(
            "per_100000_inhabitants",
            Type.NUMBER,
            _("lauréats pour 100 000 habitants ; vide tant que l’édition n’est pas complète"),
            _OURS,
            lambda one: _exact(one.row.dynamics.per_inhabitants),
            unit=_("lauréats pour 100 000 habitants"),
        ),
        Column(
            "per_100_communes",
            Type.NUMBER,
            _("communes lauréates pour 100 communes ; vide tant que l’édition n’est pas complète"),
            _OURS,
            lambda one: _exact(one.row.dynamics.per_communes),
            unit=_("communes pour 100 communes"),
        ),
        Column(
            "rank",
            Type.INTEGER,
            _("rang par le nombre de lauréats, ex æquo au même rang ; vide tant que l’édition n’est pas complète"),
            _OURS,
            lambda one: one.row.dynamics.place.rank if isinstance(one.row.dynamics.place, Place) else None,
        ),
        Column(
            "population",
            Type.INTEGER,
            _("somme des populations municipales de ses communes"),
            _POPULATION,
            lambda one: one.row.dynamics.area.population,
            unit=_("habitants"),
        ),
        Column(
            "communes",
            Type.INTEGER,
            _("nombre de communes"),
            _COG,
            lambda one: one.row.dynamics.area.communes,
            unit=_("communes"),
            is_required=True,
        ),
        Column(
            "edition_known",
            Type.INTEGER,
            _("labels de cette édition, ou de toutes, que l’atlas connaît pour la France entière"),
            _OURS,
            lambda one: one.known,
            unit=_("labels"),
            is_required=True,
        ),
        Column(
            "edition_total",
            Type.INTEGER,
            _("labels attribués, tel que publié ; vide si le total n’est pas publié"),
            _("presse : voir les totaux des éditions"),
            lambda one: one.total,
            unit=_("labels"),
        ),
    ),
)
TABLES: Sequence[Table[LaureateRow] | Table[AreaYear]] = (LAUREATES, AREAS)


def laureate_rows(kept: LaureateFilter, *, on: Ground | None = None) -> list[LaureateRow]:
    """Awards that a filter keeps, by year then name (two statements beside the ground's).

    An intercommunal body is in the department and region of most of its inhabitants, as in the dynamics.
    """
    on = on or ground()
    areas = {area for where in on.wheres.values() for area in where.areas}
    names = dict(Territory.objects.filter(id__in=areas).values_list("id", "name"))
    found = []
    for (
        own_id,
        year,
        printed,
        level,
        distinctions,
        source,
        is_sample,
        population,
        lon,
        lat,
    ) in label.Award.objects.order_by("edition_id", "territory__name", "territory_id").values_list(
        "territory_id",
        "edition_id",
        "name_as_printed",
        "level",
        "distinctions",
        "source",
        "is_sample",
        "territory__population",
        "territory__lon",
        "territory__lat",
    ):
        kind, code, name = on.names[own_id]
        where, edition = on.wheres[own_id], on.editions.completeness[year]
        if not kept.keeps(
            year=year,
            level=level,
            kind=kind,
            size=size_of(population, is_commune=kind in PARTS),
            region=_code(where.region),
            department=_code(where.department),
            distinctions=distinctions,
            names=(name, printed),
        ):
            continue
        found.append(
            LaureateRow(
                year=year,
                territory=name,
                kind=kind,
                code=code,
                name_as_printed=printed,
                level=level,
                distinctions=tuple(distinctions),
                source=source,
                is_sample=is_sample,
                department=_code(where.department),
                department_name=names.get(where.department or ""),
                region=_code(where.region),
                region_name=names.get(where.region or ""),
                epci=_code(where.epci),
                population=population,
                lon=lon,
                lat=lat,
                edition_known=edition.known,
                edition_total=edition.total,
            )
        )
    return found


def _code(territory_id: str | None) -> str | None:
    return territory_id.partition(":")[2] if territory_id else None


def area_rows(family: Family, *, year: int | None, on: Ground | None = None) -> list[AreaYear]:
    """Areas of a family by name, in an edition or (year None) in all. Raises UnknownEdition."""
    on = on or ground()
    shown = overview(family, year=year, order=Order.NAME, on=on)
    known = shown.nation.awards
    total = shown.missing.total if shown.missing else known
    return [AreaYear(year, row, known, total) for row in shown.rows]


def changed_at() -> datetime | None:
    """When awards or the ground last changed, as far as that is recorded (two statements)."""
    moments: Iterable[datetime | None] = (
        label.Import.objects.aggregate(at=Max("imported_at"))["at"],
        SourceState.objects.aggregate(at=Max("loaded_at"))["at"],
    )
    return max((moment for moment in moments if moment is not None), default=None)


def ground_licences() -> list[tuple[str, str, str]]:
    """Name, version and licence of the reference data loaded (one statement)."""
    return list(SourceState.objects.order_by("name").values_list("name", "version", "licence"))
