"""The territories in memory: what they know, and when they are read anew."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from arobase.territories.models import Territory
from arobase.territories.queries import gazetteer
from strategies.france import a_small_france, loaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten():
    gazetteer.forget()
    yield
    gazetteer.forget()


def test_a_place_knows_where_it_belongs_and_what_it_was():
    a_small_france()
    places = gazetteer.gazetteer()
    port_jerome = places.get("commune", "76476")

    assert (port_jerome.department, port_jerome.region) == ("76", "28")
    assert port_jerome.former_codes == ("76659",)
    assert port_jerome.former_names == ("Touffreville-la-Cable", "Notre-Dame-de-Gravenchon")
    assert [part.name for part in places.parts_of("76476")] == ["Notre-Dame-de-Gravenchon"]
    assert [place.code for place in places.by_former_code("76659")] == ["76476"]
    assert [place.code for place in places.communes_of("epci", "200084952")] == ["76351"]
    assert places.department("988").name == places.region("988").name == "Nouvelle-Calédonie"


def test_an_empty_database_gives_an_empty_gazetteer():
    places = gazetteer.gazetteer()

    assert places.places == ()
    assert places.at(lon=0, lat=0) == []
    assert places.search.search("Le Havre") == []


def test_it_is_kept_until_the_data_changes(monkeypatch):
    a_small_france()
    first = gazetteer.gazetteer()
    monkeypatch.setattr(gazetteer, "CHECK_EVERY_S", -1)
    assert gazetteer.gazetteer() is first

    Territory.objects.filter(id="commune:76351").update(name="Le Havre-de-Grâce")
    loaded(version="2027")

    assert gazetteer.gazetteer().get("commune", "76351").name == "Le Havre-de-Grâce"
    assert first.get("commune", "76351").name == "Le Havre"


def test_it_asks_the_database_at_most_every_few_seconds(django_assert_num_queries):
    a_small_france()
    first = gazetteer.gazetteer()
    loaded(version="2027")

    with django_assert_num_queries(0):
        assert gazetteer.gazetteer() is first


def test_threads_share_one_gazetteer():
    a_small_france()
    first = gazetteer.gazetteer()

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: gazetteer.gazetteer().search.search("havre")[0].subject.id, range(100)))

    assert set(found) == {"commune:76351"}
    assert gazetteer.gazetteer() is first


def test_a_border_belongs_to_the_commune():
    a_small_france()

    assert [place.code for place in gazetteer.gazetteer().at(lon=0.15, lat=49.5)] == ["76351"]
