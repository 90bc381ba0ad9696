"""The atlas: one filter, the same laureates in the list, on the drawn map and for the map that moves."""

from xml.etree import ElementTree

import pytest

from atlas.palmares import a_complete_palmares, an_award
from builders import a_commune, an_epci

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def discs(client, query=""):
    drawing = ElementTree.fromstring(client.get(f"/atlas/carte.svg?{query}").content)
    return {title.text for title in drawing.iter(f"{SVG}title") if title.get("id") is None}


def test_list_map_and_drawing_show_the_same_laureates(client):
    a_complete_palmares()

    page = client.get("/atlas?annee=2024").content.decode()
    places = client.get("/atlas/carte.json?annee=2024").json()["laureates"]

    assert sorted(place["name"] for place in places) == [
        "Communauté urbaine Le Havre Seine Métropole",
        "Le Havre",
        "Parthenay",
    ]
    assert all(place["name"] in page for place in places)
    assert "Épinal" not in page.partition("</form>")[2]
    assert "Le Havre, 5 @" in discs(client, "annee=2024")


def test_a_body_brings_the_communes_it_is_made_of(client):
    a_complete_palmares()

    places = client.get("/atlas/carte.json?annee=2024").json()["laureates"]

    assert {place["kind"]: place.get("members") for place in places}["epci"] == ["76351"]


def test_without_a_year_each_territory_shows_its_latest_award_and_all_its_years(client):
    a_complete_palmares()

    answer = client.get("/atlas/carte.json").json()
    havre = next(place for place in answer["laureates"] if place["code"] == "76351")

    assert (len(answer["laureates"]), havre["level"], havre["years"]) == (4, 5, [2023, 2024])
    assert "2023, 2024" in client.get("/atlas").content.decode()


def test_the_sentence_says_how_many_are_known_of_how_many(client):
    an_award(a_commune(), year=2022)

    answer = client.get("/atlas?annee=2022").content.decode()

    assert "le total de cette édition n’est pas publié" in answer
    assert "C’est un échantillon" in answer


def test_a_complete_edition_is_not_called_a_sample(client):
    a_complete_palmares()

    answer = client.get("/atlas?annee=2024").content.decode()

    assert "l’atlas en connaît 3 sur 3" in answer
    assert "C’est un échantillon" not in answer


@pytest.mark.parametrize(
    "address", ["/atlas", "/atlas/resultats", "/atlas/carte.svg", "/atlas/carte.json", "/atlas/integrer"]
)
@pytest.mark.parametrize("query", ["annee=deux", "niveau=6", "couleur=bleu", "tri=hasard", "page=x"])
def test_what_cannot_be_followed_is_refused_with_the_parameter(client, address, query):
    answer = client.get(f"{address}?{query}", headers={"accept-language": "fr"})

    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.content.decode()


def test_no_laureate_says_what_to_do(client):
    assert "arobase data load" in client.get("/atlas").content.decode()
    a_complete_palmares()
    assert "effacez-les tous" in client.get("/atlas?q=zzz").content.decode()


def test_the_list_is_sorted_and_cut_into_pages(client):
    for number in range(60):
        an_award(a_commune(f"76{number:03}", f"Bourg {number:02}", population=number), year=2024, level=3)

    first = client.get("/atlas?tri=population").content.decode()
    second = client.get("/atlas?tri=population&page=2").content.decode()

    assert "Bourg 59" in first
    assert "Bourg 00" not in first
    assert "Bourg 00" in second


def test_only_the_embed_may_be_framed_by_others(client):
    embed, page = client.get("/atlas/integrer"), client.get("/atlas")

    assert "frame-ancestors *" in embed["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_laureate_whose_place_is_unknown_stays_in_the_list(client):
    an_award(an_epci("200000172", "CC Faucigny-Glières"), year=2024)

    assert discs(client) == set()
    assert "Faucigny" in client.get("/atlas").content.decode()


def test_the_page_asks_the_database_little(client, django_assert_max_num_queries):
    a_complete_palmares()
    client.get("/atlas")

    with django_assert_max_num_queries(22):
        client.get("/atlas")
