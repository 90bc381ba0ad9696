"""The map of stations: outlines as they are, points as discs that stay apart."""

from dataclasses import replace
from itertools import combinations
from math import dist

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections.actions.preparing import prepare
from arobase.elections.rules.outlines import LEAST_RADIUS, MOST_RADIUS, draw
from elections.nights import a_plan, count_all

SQUARE = {"type": "Polygon", "coordinates": [[[0.10, 49.48], [0.16, 49.48], [0.16, 49.52], [0.10, 49.48]]]}
POINTS = st.lists(
    st.tuples(st.sampled_from([0.1, 0.10001, 0.12, 0.15]), st.floats(49.48, 49.52, allow_nan=False)), max_size=40
).map(lambda found: {f"{number:04}": point for number, point in enumerate(found)})


def corners(path: str) -> list[tuple[float, float]]:
    return [tuple(map(float, one.split())) for one in path.strip("MZ").split("L")]


@given(POINTS, st.booleans())
def test_every_disc_can_be_seen_whole_and_hides_no_other(points, is_mixed):
    drawn = draw({"0900": SQUARE} if is_mixed else {}, points)

    if not points and not is_mixed:
        assert drawn is None
        return
    assert drawn.discs.keys() == points.keys()
    assert LEAST_RADIUS <= drawn.radius <= MOST_RADIUS
    for x, y in drawn.discs.values():
        assert drawn.radius - 1 <= x <= drawn.width - drawn.radius + 1
        assert drawn.radius - 1 <= y <= drawn.height - drawn.radius + 1
    assert all(dist(one, other) > 2 * drawn.radius for one, other in combinations(drawn.discs.values(), 2))


def test_discs_and_outlines_stand_in_one_projection():
    drawn = draw({"0001": SQUARE}, {"0002": (0.16, 49.52)})

    assert drawn.discs["0002"] == pytest.approx(corners(drawn.paths["0001"])[2], abs=0.1)


def test_a_station_with_an_outline_has_no_disc():
    drawn = draw({"0001": SQUARE}, {"0001": (0.13, 49.5)})

    assert (list(drawn.paths), drawn.discs) == (["0001"], {})


def test_north_is_up_and_east_is_right():
    drawn = draw({}, {"west": (0.1, 49.5), "east": (0.2, 49.5), "north": (0.15, 49.53)})

    assert drawn.discs["west"][0] < drawn.discs["north"][0] < drawn.discs["east"][0]
    assert drawn.discs["north"][1] < drawn.discs["west"][1] == drawn.discs["east"][1]


def test_two_stations_of_one_school_do_not_fill_the_map():
    drawn = draw({}, {"0001": (0.1, 49.5), "0002": (0.1, 49.5)})

    assert drawn.width == 600
    assert drawn.height < 120


def a_night_with(**places):
    plan = a_plan(rehearsal=True, stations=len(places))
    stations = [replace(one, **place) for one, place in zip(plan.stations, places.values(), strict=True)]
    return prepare(replace(plan, stations=stations), by=None, at=timezone.now())


@pytest.fixture(autouse=True)
def _no_page_is_kept():
    caches["process"].clear()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "/ecran", "/direct/map"])
def test_stations_known_by_a_point_alone_are_on_the_map_with_who_leads(address):
    election = a_night_with(one={"lon": 0.1, "lat": 49.5}, two={"outline": SQUARE}, three={})
    count_all(election, "0001")

    answer = Client().get(f"/elections/{election.pk}{address}").content.decode()
    shown = answer[answer.index('<figure class="town-map">') : answer.index("</figure>")]

    assert shown.count("<circle") == shown.count("<path class") == 1
    assert '<circle class="hue-0 plain"' in shown
    assert "0001 École 1\u00a0: Le Havre ensemble, 51\u202f%</title>" in shown


@pytest.mark.django_db
def test_a_finger_on_the_map_opens_the_station_and_the_list_says_the_same():
    election = a_night_with(one={"lon": 0.1, "lat": 49.5}, two={"outline": SQUARE})
    stations = [reverse("election_station", args=[election.pk, code]) for code in ("0001", "0002")]

    page, hall = (
        Client().get(reverse(name, args=[election.pk])).content.decode() for name in ("election", "election_screen")
    )

    assert [page.count(f'href="{one}"') for one in stations] == [2, 2]
    assert [hall.count(f'href="{one}"') for one in stations] == [0, 0]
