"""The referential: ours holds what is promised, an unsound one is refused with all its faults, two are compared."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.queries.referential import referential
from arobase.initiatives.rules.referential import (
    BadReferential,
    CandidateKind,
    Evidence,
    FieldChange,
    Referential,
    Text,
    UnknownService,
    as_document,
    difference,
    parse,
)
from strategies.referentials import a_document, a_referential, referentials

VILLAGE, TOWN, TERRITORY = CandidateKind
ENJEUX_BY_CATEGORY = {
    "democratie-et-services-publics": ["services-publics", "democratie-locale", "cooperation", "environnement"],
    "vivre-ensemble": ["vie-quotidienne", "solidarite", "vie-associative", "cohesion-sociale"],
    "partager-les-savoirs": ["education", "culture-et-patrimoine", "mediation-numerique", "identite"],
    "creer-de-la-richesse": ["emploi", "developpement-economique", "attractivite", "innovation"],
}


def texts_of(ours: Referential) -> list[Text]:
    """Every name and sentence."""
    return [text for one in (*ours.categories, *ours.enjeux, *ours.services) for text in (one.name, one.sentence)]


def faults_of(document: object) -> list[tuple[str, str]]:
    """Where a document is refused, and what was found there."""
    with pytest.raises(BadReferential) as refused:
        parse(document)
    return [(problem.where, problem.found) for problem in refused.value.problems]


def test_our_referential_has_its_enjeux_in_their_categories():
    ours = referential()

    assert {
        category.slug: [enjeu.slug for enjeu in ours.enjeux if ours.category_of(enjeu) == category]
        for category in ours.categories
    } == ENJEUX_BY_CATEGORY


def test_our_referential_has_enough_services_in_each_enjeu_and_for_each_kind_of_candidate():
    ours = referential()
    enjeux = [ours.enjeu_of(service).slug for service in ours.services]

    assert len(ours.services) >= 112
    assert [enjeu.slug for enjeu in ours.enjeux if enjeux.count(enjeu.slug) < 7] == []
    assert len(ours.services_for(VILLAGE, 500)) >= 70
    assert len(ours.services_for(TERRITORY, 8_000)) >= 80


def test_our_services_have_names_of_their_own():
    names = [getattr(service.name, language) for service in referential().services for language in ("fr", "en")]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_our_sentences_are_of_a_length_to_be_read():
    sentences = [text for service in referential().services for text in (service.sentence.fr, service.sentence.en)]

    assert [text for text in sentences if not 8 <= len(text.split(" ")) <= 25 or not text.endswith(".")] == []


def test_our_texts_are_typeset():
    unset = re.compile(r"'|\"|(?<!\u202f)[;:!?]")

    assert [text.fr for text in texts_of(referential()) if unset.search(text.fr)] == []
    assert [text.en for text in texts_of(referential()) if re.search(r"['\"\u202f]|\s[;:!?]", text.en)] == []


def test_service_concerns_candidates_of_its_kinds_within_its_population():
    small = a_referential()

    assert [one.slug for one in small.services_for(VILLAGE, 499)] == ["conseil-filme", "secretariat"]
    assert [one.slug for one in small.services_for(VILLAGE, 3_500)] == ["conseil-filme", "secretariat", "prets"]
    assert [one.slug for one in small.services_for(VILLAGE, 3_501)] == ["conseil-filme", "prets"]
    assert [one.slug for one in small.services_for(TOWN, 9_000)] == ["conseil-filme", "prets"]
    assert [one.slug for one in small.services_for(VILLAGE, None)] == ["conseil-filme", "secretariat", "prets"]


def test_unknown_service_is_named_with_the_version():
    with pytest.raises(UnknownService) as missing:
        a_referential().service("minitel")

    assert (missing.value.slug, missing.value.version) == ("minitel", "2026.1")
    assert a_referential().service("prets").min_population == 500


@given(referentials())
def test_referential_written_as_document_reads_back_as_itself(sound: Referential):
    assert parse(as_document(sound)) == sound


@given(referentials(), st.randoms(use_true_random=False))
def test_order_of_services_in_the_document_does_not_move_them_out_of_their_enjeu(sound: Referential, rng: Any):
    document = as_document(sound)
    rng.shuffle(document["services"])

    read = parse(document)

    assert [one.enjeu for one in read.services] == [one.enjeu for one in sound.services]
    assert difference(sound, read).is_empty


@pytest.mark.parametrize(
    ("field", "value", "where", "found"),
    [
        ("enjeu", "minitel", "services[1].enjeu", "minitel"),
        ("enjeu", ["debats", "culture"], "services[1].enjeu", "list"),
        ("slug", "conseil-filme", "services[1].slug", "conseil-filme"),
        ("slug", "Conseil filmé", "services[1].slug", "Conseil filmé"),
        ("slug", "a" * 61, "services[1].slug", "a" * 61),
        ("name", {"fr": "Conseil"}, "services[1].name.en", ""),
        ("name", {"fr": "Conseil", "en": "  "}, "services[1].name.en", "  "),
        ("name", {"fr": "Conseil", "en": "two\nlines"}, "services[1].name.en", "two\nlines"),
        ("name", {"fr": "Conseil", "en": "Council", "de": "Rat"}, "services[1].name.de", "de"),
        ("name", "Conseil", "services[1].name", "Conseil"),
        ("sentence", {"fr": "a" * 301, "en": "Council"}, "services[1].sentence.fr", "a" * 80),
        ("kinds", ["village", "canton"], "services[1].kinds[1]", "canton"),
        ("kinds", ["village", "village"], "services[1].kinds[1]", "village"),
        ("kinds", [], "services[1].kinds", "list"),
        ("evidence", "visit", "services[1].evidence", "visit"),
        ("weight", 4, "services[1].weight", "4"),
        ("weight", True, "services[1].weight", "True"),
        ("weight", None, "services[1].weight", ""),
        ("min_population", 3_501, "services[1].max_population", "3500"),
        ("min_population", -1, "services[1].min_population", "-1"),
        ("wieght", 2, "services[1].wieght", "wieght"),
    ],
)
def test_field_that_is_wrong_is_refused_where_it_stands(field: str, value: object, where: str, found: str):
    document: Any = a_document()
    document["services"][1][field] = value

    assert faults_of(document) == [(where, found)]


def test_category_without_enjeu_and_enjeu_without_service_are_refused():
    document: Any = a_document()
    document["services"].pop()
    document["categories"].append({**document["categories"][0], "slug": "vide"})

    assert faults_of(document) == [("categories[2]", "vide"), ("enjeux[1]", "culture")]


def test_enjeu_in_no_known_category_is_refused():
    document: Any = a_document()
    document["enjeux"].append({**document["enjeux"][0], "slug": "perdu", "category": "ailleurs"})

    assert faults_of(document) == [("enjeux[2].category", "ailleurs"), ("enjeux[2]", "perdu")]


def test_all_faults_are_told_at_once():
    document: Any = a_document()
    document["version"] = 2026.1
    document["services"][0] |= {"weight": 0, "kinds": ["canton"]}
    del document["services"][2]["name"]["en"]

    assert faults_of(document) == [
        ("version", "2026.1"),
        ("services[0].kinds[0]", "canton"),
        ("services[0].weight", "0"),
        ("services[2].name.en", ""),
    ]


def test_fault_is_told_as_a_sentence():
    document: Any = a_document()
    document["services"][0]["enjeu"] = "minitel"

    with pytest.raises(BadReferential) as refused:
        parse(document)

    assert str(refused.value) == (
        "services[0].enjeu\u202f: «\u202fminitel\u202f»\u202f; attendu\u202f: un seul parmi\u202f: culture, debats"
    )


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PLACES = [(), ("services",), ("services", 1), ("enjeux", 0), ("categories",), ("version",)]
PLACES += [("services", 1, field) for field in ("slug", "enjeu", "name", "kinds", "evidence", "weight")]


@given(st.sampled_from(PLACES), PLAIN)
def test_nonsense_anywhere_is_refused_and_nothing_else_happens(place: tuple[str | int, ...], nonsense: object):
    document: Any = {"top": a_document()}
    holder, last = document, "top"
    for step in place:
        holder, last = holder[last], step
    holder[last] = nonsense

    try:
        parse(document["top"])
    except BadReferential as error:
        assert error.problems


@given(referentials())
def test_referential_differs_in_nothing_from_itself(sound: Referential):
    assert difference(sound, sound).is_empty


@given(referentials(), referentials())
def test_difference_backwards_swaps_what_was_added_and_removed(before: Referential, after: Referential):
    forth, back = difference(before, after), difference(after, before)

    assert (forth.added, forth.removed) == (back.removed, back.added)
    assert {(one.before, one.after) for one in forth.changed} == {(one.after, one.before) for one in back.changed}


@given(referentials(), referentials())
def test_difference_is_all_that_separates_two_referentials(before: Referential, after: Referential):
    told = difference(before, after)

    entries = {*before.categories, *before.enjeux, *before.services} - {*told.removed}
    entries -= {one.before for one in told.changed}
    entries |= {*told.added} | {one.after for one in told.changed}

    assert entries == {*after.categories, *after.enjeux, *after.services}
    assert all(one.fields for one in told.changed)


def test_change_is_told_field_by_field():
    before = a_referential()
    council, office, loans = before.services
    revised = replace(
        council,
        name=Text("Conseil filmé et transcrit", council.name.en),
        kinds=frozenset({VILLAGE, TOWN}),
        evidence=frozenset({Evidence.ADDRESS}),
        min_population=2_000,
    )

    told = difference(before, replace(before, services=(revised, replace(office, slug="mairie"), loans)))

    assert ([one.slug for one in told.added], [one.slug for one in told.removed]) == (["mairie"], ["secretariat"])
    assert [one.fields for one in told.changed] == [
        (
            FieldChange("name.fr", "Conseil filmé", "Conseil filmé et transcrit"),
            FieldChange("kinds", "village, town, territory", "village, town"),
            FieldChange("evidence", "address, visit", "address"),
            FieldChange("min_population", "", "2000"),
        )
    ]
