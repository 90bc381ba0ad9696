"""The states of a campaign and of a dossier, and the verbs that lead from one to another."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar


class CampaignState(StrEnum):
    """Where a campaign stands; within `OPEN`, the calendar says which phase runs."""

    DRAFT = "draft"
    OPEN = "open"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class CampaignVerb(StrEnum):
    """What the organiser does to a campaign."""

    OPEN = "open"
    PUBLISH = "publish"
    ARCHIVE = "archive"


class DossierState(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class DossierVerb(StrEnum):
    """What a territory does to its dossier, before the closing."""

    SUBMIT = "submit"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    RESUME = "resume"


S = TypeVar("S", bound=StrEnum)
V = TypeVar("V", bound=StrEnum)


class NotPossible(ValueError):
    """A verb that does not apply in a state."""

    def __init__(self, state: str, verb: str) -> None:
        super().__init__(f"{verb} does not apply to what is {state}.")
        self.state, self.verb = state, verb


class Machine(Generic[S, V]):
    """States and the verbs that lead from one to another, as a table.

    >>> DOSSIER.after(DossierState.DRAFT, DossierVerb.SUBMIT)
    <DossierState.SUBMITTED: 'submitted'>
    """

    def __init__(self, transitions: Mapping[tuple[S, V], S]) -> None:
        self.transitions = dict(transitions)

    def after(self, state: S, verb: V) -> S:
        """The state that a verb leads to. Raises NotPossible."""
        if (state, verb) not in self.transitions:
            raise NotPossible(state, verb)
        return self.transitions[state, verb]

    def possible(self, state: S) -> tuple[V, ...]:
        """The verbs that apply in a state, in the order of the table."""
        return tuple(verb for known, verb in self.transitions if known == state)


CAMPAIGN = Machine(
    {
        (CampaignState.DRAFT, CampaignVerb.OPEN): CampaignState.OPEN,
        (CampaignState.OPEN, CampaignVerb.PUBLISH): CampaignState.PUBLISHED,
        (CampaignState.PUBLISHED, CampaignVerb.ARCHIVE): CampaignState.ARCHIVED,
    }
)
DOSSIER = Machine(
    {
        (DossierState.DRAFT, DossierVerb.SUBMIT): DossierState.SUBMITTED,
        (DossierState.SUBMITTED, DossierVerb.REOPEN): DossierState.DRAFT,
        (DossierState.DRAFT, DossierVerb.WITHDRAW): DossierState.WITHDRAWN,
        (DossierState.SUBMITTED, DossierVerb.WITHDRAW): DossierState.WITHDRAWN,
        (DossierState.WITHDRAWN, DossierVerb.RESUME): DossierState.DRAFT,
    }
)
