"""What tests build, with plain defaults: the same few people and towns everywhere."""

import json
import zlib
from datetime import date
from typing import Any

from django.utils import timezone

from arobase.accounts import actions
from arobase.accounts.models import User
from arobase.accounts.roles import Role
from arobase.initiatives.actions import initiatives
from arobase.initiatives.models import Initiative
from arobase.initiatives.rules.sheets import Sheet
from arobase.initiatives.rules.states import Verb
from arobase.territories.models import Contour, Kind, Succession, Territory, territory_id
from people import Person

PASSWORD = "une phrase assez longue"


def an_account(person: Person) -> User:
    """One of the people of the tests (tests/people.py), with account and role."""
    at = timezone.now()
    user = actions.create_person(person.email, password=PASSWORD, at=at, by=None, name=person.name)
    if person.role:
        actions.give_role(user, role=Role(person.role), at=at, by=None, territory_id=person.territory)
    return user


def a_territory(kind: str, code: str, name: str, **facts: Any) -> Territory:
    """A territory of any kind; the same one again where it is there already."""
    made, _created = Territory.objects.update_or_create(
        pk=territory_id(kind, code), defaults={"kind": kind, "code": code, "name": name, **facts}
    )
    return made


def a_region(code: str = "28", name: str = "Normandie", **facts: Any) -> Territory:
    return a_territory(Kind.REGION, code, name, **facts)


def a_department(code: str = "76", name: str = "Seine-Maritime", **facts: Any) -> Territory:
    plain = {"name_link": 3, "region": facts.get("region") or a_region()}
    return a_territory(Kind.DEPARTMENT, code, name, **{**plain, **facts})


def an_epci(code: str = "200084952", name: str = "CU Le Havre Seine Métropole", **facts: Any) -> Territory:
    return a_territory(Kind.EPCI, code, name, **{"subkind": "CU", "siren": code, **facts})


def a_commune(code: str = "76351", name: str = "Le Havre", **facts: Any) -> Territory:
    """Le Havre in the Seine-Maritime, unless told otherwise."""
    department = facts.get("department") or a_department()
    plain = {"name_link": 2 if name.startswith("Le ") else 0, "department": department, "region": department.region}
    return a_territory(Kind.COMMUNE, code, name, **{**plain, **facts})


def a_succession(former_code: str, successor: Territory, **facts: Any) -> Succession:
    """A former commune merged into one of today, undated."""
    return Succession.objects.create(
        **{"former_kind": Kind.COMMUNE, "former_code": former_code, "event": Succession.Event.MERGED, **facts},
        successor=successor,
    )


def a_contour(territory: Territory, *corners: tuple[float, float], outline: str = "") -> Contour:
    """A contour with these corners, by default a square near Le Havre."""
    ring = list(corners) or [(0.10, 49.45), (0.20, 49.45), (0.20, 49.54), (0.10, 49.54)]
    geometry = json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}).encode()
    return Contour.objects.create(territory=territory, geometry=zlib.compress(geometry), outline=outline)


def an_initiative(territory: Territory | None = None, *, published: bool = True, **facts: Any) -> Initiative:
    """« Conseil municipal filmé » of Le Havre, published, unless told otherwise."""
    at = facts.pop("at", timezone.now())
    plain = {
        "title": "Conseil municipal filmé",
        "summary": "Les séances sont filmées, sous-titrées et archivées.",
        "audience": "tous les habitants",
        "started_on": date(2025, 3, 1),
        "maturity": "running",
        "doer": "territory",
        "services": ("conseil-filme-et-transcrit",),
    }
    owner = (territory or a_commune()).pk
    made = initiatives.write(Sheet(**{**plain, **facts}), territory_id=owner, by=None, at=at)
    if published:
        initiatives.move(made.pk, Verb.SUBMIT, by=None, at=at)
        made = initiatives.move(made.pk, Verb.PUBLISH, by=None, at=at)
    return made
