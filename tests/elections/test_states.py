"""The states of a station's entry, and the drawing of them in the docs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections.rules.checks import Station
from arobase.elections.rules.counts import Ballots, Box, Count, Totals, none_of
from arobase.elections.rules.entry import enter
from arobase.elections.rules.events import Typed
from arobase.elections.rules.palette import HUES, look
from arobase.elections.rules.states import TRANSITIONS, NotNow, State, Verb, after, drawing
from conftest import ROOT


def test_the_docs_draw_the_table():
    text = (ROOT / "docs" / "methodology" / "election-night.md").read_text(encoding="utf-8")

    assert re.search(r"```mermaid\n(.*?)\n```", text, re.S).group(1) == drawing()


def test_every_state_but_the_first_can_be_reached():
    reached = {
        target
        for state, verbs in TRANSITIONS.items()
        for targets in verbs.values()
        for target in targets
        if target is not state
    }

    assert reached == set(State) - {State.AWAITED}


@given(st.sampled_from(list(State)), st.sampled_from(list(Verb)))
def test_what_the_table_does_not_hold_is_refused(state, verb):
    if verb in TRANSITIONS[state]:
        assert after(state, verb) in TRANSITIONS[state][verb]
    else:
        with pytest.raises(NotNow):
            after(state, verb)


FIGURES = st.integers(0, 3)
TOTALS = st.builds(
    lambda votes, blank, null: Totals(
        Box(sum(votes) + blank + null, sum(votes) + blank + null), Ballots(votes, blank, null)
    ),
    votes=st.tuples(FIGURES, FIGURES),
    blank=FIGURES,
    null=FIGURES,
)


@given(TOTALS, TOTALS)
def test_of_two_typists_nothing_is_counted_before_they_agree(first, second):
    def typed(count, who, totals):
        return enter(count, Typed(who, totals, None), station=Station(100), typists=2, sequence=who).count

    one = typed(Count(2), 1, first)
    both = typed(one, 2, second)

    assert (one.state, one.counted, one.opened) == (State.COUNTING, none_of(2), None)
    assert both.counted == (first.content if first == second else none_of(2))
    assert both.state is (State.COUNTED if first == second else State.DIFFERING)
    assert typed(both, 1, second).counted == second.content


def test_a_signed_station_is_only_reopened():
    assert set(TRANSITIONS[State.SIGNED]) == {Verb.REOPEN}


def test_thirty_two_lists_look_different_from_one_another():
    assert len({look(place) for place in range(32)}) == 32


def test_the_style_sheet_has_the_colours_of_the_rules():
    css = (ROOT / "frontend" / "src" / "elections" / "palette.css").read_text(encoding="utf-8")

    assert tuple(re.findall(r"\.hue-\d \{ --_hue: (#[0-9a-f]{6}); \}", css)) == HUES
