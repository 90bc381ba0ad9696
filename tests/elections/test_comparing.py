"""The second round beside the first, like with like: by the rule, by a real town's figures, and on the page."""

import csv
import gzip
from fractions import Fraction

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections.rules.comparing import Poll, compare
from arobase.elections.rules.plans import FormerResult
from elections.nights import LISTS, a_rehearsal, count_all

names = st.sampled_from("abcdef")
polls = st.builds(
    Poll,
    registered=st.integers(0, 2000),
    voters=st.integers(0, 2000),
    votes=st.dictionaries(names, st.integers(0, 900)),
)
FIRST = FormerResult("premier tour, 15 mars 2026", 500, 200, {LISTS[0]: 90, LISTS[1]: 60, "Le port d’abord": 50})


@given(st.lists(st.tuples(polls, polls), min_size=1, max_size=8))
def test_stations_are_added_up_and_nobody_is_lost(stations):
    found = compare(stations)

    assert found is not None
    assert found.now.valid == sum(now.valid for _, now in stations)
    assert sum(one.now or 0 for one in found.changes) == found.now.valid
    assert sum(one.before or 0 for one in found.changes) == found.before.valid
    assert [one.name for one in found.changes] == list(dict.fromkeys(one.name for one in found.changes))
    assert [one.now for one in found.standing] == sorted((one.now for one in found.standing), reverse=True)
    for one in found.changes:
        if one.points is not None:
            was, is_ = (Fraction(of.votes[one.name], of.valid) for of in (found.before, found.now))
            assert one.points == pytest.approx(float(100 * (is_ - was)))


@given(st.lists(st.tuples(polls, polls), min_size=1, max_size=8), st.randoms())
def test_the_order_of_the_stations_changes_no_figure(stations, chance):
    shuffled = chance.sample(stations, len(stations))
    first, second = compare(stations), compare(shuffled)

    assert first is not None and second is not None
    assert {one.name: one for one in first.changes} == {one.name: one for one in second.changes}


def test_nothing_is_compared_where_nothing_is_known():
    assert compare([]) is None


@pytest.mark.skipif(
    settings.DATA_MIRROR is None, reason="Toulouse's two rounds are in the mirror (AROBASE_DATA_MIRROR)"
)
def test_the_two_rounds_of_toulouse():
    """List 5 stood twice: 37.2 % of valid votes, then 53.9 % in the same stations; nine lists are gone."""
    folder = settings.DATA_MIRROR / "elections"
    first, second = (_poll(folder / f"toulouse_municipales_2026_t{turn}_bureaux.csv.gz") for turn in (1, 2))
    both = sorted(first.keys() & second.keys())

    found = compare((first[code], second[code]) for code in both)

    assert found is not None and found.stations == 284
    stood = [one for one in found.changes if one.points is not None]
    before = Fraction(sum(first[code].votes["L005"] for code in both), sum(first[code].valid for code in both))
    now = Fraction(sum(second[code].votes["L005"] for code in both), sum(second[code].valid for code in both))
    assert [one.name for one in stood] == ["L005"]
    assert stood[0].points == pytest.approx(float(100 * (now - before)))
    assert len(found.gone) == 9


def _poll(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return {
            row["bureau"]: Poll(
                int(row["inscrits"]),
                int(row["votants"]),
                {name: int(votes) for name, votes in row.items() if name.startswith("L") and name[1:].isdigit()},
            )
            for row in csv.DictReader(file)
        }


def page(election, name: str = "election", **more) -> str:
    return Client().get(reverse(name, kwargs={"number": election.pk, **more})).content.decode()


@pytest.mark.django_db
def test_the_second_rounds_page_shows_what_became_of_each_list_in_complete_stations():
    election = a_rehearsal(stations=3, round=2, former=FIRST)
    count_all(election, "0001", bags=[(98, 0, 0), (60, 20, 18)])
    text = page(election)

    assert "D’un tour à l’autre" in text
    assert "Dans le seul bureau complet dont le résultat d’avant est connu (premier tour, 15 mars 2026)" in text
    # 158 of 196 valid votes now, 90 of 200 then: 80.6 % and 45 %.
    assert "80,6\u202f%" in text and "45\u202f%" in text and "+35,6" in text
    assert "Un port pour tous" in text and "Le port d’abord" in text
    assert "40\u202f% de participation, contre 40\u202f%" in text


@pytest.mark.django_db
def test_a_first_round_between_others_than_last_time_compares_nothing():
    strangers = FormerResult("municipale de 2020", 500, 200, {"Autrefois": 200})
    election = a_rehearsal(stations=3, former=strangers)
    count_all(election, "0001")

    assert "Depuis la fois précédente" not in page(election)
    assert "municipale de 2020" in page(election, "election_station", code="0001")


@pytest.mark.django_db
def test_a_station_shows_what_each_list_had_there_before():
    election = a_rehearsal(stations=3, round=2, former=FIRST)
    count_all(election, "0001")
    text = page(election, "election_station", code="0001")

    assert '<td class="number">50</td><td class="number">51\u202f%</td><td class="number">90</td>' in text
    assert '<td class="number">18</td><td class="number">18,4\u202f%</td><td class="number">–</td>' in text


@pytest.mark.django_db
def test_nothing_is_compared_before_a_station_is_complete():
    assert "D’un tour à l’autre" not in page(a_rehearsal(stations=3, round=2, former=FIRST))
