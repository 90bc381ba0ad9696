"""Where a station's entry stands and what leads on from there; docs/methodology/election-night.md draws the table."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where the entry of a polling station stands."""

    AWAITED = "awaited"
    VOTING = "voting"
    COUNTING = "counting"
    DIFFERING = "differing"
    COUNTED = "counted"
    SIGNED = "signed"


class Verb(StrEnum):
    """What can be entered for a station.

    TURNOUT   voters at an hour          BOX      signatures and envelopes, when the box is opened
    BAG       an envelope of a hundred   UNDO     the last bag was entered by mistake
    CORRECT   a bag typed wrong          TOTALS   the whole station at once
    FINISH    nothing more to count      SIGN     the record (« procès-verbal ») is signed
    REOPEN    by the town's officer, with a reason; where nothing is complete, only to set aside what was counted
    ENROL     registered voters by a court's decision of the day, by the officer too
    """

    TURNOUT = "turnout"
    BOX = "box"
    BAG = "bag"
    UNDO = "undo"
    CORRECT = "correct"
    TOTALS = "totals"
    FINISH = "finish"
    SIGN = "sign"
    REOPEN = "reopen"
    ENROL = "enrol"


class NotNow(ValueError):
    """A verb that the station's state does not allow."""

    def __init__(self, state: State, verb: Verb) -> None:
        super().__init__(f"{verb.value} is not possible while {state.value}")
        self.state, self.verb = state, verb


# Where each verb may lead. More than one state: the figures decide (two typists agree or differ).
TRANSITIONS: Mapping[State, Mapping[Verb, tuple[State, ...]]] = {
    State.AWAITED: {
        Verb.TURNOUT: (State.VOTING,),
        Verb.BOX: (State.COUNTING,),
        Verb.BAG: (State.COUNTING,),
        Verb.TOTALS: (State.COUNTING, State.COUNTED),
        Verb.ENROL: (State.AWAITED,),
    },
    State.VOTING: {
        Verb.TURNOUT: (State.VOTING,),
        Verb.BOX: (State.COUNTING,),
        Verb.BAG: (State.COUNTING,),
        Verb.TOTALS: (State.COUNTING, State.COUNTED),
        Verb.ENROL: (State.VOTING,),
    },
    State.COUNTING: {
        Verb.TURNOUT: (State.COUNTING,),
        Verb.BOX: (State.COUNTING,),
        Verb.BAG: (State.COUNTING,),
        Verb.UNDO: (State.COUNTING,),
        Verb.CORRECT: (State.COUNTING,),
        Verb.TOTALS: (State.COUNTING, State.COUNTED, State.DIFFERING),
        Verb.FINISH: (State.COUNTED,),
        Verb.REOPEN: (State.COUNTING,),
        Verb.ENROL: (State.COUNTING,),
    },
    State.DIFFERING: {
        Verb.TURNOUT: (State.DIFFERING,),
        Verb.TOTALS: (State.COUNTED, State.DIFFERING),
        Verb.REOPEN: (State.COUNTING,),
        Verb.ENROL: (State.DIFFERING,),
    },
    State.COUNTED: {
        Verb.TURNOUT: (State.COUNTED,),
        Verb.BOX: (State.COUNTING,),
        Verb.UNDO: (State.COUNTING,),
        Verb.CORRECT: (State.COUNTING,),
        Verb.TOTALS: (State.COUNTED, State.DIFFERING),
        Verb.SIGN: (State.SIGNED,),
        Verb.REOPEN: (State.COUNTING,),
        Verb.ENROL: (State.COUNTED,),
    },
    State.SIGNED: {Verb.REOPEN: (State.COUNTING,)},
}


def after(state: State, verb: Verb, *, wished: State | None = None) -> State:
    """The state that a verb leads to; `wished` chooses where the figures decide. Raises NotNow."""
    allowed = TRANSITIONS[state].get(verb, ())
    if not allowed or (wished is not None and wished not in allowed):
        raise NotNow(state, verb)
    return wished or allowed[0]


def drawing() -> str:
    """The table as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.AWAITED.value}"]
    for state, verbs in TRANSITIONS.items():
        for verb, targets in verbs.items():
            lines += [f"    {state.value} --> {target.value} : {verb.value}" for target in targets]
    return "\n".join(lines)
