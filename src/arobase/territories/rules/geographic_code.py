"""The official geographic code as published by Etalab, turned into the territories and the undated links we keep.

Source: npm @etalab/decoupage-administratif (INSEE, DGCL, La Poste; Licence Ouverte).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from arobase.territories.rules.former_regions import (
    FORMER_REGIONS,
    LAST_DAY,
    MERGED_ON,
    REGION_BEFORE_2016,
)

KIND_OF_TYPE = {
    "commune-actuelle": "commune",
    "commune-deleguee": "delegated",
    "commune-associee": "associated",
    "arrondissement-municipal": "arrondissement",
}
OVERSEAS_COLLECTIVITY = "com"
FIRST_VINTAGE = 2020  # version 1 of the package holds the code of 2021


@dataclass(frozen=True, slots=True)
class Entry:
    """A territory as the code describes it; other territories are named by their id (`department:76`)."""

    kind: str
    code: str
    name: str
    name_link: int = 0
    subkind: str = ""
    zone: str = "metro"
    population: int | None = None
    siren: str = ""
    postal_codes: str = ""
    seat: str = ""
    parent: str | None = None
    department: str | None = None
    region: str | None = None
    former_region: str | None = None
    epci: str | None = None
    valid_to: date | None = None

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class Link:
    """A former code or name and the id of the territory of today that it became; `on` is None when not known."""

    former_kind: str
    former_code: str
    former_name: str
    successor: str
    event: str
    on: date | None = None


Records = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Code:
    """The package's files as they are."""

    communes: Records
    departments: Records
    regions: Records
    epcis: Records


def vintage(version: str) -> int:
    """The year whose code a version of the package holds (its README has the table).

    >>> vintage("6.0.0")
    2026
    """
    return FIRST_VINTAGE + int(version.split(".", maxsplit=1)[0])


def entries(code: Code) -> list[Entry]:
    """All territories: communes and their parts, departments, regions and those before 2016, EPCI, collectivities."""
    collectivities = {record["code"] for record in code.departments if record["zone"] == OVERSEAS_COLLECTIVITY}
    members = {member["code"]: record["code"] for record in code.epcis for member in record["membres"]}
    communes = [_commune(record, members, collectivities) for record in code.communes]
    of_today = [entry for entry in communes if entry.kind == "commune"]
    return [
        *communes,
        *_departments(code.departments, of_today),
        *_regions(code.regions, of_today),
        *_former_regions(of_today),
        *_collectivities(code.departments, of_today),
        *_epcis(code.epcis, of_today),
    ]


def _commune(record: Mapping[str, Any], members: Mapping[str, str], collectivities: set[str]) -> Entry:
    kind = KIND_OF_TYPE[record["type"]]
    parent = record.get("chefLieu") or record.get("commune")
    department, region, before = record["departement"], record["region"], REGION_BEFORE_2016.get(record["departement"])
    epci = members.get(record["code"]) if kind == "commune" else None
    overseas = department in collectivities
    return Entry(
        kind=kind,
        code=record["code"],
        name=record["nom"],
        name_link=record.get("typeLiaison", 0),
        zone=record["zone"],
        population=record.get("population"),
        siren=record.get("siren", ""),
        postal_codes=" ".join(record.get("codesPostaux", [])),
        parent=f"commune:{parent}" if kind != "commune" else None,
        department=f"collectivity:{department}" if overseas else f"department:{department}",
        region=f"collectivity:{region}" if overseas else f"region:{region}",
        former_region=f"former-region:{before}" if before else None,
        epci=f"epci:{epci}" if epci else None,
    )


def _inhabitants(communes: Iterable[Entry], belonging: str) -> Counter[str]:
    """Summed population of the communes by what they belong to."""
    found: Counter[str] = Counter()
    for commune in communes:
        if whole := getattr(commune, belonging):
            found[whole] += commune.population or 0
    return found


def _departments(records: Records, communes: Iterable[Entry]) -> list[Entry]:
    people = _inhabitants(communes, "department")
    return [
        Entry(
            kind="department",
            code=record["code"],
            name=record["nom"],
            name_link=record["typeLiaison"],
            zone=record["zone"],
            population=people[f"department:{record['code']}"],
            seat=record["chefLieu"],
            region=f"region:{record['region']}",
            former_region=f"former-region:{before}" if (before := REGION_BEFORE_2016.get(record["code"])) else None,
        )
        for record in records
        if record["zone"] != OVERSEAS_COLLECTIVITY
    ]


