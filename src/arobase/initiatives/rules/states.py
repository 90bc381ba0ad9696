"""The states of an initiative and the verbs that lead from one to another."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where an initiative stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What is done to it: the first three by the territory's agents, the others by the organiser."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    PUBLISH = "publish"
    RETURN = "return"


BY_AGENTS = frozenset({Verb.SUBMIT, Verb.WITHDRAW, Verb.RESTORE})
TRANSITIONS: Mapping[tuple[State, Verb], State] = {
    (State.DRAFT, Verb.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Verb.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Verb.PUBLISH): State.PUBLISHED,
    (State.SUBMITTED, Verb.RETURN): State.RETURNED,
    (State.PUBLISHED, Verb.RETURN): State.RETURNED,
    (State.DRAFT, Verb.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.PUBLISHED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.WITHDRAWN, Verb.RESTORE): State.DRAFT,
}


class NotPossible(ValueError):
    """A verb that does not apply in a state."""

    def __init__(self, state: State, verb: Verb) -> None:
        super().__init__(f"{verb} does not apply to an initiative that is {state}.")
        self.state, self.verb = state, verb


def after(state: State, verb: Verb) -> State:
    """The state that a verb leads to. Raises NotPossible.

    >>> after(State.DRAFT, Verb.SUBMIT)
    <State.SUBMITTED: 'submitted'>
    """
    try:
        return TRANSITIONS[state, verb]
    except KeyError:
        raise NotPossible(state, verb) from None


def possible(state: State) -> tuple[Verb, ...]:
    """The verbs that apply in a state, in the order of `Verb`."""
    return tuple(verb for verb in Verb if (state, verb) in TRANSITIONS)
