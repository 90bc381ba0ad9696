"""What tests build, with plain defaults: the same few people and towns everywhere."""

import json
import zlib
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from arobase.accounts import actions
from arobase.accounts.models import User
from arobase.accounts.roles import Role
from arobase.initiatives.actions import initiatives
from arobase.initiatives.models import Initiative
from arobase.initiatives.rules.sheets import Sheet
from arobase.initiatives.rules.states import Verb
from arobase.label.actions import campaigns, dossiers
from arobase.label.models import Campaign, Dossier
from arobase.label.queries.configuration.editions import first_text, in_force
from arobase.label.queries.dossiers import read
from arobase.label.rules.configuration import Form
from arobase.label.rules.saving import Save
from arobase.label.rules.states import CampaignVerb, DossierVerb
from arobase.territories.models import Contour, Kind, Succession, Territory, territory_id
from arobase.territories.rules.clocks import PARIS
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


def a_campaign(year: int = 2027, *, opened: bool = True, at: datetime | None = None) -> Campaign:
    """The package's configuration with participation open since yesterday and for ten days; the same one again."""
    if found := Campaign.objects.filter(pk=year).first():
        return found
    now = at or timezone.now()
    made = campaigns.begin(by=None, at=now, text=an_edition(year, around=now))
    return campaigns.move(made.pk, CampaignVerb.OPEN, by=None, at=now) if opened else made


def an_edition(year: int = 2027, *, around: datetime) -> str:
    """The text of a configuration whose participation opened a day before and closes ten days after a moment."""
    noon = around.astimezone(PARIS).replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None)
    days = {"opens": -1, "closes": 10, "review_closes": 20, "deliberates": 22, "ceremony": 30}
    told = {f"  {name}": f"{noon + timedelta(days=number):%Y-%m-%d %H:%M}" for name, number in days.items()}
    told |= {"label_year": str(year), "number": str(year - 1999)}
    lines = [
        f"{name}: {told[name]}" if name in told else line
        for line in first_text().splitlines()
        for name in [line.partition(":")[0]]
    ]
    return "\n".join(lines)


def a_dossier(
    *,
    campaign: Campaign | None = None,
    territory: Territory | None = None,
    answered: bool = True,
    submitted: bool = False,
) -> Dossier:
    """The dossier of Le Havre, a draft with every answer and one initiative that counts, unless told otherwise."""
    at, owner = timezone.now(), territory or a_commune()
    made, _is_new = dossiers.begin(campaign or a_campaign(), owner, by=None, at=at)
    if answered:
        if not Initiative.objects.filter(territory=owner).exists():
            an_initiative(owner)
        for name, value in everything_answered(made).items():
            dossiers.write(made.pk, name, Save(value, read(made).version(name), "builder", 1), by=None, at=at)
    return dossiers.move(made.pk, DossierVerb.SUBMIT, by=None, at=at) if submitted else made


def everything_answered(dossier: Dossier) -> dict[str, str]:
    """An answer to each question of a dossier, by field."""
    plain = {Form.LINE: "adjointe au numérique", Form.TEXT: "Des services pour tous.", Form.NUMBER: "12"}
    return {
        one.slug: one.choices[0].fr if one.choices else plain[one.form]
        for one in in_force(dossier.campaign).questions_for(read(dossier).kind)
    }
