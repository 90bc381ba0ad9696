"""A juror's reading of a dossier: its states, its marks, and what may be seen when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from arobase.label.rules.configuration import Form, JuryRules, Others, ReviewPhase
from arobase.label.rules.fields import Field
from arobase.label.rules.states import Machine

LONGEST_COMMENT = 4_000
FOR_JURY, FOR_TOWN = "comment.jury", "comment.town"


class ReviewState(StrEnum):
    """Where a review stands."""

    ASSIGNED = "assigned"
    DONE = "done"
    RECUSED = "recused"
    DROPPED = "dropped"


class ReviewVerb(StrEnum):
    """What becomes of a review: the juror finishes, reopens or recuses himself; the organiser drops."""

    FINISH = "finish"
    REOPEN = "reopen"
    RECUSE = "recuse"
    DROP = "drop"


REVIEW = Machine(
    {
        (ReviewState.ASSIGNED, ReviewVerb.FINISH): ReviewState.DONE,
        (ReviewState.DONE, ReviewVerb.REOPEN): ReviewState.ASSIGNED,
        (ReviewState.ASSIGNED, ReviewVerb.RECUSE): ReviewState.RECUSED,
        (ReviewState.DONE, ReviewVerb.RECUSE): ReviewState.RECUSED,
        (ReviewState.ASSIGNED, ReviewVerb.DROP): ReviewState.DROPPED,
        (ReviewState.DONE, ReviewVerb.DROP): ReviewState.DROPPED,
    }
)
ACTIVE = frozenset({ReviewState.ASSIGNED, ReviewState.DONE})


def mark_field(category: str) -> str:
    """The name of a category's mark.

    >>> mark_field("vivre-ensemble")
    'mark.vivre-ensemble'
    """
    return f"mark.{category}"


def fields_of(jury: JuryRules, categories: Sequence[str]) -> tuple[Field, ...]:
    """What a juror writes: a mark for each category, within the scale, and two comments."""
    marks = tuple(str(mark) for mark in range(jury.scale[0].score, jury.scale[-1].score + 1))
    return (
        *(Field(mark_field(slug), Form.CHOICE, 4, marks, is_required=True) for slug in categories),
        Field(FOR_TOWN, Form.TEXT, LONGEST_COMMENT),
        Field(FOR_JURY, Form.TEXT, LONGEST_COMMENT),
    )


def score_of(marks: Mapping[str, int], jury: JuryRules, weights: Mapping[str, Fraction]) -> Fraction | None:
    """A review's score out of 100: marks weighted as the categories are; None while one is missing.

    marks     by slug of category, on the scale
    weights   points of each category, by slug; those of 0 count for nothing
    """
    wanted = {slug: weight for slug, weight in weights.items() if weight}
    if not wanted or set(wanted) - set(marks):
        return None
    low, high = jury.scale[0].score, jury.scale[-1].score
    total = sum((weight * Fraction(marks[slug] - low, high - low) for slug, weight in wanted.items()), Fraction(0))
    return 100 * total / sum(wanted.values(), Fraction(0))


@dataclass(frozen=True)
class Sight:
    """What a juror may see of a dossier beside the dossier itself."""

    name: bool
    others: bool
    last_level: bool


def sight(phase: ReviewPhase, *, has_first_opinion: bool) -> Sight:
    """Others' scores, as the phase says; last year's level only after one has scored every category once.

    >>> from datetime import datetime
    >>> from arobase.label.rules.configuration import ONE_PHASE
    >>> sight(ReviewPhase(ONE_PHASE, datetime(2026, 12, 6)), has_first_opinion=False)
    Sight(name=True, others=False, last_level=False)
    """
    others = phase.others is Others.ALWAYS or (phase.others is Others.AFTER_OWN and has_first_opinion)
    return Sight(phase.names, others, has_first_opinion and phase.names)
