"""Seats: what the law sets, worked examples, and real results, each named after its source."""

import pytest

from arobase.elections.rules.seats.averages import Ballot
from arobase.elections.rules.seats.law import (
    RULES,
    Kind,
    NoRule,
    SeatsUnknown,
    council_size,
    fewest_candidates,
    rule_of,
    seats_of,
)
from arobase.elections.rules.seats.rounds import bonus_of, has_majority, outcome
from strategies.elections import lists

MUNICIPAL, REGIONAL, EUROPEAN = (rule_of(kind, 2026) for kind in (Kind.MUNICIPAL, Kind.REGIONAL, Kind.EUROPEAN))
PLM, SECTOR = rule_of(Kind.MUNICIPAL_PLM, 2026), rule_of(Kind.SECTOR, 2026)
HAD_2019 = {
    "PRENEZ LE POUVOIR": (5_286_939, 23),
    "RENAISSANCE": (5_079_015, 23),
    "EUROPE ÉCOLOGIE": (3_055_023, 13),
    "UNION DROITE-CENTRE": (1_920_407, 8),
    "LA FRANCE INSOUMISE": (1_428_548, 6),
    "ENVIE D'EUROPE": (1_403_170, 6),
}


def test_every_rule_names_its_articles_and_its_first_day():
    assert [rule.kind for rule in RULES if not (rule.articles and rule.since)] == []


# --- elected or not ------------------------------------------------------------------------------------------------


def test_narbonne_2026_one_vote_short_of_a_majority_elects_nobody():
    """Ministère de l’Intérieur, 15 March 2026: the file prints "50 %" for the first list."""
    numbers = [3705, 10_739, 841, 1089, 343, 4762]

    found = outcome(lists(numbers), rule=MUNICIPAL, seats=45, turn=1)
    one_more = outcome(lists([3704, 10_740, *numbers[2:]]), rule=MUNICIPAL, seats=45, turn=1)

    assert (sum(numbers), has_majority(10_739, 21_479), has_majority(10_740, 21_479)) == (21_479, False, True)
    assert (found.elected, set(found.seats.values())) == (False, {0})
    assert (found.stays, found.merges) == (("liste 1", "liste 5", "liste 0"), ("liste 3",))
    assert (one_more.elected, one_more.winner, one_more.bonus) == (True, "liste 1", 23)


def test_round_two_is_open_to_a_tenth_and_merging_to_a_twentieth():
    found = outcome(lists([400, 350, 100, 99, 50, 1]), rule=MUNICIPAL, seats=29, turn=1)

    assert found.stays == ("liste 0", "liste 1", "liste 2")
    assert found.merges == ("liste 3", "liste 4")


@pytest.mark.parametrize("numbers", [[300, 80, *[70] * 9], [80, 79, *[70] * 9]])
def test_in_a_region_the_first_two_stand_again_where_at_most_one_has_a_tenth(numbers):
    """L346, third paragraph."""
    found = outcome(lists(numbers), rule=REGIONAL, seats=57, turn=1)

    assert found.stays == ("liste 0", "liste 1")


def test_in_a_town_only_a_tenth_lets_a_list_stand_again():
    """L264: no paragraph of it lets in whoever came next."""
    one = outcome(lists([300, 80, *[70] * 9]), rule=MUNICIPAL, seats=29, turn=1)
    none = outcome(lists([48] * 21), rule=MUNICIPAL, seats=29, turn=1)

    assert one.stays == ("liste 0",)
    assert (none.elected, none.stays, set(none.seats.values())) == (False, (), {0})


def test_second_lists_that_are_level_may_all_stand_again():
    found = outcome(lists([300, *[70] * 10]), rule=REGIONAL, seats=57, turn=1)

    assert len(found.stays) == 11


def test_in_europe_one_round_elects_whoever_has_a_twentieth():
    assert outcome(lists([400, 350, 201, 49]), rule=EUROPEAN, seats=81, turn=1).elected


# --- the bonus -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seats", "bonus"), [(7, 4), (5, 3), (4, 2), (3, 1), (2, 1), (1, 0), (29, 15), (69, 35)])
def test_the_bonus_is_half_rounded_up_and_down_below_four(seats, bonus):
    """L262, first paragraph: rounded up where there are more than four seats to fill, down where fewer than four."""
    assert bonus_of(seats, rule=MUNICIPAL) == bonus


def test_a_quarter_in_the_region_and_in_paris_rounded_up_and_half_in_a_sector():
    assert (bonus_of(158, rule=REGIONAL), bonus_of(163, rule=PLM), bonus_of(111, rule=PLM)) == (40, 41, 28)
    assert (bonus_of(73, rule=PLM), bonus_of(15, rule=SECTOR)) == (19, 8)


def test_averages_do_not_count_the_seats_of_the_bonus():
    """Conseil d’État, 30 January 2015, n° 382627: counting them is an error of law. With it: 11 and 4."""
    found = outcome(lists([367, 308]), rule=MUNICIPAL, seats=15, turn=1)

    assert found.seats == {"liste 0": 12, "liste 1": 3}


# --- worked examples -----------------------------------------------------------------------------------------------