def _regions(records: Records, communes: Iterable[Entry]) -> list[Entry]:
    people = _inhabitants(communes, "region")
    return [
        Entry(
            kind="region",
            code=record["code"],
            name=record["nom"],
            name_link=record["typeLiaison"],
            zone=record["zone"],
            population=people[f"region:{record['code']}"],
            seat=record["chefLieu"],
        )
        for record in records
        if record["zone"] != OVERSEAS_COLLECTIVITY
    ]


def _former_regions(communes: Sequence[Entry]) -> list[Entry]:
    people = _inhabitants(communes, "former_region")
    today = {commune.former_region: commune.region for commune in communes}
    return [
        Entry(
            kind="former-region",
            code=region.code,
            name=region.name,
            name_link=region.link,
            population=people[f"former-region:{region.code}"],
            region=today.get(f"former-region:{region.code}"),
            valid_to=LAST_DAY,
        )
        for region in FORMER_REGIONS
    ]


def _collectivities(records: Records, communes: Sequence[Entry]) -> list[Entry]:
    people = _inhabitants((commune for commune in communes if commune.population is not None), "department")
    codes = {commune.code: commune.department for commune in communes}
    return [
        Entry(
            kind="collectivity",
            code=record["code"],
            name=record["nom"],
            name_link=record["typeLiaison"],
            zone=record["zone"],
            population=people.get(id),
            seat=record["chefLieu"] if codes.get(record["chefLieu"]) == id else "",
        )
        for record in records
        if record["zone"] == OVERSEAS_COLLECTIVITY
        for id in [f"collectivity:{record['code']}"]
    ]


def _epcis(records: Records, communes: Iterable[Entry]) -> list[Entry]:
    """Department and region of an EPCI are those where most of its inhabitants live."""
    of = {commune.code: commune for commune in communes}
    found = []
    for record in records:
        lived_in: Counter[tuple[str, str, str | None, str]] = Counter()
        for member in record["membres"]:
            if commune := of.get(member["code"]):
                place = (commune.department or "", commune.region or "", commune.former_region, commune.zone)
                lived_in[place] += (commune.population or 0) + 1
        department, region, before, zone = max(lived_in, key=lambda place: (lived_in[place], place[0]))
        found.append(
            Entry(
                kind="epci",
                code=record["code"],
                name=record["nom"],
                subkind=record["type"],
                zone=zone,
                population=record["populationMunicipale"],
                siren=record["code"],
                department=department,
                region=region,
                former_region=before,
            )
        )
    return found


def links(code: Code) -> list[Link]:
    """Former codes and names of communes, not dated; the regions merged in 2016, dated."""
    parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in code.communes:
        if record["type"] in {"commune-deleguee", "commune-associee"}:
            parts[record["chefLieu"]].append(record)
    found: dict[tuple[str, str], Link] = {}
    for record in code.communes:
        if record["type"] == "commune-actuelle":
            for link in _links_of(record, parts[record["code"]]):
                found.setdefault((link.former_code, link.successor), link)
    return [*found.values(), *_links_of_regions(code)]


def _links_of(commune: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]) -> list[Link]:
    names = {part["code"]: part["nom"] for part in parts}
    codes = dict.fromkeys([*commune.get("anciensCodes", []), *names])
    return [
        Link("commune", code, names.get(code, ""), f"commune:{commune['code']}", "merged")
        for code in codes
        if code != commune["code"] or names.get(code, commune["nom"]) != commune["nom"]
    ]


def _links_of_regions(code: Code) -> list[Link]:
    region_of = {record["code"]: record["region"] for record in code.departments}
    codes = {record["code"] for record in code.regions}
    return [
        Link("former-region", region.code, region.name, f"region:{today}", "merged", MERGED_ON)
        for region in FORMER_REGIONS
        if (today := region_of.get(region.departments[0])) and today in codes and region.code not in codes
    ]
