"""How names join French sentences; worked examples by INSEE's TNCC."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.territories.rules import addresses, names
from arobase.territories.rules.names import (
    intercommunal_link,
    intercommunal_name,
    of_place,
    to_place,
    typeset,
    with_article,
)

OF_AND_TO = [
    ("Parthenay", 0, "de Parthenay", "à Parthenay"),
    ("Épinal", 1, "d’Épinal", "à Épinal"),
    ("Hyères", 1, "d’Hyères", "à Hyères"),
    ("Le Havre", 2, "du Havre", "au Havre"),
    ("La Rochelle", 3, "de La Rochelle", "à La Rochelle"),
    ("Les Abymes", 4, "des Abymes", "aux Abymes"),
    ("L'Haÿ-les-Roses", 5, "de L’Haÿ-les-Roses", "à L’Haÿ-les-Roses"),
    ("Aux Marais", 6, "des Marais", "aux Marais"),
    ("Los Masos", 8, "de Los Masos", "à Los Masos"),
    ("Calvados", 2, "du Calvados", "au Calvados"),
    ("Seine-Maritime", 3, "de la Seine-Maritime", "à la Seine-Maritime"),
    ("Vosges", 4, "des Vosges", "aux Vosges"),
    ("Ain", 5, "de l’Ain", "à l’Ain"),
    ("Lozère", 3, "de la Lozère", "à la Lozère"),
    ("Île-de-France", 1, "d’Île-de-France", "à Île-de-France"),
    ("Île de Clipperton", 0, "d’Île de Clipperton", "à Île de Clipperton"),
]


@pytest.mark.parametrize(("name", "link", "of", "to"), OF_AND_TO)
def test_a_name_joins_a_sentence_as_insee_says(name, link, of, to):
    assert (of_place(name, link), to_place(name, link)) == (of, to)


@pytest.mark.parametrize(
    ("name", "link", "expected"),
    [("Seine-Maritime", 3, "la Seine-Maritime"), ("Le Havre", 2, "Le Havre"), ("Mayotte", 0, "Mayotte")],
)
def test_an_article_is_added_only_where_the_name_has_none(name, link, expected):
    assert with_article(name, link) == expected


@given(st.text(st.characters(categories=["Lu", "Ll"]), min_size=1), st.integers(0, 8))
def test_a_name_keeps_its_last_letter_whatever_the_link(name, link):
    assert of_place(name, link)[-1] == to_place(name, link)[-1] == name[-1]


@pytest.mark.parametrize(
    ("name", "written_out", "of"),
    [
        ("CC du Pays Foyen", "Communauté de communes du Pays Foyen", "de la Communauté de communes du Pays Foyen"),
        ("CA de Blois ''Agglopolys''", "Communauté d’agglomération de Blois «\u202fAgglopolys\u202f»", None),
        ("Métropole de Lyon", "Métropole de Lyon", "de la Métropole de Lyon"),
        ("Eurométropole de Strasbourg", "Eurométropole de Strasbourg", "de l’Eurométropole de Strasbourg"),
        ("Orléans Métropole", "Orléans Métropole", "d’Orléans Métropole"),
    ],
)
def test_an_intercommunality_is_named_with_its_legal_form(name, written_out, of):
    full = intercommunal_name(name)

    assert full == written_out
    assert of is None or of_place(full, intercommunal_link(name)) == of


def test_a_printed_name_has_typographic_apostrophes():
    assert typeset("Saint-Martin-d'Hères") == "Saint-Martin-d’Hères"


@pytest.mark.parametrize("module", [names, addresses])
def test_the_examples_of_the_docs_hold(module):
    assert doctest.testmod(module).failed == 0
