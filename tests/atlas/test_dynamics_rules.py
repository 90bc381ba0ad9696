"""Counts, rates, flows and places: what always holds, and one complete palmares worked by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.atlas.rules.dynamics import (
    Area,
    Award,
    Completeness,
    Editions,
    Flows,
    Partial,
    Place,
    count,
    count_by_year,
    dynamics,
    editions_of,
    flows,
    outside,
    places,
    rate,
)
from arobase.territories.rules.sizes import NOT_A_COMMUNE, SIZE_CLASSES, UNKNOWN, size_of
from strategies.laurels import DEPARTMENTS, YEARS, palmares


def complete(awards: list[Award]) -> Editions:
    """The editions of awards of which nothing is missing."""
    counts = count_by_year(awards, years=YEARS)
    return editions_of(awards, totals={year: counts[year].awards for year in YEARS})


# A whole country of two editions after a first one, worked by hand. North: 200,000 inhabitants in 40 communes.
NORTH, SOUTH = Area("region:n", 200_000, 40), Area("region:s", 150_000, 10)


def an_award(laureate: str, *, year: int, level: int | None, region: str = "n", is_commune: bool = True) -> Award:
    return Award(laureate, year, level, frozenset({f"region:{region}"}), "2000-a-9999", is_commune)


PALMARES = [
    an_award("Anse", year=2022, level=5),
    an_award("Dune", year=2022, level=1),
    an_award("Anse", year=2023, level=3),
    an_award("Brise", year=2023, level=2),
    an_award("Crique", year=2023, level=4),
    an_award("Estran", year=2023, level=None),
    an_award("Fjord", year=2023, level=1),
    an_award("Anse", year=2024, level=4),  # promoted
    an_award("Brise", year=2024, level=2),  # kept
    an_award("Crique", year=2024, level=1),  # lowered
    an_award("Dune", year=2024, level=1),  # returning: a laureate of 2022
    an_award("Estran", year=2024, level=3),  # unstated: its level of 2023 is not known
    an_award("Golfe", year=2024, level=1, is_commune=False),  # newcomer, an intercommunal body; Fjord is absent
    an_award("Havre", year=2024, level=5, region="s"),
]
WHOLE = editions_of(PALMARES, totals={2022: 2, 2023: 5, 2024: 7})


def test_complete_palmares_gives_what_was_worked_by_hand() -> None:
    result = dynamics(PALMARES, areas=[NORTH, SOUTH], editions=WHOLE, year=2024)

    north, south = result["region:n"], result["region:s"]
    assert (north.counts.laureates, north.counts.communes) == (6, 5)
    assert north.counts.by_level == {1: 3, 2: 1, 3: 1, 4: 1, 5: 0, None: 0}
    assert north.per_inhabitants == Fraction(3)  # 6 × 100,000 / 200,000
    assert north.per_communes == Fraction(25, 2)  # 5 × 100 / 40
    assert south.per_inhabitants == Fraction(2, 3)
    assert (north.place, south.place) == (Place(1, 2, 1), Place(2, 2, 1))
    assert north.flows == Flows(
        before=2023,
        year=2024,
        entered=2,
        newcomers=1,
        returning=1,
        promoted=1,
        kept=1,
        lowered=1,
        unstated=1,
        absent=1,
    )


def test_edition_with_unknown_laureates_gives_neither_rate_nor_place_nor_flow() -> None:
    editions = editions_of(PALMARES, totals={2022: 2, 2023: 5, 2024: 213})

    north = dynamics(PALMARES, areas=[NORTH, SOUTH], editions=editions, year=2024)["region:n"]

    missing = Partial(7, 213)
    assert north.counts.laureates == 6
    assert (north.per_inhabitants, north.per_communes, north.place) == (missing, missing, missing)
    assert north.flows == Partial(12, 218)  # both editions concerned


def test_edition_whose_total_nobody_published_is_not_complete() -> None:
    editions = editions_of(PALMARES, totals={2022: 2, 2023: 5})

    assert editions.why_not(2024) == Partial(7, None)
    assert flows(PALMARES, year=2024, editions=editions) == Partial(12, None)


def test_edition_with_more_awards_than_published_is_not_complete() -> None:
    assert not Completeness(8, 7).is_complete


def test_newcomers_are_not_told_from_returning_while_an_earlier_edition_is_partial() -> None:
    editions = editions_of(PALMARES, totals={2022: 30, 2023: 5, 2024: 7})

    found = flows(PALMARES, year=2024, editions=editions)

    assert isinstance(found, Flows)
    assert found.entered == 3
    assert (found.newcomers, found.returning) == (Partial(2, 30), Partial(2, 30))


def test_first_edition_has_no_flows() -> None:
    assert flows(PALMARES, year=2022, editions=WHOLE) is None
    assert dynamics(PALMARES, areas=[NORTH], editions=WHOLE, year=None)["region:n"].flows is None


def test_all_editions_together_count_a_territory_once_and_its_awards_each() -> None:
    north = dynamics(PALMARES, areas=[NORTH], editions=WHOLE, year=None)["region:n"]

    assert (north.counts.laureates, north.counts.awards) == (7, 13)


def test_area_without_inhabitants_or_communes_has_no_rate() -> None:
    empty = Area("collectivity:989", None, 0)

    desert = dynamics(PALMARES, areas=[empty], editions=WHOLE, year=2024)[empty.id]

    assert (desert.counts.laureates, desert.per_inhabitants, desert.per_communes) == (0, None, None)
    assert rate(0, of=0, per=100) is None


def test_areas_with_as_many_laureates_share_a_place_and_the_next_is_skipped() -> None:
    assert places({"a": 3, "b": 5, "c": 3, "d": 0}) == {
        "b": Place(1, 4, 1),
        "a": Place(2, 4, 2),
        "c": Place(2, 4, 2),
        "d": Place(4, 4, 1),
    }


@given(palmares())
def test_sums_over_areas_are_the_national_figures(awards: list[Award]) -> None:
    for year in (*YEARS, None):
        found = dynamics(awards, areas=DEPARTMENTS, editions=complete(awards), year=year).values()
        nation = count(award for award in awards if year in (None, award.year))

        assert sum(one.counts.laureates for one in found) == nation.laureates
        assert sum(one.counts.awards for one in found) == nation.awards == sum(nation.by_level.values())
        assert sum(nation.by_size.values()) == nation.awards
        for level, number in nation.by_level.items():
            assert sum(one.counts.by_level[level] for one in found) == number


@given(palmares())
def test_what_lies_outside_completes_the_sum(awards: list[Award]) -> None:
    some = DEPARTMENTS[:1]
    inside = dynamics(awards, areas=some, editions=complete(awards), year=2024)

    national = count(award for award in awards if award.year == 2024).laureates
    assert sum(one.counts.laureates for one in inside.values()) + outside(awards, areas=some, year=2024) == national


@given(palmares())
def test_flows_part_both_editions_without_rest(awards: list[Award]) -> None:
    by_year = count_by_year(awards, years=YEARS)

    found = flows(awards, year=2024, editions=complete(awards))

    assert isinstance(found, Flows)
    assert isinstance(found.newcomers, int) and isinstance(found.returning, int)
    both = found.promoted + found.kept + found.lowered + found.unstated
    assert found.newcomers + found.returning == found.entered
    assert found.entered + both == by_year[2024].laureates
    assert found.absent + both == by_year[2023].laureates


@given(st.data(), palmares(), st.permutations(DEPARTMENTS))
def test_order_of_awards_and_areas_changes_nothing(data: st.DataObject, awards: list[Award], areas: list[Area]) -> None:
    shuffled = data.draw(st.permutations(awards))

    assert dynamics(shuffled, areas=areas, editions=complete(shuffled), year=2024) == dynamics(
        awards, areas=DEPARTMENTS, editions=complete(awards), year=2024
    )


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 5)))
def test_place_is_one_more_than_the_areas_above(numbers: dict[str, int]) -> None:
    found = places(numbers)

    for key, number in numbers.items():
        assert found[key].rank == 1 + sum(other > number for other in numbers.values())
        assert found[key].tied == sum(other == number for other in numbers.values())


@given(st.integers(0, 3_000_000))
def test_population_falls_in_exactly_one_class(population: int) -> None:
    assert [size.slug for size in SIZE_CLASSES if size.holds(population)] == [size_of(population, is_commune=True)]


@pytest.mark.parametrize(("population", "is_commune", "size"), [(None, True, UNKNOWN), (5, False, NOT_A_COMMUNE)])
def test_laureate_outside_the_classes_is_counted_apart(population: int | None, is_commune: bool, size: str) -> None:
    assert size_of(population, is_commune=is_commune) == size
