"""Where an initiative is, drawn over its territory, with an equal list."""

import re

import pytest
import shapely
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.rules.sketch import WIDTH, sketch
from builders import a_commune, a_contour, an_initiative

degrees = st.tuples(st.floats(-178, 178), st.floats(-70, 70))


@given(st.tuples(degrees, degrees), st.lists(degrees, min_size=1, max_size=6))
def test_every_place_is_on_the_paper_north_up_and_west_left(corners, spots):
    (west, south), (east, north) = corners
    places = [(number, lon, lat) for number, (lon, lat) in enumerate(spots, 1)]
    box = shapely.box(min(west, east), min(south, north), max(west, east) + 0.01, max(south, north) + 0.01)

    found = sketch(box, places)

    assert [number for number, _x, _y in found.points] == [number for number, _lon, _lat in places]
    assert all(0 <= x <= WIDTH and 0 <= y <= found.height for _number, x, y in found.points)
    for (_n, lon, lat), (_m, x, y) in zip(places, found.points, strict=True):
        for (_o, other_lon, other_lat), (_p, other_x, other_y) in zip(places, found.points, strict=True):
            assert lon >= other_lon or x <= other_x
            assert lat >= other_lat or y >= other_y


@pytest.mark.django_db
def test_the_page_draws_the_places_that_its_list_names():
    town = a_commune()
    a_contour(town)
    places = [
        {"label": "Médiathèque Niemeyer", "lat": 49.49, "lon": 0.11},
        {"label": "Partout", "lat": None, "lon": None},
        {"label": "Maison des aînés", "lat": 49.51, "lon": 0.15},
    ]
    initiative = an_initiative(town)
    type(initiative).objects.filter(pk=initiative.pk).update(places=places)

    page = Client().get(f"/initiatives/{initiative.pk}").content.decode()

    drawn = re.search(r'<figure class="sketch">.*?</figure>', page, re.DOTALL).group()
    assert re.findall(r">(\d+)</text>", drawn) == ["1", "3"] and 'd="M' in drawn
    listed = re.search(r'<ol class="places">.*?</ol>', page, re.DOTALL).group()
    assert re.findall(r"<li>([^<]+?)\s*(?:<|$)", listed) == ["Médiathèque Niemeyer", "Partout", "Maison des aînés"]


@pytest.mark.django_db
def test_without_coordinates_or_contour_the_list_stands_alone():
    initiative = an_initiative(a_commune())
    type(initiative).objects.filter(pk=initiative.pk).update(places=[{"label": "Mairie", "lat": 49.49, "lon": 0.11}])

    page = Client().get(f"/initiatives/{initiative.pk}").content.decode()

    assert "Mairie" in page and 'class="sketch"' not in page
