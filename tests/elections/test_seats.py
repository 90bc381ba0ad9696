"""Seats: what always holds, whatever the votes."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from arobase.elections.rules.seats.averages import Ballot, Level, highest_averages
from arobase.elections.rules.seats.changes import Change, last_seats, next_seats
from arobase.elections.rules.seats.law import Kind, rule_of
from arobase.elections.rules.seats.rounds import outcome
from strategies.elections import Contest, contests, lists

MUNICIPAL, EUROPEAN = rule_of(Kind.MUNICIPAL, 2026), rule_of(Kind.EUROPEAN, 2024)
votes = st.lists(st.integers(0, 300), min_size=1, max_size=6).filter(any)


@settings(deadline=None)
@given(contests())
def test_a_round_gives_all_seats_or_none(contest):
    found = contest.decided()

    assert sum(found.seats.values()) == (contest.seats if found.elected else 0)


@settings(deadline=None)
@given(contests(with_ages=False, most_votes=40), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(contest, shuffler):
    mixed = list(contest.ballots)
    shuffler.shuffle(mixed)
    found, again = contest.decided(), replace(contest, ballots=tuple(mixed)).decided()

    assert (again.seats, again.winner) == (found.seats, found.winner)
    assert {frozenset(names) for names in again.ties} == {frozenset(names) for names in found.ties}
    assert (set(again.stays), set(again.merges)) == (set(found.stays), set(found.merges))


@settings(deadline=None)
@given(contests())
def test_a_list_below_the_threshold_has_no_seat_unless_it_came_first(contest):
    found = contest.decided()

    for one in contest.ballots:
        if one.votes * 20 < contest.valid and one.name != found.winner:
            assert found.seats[one.name] == 0


@settings(deadline=None)
@given(contests())
def test_in_round_one_a_majority_elects_and_nothing_less(contest):
    assume(contest.rule.has_two_rounds and contest.turn == 1)

    assert contest.decided().elected == any(2 * one.votes > contest.valid for one in contest.ballots)


@settings(deadline=None)
@given(contests())
def test_the_winning_list_has_its_bonus_and_most_seats(contest):
    found = contest.decided()
    assume(found.winner)

    assert found.seats[found.winner] >= found.bonus
    assert found.seats[found.winner] == max(found.seats.values())


@settings(deadline=None)
@given(contests(), st.integers(0, 7), st.integers(1, 500))
def test_more_votes_never_cost_a_list_a_seat(contest, place, more):
    one = contest.ballots[place % len(contest.ballots)]
    before, after = contest.decided(), contest.with_votes(one.name, one.votes + more).decided()
    assume(before.elected and after.elected)

    assert after.seats[one.name] >= before.seats[one.name]


@settings(deadline=None)
@given(contests(with_ages=False, most_votes=40))
def test_a_tie_names_the_lists_without_a_number_and_only_those(contest):
    found = contest.decided()

    assert {name for name, seats in found.seats.items() if seats is None} == {
        name for names in found.ties for name in names
    }


@settings(deadline=None)
@given(contests(with_ages=False, most_votes=30, most_seats=15), st.lists(st.integers(1, 99), min_size=8, max_size=8))
def test_a_list_that_is_sure_of_its_seats_has_them_whatever_the_unknown_ages_are(contest, drawn):
    """Ages in place of those unknown, all different from each other."""
    found = contest.decided()
    ages = [Fraction(100 * age + place, 100) for place, age in enumerate(drawn)]
    assume(all(one.average_age is None for one in contest.ballots))
    known = tuple(replace(one, average_age=age) for one, age in zip(contest.ballots, ages, strict=False))

    settled = replace(contest, ballots=known).decided()

    assert settled.ties == ()
    assert {name: seats for name, seats in found.seats.items() if seats is not None}.items() <= settled.seats.items()


@settings(deadline=None)
@given(votes, st.integers(1, 40))
def test_highest_averages_leave_no_list_that_would_rather_have_anothers_seat(numbers, seats):
    shared = highest_averages(lists(numbers), seats).seats

    for one in lists(numbers):
        for other in lists(numbers):
            if shared[other.name]:
                assert one.votes * shared[other.name] <= other.votes * (shared[one.name] + 1)


@settings(deadline=None)
@given(votes, st.integers(0, 40))
def test_quotient_then_averages_is_averages_from_the_first_seat(numbers, seats):
    given_ = dict.fromkeys((one.name for one in lists(numbers)), 0)
    for _seat in range(seats):
        best = max(
            lists(numbers), key=lambda one: (Fraction(one.votes, given_[one.name] + 1), one.votes, one.average_age)
        )
        given_[best.name] += 1

    assert highest_averages(lists(numbers), seats).seats == given_


@settings(deadline=None)
@given(contests(most_votes=60, most_seats=15), st.booleans())
@example(Contest(lists([51, 49]), MUNICIPAL, 15, 1), False)
@example(Contest(lists([50, 50]), EUROPEAN, 1, 1), False)
def test_the_next_seat_is_as_near_as_trying_every_vote_says(contest, unknown):
    if unknown:
        contest = replace(contest, ballots=tuple(replace(one, average_age=None) for one in contest.ballots))
    now = contest.decided()

    changes = next_seats(contest.ballots, rule=contest.rule, seats=contest.seats, turn=contest.turn)

    assert now.elected or not changes
    for change in changes:
        mine = next(one.votes for one in contest.ballots if one.name == change.name)
        tried = ((more, contest.with_votes(change.name, mine + more).decided()) for more in range(1, 10_000))
        more, after = next((more, after) for more, after in tried if has_another_number(change.name, now, after))
        assert (change.votes, change.undecided) == (more, not after.elected)
        assert change.tied == (after.elected and after.seats[change.name] is None)
        assert after.seats[change.name] in {None, 0} or set(change.loses) == losers(change.name, now, after)
        assert after.elected == bool(change.seats)


@pytest.mark.parametrize(
    ("numbers", "nearest"),
    [
        ([353, 352, 79], Change("liste 1", 1, tied=True, level=("liste 0",), seats=18)),
        # 19: at 5,000 votes each, ages would also decide about the last of the other seats.
        ([5000, 4990, 1500], Change("liste 1", 10, tied=True, level=("liste 0",), seats=19)),
        ([353, 353, 79], Change("liste 0", 1, level=("liste 1",), seats=18)),
    ],
)
def test_a_tie_that_is_near_is_told_with_the_seats_that_ages_would_decide_about(numbers, nearest):
    unaged = lists(numbers, [None] * len(numbers))

    changes = next_seats(unaged, rule=MUNICIPAL, seats=35, turn=2)

    assert min(changes, key=lambda change: change.votes) == nearest


def test_what_ages_would_decide_about_is_what_they_decide_where_they_are_given():
    older, younger = (lists([353, 353, 79], [age, Fraction(50), None]) for age in (Fraction(60), Fraction(40)))
    [tied] = [
        one for one in next_seats(lists([352, 353, 79], [None] * 3), rule=MUNICIPAL, seats=35, turn=2) if one.tied
    ]

    served, left = (outcome(one, rule=MUNICIPAL, seats=35, turn=2).seats["liste 0"] for one in (older, younger))

    assert tied.seats == served - left


@settings(deadline=None)
@given(contests(most_votes=60, most_seats=15))
def test_the_seat_most_easily_lost_is_as_near_as_trying_every_vote_says(contest):
    now = contest.decided()

    for loss in last_seats(contest.ballots, rule=contest.rule, seats=contest.seats, turn=contest.turn):
        mine = next(one.votes for one in contest.ballots if one.name == loss.name)
        tried = ((less, contest.with_votes(loss.name, mine - less).decided()) for less in range(1, mine + 1))
        less, after = next((less, after) for less, after in tried if has_another_number(loss.name, now, after))
        assert (loss.votes, loss.undecided) == (less, not after.elected)
        assert not after.elected or set(loss.gains) == losers(loss.name, after, now)


def has_another_number(name, now, after):
    return not after.elected or after.seats[name] != now.seats[name]


def losers(name, before, after):
    """The other lists that have fewer seats after than before."""
    both = {other for other in before.seats if before.seats[other] is not None and after.seats[other] is not None}
    return {other for other in both - {name} if after.seats[other] < before.seats[other]}


def test_level_lists_are_decided_by_age_and_named_where_it_is_not_known():
    level = lists([100, 100], [None, None])
    aged = lists([100, 100], [Fraction(51), Fraction(52)])

    unknown, known = (outcome(some, rule=MUNICIPAL, seats=15, turn=2) for some in (level, aged))

    assert (unknown.seats, unknown.ties) == ({"liste 0": None, "liste 1": None}, (("liste 0", "liste 1"),))
    assert (known.winner, known.by_age) == ("liste 1", ("liste 0", "liste 1"))


def test_ages_that_gave_the_bonus_are_named_beside_those_that_gave_the_last_seat():
    ages = [Fraction(age) for age in (50, 40, 60, 45)]

    found = outcome(lists([100, 100, 50, 50], ages), rule=MUNICIPAL, seats=23, turn=2)

    assert (found.winner, found.bonus) == ("liste 0", 12)
    assert found.by_age == ("liste 0", "liste 1", "liste 2", "liste 3")


def test_a_tie_for_the_bonus_leaves_the_other_lists_their_seats():
    found = outcome(lists([100, 100, 50], [None, None, None]), rule=MUNICIPAL, seats=15, turn=2)

    assert found.seats == {"liste 0": None, "liste 1": None, "liste 2": 1}


def test_of_three_level_lists_with_two_seats_left_the_oldest_is_sure_of_one():
    found = highest_averages(lists([10, 10, 10], [Fraction(60), Fraction(50), Fraction(50)]), 2)

    assert (found.seats, found.ties) == ({"liste 0": 1, "liste 1": None, "liste 2": None}, (("liste 1", "liste 2"),))
    assert found.by_age == ("liste 0", "liste 1", "liste 2")


@pytest.mark.parametrize(("level", "first"), [(Level.OLDER, "une"), (Level.YOUNGER, "autre")])
def test_the_last_seat_goes_to_the_older_list_or_in_europe_to_the_younger(level, first):
    level_lists = [Ballot("une", 10, Fraction(52)), Ballot("autre", 10, Fraction(51))]

    assert highest_averages(level_lists, 1, level=level).seats[first] == 1


def test_equal_averages_are_decided_by_votes_before_age():
    found = highest_averages([Ballot("grande", 30), Ballot("petite", 10)], 3)

    assert found.seats == {"grande": 3, "petite": 0}
