"""What a name server said, or that it said nothing: answers, and the four ways of having none."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a question ended (RFC 1035 section 4.1.1, RFC 2308)."""

    ANSWER = "answer"
    NO_DATA = "no data"  # the name exists, not with this type
    NO_NAME = "no such name"
    REFUSED = "refused"
    FAILED = "server failed"
    TIMEOUT = "time-out"  # after a second, more patient pass
    BAD = "bad answer"
    BAD_NAME = "bad name"  # cannot be asked at all


SETTLED = frozenset({Outcome.ANSWER, Outcome.NO_DATA, Outcome.NO_NAME})  # what there is, or that there is nothing


@dataclass(frozen=True)
class Answer:
    """A question with what came of it.

    records  texts of the records of the asked type, in presentation form where they have several fields
    aliases  names met on the way (CNAME), in order
    """

    name: str
    type: str
    outcome: Outcome
    records: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
