"""Seats: what always holds, what the law gives as an example of itself, and what really happened."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from click.testing import CliRunner
from django.conf import settings
from hypothesis import assume, given
from hypothesis import strategies as st

from arobase.elections.cli.seats import seats as command
from arobase.elections.rules.seats.averages import Ballot, highest_averages
from arobase.elections.rules.seats.changes import next_seats
from arobase.elections.rules.seats.law import RULES, Kind, NoRule, council_size, rule_of
from arobase.elections.rules.seats.rounds import bonus_of, has_majority, outcome

MUNICIPAL, REGIONAL, EUROPEAN = (rule_of(kind, 2026) for kind in (Kind.MUNICIPAL, Kind.REGIONAL, Kind.EUROPEAN))
PLM = rule_of(Kind.MUNICIPAL_PLM, 2026)
MIRROR = settings.DATA_MIRROR
POLL = MIRROR / "elections" / "municipales_2026_t1_listes.csv.gz" if MIRROR else None

votes = st.lists(st.integers(0, 5000), min_size=1, max_size=8).filter(any)
rules = st.sampled_from([MUNICIPAL, REGIONAL, EUROPEAN, PLM])


def ballots(numbers, ages=None):
    return [
        Ballot(f"liste {place}", number, Fraction(ages[place]) if ages else Fraction(60 - place))
        for place, number in enumerate(numbers)
    ]


def decided(numbers, *, rule=MUNICIPAL, seats=29, turn=2):
    return outcome(ballots(numbers), rule=rule, seats=seats, turn=turn)


@given(votes, rules, st.integers(1, 80))
def test_all_seats_are_given_in_round_two(numbers, rule, seats):
    assume(any(20 * one >= sum(numbers) for one in numbers))

    assert sum(decided(numbers, rule=rule, seats=seats).seats.values()) == seats


@given(votes, rules, st.integers(1, 80), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(numbers, rule, seats, shuffler):
    lists = ballots(numbers)
    mixed = list(lists)
    shuffler.shuffle(mixed)

    assert outcome(mixed, rule=rule, seats=seats, turn=2).seats == outcome(lists, rule=rule, seats=seats, turn=2).seats


@given(votes, rules, st.integers(1, 80))
def test_a_list_below_the_threshold_has_no_seat_unless_it_came_first(numbers, rule, seats):
    found = decided(numbers, rule=rule, seats=seats)

    for one in ballots(numbers):
        if one.votes * 20 < sum(numbers) and one.name != found.winner:
            assert found.seats[one.name] == 0


@given(votes, rules, st.integers(2, 60), st.integers(0, 7), st.integers(1, 500))
def test_more_votes_never_cost_a_list_a_seat(numbers, rule, seats, place, more):
    place %= len(numbers)
    before = decided(numbers, rule=rule, seats=seats).seats[f"liste {place}"]
    grown = [one + more if at == place else one for at, one in enumerate(numbers)]

    assert decided(grown, rule=rule, seats=seats).seats[f"liste {place}"] >= before


@given(votes, st.integers(1, 40))
def test_highest_averages_leave_no_list_that_would_rather_have_anothers_seat(numbers, seats):
    shared = highest_averages(ballots(numbers), seats).seats

    for one in ballots(numbers):
        for other in ballots(numbers):
            if shared[other.name]:
                assert one.votes * shared[other.name] <= other.votes * (shared[one.name] + 1)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=4).filter(any), st.integers(1, 9), st.sampled_from([1, 2]))
def test_the_next_seat_is_as_near_as_trying_every_vote_says(numbers, seats, turn):
    lists = ballots(numbers)
    now = outcome(lists, rule=MUNICIPAL, seats=seats, turn=turn)
    assume(now.elected)

    for change in next_seats(lists, rule=MUNICIPAL, seats=seats, turn=turn):
        place = [one.name for one in lists].index(change.name)

        def after(more, place=place):
            grown = [one + more if at == place else one for at, one in enumerate(numbers)]
            return outcome(ballots(grown), rule=MUNICIPAL, seats=seats, turn=turn)

        tried = next(
            more
            for more in range(1, 2000)
            if not after(more).elected or after(more).seats[change.name] > now.seats[change.name]
        )
        assert (change.votes, change.undecided) == (tried, not after(tried).elected)


def test_narbonne_2026_one_vote_short_of_a_majority_elects_nobody():
    assert not has_majority(10_739, 21_479)
    assert has_majority(10_740, 21_479)
    found = outcome(ballots([10_739, 6_500, 4_240]), rule=MUNICIPAL, seats=45, turn=1)
    assert (found.elected, set(found.seats.values())) == (False, {0})


def test_round_two_is_open_to_a_tenth_and_merging_to_a_twentieth():
    found = outcome(ballots([400, 350, 100, 99, 50, 1]), rule=MUNICIPAL, seats=29, turn=1)

    assert found.stays == ("liste 0", "liste 1", "liste 2")
    assert found.merges == ("liste 3", "liste 4")


def test_the_first_two_stand_again_where_only_one_list_has_a_tenth():
    numbers = [300] + [70] * 10
    found = outcome(ballots(numbers), rule=MUNICIPAL, seats=29, turn=1)

    assert len(found.stays) == 2
    assert found.stays[0] == "liste 0"


@pytest.mark.parametrize(("seats", "bonus"), [(7, 4), (4, 2), (3, 1), (29, 15), (69, 35)])
def test_the_bonus_is_rounded_up_and_down_below_four(seats, bonus):
    assert bonus_of(seats, rule=MUNICIPAL) == bonus


def test_a_quarter_in_the_region_and_in_paris_rounded_up():
    assert (bonus_of(158, rule=REGIONAL), bonus_of(163, rule=PLM)) == (40, 41)


def test_level_lists_are_decided_by_age_and_named_where_it_is_not_known():
    level = [Ballot("une", 100), Ballot("autre", 100)]
    unknown = outcome(level, rule=MUNICIPAL, seats=15, turn=2)
    aged = outcome(
        [Ballot("une", 100, Fraction(51)), Ballot("autre", 100, Fraction(52))], rule=MUNICIPAL, seats=15, turn=2
    )

    assert (unknown.seats, unknown.ties) == ({"une": None, "autre": None}, (("une", "autre"),))
    assert aged.winner == "autre"


def test_an_incomplete_list_leaves_the_seats_it_cannot_fill_to_the_others():
    lists = [Ballot("courte", 300, candidates=5), Ballot("entière", 100, candidates=11)]

    assert outcome(lists, rule=MUNICIPAL, seats=11, turn=1).seats == {"courte": 5, "entière": 6}


@pytest.mark.parametrize(("population", "seats"), [(99, 7), (100, 11), (9_999, 29), (10_000, 33), (500_000, 69)])
def test_the_size_of_a_council_follows_its_population(population, seats):
    assert council_size(population) == seats


def test_before_2026_a_small_commune_did_not_vote_by_lists():
    with pytest.raises(NoRule):
        rule_of(Kind.MUNICIPAL, 2020, population=800)
    assert rule_of(Kind.MUNICIPAL, 2020, population=8000).until == 2025


def test_every_rule_names_its_articles():
    assert [rule.kind for rule in RULES if not rule.articles] == []


needs_mirror = pytest.mark.skipif(POLL is None or not POLL.exists(), reason="the poll of 2026 is in the mirror")


def test_the_european_election_of_2019_gives_each_list_the_seats_it_had():
    """Ministère de l'Intérieur, 26 May 2019: 22,654,164 valid votes; lists under 5 % stand here for all the others."""
    had = {
        "Prenez le pouvoir": (5_286_939, 23),
        "Renaissance": (5_079_015, 23),
        "Europe Écologie": (3_055_023, 13),
        "Union de la droite et du centre": (1_920_407, 8),
        "La France insoumise": (1_428_548, 6),
        "Envie d'Europe": (1_403_170, 6),
    }
    rest = 22_654_164 - sum(number for number, _seats in had.values())
    lists = [Ballot(name, number) for name, (number, _seats) in had.items()]
    lists += [Ballot(f"autre {place}", rest // 5) for place in range(5)]

    found = outcome(lists, rule=EUROPEAN, seats=79, turn=1)

    assert {name: found.seats[name] for name in had} == {name: number for name, (_votes, number) in had.items()}


@needs_mirror
def test_the_municipal_councils_of_2026_follow_the_rule():
    communes = defaultdict(list)
    with gzip.open(POLL, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            communes[row["insee"]].append(row)
    told: Counter[str] = Counter()

    for code, rows in communes.items():
        given_seats = {row["numero"]: int(row["sieges_cm"]) for row in rows}
        total = sum(given_seats.values())
        lists = [Ballot(row["numero"], int(row["voix"])) for row in rows]
        found = outcome(lists, rule=MUNICIPAL, seats=total or 15, turn=1)
        many = "one list" if len(rows) == 1 else "several"
        if found.elected and not total:
            told[f"{many}: no seats in the file yet"] += 1
        else:
            told[f"{many}: {'as the rule says' if found.seats == given_seats else _why(code, found, total)}"] += 1

    assert told == {
        "one list: as the rule says": 22_319,
        "one list: no seats in the file yet": 52,
        "several: as the rule says": 10_325,
        "several: no seats in the file yet": 25,
        "several: overseas, another rule": 5,
        "several: an incomplete list or a mistake of the file": 86,
        "several: no majority, yet seats in the file": 1,
    }


def _why(code, found, total):
    if code[:2] in {"97", "98"}:
        return "overseas, another rule"
    return "an incomplete list or a mistake of the file" if found.elected else "no majority, yet seats in the file"


def run(tmp_path, told, *options, name="case.json"):
    path = tmp_path / name
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return CliRunner().invoke(command, [str(path), *options])


CASE = {
    "kind": "municipal",
    "year": 2026,
    "seats": None,
    "population": 55_000,
    "round": 2,
    "lists": [{"name": "A", "votes": 600, "average_age": None}, {"name": "B", "votes": 400}],
}


def test_the_command_shares_seats_and_says_what_the_next_hangs_on(tmp_path):
    answer = json.loads(run(tmp_path, CASE, "--json").stdout)

    assert answer["seats"] == {"A": 36, "B": 9}
    assert (answer["elected"], answer["ties"]) == (True, [])
    assert "L262" in answer["rule"]
    assert {one["list"] for one in answer["next_seat"]} == {"A", "B"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "municipale"}, "kind"),
        ({"year": "2026"}, "year"),
        ({"year": 2008}, "year"),
        ({"round": 3}, "round"),
        ({"seats": 0}, "seats"),
        ({"seats": True}, "seats"),
        ({"population": None}, "seats"),
        ({"population": -1}, "population"),
        ({"lists": []}, "lists"),
        ({"lists": [{"name": "A", "votes": -1}]}, "lists.0.votes"),
        ({"lists": [{"name": "A", "votes": "600"}]}, "lists.0.votes"),
        ({"lists": [{"name": "A", "votes": True}]}, "lists.0.votes"),
        ({"lists": [{"name": "A", "votes": 0}]}, "no list has a vote"),
        ({"lists": [{"name": "A", "votes": 1}, {"name": "A", "votes": 2}]}, "twice"),
        ({"lists": [{"votes": 1}]}, "lists.0.name"),
    ],
)
def test_a_bad_case_is_told_by_its_place(tmp_path, change, said):
    answer = run(tmp_path, {**CASE, **change}, "--json")

    assert answer.exit_code == 1
    assert said in answer.output


def test_lines_are_answered_in_order_and_a_bad_one_stops_nobody(tmp_path):
    lines = "\n".join([json.dumps(CASE), "{", json.dumps({**CASE, "round": 9}), json.dumps({**CASE, "seats": 3})])

    answer = run(tmp_path, lines, name="cases.jsonl")
    told = [json.loads(line) for line in answer.stdout.splitlines()]

    assert [sorted(one)[0] for one in told] == ["bonus", "error", "error", "bonus"]
    assert answer.exit_code == 1
