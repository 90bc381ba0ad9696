"""The trend: what the first bags say of the whole night."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st

from arobase.elections.rules.projection import Bag, Former, Night, Projection, Silence, Station, Why, project
from arobase.elections.rules.projection.chances import final_chances
from arobase.elections.rules.projection.plain import PLAIN
from arobase.elections.rules.projection.plain.sample import samples_of
from arobase.elections.rules.projection.scores import interval_score
from arobase.elections.rules.projection.urns import overdispersion, spread_between_bags
from arobase.elections.sources.priors import shipped_priors
from strategies.nights import nights

PRIORS = shipped_priors()
FEW = of_hypothesis(max_examples=60, deadline=None)


def a_bag(*votes: int, blank: int = 0, null: int = 0) -> Bag:
    return Bag(ballots=sum(votes) + blank + null, blank=blank, null=null, votes=votes)


def a_town(
    *,
    stations: int = 20,
    heard: int = 6,
    shares: tuple[float, ...] = (0.5, 0.3, 0.2),
    former: bool = True,
    seed: int = 2,
) -> Night:
    """A town whose stations differ along one axis, which the former election shows."""
    rng, found = np.random.default_rng(seed), []
    for number in range(stations):
        axis = rng.normal()
        tilted = np.array(shares) * np.exp(0.15 * axis * np.linspace(1, -1, len(shares)))
        tilted /= tilted.sum()
        before = {"Ancien": int(300 + 45 * axis), "Autre": int(300 - 45 * axis)}
        found.append(
            Station(
                id=str(number),
                registered=1000,
                voters=600,
                bags=tuple(a_bag(*rng.multinomial(100, tilted).tolist()) for _bag in "12") if number < heard else (),
                previous=Former(registered=950, voters=620, votes=before) if former else None,
            )
        )
    return Night(choices=tuple("ABCDEFGH"[: len(shares)]), stations=tuple(found))


def told(night: Night) -> Projection:
    found = project(night, priors=PRIORS)
    assert isinstance(found, Projection), found
    return found


def test_the_first_bags_tell_the_result_with_its_intervals():
    found = told(a_town())

    front = found.outlooks[0]
    assert front.name == "A"
    assert front.estimate.share == pytest.approx(0.5, abs=0.06)
    low, high = front.estimate.intervals[90]
    assert low < 0.5 < high
    assert front.p_first > 0.95
    assert found.turnout is not None
    assert found.turnout.share == 0.6
    assert not found.is_final


def test_a_complete_night_is_the_result_by_whole_numbers():
    stations = (
        Station("1", 300, 210, (a_bag(60, 40), a_bag(51, 49, blank=3)), complete=True),
        Station("2", 100, None, (a_bag(9, 30, null=1),), complete=True),
    )

    found = told(Night(("A", "B"), stations))

    assert [one.estimate.share for one in found.outlooks] == [120 / 239, 119 / 239]
    assert all(one.estimate.is_exact for one in found.outlooks)
    assert [one.p_first for one in found.outlooks] == [1.0, 0.0]
    assert found.p_majority == 1.0
    assert found.turnout is not None
    assert found.turnout.share == (203 + 40) / 400


def test_one_vote_short_of_a_majority_is_no_majority():
    chances = final_chances((10739, 5000, 5740))

    assert chances.majority.tolist() == [0.0, 0.0, 0.0]
    assert final_chances((10740, 5000, 5739)).any_majority == 1.0


def test_those_who_tie_share_the_first_place():
    found = told(Night(("A", "B", "C"), (Station("1", 90, None, (a_bag(30, 30, 10),), complete=True),)))

    assert [one.p_first for one in found.outlooks] == [0.5, 0.5, 0.0]
    assert [one.p_first_two for one in found.outlooks] == [1.0, 1.0, 0.0]


def test_a_lead_that_cannot_be_caught_is_certain():
    counted = tuple(Station(str(one), 400, 300, (a_bag(200, 100),), complete=True) for one in range(5))
    night = Night(("A", "B"), (*counted, Station("late", 400, 300)))

    found = told(night)

    assert [one.p_first for one in found.outlooks] == [1.0, 0.0]
    assert found.outlooks[0].estimate.intervals[90][0] >= 1000 / 1800


def test_more_stations_narrow_the_interval():
    def width(heard: int) -> float:
        low, high = told(a_town(stations=40, heard=heard)).outlooks[0].estimate.intervals[90]
        return high - low

    assert width(4) > width(12) > width(30)


def test_a_former_election_that_explains_the_stations_narrows_the_interval():
    def width(former: bool) -> float:
        low, high = told(a_town(stations=40, heard=20, former=former)).outlooks[0].estimate.intervals[90]
        return high - low

    assert width(True) < width(False)


def test_the_former_election_corrects_stations_that_are_unlike_the_town():
    night = a_town(stations=30, heard=0, seed=3)
    first = sorted(night.stations, key=lambda one: -one.previous.votes["Ancien"])[:10]
    shares = {one.id: 0.4 + (one.previous.votes["Ancien"] - 300) / 600 for one in night.stations}
    bags = {
        one.id: tuple(a_bag(round(100 * shares[one.id]), 100 - round(100 * shares[one.id])) for _bag in "12")
        for one in first
    }
    night = Night(("A", "B"), tuple(replace(one, bags=bags.get(one.id, ())) for one in night.stations))
    truth = float(np.mean(list(shares.values())))

    raw = sum(bag.votes[0] for pair in bags.values() for bag in pair) / (200 * len(bags))

    assert abs(told(night).outlooks[0].estimate.share - truth) < abs(raw - truth) / 2


def test_bags_that_differ_more_than_draws_widen_the_interval():
    even = tuple(Station(str(n), 900, 600, (a_bag(50, 50), a_bag(51, 49)) if n < 8 else ()) for n in range(20))
    uneven = tuple(Station(str(n), 900, 600, (a_bag(62, 38), a_bag(39, 61)) if n < 8 else ()) for n in range(20))

    (a, b), (c, d) = (told(Night(("A", "B"), some)).outlooks[0].estimate.intervals[90] for some in (even, uneven))

    assert d - c > b - a


def test_pearson_between_bags_is_about_its_degrees_of_freedom_for_draws():
    statistic, freedom = spread_between_bags(a_town(stations=60, heard=60))

    assert freedom == 60 * 2
    assert statistic / freedom == pytest.approx(1.0, abs=0.35)
    assert overdispersion(statistic=300.0, freedom=100, prior=1.0, weight=0.0) == 3.0


def test_without_signatures_turnout_is_projected_and_sizes_follow_it():
    night = a_town(stations=20, heard=6)
    unknown = replace(
        night, stations=tuple(replace(one, voters=one.voters if one.bags else None) for one in night.stations)
    )

    found = told(unknown)

    assert found.turnout is not None
    low, high = found.turnout.intervals[90]
    assert low < found.turnout.share < high
    assert found.turnout.share == pytest.approx(0.6, abs=0.02)


def test_nobody_s_turnout_known_leaves_it_out_and_projects_shares():
    night = a_town()

    found = told(replace(night, stations=tuple(replace(one, voters=None) for one in night.stations)))

    assert found.turnout is None


@pytest.mark.parametrize(
    ("night", "why"),
    [
        (Night(("A",), ()), Why.NO_STATION),
        (Night((), (Station("1", 10, 5),)), Why.NO_CHOICE),
        (Night(("A", "B"), (Station("1", 10, 5),)), Why.NOTHING_COUNTED),
        (Night(("A", "B"), (Station("1", 0, 0), Station("2", 0, None))), Why.NO_VOTER),
        (Night(("A", "B"), (Station("1", 9, 9, (a_bag(0, 0, null=9),), complete=True),)), Why.NO_VALID_VOTE),
        (
            Night(
                ("A", "B"),
                (*(Station(n, 900, 600, (a_bag(0, 0, blank=100),) * 2) for n in "12"), Station("3", 900, 600)),
            ),
            Why.NO_VALID_VOTE,
        ),
        (a_town(heard=1), Why.TOO_FEW_STATIONS),
    ],
)
def test_too_little_is_silence_with_its_reason(night, why):
    found = project(night, priors=PRIORS)

    assert isinstance(found, Silence)
    assert found.why is why


@pytest.mark.parametrize(("known", "uses"), [(1, False), (10, False), (11, True), (20, True)])
def test_a_former_election_is_used_where_it_is_known_for_more_than_half_of_the_town(known, uses):
    night = a_town()
    stations = [one if place < known else replace(one, previous=None) for place, one in enumerate(night.stations)]

    assert told(replace(night, stations=tuple(stations))).uses_former == uses


def test_one_bag_in_each_station_is_not_enough():
    night = a_town()
    single = replace(night, stations=tuple(replace(one, bags=one.bags[:1]) for one in night.stations))

    assert project(single, priors=PRIORS) == Silence(Why.TOO_FEW_STATIONS, {"stations": 0, "needed": 2, "bags": 2})


def test_an_interval_as_wide_as_a_guess_is_silence():
    stations = [Station(str(n), 900, 600) for n in range(30)]
    stations[0] = replace(stations[0], bags=(a_bag(90, 10), a_bag(92, 8)))
    stations[1] = replace(stations[1], bags=(a_bag(12, 88), a_bag(9, 91)))

    found = project(Night(("A", "B"), tuple(stations)), priors=PRIORS)

    assert isinstance(found, Silence)
    assert (found.why, found.facts["stations"]) == (Why.TOO_WIDE, 2)


def test_a_handful_of_ballots_for_one_list_foretells_nothing():
    night = a_town(stations=20, heard=0)
    two = (a_bag(1, 0, 0), a_bag(1, 0, 0))
    heard = tuple(replace(one, bags=two) if int(one.id) < 2 else one for one in night.stations)

    found = project(replace(night, stations=heard), priors=PRIORS)

    assert isinstance(found, Silence)
    assert found.why is Why.TOO_WIDE


def test_an_open_night_is_not_certain_before_the_model_is():
    chances = []
    for votes in range(500, 640, 4):
        bags = (a_bag(votes, 1000 - votes),) * 2
        stations = tuple(Station(str(n), 9000, 6000, bags if n < 6 else ()) for n in range(20))
        chances.append(told(Night(("A", "B"), stations)).outlooks[0].p_first)

    assert chances == sorted(chances)
    assert max(one for one in chances if one < 1.0) > 0.997


def test_a_single_choice_has_all_votes():
    night = Night(
        ("A",), tuple(Station(str(n), 500, 300, (a_bag(90, blank=10),) * 2 if n < 3 else ()) for n in range(9))
    )

    (only,) = told(night).outlooks

    assert (only.estimate.share, only.p_first) == (1.0, 1.0)


def test_nine_hundred_stations_and_thirty_four_lists_are_projected():
    shares = tuple(np.linspace(5, 1, 8) / np.linspace(5, 1, 8).sum())

    found = told(a_town(stations=900, heard=90, shares=shares))

    assert sum(one.estimate.share for one in found.outlooks) == pytest.approx(1)


@given(nights(complete=True))
@FEW
def test_a_complete_night_is_always_exact(night):
    found = project(night, priors=PRIORS)
    votes = np.array([bag.votes for one in night.stations for bag in one.bags]).sum(axis=0)

    if votes.sum() == 0:
        assert found == Silence(Why.NO_VALID_VOTE)
    else:
        assert isinstance(found, Projection)
        assert [one.estimate.share for one in found.outlooks] == [int(one) / int(votes.sum()) for one in votes]
        assert all(one.estimate.is_exact for one in found.outlooks)
        assert sum(one.p_first for one in found.outlooks) == pytest.approx(1)


@given(nights())
@FEW
def test_whatever_comes_shares_add_up_and_intervals_are_nested(night):
    found = project(night, priors=PRIORS)

    if isinstance(found, Projection):
        estimates = [one.estimate for one in found.outlooks] + ([found.turnout] if found.turnout else [])
        assert sum(one.estimate.share for one in found.outlooks) == pytest.approx(1)
        assert sum(one.p_first for one in found.outlooks) == pytest.approx(1)
        assert 0 <= found.p_majority <= 1
        for one in estimates:
            ends = [one.intervals[level] for level in (90, 80, 50)]
            assert [low for low, _high in ends] == sorted(low for low, _high in ends)
            assert [high for _low, high in ends] == sorted((high for _low, high in ends), reverse=True)
            assert 0 <= ends[0][0] <= ends[2][0] <= one.share <= ends[2][1] <= ends[0][1] <= 1


@given(nights(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_stations_does_not_matter(night, chance):
    mixed = list(night.stations)
    chance.shuffle(mixed)

    one, other = project(night, priors=PRIORS), project(replace(night, stations=tuple(mixed)), priors=PRIORS)

    assert type(one) is type(other)
    if isinstance(one, Projection):
        # A mixture keeps its heaviest parts: where some weigh the same at the cut, rounding decides which.
        for mine, yours in zip(one.outlooks, other.outlooks, strict=True):
            assert mine.estimate.share == pytest.approx(yours.estimate.share, abs=1e-4)
            assert mine.estimate.intervals[90] == pytest.approx(yours.estimate.intervals[90], abs=1e-4)


def test_the_order_of_choices_goes_with_their_shares():
    night = a_town()
    turned = Night(
        tuple(reversed(night.choices)),
        tuple(
            replace(one, bags=tuple(replace(bag, votes=bag.votes[::-1]) for bag in one.bags)) for one in night.stations
        ),
    )

    here, there = told(night).outlooks, told(turned).outlooks[::-1]

    for mine, yours in zip(here, there, strict=True):
        assert mine.estimate.share == pytest.approx(yours.estimate.share)


def test_the_same_counts_give_the_same_projection():
    assert told(a_town()) == told(a_town())


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_plain_estimators_find_the_share_of_a_whole_sample(name):
    found = PLAIN[name](samples_of(a_town(stations=30, heard=20))[0])

    low, high = found.intervals[90]
    assert low < found.share < high
    assert found.share == pytest.approx(0.5, abs=0.05)


def test_the_interval_score_pays_for_width_and_for_misses():
    assert interval_score(0.40, 0.50, 0.45) == 0.1
    assert interval_score(0.40, 0.50, 0.51) == pytest.approx(0.1 + 20 * 0.01)


def test_real_bags_vary_somewhat_more_than_draws():
    """Cogolin, municipal election 2026: the only real count by bags that is known."""
    folder = settings.DATA_MIRROR / "elections" if settings.DATA_MIRROR else None
    path = folder / "cogolin_municipales_2026_centaines.csv" if folder else None
    if path is None or not path.is_file():
        pytest.skip("AROBASE_DATA_MIRROR has no elections/cogolin_municipales_2026_centaines.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    ratios = {}
    for turn in "12":
        names = [name for name in rows[0] if name.startswith("L") and any(r[name] for r in rows if r["tour"] == turn)]
        stations: dict[str, list[Bag]] = {}
        for row in rows:
            if row["tour"] == turn:
                votes = tuple(int(row[name] or 0) for name in names)
                bag = a_bag(*votes, blank=int(row["blancs"] or 0), null=int(row["nuls"] or 0))
                stations.setdefault(row["bureau"], []).append(bag)
        night = Night(tuple(names), tuple(Station(one, 900, None, tuple(bags)) for one, bags in stations.items()))
        statistic, freedom = spread_between_bags(night)
        ratios[turn] = (round(statistic / freedom, 2), freedom)

    assert ratios == {"1": (1.42, 287), "2": (1.32, 80)}
