"""Awards and editions, as other capabilities and the territory page read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Count, F, Max, Sum

from arobase.label.models import Award, Edition
from arobase.territories.models import Kind, Territory


@dataclass(frozen=True)
class AwardShown:
    """What a territory received in a year.

    via          name of the intercommunal body that was the laureate; empty when it was the territory itself
    formerly     the name under which it was a laureate, when that is a former one
    """

    year: int
    level: int | None
    distinctions: tuple[str, ...]
    source: str
    is_sample: bool
    territory_id: str
    name: str
    via: str = ""
    formerly: str = ""


@dataclass(frozen=True)
class EditionShown:
    """An edition with how many of its laureates the database holds, of how many there were (None: unknown)."""

    label_year: int
    number: int | None
    ceremony_on: date | None
    known: int
    total: int | None
    by_level: dict[str, int]
    note: str
    source: str


@dataclass(frozen=True)
class Known:
    """How many laureates of a year the database holds, of how many there were (None: unknown)."""

    known: int
    total: int | None

    @property
    def is_complete(self) -> bool:
        return self.total is not None and self.known >= self.total


def awards_of(territory_id: str) -> list[AwardShown]:
    """Awards of a territory and of the intercommunal body it belongs to, oldest first, its own before the body's."""
    territory = Territory.objects.filter(pk=territory_id).values_list("epci_id", "parent_id", "kind").first()
    if territory is None:
        return []
    epci_id, parent_id, kind = territory
    own = parent_id if kind in (Kind.DELEGATED, Kind.ASSOCIATED) and parent_id else territory_id
    places = [place for place in (own, epci_id) if place]
    awards = Award.objects.filter(territory_id__in=places).select_related("territory")
    return sorted(
        (_shown(award, via_body=award.territory_id == epci_id) for award in awards),
        key=lambda shown: (shown.year, bool(shown.via)),
    )


def _shown(award: Award, *, via_body: bool) -> AwardShown:
    name = award.territory.name
    return AwardShown(
        year=award.edition_id,
        level=award.level,
        distinctions=tuple(award.distinctions),
        source=award.source,
        is_sample=award.is_sample,
        territory_id=award.territory_id,
        name=name,
        via=name if via_body else "",
        formerly=award.name_as_printed if award.placed_by == "historical" else "",
    )


def editions() -> list[EditionShown]:
    """All editions, oldest first."""
    return [
        EditionShown(
            edition.label_year,
            edition.number,
            edition.ceremony_on,
            edition.known,
            edition.rewarded,
            edition.rewarded_by_level,
            edition.totals_note,
            edition.totals_source,
        )
        for edition in Edition.objects.annotate(known=Count("awards")).order_by("label_year")
    ]


def known_of_total(year: int) -> Known:
    """How many laureates of a year are known, of how many."""
    total = Edition.objects.filter(pk=year).values_list("rewarded", flat=True).first()
    return Known(Award.objects.filter(edition_id=year).count(), total)


def territories_by_level() -> Mapping[str, frozenset[str]]:
    """Ids of territories by the level of their latest award that states one."""
    stamp = Award.objects.aggregate(number=Count("id"), last=Max("id"), levels=Sum(F("level") * F("id")))
    return _territories_by_level(tuple(stamp.values()))


@lru_cache(maxsize=1)
def _territories_by_level(_stamp: tuple[int | None, ...]) -> Mapping[str, frozenset[str]]:
    known = Award.objects.filter(level__isnull=False).order_by("edition_id")
    latest = dict(known.values_list("territory_id", "level"))
    return {str(level): frozenset(id for id, found in latest.items() if found == level) for level in range(1, 6)}
