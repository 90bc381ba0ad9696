"""How a territory is written in the geographic API: its fields by resource, and which are given unasked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from arobase.territories.models import Kind
from arobase.territories.queries.gazetteer import Gazetteer, Place

Field = Callable[[Place, Gazetteer], Any]
HECTARES_PER_KM2 = 100
COORDINATE_DECIMALS = 5
TYPE_OF_KIND = {
    Kind.COMMUNE: "commune-actuelle",
    Kind.ARRONDISSEMENT: "arrondissement-municipal",
    Kind.DELEGATED: "commune-deleguee",
    Kind.ASSOCIATED: "commune-associee",
}
NAMED = {"type": "object", "properties": {"code": {"type": "string"}, "nom": {"type": "string"}}}
TEXT: dict[str, Any] = {"type": "string"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
GEOMETRY: dict[str, Any] = {"type": "object", "description": "GeoJSON"}


@dataclass(frozen=True)
class Resource:
    """What one kind of answer may hold.

    fields       by name: how it is read, and its JSON schema
    default      fields given unasked, in this order
    geometries   which GeoJSON can carry; the first is the default; empty: no GeoJSON
    zones        where a list looks unasked; empty: everywhere
    """

    name: str
    kinds: tuple[str, ...]
    fields: Mapping[str, tuple[Field, Mapping[str, Any]]]
    default: tuple[str, ...]
    geometries: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


def _named(place: Place | None) -> dict[str, str] | None:
    return {"code": place.code, "nom": place.name} if place else None


def _point(point: tuple[float, float] | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {"type": "Point", "coordinates": [round(degrees, COORDINATE_DECIMALS) for degrees in point]}


def _box(place: Place, _all: Gazetteer) -> dict[str, Any] | None:
    if place.bbox is None:
        return None
    west, south, east, north = place.bbox
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def _surface(place: Place, _all: Gazetteer) -> float | None:
    return None if place.area_km2 is None else round(place.area_km2 * HECTARES_PER_KM2, 2)


def _parts(kind: str) -> Field:
    def read(place: Place, places: Gazetteer) -> list[dict[str, str] | None] | None:
        return [_named(part) for part in places.parts_of(place.code) if part.kind == kind] or None

    return read


_COMMON: dict[str, tuple[Field, Mapping[str, Any]]] = {
    "nom": (lambda place, _: place.name, TEXT),
    "code": (lambda place, _: place.code, TEXT),
    "zone": (lambda place, _: place.zone, TEXT),
    "siren": (lambda place, _: place.siren or None, TEXT),
    "population": (lambda place, _: place.population, {"type": "integer"}),
    "surface": (_surface, {"type": "number", "description": "ha"}),
}
_DRAWN: dict[str, tuple[Field, Mapping[str, Any]]] = {
    "centre": (lambda place, _: _point(place.centre), GEOMETRY),
    "bbox": (_box, GEOMETRY),
    "contour": (lambda place, places: places.contour(place.id), GEOMETRY),
}
_SCORE: tuple[Field, Mapping[str, Any]] = (lambda _place, _places: None, {"type": "number", "minimum": 0})
_COMMUNE_FIELDS: dict[str, tuple[Field, Mapping[str, Any]]] = {
    **_COMMON,
    "type": (lambda place, _: TYPE_OF_KIND[Kind(place.kind)], TEXT),
    "codesPostaux": (lambda place, _: list(place.postal_codes), TEXTS),
    "codeEpci": (lambda place, _: place.epci or None, TEXT),
    "epci": (lambda place, places: _named(places.get(Kind.EPCI, place.epci)), NAMED),
    "codeDepartement": (lambda place, _: place.department or None, TEXT),
    "departement": (lambda place, places: _named(places.department(place.department)), NAMED),
    "codeRegion": (lambda place, _: place.region or None, TEXT),
    "region": (lambda place, places: _named(places.region(place.region)), NAMED),
    "codeParent": (lambda place, _: place.parent or None, TEXT),
    **_DRAWN,
    "mairie": (lambda place, _: _point(place.hall or place.centre), GEOMETRY),
    "_score": _SCORE,
}

COMMUNE = Resource(
    "Commune",
    (Kind.COMMUNE, Kind.ARRONDISSEMENT, Kind.DELEGATED, Kind.ASSOCIATED),
    {
        **_COMMUNE_FIELDS,
        "anciensCodes": (lambda place, _: list(place.former_codes) or None, TEXTS),
        "deleguees": (_parts(Kind.DELEGATED), {"type": "array", "items": NAMED}),
        "associees": (_parts(Kind.ASSOCIATED), {"type": "array", "items": NAMED}),
    },
    ("nom", "code", "codeDepartement", "siren", "codeEpci", "codeRegion", "codesPostaux", "population"),
    ("centre", "contour", "bbox", "mairie"),
)
PART = Resource(
    "CommuneAssocieeDeleguee",
    (Kind.DELEGATED, Kind.ASSOCIATED),
    {
        **{name: field for name, field in _COMMUNE_FIELDS.items() if name != "mairie"},
        "chefLieu": (lambda place, _: place.parent or None, TEXT),
    },
    ("nom", "code", "chefLieu", "codeDepartement", "codeEpci", "codeRegion", "codesPostaux"),
    ("centre", "contour", "bbox"),
)
EPCI = Resource(
    "Epci",
    (Kind.EPCI,),
    {
        **_COMMON,
        "type": (lambda place, _: place.subkind or None, TEXT),
        "codesDepartements": (lambda place, places: list(places.departments_of_epci.get(place.code, ())), TEXTS),
        "codesRegions": (lambda place, places: list(places.regions_of_epci.get(place.code, ())), TEXTS),
        **_DRAWN,
        "_score": _SCORE,
    },
    ("nom", "code", "codesDepartements", "codesRegions", "population"),
    ("centre", "contour", "bbox"),
    ("metro", "drom"),
)
DEPARTMENT = Resource(
    "Departement",
    (Kind.DEPARTMENT, Kind.COLLECTIVITY),
    {
        **_COMMON,
        "codeRegion": (lambda place, _: place.region or place.code, TEXT),
        "region": (lambda place, places: _named(places.region(place.region or place.code)), NAMED),
        "chefLieu": (lambda place, _: place.seat or None, TEXT),
        "_score": _SCORE,
    },
    ("nom", "code", "codeRegion"),
    zones=("metro", "drom"),
)
REGION = Resource(
    "Region",
    (Kind.REGION, Kind.COLLECTIVITY),
    {**_COMMON, "chefLieu": (lambda place, _: place.seat or None, TEXT), "_score": _SCORE},
    ("nom", "code"),
    zones=("metro", "drom"),
)
