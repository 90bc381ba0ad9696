"""The map's vector tiles, built with tippecanoe from the contours in the database into one PMTiles file."""

import hashlib
import json
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.atlas.queries.tiles import FOLDER, MANIFEST, Tiles, current
from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.loading import LoadFailed
from arobase.territories.models import Contour, Kind, SourceState, Territory
from arobase.territories.queries.outlines import neighbours

MIN_ZOOM, MAX_ZOOM = 2, 10
LAYERS = {  # kind → layer, first zoom that draws it
    Kind.REGION: ("regions", 2),
    Kind.COLLECTIVITY: ("regions", 2),
    Kind.DEPARTMENT: ("departements", 2),
    Kind.COMMUNE: ("communes", 7),
}
FROM = ("code", "contours", "outlines", "points")
NAMED_FROM = ((100_000, 4), (20_000, 6), (5_000, 8), (0, 9))  # inhabitants → first zoom that names the commune
STEPS = 2


class TilesFailed(LoadFailed):
    """tippecanoe is not there, or ended with an error; the tiles of before go on serving."""


def load(request: LoadRequest, *, now: Callable[[], datetime] = timezone.now) -> Loaded:
    """Build the tiles, unless those that serve were built from the same data."""
    states = {state.name: state for state in SourceState.objects.filter(name__in=FROM)}
    contours = states.get("contours")
    if contours is None or contours.layer is None:
        return Loaded(None, "", 0, "", {}, _("Sans contours, la carte mobile ne peut être construite."))
    fingerprint = _fingerprint(states)
    serving = current()
    if serving is None or serving.fingerprint != fingerprint or not path_of(serving).exists():
        serving = build(fingerprint, request=request, at=now())
        changes = {"changed": 1}
    else:
        changes = {}
    return Loaded(contours.layer, serving.name, contours.rows, contours.licence, changes)


def build(fingerprint: str, *, request: LoadRequest, at: datetime) -> Tiles:
    """Write the file beside the one that serves, then let it serve; what served before the last one goes."""
    folder = settings.HOME / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    before = current()
    with tempfile.TemporaryDirectory(dir=folder, prefix="building-") as building:
        drawn, out = Path(building) / "features.geojsonl", Path(building) / "france.pmtiles"
        request.progress(_("formes de la carte"), 0, STEPS)
        with drawn.open("wb") as file:
            for feature in _features():
                file.write(orjson.dumps(feature) + b"\n")
        request.progress(_("tuiles de la carte"), 1, STEPS)
        _tippecanoe(drawn, out)
        with out.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        tiles = Tiles(f"france-{digest}", fingerprint, at, out.stat().st_size)
        out.replace(path_of(tiles))
        manifest = Path(building) / MANIFEST
        manifest.write_text(json.dumps(_kept(tiles)), encoding="utf-8")
        manifest.replace(folder / MANIFEST)
    kept = {tiles.name, before.name if before else ""}
    for old in folder.glob("france-*.pmtiles"):
        if old.stem not in kept:
            old.unlink(missing_ok=True)
    return tiles


def path_of(tiles: Tiles) -> Path:
    """The file of tiles."""
    return Path(settings.HOME) / FOLDER / f"{tiles.name}.pmtiles"


def _kept(tiles: Tiles) -> dict[str, Any]:
    return {
        "name": tiles.name,
        "fingerprint": tiles.fingerprint,
        "built_at": tiles.built_at.isoformat(),
        "size_bytes": tiles.size_bytes,
    }


def _fingerprint(states: dict[str, SourceState]) -> str:
    said = "|".join(f"{name} {states[name].version} {states[name].rows}" for name in sorted(states))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _features() -> Iterator[dict[str, Any]]:
    """Everything that is drawn, one GeoJSON feature after the other, with the layer and zooms tippecanoe is told."""
    for land in neighbours()["features"]:
        yield _feature(land["geometry"], {"nom": land["properties"].get("nom", "")}, layer="land", from_zoom=MIN_ZOOM)
    columns = ("territory__kind", "territory__code", "territory__name", "territory__department__code", "geometry")
    shapes = Contour.objects.filter(territory__kind__in=list(LAYERS)).values_list(*columns)
    for kind, code, name, department, geometry in shapes.iterator(chunk_size=500):
        layer, from_zoom = LAYERS[kind]
        properties = {"code": code, "nom": name} | ({"dep": department} if department else {})
        yield _feature(orjson.loads(zlib.decompress(bytes(geometry))), properties, layer=layer, from_zoom=from_zoom)
    communes = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True, lon__isnull=False)
    for code, name, population, lon, lat in communes.values_list("code", "name", "population", "lon", "lat"):
        inhabitants = population or 0
        from_zoom = next(zoom for at_least, zoom in NAMED_FROM if inhabitants >= at_least)
        properties = {"code": code, "nom": name, "pop": inhabitants}
        yield _feature({"type": "Point", "coordinates": [lon, lat]}, properties, layer="points", from_zoom=from_zoom)


def _feature(geometry: Any, properties: dict[str, Any], *, layer: str, from_zoom: int) -> dict[str, Any]:
    return {
        "type": "Feature",
        "tippecanoe": {"layer": layer, "minzoom": from_zoom},
        "properties": properties,
        "geometry": geometry,
    }


def _tippecanoe(drawn: Path, out: Path) -> None:
    binary = Path(sys.executable).with_name("tippecanoe")
    if not binary.exists():
        raise TilesFailed(_("tippecanoe est introuvable : lancez « make install », puis « arobase data load »."))
    done = subprocess.run(
        [
            str(binary),
            *("--output", str(out), "--force", "--quiet", "--read-parallel"),
            *(f"--minimum-zoom={MIN_ZOOM}", f"--maximum-zoom={MAX_ZOOM}", "--detect-shared-borders"),
            *("--simplification=8", "--no-tile-size-limit", "--no-feature-limit", "--drop-rate=1"),
            *("--temporary-directory", str(out.parent), str(drawn)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise TilesFailed(
            _("tippecanoe s’est arrêté : %s. Les tuiles d’avant servent encore ; vérifiez la place sur le disque.")
            % said[0]
        )
