"""The page of sources: what was loaded, from which layer, and what is missing."""

import pytest
from django.utils import timezone

from arobase.territories.models import SourceState

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}


def a_state(name: str, *, layer: int | None, note: str = "") -> SourceState:
    return SourceState.objects.create(
        name=name,
        layer=layer,
        version="COG 2026",
        licence="Licence Ouverte 2.0 (IGN)",
        rows=34_969 if layer else 0,
        changes={"added": 12, "changed": 0} if layer else {},
        note=note,
        seconds=1.0,
        loaded_at=timezone.now(),
    )


def words(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_a_loaded_source_says_layer_vintage_licence_and_changes(client):
    a_state("contours", layer=1)

    text = words(client.get("/donnees", headers=FRENCH))

    assert "1 source de données chargée sur" in text
    assert "miroir local de la publication officielle" in text
    assert "34 969" in text
    assert "12 ajoutés" in text


def test_a_source_that_no_layer_had_is_not_called_loaded(client):
    a_state("movements", layer=None, note="Lancez « arobase data load --only movements ».")

    text = words(client.get("/donnees", headers=FRENCH))

    assert "Aucune source de données n’est chargée." in text
    assert text.count("arobase data load --only movements") == 1


def test_only_those_whose_work_is_used_are_credited(client):
    a_state("contours", layer=1)

    text = words(client.get("/donnees", headers=FRENCH))

    assert ("<strong>IGN</strong>" in text, "<strong>GeoNames</strong>" in text) == (True, False)


def test_the_same_comes_as_json(client):
    a_state("contours", layer=1)
    a_state("movements", layer=None, note="absent")

    found = {source["name"]: source for source in client.get("/donnees.json").json()["sources"]}

    assert (found["contours"]["layer"], found["contours"]["rows"]) == ("mirror", 34_969)
    assert (found["movements"]["loaded"], found["movements"]["note"]) == (False, "absent")
    assert found["code"]["command"] == "arobase data load --only code"


def test_the_page_needs_one_statement(client, django_assert_num_queries):
    a_state("contours", layer=1)

    with django_assert_num_queries(1):
        client.get("/donnees.json")
