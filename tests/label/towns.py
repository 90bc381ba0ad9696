"""A few towns with their homonyms, as rules and as rows, and all of France from the locked package."""

import json
from collections import defaultdict
from pathlib import Path

from arobase.label.rules.places import Former, Gazetteer, Place
from arobase.territories.models import Succession, Territory

PACKAGE = Path(__file__).resolve().parents[2] / "node_modules/@etalab/decoupage-administratif/data"
DEPARTMENTS = {
    "17": "Charente-Maritime",
    "34": "Hérault",
    "38": "Isère",
    "70": "Haute-Saône",
    "76": "Seine-Maritime",
    "79": "Deux-Sèvres",
    "2A": "Corse-du-Sud",
    "2B": "Haute-Corse",
    "54": "Meurthe-et-Moselle",
    "59": "Nord",
}


def _town(code, name, population, *, department=None, epci="", former=()):
    return Place(
        f"commune:{code}", "commune", code, name, frozenset({department or code[:2]}), population, "", "", epci, former
    )


def _body(code, name, subkind, departments, population=50_000):
    return Place(f"epci:{code}", "epci", code, name, frozenset(departments), population, subkind)


GRAVENCHON = Former("Notre-Dame-de-Gravenchon", "commune", "", "merged", "2016-01-01")
TOWNS = [
    _town("76351", "Le Havre", 165_000),
    _town("79202", "Parthenay", 10_000, epci="200041333"),
    _town("34108", "Frontignan", 23_000),
    _town("76476", "Port-Jérôme-sur-Seine", 10_000, former=(GRAVENCHON,)),
    _town("38421", "Saint-Martin-d'Hères", 38_000),
    _town("17300", "La Rochelle", 79_000),
    _town("70450", "La Rochelle", 40),
    _town("54547", "Vandœuvre-lès-Nancy", 30_000),
    _town("59220", "Faches-Thumesnil", 17_000),
    _town("59249", "Fourmies", 11_000, epci="200043404"),
    _body("200041333", "CC de Parthenay-Gâtine", "CC", ["79"]),
    _body("200043404", "CC du Sud Avesnois", "CC", ["59"]),
    _body("242010056", "CA du Pays Ajaccien", "CA", ["2A"]),
    _body("242000354", "CA de Bastia", "CA", ["2B"]),
    _body("245400676", "Métropole du Grand Nancy", "METRO", ["54"]),
    _body("200010700", "CA Caux Seine Agglo", "CA", ["76"]),
]


def a_gazetteer(*more: Place) -> Gazetteer:
    return Gazetteer([*TOWNS, *more], departments=DEPARTMENTS)


def load_towns() -> None:
    """The same towns as rows of the database."""
    Territory.objects.bulk_create(
        Territory(id=f"department:{code}", kind="department", code=code, name=name)
        for code, name in DEPARTMENTS.items()
    )
    Territory.objects.bulk_create(
        Territory(
            id=place.id,
            kind=place.kind,
            code=place.code,
            name=place.name,
            population=place.population,
            subkind=place.subkind,
            department_id=None if place.kind == "epci" else f"department:{next(iter(place.departments))}",
            epci_id=f"epci:{place.epci}" if place.epci else None,
        )
        for place in TOWNS
    )
    Succession.objects.create(
        former_kind="commune",
        former_code="76476",
        former_name="Notre-Dame-de-Gravenchon",
        successor_id="commune:76476",
        event="merged",
        on="2016-01-01",
    )


def all_of_france() -> Gazetteer:
    """Every place of the locked package."""
    communes, bodies, departments = (
        json.loads((PACKAGE / f"{name}.json").read_text()) for name in ("communes", "epci", "departements")
    )
    kinds = {"commune-deleguee": "delegated", "commune-associee": "associated"}
    former, body_of, department_of = defaultdict(list), {}, {}
    for body in bodies:
        body_of |= {member["code"]: body["code"] for member in body["membres"]}
    for row in communes:
        if kind := kinds.get(row["type"]):
            own = row["code"] if row["code"] != row["chefLieu"] else ""
            former[row["chefLieu"]].append(Former(row["nom"], kind, own))
        if row["type"] == "commune-actuelle":
            department_of[row["code"]] = row["departement"]
    places = [
        _town(
            row["code"],
            row["nom"],
            row.get("population") or 0,
            department=row["departement"],
            epci=body_of.get(row["code"], ""),
            former=tuple(former[row["code"]]),
        )
        for row in communes
        if row["type"] == "commune-actuelle"
    ]
    for body in bodies:
        inside = {department_of[member["code"]] for member in body["membres"] if member["code"] in department_of}
        places.append(_body(body["code"], body["nom"], body["type"], inside, body["populationMunicipale"]))
    return Gazetteer(places, departments={row["code"]: row["nom"] for row in departments})
