"""The drawing of where an initiative is."""

import zlib

import shapely

from arobase.initiatives.models import Initiative
from arobase.initiatives.rules.sketch import Sketch, sketch
from arobase.territories.models import Contour


def sketch_of(initiative: Initiative) -> Sketch | None:
    """The drawing; None where no place has coordinates or the territory has no contour here."""
    places = [
        (number, float(one["lon"]), float(one["lat"]))
        for number, one in enumerate(initiative.places, 1)
        if one.get("lat") is not None and one.get("lon") is not None
    ]
    kept = Contour.objects.filter(pk=initiative.territory_id).values_list("geometry", flat=True).first()
    if not places or kept is None:
        return None
    return sketch(shapely.from_geojson(zlib.decompress(bytes(kept))), places)
