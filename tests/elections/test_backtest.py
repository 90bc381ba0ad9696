"""Past polls projected as if tonight: drawn bags, priors that leave the poll out, and the command over the mirror."""

import csv
import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import override_settings

from arobase.elections.cli.backtest import backtest_
from arobase.elections.models import Election
from arobase.elections.rules.projection import Bag, Estimate, Night, Projection, Station, project
from arobase.elections.rules.projection.backtesting import (
    Pair,
    fitted,
    half_of,
    learnt,
    starting_priors,
    trials,
)
from arobase.elections.rules.projection.scores import Event, Foretold, Mark, Reliabilities, foretold, marks_of
from arobase.elections.rules.projection.trials import (
    ROWS,
    Reporting,
    Row,
    TownPoll,
    counted_night,
    drawn_bags,
    drawn_night,
    reporting_first,
)
from arobase.elections.sources.elex import Elex, ElexStopped
from arobase.elections.sources.polls import FORMER, NoPolls, elections_folder, stable_towns, town_polls
from arobase.elections.sources.priors import (
    document_of_priors,
    learnt_polls,
    priors_for,
    priors_in,
    priors_of,
    shipped_priors,
)

MIRROR = settings.DATA_MIRROR is not None and (settings.DATA_MIRROR / "elections" / "towns_stable.csv").is_file()
needs_mirror = pytest.mark.skipif(not MIRROR, reason="AROBASE_DATA_MIRROR has no elections/towns_stable.csv")


def a_poll(name: str, *, town: str = "00000", stations: int = 16, seed: int = 1, tilt: float = 1.0) -> TownPoll:
    """Three choices whose shares follow an axis of the stations that all polls of a town have in common."""
    axis = np.random.default_rng(list(town.encode())).normal(size=stations)
    rng = np.random.default_rng([seed, *name.encode()])
    voters = rng.integers(320, 900, size=stations)
    shares = np.array([0.45, 0.35, 0.2]) * np.exp(0.15 * tilt * axis[:, None] * np.array([1.0, -1.0, 0.3]))
    votes = np.array(
        [rng.multinomial(number - 10, one / one.sum()) for number, one in zip(voters, shares, strict=True)]
    )
    return TownPoll(
        poll=name,
        town=town,
        choices=(f"{name} A", f"{name} B", "Commun"),
        stations=tuple(str(number) for number in range(stations)),
        registered=voters + 300,
        voters=voters,
        votes=votes,
        blank=np.full(stations, 6),
    )


def some_pairs(towns: int = 4) -> list[Pair]:
    codes = [f"{number:05}" for number in range(towns)]
    return [
        Pair(a_poll(poll, town=code), a_poll("avant", town=code)) for code in codes for poll in ("un", "deux", "trois")
    ]


def test_drawn_bags_hold_a_hundred_ballots_of_the_urn_each():
    urn = np.array([200, 120, 30, 4, 6])

    bags = drawn_bags(urn, spread=1.0, rng=np.random.default_rng(1))

    assert [bag.ballots for bag in bags] == [100, 100]
    assert all(bag.ballots == sum(bag.votes) + bag.blank + bag.null for bag in bags)
    assert all(sum(bag.votes[k] for bag in bags) <= urn[k] for k in range(3))


@pytest.mark.parametrize("spread", [1.0, 1.6, 2.56])
def test_a_small_urn_is_drawn_to_its_last_ballot(spread):
    urn = np.array([70, 51, 2, 1, 3])

    bags = drawn_bags(urn, spread=spread, rng=np.random.default_rng(1))

    assert [bag.ballots for bag in bags] == [100, 27]
    assert [sum(bag.votes[k] for bag in bags) for k in range(3)] == [70, 51, 2]


@pytest.mark.parametrize("spread", [1.0, 1.6, 2.56])
def test_bags_vary_as_many_times_as_they_are_told_to(spread):
    urn, rng = np.array([4000, 6000, 0, 0]), np.random.default_rng(5)

    counts = np.array([drawn_bags(urn, spread=spread, rng=rng)[0].votes[0] for _draw in range(1500)])

    assert counts.mean() == pytest.approx(40, abs=0.6)
    assert counts.var() / (100 * 0.4 * 0.6) == pytest.approx(spread, rel=0.15)


