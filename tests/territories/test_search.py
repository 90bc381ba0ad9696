"""Finding a territory by what a person types."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arobase.territories.rules.search import SearchIndex, Subject, Why
from arobase.territories.rules.spelling import folded, words

LE_HAVRE = Subject("commune:76351", "commune", "76351", "Le Havre", 166687, "76", ("76600", "76610", "76620"))
PARTHENAY = Subject("commune:79202", "commune", "79202", "Parthenay", 10154, "79", ("79200",))
EPINAL = Subject("commune:88160", "commune", "88160", "Épinal", 31930, "88", ("88000",))
FRONTIGNAN = Subject("commune:34108", "commune", "34108", "Frontignan", 23066, "34", ("34110",))
PORT_JEROME = Subject(
    "commune:76476",
    "commune",
    "76476",
    "Port-Jérôme-sur-Seine",
    9907,
    "76",
    ("76330",),
    former_names=("Notre-Dame-de-Gravenchon",),
)
SAINT_MARTIN = Subject("commune:38421", "commune", "38421", "Saint-Martin-d'Hères", 37000, "38", ("38400",))
LES_ABYMES = Subject("commune:97101", "commune", "97101", "Les Abymes", 52000, "971", ("97139", "97142"))
NOUMEA = Subject("commune:98818", "commune", "98818", "Nouméa", 94285, "988", ("98800",))
VANDOEUVRE = Subject("commune:54547", "commune", "54547", "Vandœuvre-lès-Nancy", 30000, "54", ("54500",))
SAINT_DENIS_93 = Subject("commune:93066", "commune", "93066", "Saint-Denis", 113000, "93", ("93200",))
SAINT_DENIS_974 = Subject("commune:97411", "commune", "97411", "Saint-Denis", 155000, "974", ("97400",))
SEINE_MARITIME = Subject("department:76", "department", "76", "Seine-Maritime", 1255000, "76")
LA_REUNION = Subject("department:974", "department", "974", "La Réunion", 870000, "974")
CAUX_SEINE = Subject(
    "epci:200010700", "epci", "200010700", "CA Caux Seine Agglo", 76000, siren="200010700", other_names=("Caux Seine",)
)
SUBJECTS = [
    LE_HAVRE,
    PARTHENAY,
    EPINAL,
    FRONTIGNAN,
    PORT_JEROME,
    SAINT_MARTIN,
    LES_ABYMES,
    NOUMEA,
    VANDOEUVRE,
    SAINT_DENIS_93,
    SAINT_DENIS_974,
    SEINE_MARITIME,
    LA_REUNION,
    CAUX_SEINE,
]
INDEX = SearchIndex(SUBJECTS)


@pytest.mark.parametrize(
    ("query", "subject", "why"),
    [
        ("Le Havre", LE_HAVRE, Why.EXACT),
        ("HAVRE", LE_HAVRE, Why.EXACT),
        ("lehavre", LE_HAVRE, Why.EXACT),
        ("havre le", LE_HAVRE, Why.EXACT),
        ("Le Hav", LE_HAVRE, Why.BEGINNING),
        ("Le Havr e", LE_HAVRE, Why.EXACT),
        ("Le Hvare", LE_HAVRE, Why.SPELLING),
        ("Parthennay", PARTHENAY, Why.SPELLING),
        ("Pathenay", PARTHENAY, Why.SPELLING),
        ("Parthenya", PARTHENAY, Why.SPELLING),
        ("Porthenay", PARTHENAY, Why.SPELLING),
        ("epinal", EPINAL, Why.EXACT),
        ("Frontignan la Peyrade", FRONTIGNAN, Why.WORDS),
        ("st martin d heres", SAINT_MARTIN, Why.EXACT),
        ("St-Martin dHères", SAINT_MARTIN, Why.EXACT),
        ("hères saint martin", SAINT_MARTIN, Why.EXACT),
        ("vandoeuvre les nancy", VANDOEUVRE, Why.EXACT),
        ("Port Jérôme", PORT_JEROME, Why.BEGINNING),
        ("seine jerome", PORT_JEROME, Why.WORDS),
        ("Notre Dame de Gravenchon", PORT_JEROME, Why.FORMER),
        ("noumea", NOUMEA, Why.EXACT),
        ("76620", LE_HAVRE, Why.POSTAL_CODE),
        ("97 139", LES_ABYMES, Why.POSTAL_CODE),
        ("7933", PORT_JEROME, None),
        ("7633", PORT_JEROME, Why.POSTAL_CODE),
        ("76351", LE_HAVRE, Why.CODE),
        ("200010700", CAUX_SEINE, Why.CODE),
        ("76", SEINE_MARITIME, Why.CODE),
        ("saint-denis 93", SAINT_DENIS_93, Why.EXACT),
        ("saint denis (974)", SAINT_DENIS_974, Why.EXACT),
        ("93 saint denis", SAINT_DENIS_93, Why.EXACT),
        ("Saint-Denis La Réunion", SAINT_DENIS_974, Why.EXACT),
        ("93200 st denis", SAINT_DENIS_93, Why.EXACT),
        ("communauté d’agglomération Caux Seine", CAUX_SEINE, Why.BEGINNING),
        ("caux seine", CAUX_SEINE, Why.EXACT),
    ],
)
def test_a_query_finds_its_territory_and_says_why(query, subject, why):
    hits = INDEX.search(query)

    first = (hits[0].subject, hits[0].why) if hits else (subject, None)
    assert first == (subject, why)


def test_an_old_name_says_by_which_name_it_was_found():
    hit = INDEX.search("notre dame de gravenchon")[0]

    assert (hit.subject.name, hit.matched) == ("Port-Jérôme-sur-Seine", "Notre-Dame-de-Gravenchon")


def test_homonyms_come_by_population():
    assert [hit.subject for hit in INDEX.search("saint denis", limit=2)] == [SAINT_DENIS_974, SAINT_DENIS_93]


def test_only_the_kinds_that_were_asked_for_are_found():
    kinds = {hit.subject.kind for hit in INDEX.search("seine", kinds=["department"])}

    assert kinds == {"department"}


def test_only_the_territories_of_a_mask_are_found():
    among = np.array([subject.department == "93" for subject in SUBJECTS])

    assert [hit.subject for hit in INDEX.search("saint denis", among=among)] == [SAINT_DENIS_93]


@pytest.mark.parametrize("query", ["", "   ", "-", "東京", "’", "\x00", "zzzzzzzzzz", "§" * 500])
def test_nothing_is_found_for_what_is_no_name(query):
    assert INDEX.search(query) == []


def test_an_empty_index_finds_nothing():
    assert SearchIndex([]).search("Le Havre") == []


def test_as_many_hits_as_wanted():
    assert len(INDEX.search("s", limit=2)) == 2
    assert INDEX.search("s", limit=0) == []
    assert len(INDEX.search("saint", limit=None)) == 3


names = st.sampled_from(SUBJECTS)


@given(names)
def test_the_exact_name_comes_first(subject):
    hits = INDEX.search(subject.name)

    assert hits[0].subject.name == subject.name
    assert hits[0].why == Why.EXACT


@given(names, st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(subject, rng):
    shuffled = words(subject.name)
    rng.shuffle(shuffled)

    assert folded(INDEX.search(" ".join(shuffled))[0].subject.name) == folded(subject.name)


@given(names, st.sampled_from(["é", "ê", "è", "ë", "e"]))
def test_accents_and_case_do_not_matter(subject, accented):
    query = subject.name.replace("e", accented)

    assert INDEX.search(query) == INDEX.search(subject.name) == INDEX.search(subject.name.upper())


@given(names, st.sampled_from(["-", " ", "  ", "'", "’", " - "]))
def test_what_stands_between_words_does_not_matter(subject, between):
    query = between.join(words(subject.name))

    assert [hit.subject for hit in INDEX.search(query)][:1] == [hit.subject for hit in INDEX.search(subject.name)][:1]


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_any_text_is_answered_in_order_of_score_and_without_repetition(query):
    hits = INDEX.search(query, limit=None)

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.subject.id for hit in hits}) == len(hits)
    assert all(0 < hit.score <= 1 for hit in hits)


@given(names, st.data())
def test_a_name_is_found_by_its_beginning(subject, data):
    length = data.draw(st.integers(max(3, round(0.6 * len(subject.name))), len(subject.name)))

    assert subject.name in [hit.subject.name for hit in INDEX.search(subject.name[:length], limit=5)]
