"""A small France with the standing towns of the tests, written straight into the tables."""

import json
import zlib

from django.utils.timezone import now

from arobase.territories.models import Contour, Kind, SourceState, Succession, Territory, Zone

REGIONS = [("28", "Normandie"), ("75", "Nouvelle-Aquitaine"), ("44", "Grand Est"), ("76", "Occitanie"), ("84", "ARA")]
DEPARTMENTS = [
    ("76", "Seine-Maritime", "28"),
    ("79", "Deux-Sèvres", "75"),
    ("88", "Vosges", "44"),
    ("34", "Hérault", "76"),
    ("38", "Isère", "84"),
    ("971", "Guadeloupe", "01"),
]
COMMUNES = [
    ("76351", "Le Havre", "76", "28", 166687, "76600 76610 76620", "217603513", 0.1, 49.5),
    ("76476", "Port-Jérôme-sur-Seine", "76", "28", 9907, "76330 76170", "200056463", 0.5, 49.5),
    ("79202", "Parthenay", "79", "75", 10154, "79200", "217902022", -0.25, 46.65),
    ("88160", "Épinal", "88", "44", 31930, "88000", "218801602", 6.45, 48.17),
    ("34108", "Frontignan", "34", "76", 23066, "34110", "213401086", 3.75, 43.45),
    ("38421", "Saint-Martin-d'Hères", "38", "84", 37000, "38400", "213804214", 5.77, 45.17),
    ("97101", "Les Abymes", "971", "01", 52000, "97139 97142", "219711017", -61.5, 16.27),
]
HALF_SIDE = 0.05  # degrees of the square contours


def a_small_france() -> None:
    """Departments, regions, two EPCI, an overseas collectivity, seven communes with square contours, parts of two."""
    for code, name in [*REGIONS, ("01", "Guadeloupe")]:
        zone = Zone.DROM if code == "01" else Zone.METROPOLE
        Territory.objects.create(id=f"region:{code}", kind=Kind.REGION, code=code, name=name, zone=zone)
    for code, name, region in DEPARTMENTS:
        zone = Zone.DROM if region == "01" else Zone.METROPOLE
        Territory.objects.create(
            id=f"department:{code}", kind=Kind.DEPARTMENT, code=code, name=name, zone=zone, region_id=f"region:{region}"
        )
    Territory.objects.create(
        id="epci:200084952", kind=Kind.EPCI, code="200084952", name="CU Le Havre Seine Métropole", subkind="CU",
        siren="200084952", population=267000, region_id="region:28", department_id="department:76",
    )  # fmt: skip
    Territory.objects.create(
        id="collectivity:988", kind=Kind.COLLECTIVITY, code="988", name="Nouvelle-Calédonie", zone=Zone.COM
    )
    Territory.objects.create(
        id="commune:98818", kind=Kind.COMMUNE, code="98818", name="Nouméa", zone=Zone.COM, population=94285,
        department_id="collectivity:988", region_id="collectivity:988", lon=166.45, lat=-22.27, postal_codes="98800",
    )  # fmt: skip
    for town in COMMUNES:
        _commune(town)
    Territory.objects.filter(code="76351").update(epci_id="epci:200084952", hall_lon=0.107, hall_lat=49.494)
    Territory.objects.create(
        id="delegated:76476", kind=Kind.DELEGATED, code="76476", name="Notre-Dame-de-Gravenchon",
        parent_id="commune:76476", department_id="department:76", region_id="region:28",
    )  # fmt: skip
    Succession.objects.create(
        former_kind=Kind.COMMUNE, former_code="76659", former_name="Touffreville-la-Cable",
        successor_id="commune:76476", event=Succession.Event.MERGED,
    )  # fmt: skip
    loaded(version="2026")


def loaded(*, version: str) -> None:
    """Say that the data is of this version."""
    SourceState.objects.update_or_create(
        name="territories",
        defaults={"version": version, "licence": "Licence Ouverte", "rows": 1, "seconds": 1, "loaded_at": now()},
    )


def _commune(town: tuple[str, str, str, str, int, str, str, float, float]) -> None:
    code, name, department, region, population, postal, siren, lon, lat = town
    west, south, east, north = lon - HALF_SIDE, lat - HALF_SIDE, lon + HALF_SIDE, lat + HALF_SIDE
    Territory.objects.create(
        id=f"commune:{code}", kind=Kind.COMMUNE, code=code, name=name, population=population, postal_codes=postal,
        siren=siren, department_id=f"department:{department}", region_id=f"region:{region}", lon=lon, lat=lat,
        west=west, south=south, east=east, north=north, area_km2=46.95,
        zone=Zone.DROM if region == "01" else Zone.METROPOLE,
    )  # fmt: skip
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()
    Contour.objects.create(territory_id=f"commune:{code}", geometry=zlib.compress(geometry))
