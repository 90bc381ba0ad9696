"""Saves of a field, whatever their order, from however many pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.label.rules.saving import Kept, Overtaken, Save, WrittenMeanwhile, saved


def test_saves_of_one_page_follow_one_another():
    first = saved(Kept(), Save("a", 0, "page", 1))
    second = saved(first, Save("ab", 1, "page", 2))

    assert second == Kept("ab", 2, "page", 2)


def test_a_save_that_was_overtaken_writes_nothing():
    later = saved(Kept(), Save("ab", 0, "page", 2))

    with pytest.raises(Overtaken):
        saved(later, Save("a", 0, "page", 1))


def test_the_same_save_again_changes_nothing():
    once = saved(Kept(), Save("a", 0, "page", 1))

    assert saved(once, Save("a", 0, "page", 1)) == once


def test_what_someone_else_wrote_meanwhile_is_never_written_over():
    theirs = saved(Kept(), Save("theirs", 0, "their page", 1))

    with pytest.raises(WrittenMeanwhile) as refused:
        saved(theirs, Save("mine", 0, "my page", 1))

    assert refused.value.kept.value == "theirs"
    assert saved(theirs, Save("mine, knowing theirs", 1, "my page", 2)).value == "mine, knowing theirs"


def test_two_who_wrote_the_same_agree():
    theirs = saved(Kept(), Save("same", 0, "their page", 1))

    assert saved(theirs, Save("same", 0, "my page", 1)) == theirs


SAVES = st.lists(
    st.builds(Save, st.sampled_from(["", "a", "b", "c"]), st.integers(0, 4), st.sampled_from("xyz"), st.integers(1, 5)),
    max_size=12,
)


@given(SAVES)
def test_versions_never_fall_and_every_change_is_one_version(saves):
    kept = Kept()
    for save in saves:
        try:
            after = saved(kept, save)
        except (Overtaken, WrittenMeanwhile):
            continue
        assert after.version == kept.version + (after.value != kept.value)
        assert after.value == save.value
        kept = after


@given(st.permutations(range(1, 6)))
def test_however_the_network_mixes_the_saves_of_a_page_the_last_one_stands(order):
    kept = Kept()
    for number in order:
        try:
            kept = saved(kept, Save(f"text {number}", 0, "page", number))
        except Overtaken:
            continue

    assert kept.value == "text 5"