def test_the_smallest_stations_report_first():
    poll = a_poll("un")

    first = reporting_first(poll, Row(Reporting.SMALLEST, 0.25), rng=np.random.default_rng(1))

    assert len(first) == 4
    assert poll.voters[first].max() <= np.sort(poll.voters)[3]


def test_a_station_whose_bags_are_its_whole_urn_is_complete():
    poll = a_poll("un")
    poll = replace(poll, voters=poll.votes.sum(axis=1) + 10, votes=poll.votes // 4)
    poll = replace(poll, voters=poll.votes.sum(axis=1) + 10)

    night = drawn_night(poll, None, Row(Reporting.SMALLEST, 0.5), spread=1.0, rng=np.random.default_rng(1))

    for station in night.stations:
        assert station.complete == (bool(station.bags) and station.voters <= 200)


def test_a_fully_counted_night_is_the_result_of_the_poll():
    poll = a_poll("un")

    found = project(counted_night(poll, a_poll("avant")), priors=shipped_priors())

    assert isinstance(found, Projection)
    assert [one.estimate.share for one in found.outlooks] == poll.shares.tolist()


def test_priors_know_neither_the_poll_nor_the_town_that_is_projected():
    pairs, start = some_pairs(), starting_priors()
    likelihoods = fitted(pairs, priors=start)
    changed = [
        replace(pair, poll=a_poll("un", town=pair.poll.town, seed=99, tilt=9.0)) if pair.poll.poll == "un" else pair
        for pair in pairs
    ]
    moved = [
        replace(pair, poll=a_poll(pair.poll.poll, town=pair.poll.town, seed=99)) if pair.half == 0 else pair
        for pair in pairs
    ]

    mine = learnt(pairs, likelihoods, start=start, seed=1).left_out
    other_poll = learnt(changed, fitted(changed, priors=start), start=start, seed=1).left_out
    other_towns = learnt(moved, fitted(moved, priors=start), start=start, seed=1).left_out

    for kind, weights in mine["un", 0].weights.items():
        assert np.array_equal(weights, other_poll["un", 0].weights[kind])
        assert np.array_equal(weights, other_towns["un", 0].weights[kind])
    assert mine["un", 0].stretch == other_poll["un", 0].stretch == other_towns["un", 0].stretch


def test_the_same_seed_draws_the_same_nights():
    pairs, start = some_pairs(2), starting_priors()
    priors = {(pair.poll.poll, pair.half): start for pair in pairs}

    def played(seed: int) -> list[object]:
        return [one.night for one in trials(pairs, priors, rows=ROWS[:1], spreads=[1.0], draws=2, seed=seed)]

    assert played(1) == played(1)
    assert played(1) != played(2)


def test_learnt_priors_are_written_and_read_again():
    pairs, start = some_pairs(4), starting_priors()
    found = learnt(pairs, fitted(pairs, priors=start), start=start, seed=1)
    kept = replace(found.all, provenance=shipped_priors().provenance)

    found = priors_of(json.loads(json.dumps(document_of_priors(kept))))

    for kind, weights in kept.weights.items():
        assert found.weights[kind].sum() == pytest.approx(1)
        assert np.abs(found.weights[kind] - weights).max() < 1e-3
    assert found.stretch[90] == pytest.approx(kept.stretch[90], abs=1e-3)
    assert found.provenance == kept.provenance


def test_the_shipped_priors_hold_spreads_and_models_and_say_where_they_are_from():
    document = document_of_priors(shipped_priors())

    assert set(document) == {"provenance", "overdispersion", "overdispersion_weight", "stretch", "spreads", "weights"}
    assert document["provenance"]["polls"] == sorted(FORMER)
    assert document["provenance"]["towns"] >= 200


@pytest.mark.parametrize(
    ("origin", "poll"),
    [
        ("Chiffres de : présidentielle, second tour, 7 mai 2017 ; enveloppes tirées au sort", "2017-presidentielle-2"),
        ("Européennes du 26 mai 2019 à Narbonne (ministère de l’Intérieur)", "2019-europeennes"),
    ],
)
@pytest.mark.parametrize("town", ["11262", "31555"])
def test_a_rehearsal_is_projected_by_priors_that_know_neither_its_poll_nor_its_town(origin, poll, town):
    found = priors_for(Election(code=town, is_rehearsal=True, origin=origin))

    assert found.provenance.polls == tuple(one for one in learnt_polls() if one != poll)
    assert found is shipped_priors(without_poll=poll, without_town=town)
    assert found.provenance.towns < shipped_priors().provenance.towns


def test_a_rehearsal_of_a_poll_that_nothing_was_learnt_from_is_projected_without_its_town():
    found = priors_for(Election(code="31555", is_rehearsal=True, origin="Municipales 2026"))

    assert found.provenance.towns < shipped_priors().provenance.towns


def test_the_real_night_is_projected_by_all_that_was_learnt():
    assert priors_for(Election(code="11262")) is shipped_priors()


def test_halves_of_the_towns_are_known_by_the_code_alone_and_about_as_large():
    halves = [half_of(f"{number:05}") for number in range(1000, 2000)]

    assert 400 < sum(halves) < 600


def test_chances_are_held_to_what_came():
    found = Reliabilities()
    for p, is_true in ((0.12, True), (0.28, False), (0.2, False), (0.95, True)):
        found.add(Foretold(Event.FIRST, p, is_true))
    found.add(Foretold(Event.ORDER, 1.0, False))

    told = [(one.event, one.low, one.high, one.n, round(one.told, 3), round(one.true, 3)) for one in found.classes()]

    assert told == [
        (Event.FIRST, 0.1, 0.3, 3, 0.2, 0.333),
        (Event.FIRST, 0.9, 0.99, 1, 0.95, 1.0),
        (Event.ORDER, 0.99, 1.0, 1, 1.0, 0.0),
    ]


def test_what_was_foretold_is_judged_by_whole_numbers_of_votes():
    night = Night(
        choices=("A", "B", "C"),
        stations=(Station("1", 2000, 1000, (Bag(1000, 0, 0, (500, 450, 50)),), complete=True, previous=None),),
    )
    projection = project(night, priors=shipped_priors())

    told = {(one.event, one.p, one.is_true) for one in foretold(projection, (500, 450, 50))}

    assert (Event.MAJORITY, 0.0, False) in told
    assert (Event.ORDER, 1.0, True) in told
    assert (Event.TWENTIETH, 1.0, True) in told
    assert all(bool(p) is is_true for _event, p, is_true in told)


def test_marks_are_means_over_what_was_answered():
    estimate = Estimate(0.4, {50: (0.39, 0.41), 80: (0.38, 0.42), 90: (0.37, 0.43)})

    found = marks_of([Mark(estimate, 0.415), None, Mark(estimate, 0.44)])

    assert found is not None
    assert (found.asked, found.answered) == (3, 2)
    assert found.error == pytest.approx(2.75)
    assert found.coverage == {50: 0.0, 80: 50.0, 90: 50.0}
    assert found.score == pytest.approx(6 + 20 * 1 / 2)
    assert marks_of([None]) is None


def test_coverage_is_told_at_the_levels_that_an_estimator_gives():
    found = marks_of([Mark(Estimate(0.4, {90: (0.3, 0.5)}), 0.45)])

    assert found is not None
    assert found.coverage == {90: 100.0}


def test_without_a_mirror_the_command_says_what_to_set():
    with override_settings(DATA_MIRROR=None):
        done = CliRunner().invoke(backtest_, ["--json"])

    assert done.exit_code == 1
    assert "AROBASE_DATA_MIRROR" in done.stderr


def test_a_mirror_without_polls_names_the_missing_folder(tmp_path):
    with override_settings(DATA_MIRROR=tmp_path), pytest.raises(NoPolls, match="elections"):
        elections_folder()


def test_only_the_wanted_towns_are_read_and_empty_stations_left_out(tmp_path):
    header = "insee,bureau,commune_libelle,inscrits,votants,blancs,nuls,exprimes,A,B,C"
    lines = ["11262,0001,N,900,500,3,2,495,300,195,0", "11262,0002,N,10,0,0,0,0,0,0,0", "11263,0001,M,9,9,0,0,9,4,5,0"]
    with gzip.open(tmp_path / "p_bureaux.csv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join([header, *lines]) + "\n")

    found = town_polls(tmp_path, "p", towns=["11262"])

    assert list(found) == ["11262"]
    assert found["11262"].choices == ("A", "B")
    assert found["11262"].stations == ("0001",)
    assert found["11262"].urns.tolist() == [[300, 195, 3, 2]]


def test_a_python_without_elex_model_is_told_apart_from_a_refusal(tmp_path):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    pair = some_pairs(1)[0]
    priors = {(pair.poll.poll, pair.half): starting_priors()}
    (trial,) = trials([pair], priors, rows=ROWS[:1], spreads=[1.0], draws=1, seed=1)

    with Elex(fake) as peer, pytest.raises(ElexStopped):
        peer.mark(trial)


@needs_mirror
def test_stable_towns_have_the_same_stations_in_all_polls():
    folder = elections_folder()
    towns = stable_towns(folder)
    with (folder / "towns_stable.csv").open(encoding="utf-8") as file:
        assert len(towns) == len(list(csv.DictReader(file)))

    found = town_polls(folder, "2019-europeennes", towns=[town.code for town in towns[:3]])

    assert [len(found[town.code].stations) for town in towns[:3]] == [town.stations for town in towns[:3]]


@pytest.fixture(scope="module")
def a_little_learnt(tmp_path_factory) -> Path:
    """Priors of five towns, learnt once for the tests below."""
    folder = tmp_path_factory.mktemp("learnt") / "priors"
    done = CliRunner().invoke(backtest_, ["--towns", "5", "--learn", str(folder), "--json"])
    assert (done.exit_code, json.loads(done.stdout)["towns"]) == (0, 5)
    return folder


def back_tested(*options: str) -> dict:
    done = CliRunner().invoke(backtest_, ["--towns", "5", "--overdispersion", "1.6", "--json", *options])
    assert done.exit_code == 0
    return json.loads(done.stdout)


@needs_mirror
def test_a_small_back_test_prints_each_row_with_the_product_beside_the_others(a_little_learnt):
    answer = back_tested("--priors", str(a_little_learnt))

    assert [(row["reporting"], row["share"]) for row in answer["rows"]] == [(r.reporting.value, r.share) for r in ROWS]
    assert list(answer["rows"][0]["estimators"]) == ["raw", "weighted", "swing", "ridge", "shrunk", "product"]
    assert {row["nights"] for row in answer["rows"]} == {5 * len(FORMER)}
    assert all(row["estimators"]["product"]["answered"] == 25 for row in answer["rows"] if row["share"] == 0.5)
    assert {one["event"] for one in answer["chances"]} == {one.value for one in Event}


@needs_mirror
def test_a_back_test_without_former_elections_says_so_and_projects_less_well(a_little_learnt):
    priors = ["--priors", str(a_little_learnt)]
    with_former, without = back_tested(*priors), back_tested(*priors, "--without-former")

    assert (with_former["former"], without["former"]) == (True, False)
    halfway = [found["rows"][2]["estimators"]["product"]["width"] for found in (with_former, without)]
    assert halfway[1] > halfway[0]


@needs_mirror
def test_what_was_learnt_says_from_what_and_back_tests_as_if_it_were_learnt_anew(a_little_learnt):
    again, anew = back_tested("--priors", str(a_little_learnt)), back_tested()

    everything = priors_of(json.loads((a_little_learnt / "all.json").read_text(encoding="utf-8")))
    assert everything.provenance.nights == 5 * len(FORMER)
    assert sorted(priors_in(a_little_learnt)) == sorted((poll, half) for poll in FORMER for half in (0, 1))
    scores = [[row["estimators"]["product"]["score"] for row in one["rows"]] for one in (again, anew)]
    assert scores[0] == pytest.approx(scores[1], abs=0.05)
