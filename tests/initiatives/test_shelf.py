"""Facets and likeness over the published initiatives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.rules.shelf import FACETS, Choice, Entry, Shelf

FILMED = Entry(1, "commune:76351", ("filmed",), ("democracy",), "large", "28", 2025, frozenset({"conseil", "film"}))
STREAMED = Entry(
    2, "commune:14118", ("filmed", "archive"), ("democracy", "culture"), "large", "28", 2024, frozenset({"conseil"})
)
LIBRARY = Entry(3, "commune:79202", ("archive",), ("culture",), "small", "75", 2024, frozenset({"archiv"}))
SHELF = Shelf([FILMED, STREAMED, LIBRARY])

VALUES = {"enjeu": "abc", "service": "stuvw", "size": "xyz", "region": "12", "year": ("2023", "2024")}


@st.composite
def entries(draw):
    services = draw(st.sets(st.sampled_from("stuvw"), min_size=1))
    enjeux = draw(st.sets(st.sampled_from("abc"), min_size=1))
    town, size, region, year = draw(st.tuples(*map(st.sampled_from, ("klmn", "xyz", ("1", "2", ""), (0, 2023, 2024)))))
    return town, tuple(sorted(services)), tuple(sorted(enjeux)), size, region, year


shelves = st.lists(entries(), max_size=30).map(
    lambda found: Shelf(Entry(number, *facts) for number, facts in enumerate(found, 1))
)
choices = st.dictionaries(st.sampled_from(FACETS), st.integers(0, 1), max_size=3).map(
    lambda picked: Choice({facet: frozenset([VALUES[facet][place]]) for facet, place in picked.items()})
)


def kept(choice: Choice) -> list[int]:
    return SHELF.ids[SHELF.mask(choice)].tolist()


def test_within_a_facet_any_value_will_do_and_between_facets_all_must_hold():
    assert kept(Choice()) == [1, 2, 3]
    assert kept(Choice({"enjeu": frozenset({"culture", "democracy"})})) == [1, 2, 3]
    assert kept(Choice({"enjeu": frozenset({"culture"}), "size": frozenset({"large"})})) == [2]
    assert kept(Choice({"service": frozenset({"unknown"})})) == []


def test_the_counts_of_a_facet_do_not_depend_on_its_own_choice():
    chosen = Choice({"region": frozenset({"28"})})

    assert SHELF.counts("region", chosen) == {"28": 2, "75": 1}
    assert SHELF.counts("service", chosen) == {"filmed": 2, "archive": 1}


@given(shelves, choices, st.sampled_from(FACETS))
def test_a_count_is_what_choosing_that_value_would_keep(shelf, choice, facet):
    counts = shelf.counts(facet, choice)

    for value in VALUES[facet]:
        chosen = Choice({**choice.without(facet).chosen, facet: frozenset([value])})
        assert counts.get(value, 0) == int(shelf.mask(chosen).sum())


def test_the_most_alike_share_services_and_words_and_lie_elsewhere():
    found = SHELF.alike(1, at_most=5)

    assert [id for id, _likeness in found] == [2]
    assert 0 < found[0][1] < 1


@given(shelves)
def test_likeness_is_symmetric_between_0_and_1_and_full_for_twins(shelf):
    for entry in shelf.entries:
        for other, likeness in shelf.alike(entry.id, at_most=99):
            assert 0 < likeness <= 1
            assert dict(shelf.alike(other, at_most=99))[entry.id] == pytest.approx(likeness)


def test_what_towns_like_mine_do_leaves_out_what_i_do():
    found = SHELF.done_by(["commune:14118", "commune:79202"], not_by="commune:76351", at_most=5)

    assert found == [("archive", 2, 2)]


def test_an_empty_shelf_answers():
    empty = Shelf([])

    assert empty.counts("enjeu", Choice()) == {}
    assert empty.done_by(["commune:76351"], not_by="x", at_most=3) == []
