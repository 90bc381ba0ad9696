"""Invented initiatives for the demonstration, marked as such everywhere: real territories, nothing they declared."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np

from arobase.initiatives.actions.initiatives import move, write
from arobase.initiatives.actions.reuse import inspired
from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.referential import referential
from arobase.initiatives.rules.referential import candidate_of
from arobase.initiatives.rules.sheets import Cost, Doer, Effort, Maturity, Place, Sheet, Software
from arobase.initiatives.rules.states import Verb
from arobase.territories.models import Kind, Territory

SEED = 1998
SHOWCASE = "commune:76351"  # whose agent signs in to the demonstration
TOWNS, BODIES, WAITING = 56, 6, 4
EACH = (1, 2, 4, 6, 10, 18)  # how many initiatives a territory has; the showcase has the most
MOST_SERVICES = 3
AUDIENCES = ("tous les habitants", "les familles", "les associations", "les aînés", "les jeunes", "les entreprises")
PROGRAMS = (("OpenStreetMap", "ODbL"), ("Decidim", "AGPL-3.0"), ("Nextcloud", "AGPL-3.0"), ("Publik", "AGPL-3.0"))
INVENTED = "Exemple inventé pour la démonstration : ce territoire n’a rien déclaré de tel."


def fill(at: datetime) -> int:
    """Write the examples once; how many there are now."""
    if not Initiative.objects.filter(is_sample=True).exists():
        rng = np.random.default_rng(SEED)
        sheets = [pair for territory in _territories() for pair in _of(territory, rng)]
        shuffled = [sheets[place] for place in rng.permutation(len(sheets))]
        first_the_showcase = sorted(shuffled, key=lambda pair: pair[0].pk != SHOWCASE)
        made = [_submitted(*pair, at=at) for pair in first_the_showcase]
        for one in made[:-WAITING]:
            move(one.pk, Verb.PUBLISH, by=None, at=at)
        _inspire(made[:-WAITING], rng, at=at)
    return Initiative.objects.filter(is_sample=True).count()


def _territories() -> list[Territory]:
    """A few EPCI, the showcase, and communes of all sizes, from the largest on at growing distances."""
    communes = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True, population__gt=0).exclude(pk=SHOWCASE)
    number = communes.count()
    places = sorted({int(number ** (step / TOWNS)) for step in range(TOWNS)}) if number else []
    ordered = list(communes.order_by("-population", "code")[: max(places, default=-1) + 1])
    bodies = Territory.objects.filter(kind=Kind.EPCI, population__isnull=False).order_by("-population", "code")
    showcase = Territory.objects.filter(pk=SHOWCASE)
    return [*bodies[:BODIES], *showcase, *(ordered[place] for place in places)]


def _submitted(territory: Territory, sheet: Sheet, *, at: datetime) -> Initiative:
    made = write(sheet, territory_id=territory.pk, by=None, at=at, is_sample=True)
    return move(made.pk, Verb.SUBMIT, by=None, at=at)


def _of(territory: Territory, rng: np.random.Generator) -> list[tuple[Territory, Sheet]]:
    kind = candidate_of(territory.kind, territory.population)
    offered = referential().services_for(kind, territory.population)
    number = EACH[-1] if territory.pk == SHOWCASE else EACH[int(rng.integers(len(EACH)))]
    rendered = [int(rng.integers(1, MOST_SERVICES + 1)) for _initiative in range(number)]
    picked = iter(rng.choice(len(offered), size=sum(rendered), replace=False).tolist())
    found = []
    for count in rendered:
        services = [offered[next(picked)] for _service in range(count)]
        service = services[0]
        began = date(2019, 1, 1) + timedelta(days=int(rng.integers(0, 2_700)))
        ended = began + timedelta(days=400) if rng.random() < 0.15 else None  # noqa: PLR2004 - an invented share
        name, licence = PROGRAMS[int(rng.integers(len(PROGRAMS)))]
        sheet = Sheet(
            title=service.name.fr,
            summary=f"{service.sentence.fr}\n\n{INVENTED}",
            audience=AUDIENCES[int(rng.integers(len(AUDIENCES)))],
            started_on=began,
            ended_on=ended,
            maturity=_any(Maturity, rng),
            doer=_any(Doer, rng),
            cost=_any(Cost, rng),
            effort=_any(Effort, rng),
            services=tuple(one.slug for one in services),
            places=_places(territory, rng),
            software=(Software(name, licence),),
        )
        found.append((territory, sheet))
    return found


def _places(territory: Territory, rng: np.random.Generator) -> tuple[Place, ...]:
    """The town hall, where it is known, for a third of the examples."""
    if territory.hall_lon is None or territory.hall_lat is None or rng.random() > 1 / 3:
        return ()
    return (Place("Mairie", territory.hall_lon, territory.hall_lat), Place("En ligne"))


def _any(kind: type[Maturity] | type[Doer] | type[Cost] | type[Effort], rng: np.random.Generator) -> str:
    values = list(kind)
    return str(values[int(rng.integers(len(values)))])


def _inspire(published: Sequence[Initiative], rng: np.random.Generator, *, at: datetime) -> None:
    """Initiatives of the same service inspire one another, the earlier the later."""
    by_service: dict[str, list[Initiative]] = {}
    for one in published:
        by_service.setdefault(one.services[0], []).append(one)
    for alike in by_service.values():
        ordered = sorted(alike, key=lambda one: (one.started_on, one.pk))
        for place in range(1, len(ordered)):
            source = ordered[int(rng.integers(place))]
            inspired(ordered[place].pk, by_id=source.pk, note="", by=None, at=at)
