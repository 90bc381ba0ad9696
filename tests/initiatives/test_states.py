"""The states of an initiative."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.rules.states import TRANSITIONS, NotPossible, State, Verb, after, possible
from conftest import ROOT


def test_an_initiative_is_proposed_sent_back_proposed_again_and_published():
    state = State.DRAFT
    for verb in (Verb.SUBMIT, Verb.RETURN, Verb.SUBMIT, Verb.PUBLISH):
        state = after(state, verb)

    assert state == State.PUBLISHED


def test_what_is_withdrawn_comes_back_as_a_draft():
    assert after(after(State.PUBLISHED, Verb.WITHDRAW), Verb.RESTORE) == State.DRAFT


@given(st.sampled_from(State), st.sampled_from(Verb))
def test_only_the_table_moves_and_what_does_not_apply_is_refused(state, verb):
    if (state, verb) in TRANSITIONS:
        assert verb in possible(state)
        assert after(state, verb) == TRANSITIONS[state, verb]
    else:
        assert verb not in possible(state)
        with pytest.raises(NotPossible):
            after(state, verb)


def test_nothing_is_published_that_nobody_has_read():
    assert [state for (state, verb), to in TRANSITIONS.items() if to is State.PUBLISHED] == [State.SUBMITTED]


def test_the_docs_draw_the_table():
    page = (ROOT / "docs/methodology/initiatives.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^\| `([a-z]+)` \| `([a-z]+)` \| `([a-z]+)` \|$", page, re.MULTILINE)

    assert sorted(drawn) == sorted((str(state), str(verb), str(to)) for (state, verb), to in TRANSITIONS.items())
