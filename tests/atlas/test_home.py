"""The first page: figures in a sentence, the latest edition, the ways in."""

import datetime

import pytest

from arobase.atlas.queries.home import home
from arobase.label.models import Award, Edition
from builders import a_commune

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}


def words(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def an_edition_with_laureates():
    edition = Edition.objects.create(label_year=2024, number=25, ceremony_on=datetime.date(2024, 2, 8), rewarded=250)
    earlier = Edition.objects.create(label_year=2004)
    parthenay = a_commune("79202", "Parthenay", population=10_140)
    Award.objects.create(edition=earlier, territory=parthenay, level=None)
    Award.objects.create(edition=edition, territory=parthenay, level=5)
    Award.objects.create(edition=edition, territory=a_commune(population=166_687), level=5)


def test_the_first_page_says_what_is_known_in_a_sentence(client):
    an_edition_with_laureates()

    text = words(client.get("/", headers=FRENCH))

    assert "2 territoires lauréats du label sont connus ici, de 2004 à 2024, dans une France de 2 communes." in text
    assert (
        "C’est un échantillon : 2 récompenses relevées sur 250 publiées (éditions dont le total est connu : 1)" in text
    )


def test_the_latest_edition_is_told_in_short(client):
    an_edition_with_laureates()

    text = words(client.get("/", headers=FRENCH))

    assert "Label 2024" in text
    assert "2 lauréats connus sur 250. Remise le 8 février 2024." in text
    assert text.index("Le Havre</a>") < text.index("Parthenay</a>")


def test_the_first_page_searches_without_javascript(client):
    text = words(client.get("/", headers=FRENCH))

    assert 'action="/recherche"' in text


def test_nothing_loaded_says_which_command_to_run(client):
    assert "<code>arobase data load</code>" in words(client.get("/", headers=FRENCH))


def test_communes_without_laureates_say_what_is_missing(client):
    a_commune()

    assert "aucun lauréat du label n’est encore chargé" in words(client.get("/", headers=FRENCH))


def test_the_first_page_needs_five_statements(django_assert_num_queries):
    an_edition_with_laureates()

    with django_assert_num_queries(5):
        home()
