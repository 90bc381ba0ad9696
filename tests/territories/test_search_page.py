"""The search page and the suggestions of the combobox."""

import pytest

from arobase.territories.models import Contour, Succession, Territory
from arobase.territories.queries import gazetteer
from strategies.france import a_small_france

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def france(db):
    gazetteer.forget()
    a_small_france()
    yield
    gazetteer.forget()


def test_the_page_lists_what_was_found_and_why(client):
    page = client.get("/recherche?q=notre+dame+de+gravenchon").content.decode()

    assert "Port-Jérôme-sur-Seine" in page
    assert "ancien nom\u202f: Notre-Dame-de-Gravenchon" in page


def test_the_page_asks_when_nothing_was_typed(client):
    assert client.get("/recherche").context["found"] == []


def test_the_page_says_what_to_do_when_nothing_was_found(client):
    assert "code postal" in client.get("/recherche?q=zzzzzzzz").content.decode()


def test_the_page_does_not_run_what_was_typed(client):
    page = client.get("/recherche", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_suggestions_tell_where_a_place_is_and_why_it_was_found(client):
    answer = client.get("/recherche/suggestions?q=le+hvare").json()

    first = answer["suggestions"][0]
    assert (first["id"], first["where"], first["why"]) == ("commune:76351", "Seine-Maritime (76)", "spelling")
    assert first["reason"] == "orthographe proche"


def test_suggestions_are_of_the_kinds_asked_for(client):
    def kinds(query):
        return {one["id"].split(":")[0] for one in client.get(f"/recherche/suggestions?{query}").json()["suggestions"]}

    assert kinds("q=havre") == {"commune", "epci"}
    assert kinds("q=havre&kinds=epci") == {"epci"}
    assert kinds("q=havre&kinds=commune,departement") == {"commune"}
    assert kinds("q=gravenchon&kinds=commune-deleguee") == {"delegated"}
    assert kinds("q=havre&kinds=nonsense") == {"commune", "epci"}
    assert kinds("q=") == set()


def test_without_data_nothing_is_found_and_the_page_says_so(client):
    for model in (Contour, Succession, Territory):
        model.objects.all()._raw_delete("default")
    gazetteer.forget()

    assert client.get("/recherche/suggestions?q=havre").json()["suggestions"] == []
    assert "arobase data load" in client.get("/recherche?q=havre").content.decode()
    assert client.get("/api/geo/communes").json() == []
    assert client.get("/api/geo/communes?lat=49&lon=0").json() == []
