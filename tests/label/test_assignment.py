"""Jurors assigned to dossiers: what always holds against trying everything, one case by hand, and every refusal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arobase.label.rules.assignment import (
    BadProblem,
    Impossible,
    Problem,
    alternates,
    assign,
    is_connected,
)
from strategies.juries import figures, problems, solutions

NONE = frozenset()


def no_time() -> float:
    """A clock that stands still: the search ends by itself."""
    return 0.0


# Three dossiers, three jurors, two reviews each: every juror sits out one dossier.
BY_HAND = Problem(
    ("Anse", "Brise", "Crique"),
    ("Alix", "Camille", "Sacha"),
    np.array([[0.9, 0.8, 0.1], [0.9, 0.5, 0.4], [0.9, 0.2, 0.3]]),
    NONE,
    2,
)


def a_problem(rows: int, columns: int, reviews: int, *, seed: int = 1, grid: int = 1000, **others) -> Problem:
    rng = np.random.default_rng(seed)
    dossiers = tuple(f"d{place:03}" for place in range(rows))
    jurors = tuple(f"j{place:02}" for place in range(columns))
    fit = np.round(rng.random((rows, columns)) * grid) / grid
    return Problem(dossiers, jurors, fit, others.pop("conflicts", NONE), reviews, **others)


def test_the_worst_dossier_comes_first_then_the_total():
    found = assign(BY_HAND, elapsed=no_time)

    # Crique is worst without Alix (0.5) and so is Brise or Anse (0.9): Camille or Sacha sits Crique out, or Anse loses.
    assert found.pairs == (
        ("Anse", "Alix"),
        ("Anse", "Camille"),
        ("Brise", "Camille"),
        ("Brise", "Sacha"),
        ("Crique", "Alix"),
        ("Crique", "Sacha"),
    )
    assert (found.worst_dossier_fit, round(found.total_fit, 9)) == (0.9, 3.8)
    assert found.worst_bound == pytest.approx(0.9)
    assert found.total_bound == pytest.approx(3.8)
    assert found.optimal and found.connected
    assert found.loads == {"Alix": 2, "Camille": 2, "Sacha": 2}


@settings(max_examples=60, deadline=None)
@given(problems(with_locks=True))
def test_worst_and_total_are_those_of_trying_everything(problem: Problem):
    every = solutions(problem)
    try:
        found = assign(problem, elapsed=no_time)
    except Impossible:
        assert every == []
        return

    best = max((round(worst, 9), round(total, 9)) for worst, total in (figures(problem, one) for one in every))
    assert frozenset(found.pairs) in every
    assert (found.worst_dossier_fit, found.total_fit) == pytest.approx(best)
    assert (found.worst_bound, found.total_bound, found.floor) == pytest.approx((*best, best[0]), abs=2e-6)
    assert found.optimal


@settings(max_examples=30, deadline=None)
@given(problems(with_previous=True))
def test_as_many_earlier_pairs_are_kept_as_can_be(problem: Problem):
    every = solutions(problem)
    if not every:
        return

    found = assign(problem, elapsed=no_time)

    most = max(len(one & problem.previous) for one in every)
    best = max(figures(problem, one)[0] for one in every if len(one & problem.previous) == most)
    assert len(frozenset(found.pairs) & problem.previous) == most
    assert found.worst_dossier_fit == pytest.approx(best)


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(12)), st.permutations(range(5)))
def test_order_of_entry_changes_nothing(rows: list[int], columns: list[int]):
    problem = a_problem(12, 5, 2, conflicts=frozenset({("d001", "j03"), ("d004", "j00")}))
    shuffled = replace(
        problem,
        dossiers=tuple(problem.dossiers[row] for row in rows),
        jurors=tuple(problem.jurors[column] for column in columns),
        fit=problem.fit[np.ix_(rows, columns)],
    )

    assert set(assign(shuffled, elapsed=no_time).pairs) == set(assign(problem, elapsed=no_time).pairs)


def test_a_jury_of_forty_dossiers_keeps_conflicts_locks_and_loads():
    rng = np.random.default_rng(3)
    conflicts = frozenset((f"d{row:03}", f"j{column:02}") for row, column in np.argwhere(rng.random((40, 9)) < 0.1))
    locked = frozenset({("d007", "j02"), ("d008", "j02")} - conflicts)
    problem = a_problem(40, 9, 3, conflicts=conflicts, locked=locked)

    found = assign(problem, elapsed=no_time)

    assert not conflicts & set(found.pairs)
    assert locked <= set(found.pairs)
    assert len(found.pairs) == len(set(found.pairs)) == 120
    assert set(found.loads.values()) == {13, 14}
    assert found.worst_dossier_fit <= found.worst_bound and found.total_fit <= found.total_bound
    assert found == assign(problem, elapsed=no_time)


def test_quotas_are_kept_where_they_are_given():
    loads = {"j00": (0, 0), "j01": (10, 12), "j02": (1, 2), "j03": (0, 20), "j04": (0, 20)}

    found = assign(a_problem(12, 5, 2, loads=loads), elapsed=no_time)

    assert all(least <= found.loads[juror] <= most for juror, (least, most) in loads.items())


def test_a_juror_who_drops_out_moves_only_their_own_dossiers():
    before = assign(a_problem(20, 6, 2), elapsed=no_time)
    problem = a_problem(20, 6, 2)
    staying = list(range(5))

    after = assign(
        replace(problem, jurors=problem.jurors[:5], fit=problem.fit[:, staying], previous=frozenset(before.pairs)),
        elapsed=no_time,
    )

    assert set(before.pairs) - set(after.pairs) == {pair for pair in before.pairs if pair[1] == "j05"}


@pytest.mark.parametrize("seconds", [0.0, 0.3])
def test_when_time_is_short_something_true_is_given(seconds: float):
    # Jurors good at everything or at nothing: the floor is contested and far from the bound.
    rng = np.random.default_rng(1)
    fit = np.round(np.clip(rng.beta(1, 3, 12)[None, :] + 0.1 * rng.normal(size=(60, 12)), 0, 1), 4)
    problem = replace(a_problem(60, 12, 3), fit=fit)
    ticks = iter(np.arange(1e6) * 0.0005)

    found = assign(problem, seconds=seconds, elapsed=lambda: float(next(ticks)))

    assert set(found.loads.values()) == {15}
    assert found.floor <= found.worst_dossier_fit <= found.worst_bound
    assert found.total_fit <= found.total_bound


# --- linked jurors -------------------------------------------------------------------------------------------------

# Two schools of two dossiers and two jurors; across them, hardly any fit.
TWO_SCHOOLS = Problem(
    ("a", "b", "c", "d"),
    ("w", "x", "y", "z"),
    np.array([[1, 1, 0.3, 0.2], [1, 1, 0.1, 0.1], [0.1, 0.1, 1, 1], [0.1, 0.2, 1, 1]]),
    NONE,
    2,
)


def test_jurors_of_two_schools_are_linked_at_the_least_loss():
    apart = assign(replace(TWO_SCHOOLS, connect=False), elapsed=no_time)
    linked = assign(TWO_SCHOOLS, elapsed=no_time)

    assert (apart.connected, apart.total_fit, apart.optimal) == (False, 8, True)
    assert linked.connected and is_connected(linked.pairs, TWO_SCHOOLS.jurors)
    assert linked.total_fit == pytest.approx(6.5)
    assert not linked.optimal and linked.floor == linked.worst_dossier_fit == pytest.approx(1.2)
    assert linked.total_bound == 8


def test_jurors_who_read_alone_are_not_linked():
    assert not assign(replace(TWO_SCHOOLS, reviews=1), elapsed=no_time).connected


def test_conflicts_may_keep_two_schools_apart():
    across = frozenset((one, other) for one, other in [*pairs_of("ab", "yz"), *pairs_of("cd", "wx")])

    assert not assign(replace(TWO_SCHOOLS, conflicts=across), elapsed=no_time).connected


def pairs_of(dossiers: str, jurors: str) -> list[tuple[str, str]]:
    return [(dossier, juror) for dossier in dossiers for juror in jurors]


def test_a_juror_without_dossier_is_linked_to_nobody():
    assert not is_connected([("a", "x")], ["x", "y"])
    assert is_connected([], ["x"])


def test_alternates_are_free_of_conflict_best_first_then_least_loaded():
    problem = replace(
        a_problem(2, 5, 1, conflicts=frozenset({("d000", "j04")}), connect=False),
        fit=np.array([[0.9, 0.5, 0.5, 0.6, 0.9], [0.1, 0.8, 0.1, 0.1, 0.1]]),
    )
    found = assign(problem, elapsed=no_time)

    assert found.pairs == (("d000", "j00"), ("d001", "j01"))
    assert alternates(problem, found, each=3) == {"d000": ("j03", "j02", "j01"), "d001": ("j02", "j03", "j04")}


# --- refusals ------------------------------------------------------------------------------------------------------

PLAIN = a_problem(4, 3, 2)
ALL = [(dossier, juror) for dossier in PLAIN.dossiers for juror in PLAIN.jurors]
SIX_JURORS = a_problem(4, 6, 2)


@pytest.mark.parametrize(
    ("problem", "reason", "facts"),
    [
        (
            replace(PLAIN, conflicts=frozenset({("d001", "j00"), ("d001", "j01")})),
            "too_few_jurors",
            {"dossier": "d001", "available": 1, "needed": 2},
        ),
        (
            replace(PLAIN, loads=dict.fromkeys(PLAIN.jurors, (0, 2))),
            "quotas_too_low",
            {"needed": 8, "allowed": 6},
        ),
        (
            replace(PLAIN, loads=dict.fromkeys(PLAIN.jurors, (3, 4))),
            "quotas_too_high",
            {"needed": 8, "promised": 9},
        ),
        (
            replace(PLAIN, conflicts=frozenset(ALL[:1]), locked=frozenset(ALL[:1])),
            "locked_conflict",
            {"dossier": "d000", "juror": "j00"},
        ),
        (
            replace(PLAIN, locked=frozenset(ALL[:3])),
            "dossier_over_locked",
            {"dossier": "d000", "locked": 3, "reviews": 2},
        ),
        (
            replace(PLAIN, locked=frozenset((dossier, "j02") for dossier in PLAIN.dossiers)),
            "juror_over_locked",
            {"juror": "j02", "locked": 4, "most": 3},
        ),
        (
            replace(PLAIN, conflicts=frozenset({("d000", "j01"), ("d001", "j01"), ("d002", "j01")})),
            "too_few_dossiers",
            {"juror": "j01", "available": 1, "least": 2},
        ),
        (  # d000 and d001 are open to j00, j01, j02 only, who read one each
            replace(
                SIX_JURORS,
                conflicts=frozenset((name, juror) for name in ("d000", "d001") for juror in ("j03", "j04", "j05")),
                loads={**dict.fromkeys(SIX_JURORS.jurors, (0, 4)), "j00": (0, 1), "j01": (0, 1), "j02": (0, 1)},
            ),
            "dossiers_short_of_jurors",
            {"dossiers": ("d000", "d001"), "needed": 4, "allowed": 3},
        ),
        (  # j00, j01 and j02 are promised two each, of d000 and d001 that need two
            replace(
                SIX_JURORS,
                conflicts=frozenset((name, f"j0{place}") for name in ("d002", "d003") for place in range(3)),
                loads={juror: (2, 2) if juror < "j03" else (0, 4) for juror in SIX_JURORS.jurors},
            ),
            "jurors_short_of_dossiers",
            {"jurors": ("j00", "j01", "j02"), "promised": 6, "available": 4},
        ),
    ],
)
def test_impossible_problem_says_why(problem: Problem, reason: str, facts: dict[str, object]):
    with pytest.raises(Impossible) as refused:
        assign(problem, elapsed=no_time)

    assert (refused.value.reason, refused.value.facts) == (reason, facts)


@pytest.mark.parametrize(
    ("problem", "reason", "facts"),
    [
        (replace(PLAIN, dossiers=()), "empty", {"where": "dossiers"}),
        (replace(PLAIN, jurors=("j00", "j01", "j00")), "duplicate", {"where": "jurors", "id": "j00"}),
        (replace(PLAIN, reviews=0), "reviews", {"reviews": 0}),
        (replace(PLAIN, fit=PLAIN.fit[:, :2]), "shape", {"rows": 4, "columns": 3}),
        (
            replace(PLAIN, fit=np.where(np.arange(12).reshape(4, 3) == 4, 1.5, 0.5)),
            "fit",
            {"dossier": "d001", "juror": "j01", "fit": 1.5},
        ),
        (
            replace(PLAIN, conflicts=frozenset({("d009", "j00")})),
            "unknown_dossier",
            {"where": "conflicts", "id": "d009"},
        ),
        (replace(PLAIN, locked=frozenset({("d000", "j9")})), "unknown_juror", {"where": "locked", "id": "j9"}),
        (replace(PLAIN, loads={"j00": (0, 4)}), "no_load", {"juror": "j01"}),
        (
            replace(PLAIN, loads={**dict.fromkeys(PLAIN.jurors, (0, 4)), "x": (0, 1)}),
            "unknown_juror",
            {"where": "loads", "id": "x"},
        ),
        (
            replace(PLAIN, loads={**dict.fromkeys(PLAIN.jurors, (0, 4)), "j01": (3, 2)}),
            "load",
            {"juror": "j01", "least": 3, "most": 2},
        ),
    ],
)
def test_problem_that_contradicts_itself_says_where(problem: Problem, reason: str, facts: dict[str, object]):
    with pytest.raises(BadProblem) as refused:
        assign(problem, elapsed=no_time)

    assert (refused.value.reason, refused.value.facts) == (reason, facts)
