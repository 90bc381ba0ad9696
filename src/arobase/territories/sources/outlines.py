"""Land that no commune draws: overseas collectivities, and the countries around the metropole."""

import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import orjson
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely import Geometry

from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.reference import (
    Provenance,
    publish,
    write_base_layer,
    write_contours,
    write_fields,
)
from arobase.territories.models import BaseLayer, Kind, Territory
from arobase.territories.rules.contours import array_of, on_grid, outlines, points_on
from arobase.territories.rules.projection import frame_of
from arobase.territories.rules.topojson import arcs, shape_of
from arobase.territories.sources.contours import BOUNDS, packed
from arobase.territories.sources.files import (
    BrokenFile,
    features,
    mirror,
    named,
    npm,
    npm_version,
    read_json,
    sha256,
)

Clock = Callable[[], datetime]
PACKAGE = "world-atlas"
LICENCE = "Natural Earth (domaine public) ; world-atlas (ISC)"
AROUND_FRANCE = (-14.0, 35.0, 20.0, 60.0)
FRANCE = "France"
COLLECTIVITY_OF_NAME = {  # as Natural Earth names them
    "St-Martin": "978",
    "New Caledonia": "988",
    "St. Pierre and Miquelon": "975",
    "Fr. Polynesia": "987",
    "Fr. S. Antarctic Lands": "984",
    "St-Barthélemy": "977",
    "Wallis and Futuna Is.": "986",
}
Countries = list[tuple[str, Geometry]]


def load(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Load the contours of the collectivities and the neighbours of the metropole."""
    request.progress(_("collectivités d’outre-mer et pays voisins"), 0, 2)
    found = _from_mirror() or _from_package()
    if found is None:
        return Loaded(None, "", 0, "", {}, _("Paquet world-atlas absent : lancez « make install »."))
    layer, version, collectivities, neighbours = found
    request.progress(_("collectivités d’outre-mer et pays voisins"), 1, 2)
    known = set(Territory.objects.filter(kind=Kind.COLLECTIVITY).values_list("id", flat=True))
    shapes = {f"collectivity:{code}": shape for code, shape in collectivities if f"collectivity:{code}" in known}
    frames = {id: frame_of(id.partition(":")[2]) for id in shapes}
    paths = outlines(shapes, frames=frames)
    contours = {id: (packed(shape), paths[id]) for id, shape in shapes.items()}
    places = {}
    if shapes:
        all_shapes = array_of(list(shapes.values()))
        boxes, points = shapely.bounds(all_shapes).round(5).tolist(), points_on(all_shapes).tolist()
        places = {id: (*point, *box) for id, point, box in zip(shapes, points, boxes, strict=True)}
    rows = len(contours) + len(neighbours)
    layer_bytes = _collection(neighbours)
    return publish(
        Provenance("outlines", layer, version, LICENCE, rows),
        lambda: write_contours(contours, replaces=known.__contains__),
        lambda: write_fields(("lon", "lat", *BOUNDS), places),
        lambda: write_base_layer(BaseLayer.NEIGHBOURS, layer_bytes),
        at=now(),
    )


def _collection(countries: Countries) -> bytes:
    rows = [
        {"type": "Feature", "properties": {"name": name}, "geometry": orjson.Fragment(shapely.to_geojson(shape))}
        for name, shape in countries
    ]
    return zlib.compress(orjson.dumps({"type": "FeatureCollection", "features": rows}))


def _from_mirror() -> tuple[int, str, Countries, Countries] | None:
    overseas, around = mirror("territories/outre_mer_com.geojson.gz"), mirror("territories/pays_voisins.geojson.gz")
    if overseas is None or around is None:
        return None
    version = f"world-atlas, {sha256(overseas)[:10]}, {sha256(around)[:10]}"
    return 1, version, list(_named_shapes(overseas, "code")), list(_named_shapes(around, "nom"))


def _named_shapes(path: Path, key: str) -> Iterator[tuple[str, Geometry]]:
    with named(path):
        for properties, geometry in features(path):
            try:
                (shape,) = on_grid(array_of([shapely.from_geojson(geometry)]))
            except shapely.GEOSException as error:
                raise BrokenFile(path, str(error)) from error
            yield properties[key], shape


def _from_package() -> tuple[int, str, Countries, Countries] | None:
    path = npm(PACKAGE, "countries-10m.json")
    if path is None:
        return None
    topology = read_json(path)
    with named(path):
        known = arcs(topology)
        window = shapely.box(*AROUND_FRANCE)
        overseas: Countries = []
        around: Countries = []
        for geometry in topology["objects"]["countries"]["geometries"]:
            name = geometry["properties"]["name"]
            if name == FRANCE:
                continue
            shape = shape_of(geometry, known)
            if name in COLLECTIVITY_OF_NAME:
                overseas.append((COLLECTIVITY_OF_NAME[name], on_grid(array_of([shape]))[0]))
            elif shapely.intersects(shapely.box(*shapely.bounds(shape)), window):
                (seen,) = on_grid(array_of([shapely.intersection(shapely.make_valid(shape), window)]))
                if not seen.is_empty:
                    around.append((name, seen))
    return 3, f"world-atlas {npm_version(PACKAGE)}", overseas, around
