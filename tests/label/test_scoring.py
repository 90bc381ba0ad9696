"""The mosaic: 100 points for everyone, earned by what counts."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from arobase.initiatives.queries.referential import referential
from arobase.initiatives.rules.referential import CandidateKind
from arobase.label.queries.configuration.editions import first_text
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.rules.gains import gains
from arobase.label.rules.levels import Condition, Level, What, standing
from arobase.label.rules.scoring import Action, Exemption, Proof, Refusal, applicable, mosaic, refusal
from strategies.mosaics import CLOSING, actions, kinds, populations, scorings

CONFIGURATION = configuration_of(first_text())
RUNNING = Action(id=1, services=("conseil-filme-et-transcrit",), started_on=date(2024, 1, 1))


def laid(*given_, scoring=CONFIGURATION.scoring, kind=CandidateKind.TOWN, population=20_000):
    return mosaic(referential(), scoring, given_, kind=kind, population=population, on=CLOSING)


def test_an_action_earns_the_share_of_its_services_weight_in_its_enjeu():
    services = [
        one for one in referential().services_for(CandidateKind.TOWN, 20_000) if one.enjeu == "democratie-locale"
    ]
    weight = Fraction(referential().service("conseil-filme-et-transcrit").weight, sum(one.weight for one in services))

    tile = next(one for one in laid(RUNNING).tiles if one.enjeu == "democratie-locale")

    assert tile.most == Fraction(100, 16)
    assert tile.points == tile.most * weight * Fraction(1, 2) / Fraction(1, 2)  # declared, and full at half


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"is_kept": False}, Refusal.LEFT_OUT),
        ({"is_withdrawn": True}, Refusal.WITHDRAWN),
        ({"services": ()}, Refusal.NO_SERVICE),
        ({"maturity": "idea"}, Refusal.ONLY_AN_IDEA),
        ({"started_on": None}, Refusal.NOT_BEGUN),
        ({"started_on": date(2026, 11, 1)}, Refusal.NOT_BEGUN),
        ({"started_on": date(2026, 10, 31)}, None),
        ({"started_on": date(2024, 10, 31), "ended_on": date(2025, 1, 1)}, Refusal.OVER),
        ({"started_on": date(2024, 11, 1), "ended_on": date(2025, 1, 1)}, None),
    ],
)
def test_an_action_that_does_not_count_says_why(changes, why):
    assert refusal(replace(RUNNING, **changes), on=CLOSING) == why


@given(scorings(), kinds, populations)
def test_points_of_what_does_not_apply_are_conserved(scoring, kind, population):
    assume(applicable(referential(), scoring, kind=kind, population=population))

    assert sum(tile.most for tile in laid(scoring=scoring, kind=kind, population=population).tiles) == 100


@given(scorings(), kinds, populations, st.lists(actions(), max_size=6), actions())
def test_an_added_action_never_lowers_a_score_nor_a_level(scoring, kind, population, before, added):
    without = laid(*before, scoring=scoring, kind=kind, population=population)
    with_it = laid(*before, added, scoring=scoring, kind=kind, population=population)

    assert with_it.score >= without.score
    levels = CONFIGURATION.levels
    assert standing(with_it.score, with_it, levels).arobases >= standing(without.score, without, levels).arobases


@given(scorings(), kinds, populations, st.lists(actions(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_actions_changes_nothing(scoring, kind, population, given_, rng):
    shuffled = rng.sample(given_, len(given_))

    first = laid(*given_, scoring=scoring, kind=kind, population=population)
    second = laid(*shuffled, scoring=scoring, kind=kind, population=population)

    assert [tile.points for tile in first.tiles] == [tile.points for tile in second.tiles]


@given(scorings(), kinds, populations, st.lists(actions(), max_size=6))
def test_a_score_lies_between_0_and_100_and_a_level_between_1_and_5(scoring, kind, population, given_):
    found = laid(*given_, scoring=scoring, kind=kind, population=population)

    assert 0 <= found.score <= 100
    assert 1 <= standing(found.score, found, CONFIGURATION.levels).arobases <= 5
    assert all(0 <= tile.points <= tile.most for tile in found.tiles)


@given(st.lists(actions(), max_size=6))
def test_what_a_gain_promises_is_what_showing_that_service_adds(given_):
    before = laid(*given_)

    for gain in gains(before, referential(), CONFIGURATION.scoring, proof=Proof.DOCUMENTED)[:3]:
        shown = replace(RUNNING, id=99, services=(gain.service,), proof=Proof.DOCUMENTED)
        assert laid(*given_, shown).score - before.score == gain.points


def test_what_is_spared_is_asked_of_nobody_it_spares():
    spared = Exemption(frozenset({"conseil-filme-et-transcrit"}), frozenset({CandidateKind.TOWN}), below=30_000)
    scoring = replace(CONFIGURATION.scoring, exemptions=(spared,))

    assert laid(RUNNING, scoring=scoring).score == 0
    assert laid(RUNNING, scoring=scoring, population=30_000).score > 0
    assert laid(RUNNING, scoring=scoring, population=None).score > 0


def test_exactly_at_a_threshold_is_above_it():
    levels = tuple(Level(n, Fraction(20 * (n - 1))) for n in range(2, 6))
    empty = laid()

    assert [standing(Fraction(g), empty, levels).arobases for g in (0, 20, 40, 60, 80, 100)] == [1, 2, 3, 4, 5, 5]
    assert standing(Fraction(80) - Fraction(1, 10**9), empty, levels).arobases == 4


def test_a_level_without_its_condition_is_refused_with_the_reason_and_holds_back_those_above():
    condition = Condition(What.ENJEUX, Fraction(2))
    levels = (Level(2, Fraction(0)), Level(3, Fraction(0), (condition,)), Level(4, Fraction(0)), Level(5, Fraction(0)))

    found = standing(Fraction(100), laid(RUNNING), levels)

    assert found.arobases == 2
    assert [(one.arobases, one.condition, one.has, one.needs) for one in found.next] == [(3, condition, 1, 2)]
