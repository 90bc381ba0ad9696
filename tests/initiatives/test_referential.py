"""The referential that the package brings, and how a bad one is refused."""

import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.queries.referential import referential
from arobase.initiatives.rules.referential import (
    BadReferential,
    Candidate,
    Change,
    difference,
    document_of,
    parse,
)
from conftest import ROOT

DOCUMENT = document_of(referential())


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """The package's document with one value set, or taken away where `to` is None."""
    document = copy.deepcopy(DOCUMENT)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return document


def faults(document: object) -> list[tuple[str, str]]:
    with pytest.raises(BadReferential) as refused:
        parse(document)
    return [(fault.where, fault.found) for fault in refused.value.faults]


def test_the_package_brings_what_its_page_says():
    page = (ROOT / "docs/methodology/referential.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"(\d+) (?:categories|enjeux|services),?", page)[:3]]

    known = referential()
    assert numbers == [len(known.categories), len(known.enjeux), len(known.services)] == [4, 16, 116]


@pytest.mark.parametrize(("candidate", "at_least"), [("village", 70), ("town", 100), ("territory", 80)])
def test_each_kind_of_candidate_has_a_full_questionnaire_in_every_enjeu(candidate, at_least):
    asked = referential().services_for(Candidate(candidate))

    assert len(asked) >= at_least
    assert {service.enjeu for service in asked} == {enjeu.slug for enjeu in referential().enjeux}


def test_what_is_written_out_reads_the_same():
    assert parse(DOCUMENT) == referential()


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (None, "document"),
        ([], "document"),
        (changed("version", to=2026), "version"),
        (changed("services", to=[]), "services"),
        (changed("services", 3, "enjeu", to="inconnu"), "services[3].enjeu"),
        (changed("services", 3, "name", "en", to=" "), "services[3].name.en"),
        (changed("services", 3, "sentence", to=None), "services[3].sentence.fr"),
        (changed("services", 3, "kinds", to=["hamlet"]), "services[3].kinds"),
        (changed("services", 3, "weight", to=4), "services[3].weight"),
        (changed("services", 3, "weight", to=True), "services[3].weight"),
        (changed("services", 3, "slug", to="Avec Espace"), "services[3].slug"),
        (changed("services", 5, "slug", to=DOCUMENT["services"][3]["slug"]), "services[5].slug"),
        (changed("enjeux", 0, "category", to="inconnue"), "enjeux[0].category"),
    ],
)
def test_a_fault_is_told_with_its_place(document, where):
    assert where in [place for place, _found in faults(document)]


def test_a_service_in_two_enjeux_is_refused():
    twice = {**DOCUMENT["services"][3], "enjeu": "emploi"}
    document = changed("services", to=[*DOCUMENT["services"], twice])

    assert faults(document) == [(f"services[{len(DOCUMENT['services'])}].slug", repr(twice["slug"]))]


def test_an_enjeu_without_services_is_refused():
    document = changed("services", to=[one for one in DOCUMENT["services"] if one["enjeu"] != "emploi"])

    assert faults(document) == [("enjeux", "'emploi'")]


def test_all_faults_are_told_at_once():
    document = copy.deepcopy(DOCUMENT)
    document["services"][0]["weight"], document["services"][1]["kinds"] = 9, []

    assert [place for place, _found in faults(document)] == ["services[0].weight", "services[1].kinds"]


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["version", "categories", "enjeux", "services"]), json))
def test_whatever_is_given_either_reads_or_is_refused_with_faults(document):
    try:
        parse(document)
    except BadReferential as refused:
        assert refused.faults


def test_a_revision_is_told_field_by_field():
    document = changed("services", 0, "weight", to=1 if DOCUMENT["services"][0]["weight"] != 1 else 2)
    removed = document["services"].pop(1)

    found = difference(referential(), parse(document))

    slug = DOCUMENT["services"][0]["slug"]
    was, is_now = DOCUMENT["services"][0]["weight"], document["services"][0]["weight"]
    assert Change("services", slug, "weight", was, is_now) in found
    assert [one.slug for one in found if one.now is None] == [removed["slug"]]
    assert len(found) == 2


def test_nothing_changed_is_no_difference():
    assert difference(referential(), referential()) == []
