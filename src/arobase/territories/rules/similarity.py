"""Which territories resemble one another enough to compare notes: same kind, near in population, then in situation."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

# How many times larger or smaller a similar territory may be. Departments, regions and intercommunalities are few.
WITHIN = Fraction(5, 4)
WITHIN_FEW = Fraction(3, 2)
FEW = frozenset({"department", "region", "former-region", "epci", "collectivity"})


class PopulationUnknown(ValueError):
    """A territory without population resembles none."""

    def __init__(self, id: str) -> None:
        super().__init__(f"{id} has no population to compare.")
        self.id = id


class Reason(StrEnum):
    """What two territories have in common, besides kind and population."""

    SAME_REGION = "same region"
    SAME_SITUATION = "same situation"
    SAME_FORM = "same form"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared.

    population   None or 0 where it is not known
    region       id of the region, empty where there is none
    overseas     whether it lies outside metropolitan France
    form         legal form of the EPCI: its own, or that of the one a commune belongs to; empty where there is none
    """

    id: str
    kind: str
    population: int | None
    region: str = ""
    overseas: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A similar territory and why it was chosen."""

    id: str
    population: int
    reasons: tuple[Reason, ...]


def within(kind: str) -> Fraction:
    """The largest ratio of two populations that are held to be near."""
    return WITHIN_FEW if kind in FEW else WITHIN


def population_range(population: int, *, kind: str) -> tuple[int, int]:
    """Smallest and largest population that is near.

    >>> population_range(100, kind="commune")
    (80, 125)
    """
    ratio = within(kind)
    return -int(-population / ratio // 1), int(population * ratio)


def similar(to: Profile, among: Iterable[Profile], *, at_most: int) -> list[Likeness]:
    """The territories that resemble one, the nearest first.

    Of the same kind and within `population_range`; first those of the same region, then those in the same situation
    (metropole or overseas), then those of the same form of intercommunality; then by ratio of populations, then by id.
    Source: our own choice, told in docs/methodology/territories.md; raises PopulationUnknown.
    """
    if not to.population:
        raise PopulationUnknown(to.id)
    lowest, highest = population_range(to.population, kind=to.kind)
    near = [
        (other, _reasons(to, other), _ratio(to.population, other.population))
        for other in among
        if other.id != to.id and other.kind == to.kind and other.population and lowest <= other.population <= highest
    ]
    near.sort(key=lambda found: (*(reason not in found[1] for reason in Reason), found[2], found[0].id))
    return [Likeness(other.id, other.population or 0, reasons) for other, reasons, _ in near[:at_most]]


def _reasons(one: Profile, other: Profile) -> tuple[Reason, ...]:
    return tuple(
        reason
        for reason, shared in (
            (Reason.SAME_REGION, bool(one.region) and one.region == other.region),
            (Reason.SAME_SITUATION, one.overseas == other.overseas),
            (Reason.SAME_FORM, bool(one.form) and one.form == other.form),
        )
        if shared
    )


def _ratio(one: int, other: int) -> Fraction:
    return Fraction(max(one, other), min(one, other))
