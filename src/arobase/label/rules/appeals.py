"""An appeal against a published level: its states, and what it may lead to."""

from enum import StrEnum

from arobase.label.rules.levels import HIGHEST
from arobase.label.rules.states import Machine

SECOND_READERS = 2  # jurors who had not read the dossier


class AppealState(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    READING = "reading"
    CONCLUDED = "concluded"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class AppealVerb(StrEnum):
    """What becomes of an appeal: the territory withdraws it, the organiser does the rest."""

    ADMIT = "admit"
    REJECT = "reject"
    CONCLUDE = "conclude"
    WITHDRAW = "withdraw"


APPEAL = Machine(
    {
        (AppealState.FILED, AppealVerb.ADMIT): AppealState.READING,
        (AppealState.FILED, AppealVerb.REJECT): AppealState.REJECTED,
        (AppealState.READING, AppealVerb.CONCLUDE): AppealState.CONCLUDED,
        (AppealState.FILED, AppealVerb.WITHDRAW): AppealState.WITHDRAWN,
        (AppealState.READING, AppealVerb.WITHDRAW): AppealState.WITHDRAWN,
    }
)


class WorseThanBefore(ValueError):
    """Nobody who appeals ends worse off: the level that was published is the least an appeal gives."""

    def __init__(self, before: int) -> None:
        super().__init__(f"{before} @ at least.")
        self.before = before


def outcome(before: int, level: int) -> int:
    """The level after an appeal. Raises WorseThanBefore, also for what is no level.

    >>> outcome(3, 4)
    4
    """
    if not before <= level <= HIGHEST:
        raise WorseThanBefore(before)
    return level
