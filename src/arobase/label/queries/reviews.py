"""Reviews as their juror and the organiser read them: marks, scores, grades of a whole campaign."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from arobase.accounts.models import User
from arobase.initiatives.queries.referential import said
from arobase.label.models import Award, Campaign, Decision, Dossier, Mark, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.dossiers import read
from arobase.label.queries.jury import conflicts, first_readings
from arobase.label.rules.appeals import AppealState
from arobase.label.rules.calendar import Phase
from arobase.label.rules.calibration import Calibration, DossierGrade, calibrate
from arobase.label.rules.configuration import Configuration
from arobase.label.rules.deliberation import DecisionState
from arobase.label.rules.grades import Grade, grade
from arobase.label.rules.levels import Level
from arobase.label.rules.reviews import ACTIVE, ReviewState, score_of
from arobase.label.rules.states import DossierState


def marks_of(review: Review) -> dict[str, int]:
    """The marks of a review by slug of category (one statement)."""
    return _marks(review.marks.all())


def _marks(rows: Iterable[Mark]) -> dict[str, int]:
    found = {}
    for one in rows:
        kind, _dot, slug = one.field.partition(".")
        if kind == "mark" and one.value:
            found[slug] = int(one.value)
    return found


def score(review: Review, configuration: Configuration) -> Fraction | None:
    """A review's score out of 100; None while a category is not marked."""
    return score_of(_marks(review.marks.all()), configuration.jury, configuration.scoring.categories)


def is_writable(review: Review, configuration: Configuration, *, at: datetime) -> bool:
    """Whether a review may be written now: in its phase; a second reading while its appeal is being read."""
    if review.appeal is not None:
        return review.appeal.state == AppealState.READING
    return configuration.calendar.phase(at) is Phase.REVIEW and configuration.jury.phase(at).may_score


def readings_of(user: User, campaign: Campaign) -> list[Review]:
    """What someone has to read, without what they are in conflict with."""
    mine = Review.objects.filter(
        juror__user=user, juror__campaign=campaign, juror__withdrew_at__isnull=True, state__in=ACTIVE
    )
    found = mine.filter(dossier__state=DossierState.SUBMITTED).select_related("juror", "dossier__territory")
    reviews = list(found.prefetch_related("marks").order_by("state", "dossier__territory__name"))
    if not reviews:
        return []
    against = conflicts([reviews[0].juror], [one.dossier for one in reviews])
    return [one for one in reviews if (one.dossier_id, one.juror_id) not in against]


@dataclass(frozen=True)
class Opinion:
    """What another juror gave, shown after one's own first opinion."""

    juror: str
    score: Fraction


def others(review: Review, configuration: Configuration) -> list[Opinion]:
    """The finished reviews of the same dossier by others."""
    found = Review.objects.filter(dossier=review.dossier, appeal=review.appeal_id, state=ReviewState.DONE)
    found = found.exclude(pk=review.pk)
    rows = [(one, score(one, configuration)) for one in found.select_related("juror__user").prefetch_related("marks")]
    return [Opinion(str(one.juror), value) for one, value in rows if value is not None]


def last_level(dossier: Dossier) -> Award | None:
    """What the territory received last before this edition."""
    found = Award.objects.filter(territory_id=dossier.territory_id, edition_id__lt=dossier.campaign_id)
    return found.order_by("-edition_id").first()


@dataclass(frozen=True)
class Row:
    """A dossier in the calibration: both grades and what they would give; `needed` readers are still missing."""

    dossier: Dossier
    given: DossierGrade
    raw: Grade
    calibrated: Grade
    needed: int


@dataclass(frozen=True)
class Grades:
    """The grades of a campaign; `applied` says whether the corrected ones should be followed."""

    calibration: Calibration
    rows: Sequence[Row]
    unread: Sequence[Dossier]
    jurors: Mapping[str, str]
    levels: Sequence[Level]

    @property
    def applied(self) -> bool:
        """Whether severities differ enough to be corrected."""
        return self.calibration.applied


def grades(campaign: Campaign) -> Grades | None:
    """Calibrate the finished reviews of a campaign; None while there are none."""
    configuration = in_force(campaign)
    found = first_readings().filter(dossier__campaign=campaign, state=ReviewState.DONE)
    reviews = list(found.select_related("juror__user").prefetch_related("marks").order_by("pk"))
    scores = [
        (str(one.dossier_id), str(one.juror_id), float(value))
        for one in reviews
        if (value := score(one, configuration)) is not None
    ]
    if not scores:
        return None
    calibration = calibrate(scores)
    handed_in = campaign.dossiers.filter(state=DossierState.SUBMITTED)
    dossiers = {str(one.pk): one for one in handed_in.select_related("campaign", "territory")}
    rows = [_row(dossiers[one.id], one, configuration) for one in calibration.dossiers if one.id in dossiers]
    graded = {str(one.dossier.pk) for one in rows}
    names = {str(one.juror_id): str(one.juror) for one in reviews}
    return Grades(
        calibration,
        sorted(rows, key=lambda one: (-one.calibrated.value, one.dossier.pk)),
        [one for key, one in dossiers.items() if key not in graded],
        names,
        configuration.levels,
    )


def _row(dossier: Dossier, given: DossierGrade, configuration: Configuration) -> Row:
    reading = read(dossier)

    def of(value: float, se: float | None) -> Grade:
        bounded = min(Fraction(100), max(Fraction(0), Fraction(value).limit_denominator(10**9)))
        return grade(bounded, se=se, mosaic=reading.mosaic, jury=configuration.jury, levels=configuration.levels)

    needed = max(0, configuration.jury.reviews - given.reviews)
    return Row(dossier, given, of(given.raw, None), of(given.calibrated, given.se), needed)


@dataclass(frozen=True)
class Result:
    """What a territory received."""

    level: int
    mentions: Sequence[str]


def result_of(dossier: Dossier) -> Result | None:
    """The published result of a dossier; None before everything is published."""
    found = Decision.objects.filter(dossier=dossier, state=DecisionState.PUBLISHED).first()
    if found is None or found.level is None:
        return None
    names = [one.name for one in in_force(dossier.campaign).mentions if one.slug in found.mentions]
    return Result(found.level, [said(name) for name in names])
