"""A small complete palmares in the database: two editions, two regions, an intercommunal body."""

from typing import Any

from arobase.label.models import Award, Edition
from arobase.territories.models import Territory
from builders import a_commune, a_department, a_region, an_epci


def an_edition(year: int, *, rewarded: int | None = None, **facts: Any) -> Edition:
    return Edition.objects.get_or_create(label_year=year, defaults={"rewarded": rewarded, **facts})[0]


def an_award(territory: Territory, *, year: int, level: int | None = 5, **facts: Any) -> Award:
    """An award; its edition is made, its total unknown, where it is not there."""
    plain = {"name_as_printed": territory.name, "source": "Gazette du Havre"}
    return Award.objects.create(edition=an_edition(year), territory=territory, level=level, **{**plain, **facts})


def a_complete_palmares() -> None:
    """2023: Le Havre 4@, Épinal 5@. 2024: Le Havre 5@, Parthenay 3@ and the body of Le Havre new, Épinal absent."""
    an_edition(2023, rewarded=2)
    an_edition(2024, rewarded=3)
    body = an_epci()
    havre = a_commune(population=166_687, epci=body, lon=0.1312, lat=49.4958)
    a_commune("76476", "Port-Jérôme-sur-Seine", population=10_000)
    deux_sevres = a_department(
        "79", "Deux-Sèvres", region=a_region("75", "Nouvelle-Aquitaine", name_link=3), name_link=4
    )
    parthenay = a_commune("79202", "Parthenay", population=10_140, department=deux_sevres)
    vosges = a_department("88", "Vosges", region=a_region("44", "Grand Est", name_link=2), name_link=4)
    epinal = a_commune("88160", "Épinal", population=32_256, department=vosges)
    an_award(havre, year=2023, level=4)
    an_award(epinal, year=2023)
    an_award(havre, year=2024)
    an_award(parthenay, year=2024, level=3, distinctions=["Mention numérique"])
    an_award(body, year=2024, level=None)