def test_a_commune_of_1672_inhabitants():
    """o61.fr, "La répartition des sièges": 19 seats, 1,428 valid votes."""
    found = outcome([Ballot("A", 884), Ballot("B", 544)], rule=MUNICIPAL, seats=council_size(1_672), turn=1)

    assert (found.bonus, found.seats) == (10, {"A": 16, "B": 3})


def test_a_region_of_125_seats():
    """Guide of regional elections, annex 11 (mode de scrutin): bonus 32, quotient 13,293.06, then highest averages."""
    numbers = {"L1": 543_059, "L2": 145_472, "L3": 372_879, "L4": 174_847}

    found = outcome([Ballot(name, number) for name, number in numbers.items()], rule=REGIONAL, seats=125, turn=2)

    assert (found.bonus, found.seats) == (32, {"L1": 73, "L2": 11, "L3": 28, "L4": 13})


def test_the_european_election_of_2019_gives_each_list_the_seats_it_had():
    """Ministère de l'Intérieur, 26 May 2019: 22,654,164 valid votes; other lists, all under 5 %, as one-twentieths."""
    rest = 22_654_164 - sum(number for number, _seats in HAD_2019.values())
    some = [Ballot(name, number) for name, (number, _seats) in HAD_2019.items()]
    some += [Ballot(f"autre {place}", rest // 5) for place in range(5)]

    found = outcome(some, rule=EUROPEAN, seats=seats_of(Kind.EUROPEAN, 2019, population=None), turn=1)

    assert {name: found.seats[name] for name in HAD_2019} == {name: seats for name, (_votes, seats) in HAD_2019.items()}


# --- incomplete lists, one list ------------------------------------------------------------------------------------


def test_one_list_has_all_seats_as_far_as_it_has_candidates():
    complete, short = (
        outcome([Ballot("seule", 12, candidates=names)], rule=MUNICIPAL, seats=11, turn=1) for names in (13, 9)
    )

    assert (complete.seats, complete.vacant) == ({"seule": 11}, 0)
    assert (short.seats, short.vacant) == ({"seule": 9}, 2)


def test_verdille_2026_seats_that_an_incomplete_list_cannot_fill_stay_vacant():
    """Ministère de l’Intérieur, 15 March 2026, commune 16397, 385 inhabitants: the file gives 9 and 1 of 11 seats."""
    some = [Ballot("LISTE 2", 144, candidates=9), Ballot("LISTE 1", 45)]

    found = outcome(some, rule=MUNICIPAL, seats=council_size(385), turn=1)

    assert (found.seats, found.vacant) == ({"LISTE 2": 9, "LISTE 1": 1}, 1)


# --- which rule, how many seats ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("population", "seats"),
    [(0, 7), (99, 7), (100, 11), (499, 11), (500, 15), (9_999, 29), (10_000, 33), (500_000, 69)],
)
def test_the_size_of_a_council_follows_its_population(population, seats):
    """CGCT, L2121-2."""
    assert council_size(population) == seats


@pytest.mark.parametrize(("population", "names"), [(99, 5), (100, 9), (499, 9), (500, 13), (999, 13), (1_000, 15)])
def test_a_list_is_deemed_complete_with_two_names_fewer_in_small_communes(population, names):
    """Loi 2025-444, article 5 (CGCT, L2121-2-1); Code électoral, L252."""
    assert fewest_candidates(population) == names


@pytest.mark.parametrize(("population", "seats"), [(2_103_778, 163), (877_215, 111), (520_774, 73)])
def test_the_councils_of_paris_marseille_and_lyon(population, seats):
    assert seats_of(Kind.MUNICIPAL_PLM, 2026, population=population) == seats


@pytest.mark.parametrize(("year", "seats"), [(2019, 79), (2024, 81)])
def test_french_seats_in_the_european_parliament(year, seats):
    assert seats_of(Kind.EUROPEAN, year, population=None) == seats


@pytest.mark.parametrize("kind", [Kind.MUNICIPAL, Kind.MUNICIPAL_PLM, Kind.SECTOR, Kind.COMMUNITY, Kind.REGIONAL])
def test_a_number_of_seats_that_nothing_tells_is_not_guessed(kind):
    with pytest.raises(SeatsUnknown):
        seats_of(kind, 2026, population=None)


def test_before_2026_a_small_commune_did_not_vote_by_lists():
    with pytest.raises(NoRule) as told:
        rule_of(Kind.MUNICIPAL, 2020, population=800)

    assert (told.value.since, rule_of(Kind.MUNICIPAL, 2020, population=8_000).since.year) == (None, 2014)
    assert rule_of(Kind.MUNICIPAL, 2026, population=800).since.year == 2026


@pytest.mark.parametrize(("kind", "year"), [(Kind.MUNICIPAL_PLM, 2020), (Kind.EUROPEAN, 2014), (Kind.MUNICIPAL, 2008)])
def test_a_year_whose_rule_is_not_known_is_refused(kind, year):
    with pytest.raises(NoRule):
        rule_of(kind, year)


def test_below_1000_inhabitants_community_councillors_are_not_elected_by_list():
    """Code électoral, L273-11: they are designated in the order of the council's table."""
    with pytest.raises(NoRule):
        rule_of(Kind.COMMUNITY, 2026, population=999)
