"""Appeals as the organiser and the territory see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from arobase.label.models import Appeal, Campaign, Dossier, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.dossiers import read
from arobase.label.queries.reviews import score
from arobase.label.rules.appeals import SECOND_READERS, AppealState
from arobase.label.rules.deliberation import DecisionState
from arobase.label.rules.grades import Grade, grade
from arobase.label.rules.reviews import ACTIVE, ReviewState


def appeal_of(dossier: Dossier) -> Appeal | None:
    """The appeal of a dossier."""
    return Appeal.objects.filter(dossier=dossier).select_related("dossier").first()


def may_appeal(dossier: Dossier, *, at: datetime) -> bool:
    """Whether a published level may still be appealed."""
    published = dossier.campaign.dossiers.filter(pk=dossier.pk, decision__state=DecisionState.PUBLISHED).exists()
    return published and at < in_force(dossier.campaign).calendar.appeals_close_at()


@dataclass(frozen=True)
class Heard:
    """An appeal with its second readings: their scores out of 100, and the grade and level that they would give.

    missing   second readers still to be named
    """

    appeal: Appeal
    readings: Sequence[tuple[Review, Fraction | None]]
    grade: Grade | None
    missing: int


def heard(campaign: Campaign) -> list[Heard]:
    """The appeals of a campaign, those that wait first."""
    found = Appeal.objects.filter(dossier__campaign=campaign).select_related("dossier__campaign", "dossier__territory")
    waiting = {AppealState.FILED, AppealState.READING}
    return [_heard(one) for one in sorted(found, key=lambda one: (one.state not in waiting, one.filed_at))]


def _heard(appeal: Appeal) -> Heard:
    configuration = in_force(appeal.dossier.campaign)
    active = appeal.reviews.filter(state__in=ACTIVE).select_related("juror__user").prefetch_related("marks")
    readings = [
        (one, score(one, configuration) if one.state == ReviewState.DONE else None) for one in active.order_by("pk")
    ]
    scores = [value for _review, value in readings if value is not None]
    given = None
    if scores:
        mean = sum(scores, Fraction(0)) / len(scores)
        mosaic = read(appeal.dossier).mosaic
        given = grade(mean, se=None, mosaic=mosaic, jury=configuration.jury, levels=configuration.levels)
    missing = SECOND_READERS - len(readings) if appeal.state == AppealState.READING else 0
    return Heard(appeal, readings, given, max(0, missing))
