"""The library: search, facets, feed and files, on whichever database the tests run."""

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from arobase.initiatives.actions.initiatives import change, move
from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.library import Question, find
from arobase.initiatives.queries.sheets import sheet_of
from arobase.initiatives.rules.shelf import Choice
from arobase.initiatives.rules.states import Verb
from arobase.initiatives.sources.examples import fill
from atlas.palmares import an_award
from builders import a_commune, a_region, an_initiative

pytestmark = pytest.mark.django_db
ANYTHING = Choice()


def titles(query: str = "") -> list[str]:
    page = Client().get(f"/initiatives?{query}")
    assert page.status_code == 200
    return [one.title for one in page.context["initiatives"]]


def test_the_library_lists_what_is_published_the_latest_first():
    now = timezone.now()
    an_initiative(title="Conseil filmé", at=now - timedelta(days=2))
    an_initiative(title="Budget participatif en ligne", at=now - timedelta(days=1))
    an_initiative(title="Encore un brouillon", published=False, at=now)

    assert titles() == ["Budget participatif en ligne", "Conseil filmé"]


@pytest.mark.parametrize(
    "query", ["conseils", "FILMEES", "seances archivees", "sous-titre", "hab", "conseil%20municipal%20fil"]
)
def test_words_are_found_whatever_their_ending_case_and_accents(query):
    an_initiative()

    assert titles(f"q={query}") == ["Conseil municipal filmé"]


@pytest.mark.parametrize("query", ["conseil cantine", "zzz", "%22 OR 1", "NEAR(", "*", "conseil&niveau=5"])
def test_what_is_not_there_is_not_found_and_no_sign_breaks_the_search(query):
    an_initiative()

    assert titles(f"q={query}") in ([], ["Conseil municipal filmé"] if query == "*" else [])


def test_those_that_hold_the_words_in_their_title_come_first():
    now = timezone.now()
    an_initiative(title="Cantine en ligne", summary="Payer et réserver.", at=now - timedelta(days=3))
    an_initiative(title="Portail des familles", summary="La cantine, la crèche.", at=now)

    assert titles("q=cantine") == ["Cantine en ligne", "Portail des familles"]


def test_a_changed_text_is_found_by_its_new_words_only():
    one = an_initiative(title="Ancien titre", summary="x")
    since = sheet_of(one)
    change(one.pk, replace(since, title="Pigeonnier connecté"), since=since, by=None, at=timezone.now())

    assert titles("q=ancien") == []
    assert titles("q=pigeonniers") == ["Pigeonnier connecté"]


def test_facets_narrow_and_say_how_many_they_would_keep():
    brittany = a_region("53", "Bretagne")
    small = a_commune("29232", "Quimper", region=brittany, population=1_500)
    an_initiative(a_commune(population=166_000), title="Au Havre")
    an_initiative(small, title="À Quimper")

    answer = find(Question("", Choice({"region": frozenset({"53"})}), {}))

    assert answer.total == 1
    assert answer.counts["region"] == {"28": 1, "53": 1}
    assert answer.counts["size"] == {"500-a-1999": 1}
    assert titles("population=500-a-1999&region=53") == ["À Quimper"]


def test_the_level_of_the_label_is_a_facet_that_the_label_offers():
    an_award(a_commune(), year=2024, level=5)
    an_initiative(title="D’un 5 @")
    an_initiative(a_commune("76540", "Rouen"), title="D’ailleurs")

    assert titles("niveau=5") == ["D’un 5 @"]
    assert find(Question("", ANYTHING, {})).counts["niveau"] == {"5": 1}


def test_what_is_withdrawn_is_gone_from_the_library_at_once():
    one = an_initiative()
    assert titles() == ["Conseil municipal filmé"]

    move(one.pk, Verb.WITHDRAW, by=None, at=timezone.now())

    assert titles() == []
    assert Client().get(f"/initiatives/{one.pk}").status_code == 404


def test_an_empty_library_says_what_to_do():
    assert "Aucune initiative n’est encore publiée" in Client().get("/initiatives").content.decode()


def test_a_page_beyond_the_last_shows_the_last_and_nonsense_is_refused():
    an_initiative()

    assert titles("page=99") == ["Conseil municipal filmé"]
    assert Client().get("/initiatives?page=deux").status_code == 400


def test_the_feed_is_atom_and_follows_the_question():
    an_initiative(title="Conseil filmé")
    an_initiative(a_commune("76540", "Rouen"), title="Cantine")

    answer = Client().get("/initiatives/flux.atom?q=cantine")
    feed = ElementTree.fromstring(answer.content)
    names = {"a": "http://www.w3.org/2005/Atom"}

    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert [entry.findtext("a:title", namespaces=names) for entry in feed.findall("a:entry", names)] == [
        "Cantine · Rouen"
    ]


def test_files_hold_no_contact_and_no_formula():
    an_initiative(title="=HYPERLINK(1)", contact_name="Camille", contact_email="camille@lehavre.exemple.fr")

    csv = Client().get("/initiatives/initiatives.csv").content.decode()
    json = Client().get("/initiatives/initiatives.json").json()

    assert "'=HYPERLINK(1)" in csv
    assert "camille" not in csv.casefold() + str(json).casefold()
    assert json[0]["territory"] == "commune:76351"


def test_the_list_costs_the_same_number_of_statements_however_long(django_assert_num_queries):
    for number in range(25):
        an_initiative(title=f"Initiative {number}")
    Client().get("/initiatives")

    with django_assert_num_queries(7):
        Client().get("/initiatives?q=initiative")


def test_the_examples_are_written_once_and_marked_as_invented():
    for code, name, population in (
        ("76351", "Le Havre", 166_000),
        ("14118", "Caen", 105_000),
        ("29232", "Quimper", 900),
    ):
        a_commune(code, name, population=population)

    number = fill(timezone.now())

    assert number == fill(timezone.now()) > 4
    assert "exemple inventé" in Client().get("/initiatives").content.decode()
    page = Client().get(f"/initiatives/{Initiative.objects.filter(state='published').earliest('id').pk}")
    assert "n’a rien déclaré de tel" in page.content.decode()
