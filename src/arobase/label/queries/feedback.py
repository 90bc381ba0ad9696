"""What candidates said of their evaluators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from arobase.label.models import Campaign, Dossier, Feedback, Juror, Mark, Review
from arobase.label.rules.appeals import AppealState
from arobase.label.rules.feedback import Asked, Said, summed_up
from arobase.label.rules.reviews import FOR_TOWN, ReviewState

ASKED = {
    Asked.WAS_READ: _("Votre dossier a été lu"),
    Asked.IS_USEFUL: _("Cet avis vous sert"),
}


@dataclass(frozen=True)
class Opinion:
    """An evaluation as its territory reads it: what the juror wrote, and what the territory answered, if it did."""

    review_id: int
    text: str
    feedback: Feedback | None


def opinions_of(dossier: Dossier) -> list[Opinion]:
    """The evaluations of a published dossier, without names; those of an appeal once it is concluded."""
    heard = Q(appeal=None) | Q(appeal__state=AppealState.CONCLUDED)
    reviews = Review.objects.filter(heard, dossier=dossier, state=ReviewState.DONE).order_by("pk")
    texts = dict(Mark.objects.filter(review__in=reviews, field=FOR_TOWN).values_list("review_id", "value"))
    return [
        Opinion(one.pk, texts.get(one.pk, ""), getattr(one, "feedback", None))
        for one in reviews.select_related("feedback")
    ]


def said_of(campaign: Campaign) -> Mapping[int, Said]:
    """What was said of each juror of a campaign, by number of the juror."""
    found: dict[int, list[dict[Asked, int]]] = {}
    for one in Feedback.objects.filter(review__juror__campaign=campaign).select_related("review"):
        found.setdefault(one.review.juror_id, []).append(_answers(one))
    return {juror_id: summed_up(answers) for juror_id, answers in found.items()}


def said_words(said: Mapping[int, Said]) -> Mapping[int, Sequence[str]]:
    """For each juror the mean of each question, with its n."""
    return {
        juror_id: [f"{formats.number_format(float(one.means[asked]), 1)} (n = {one.number})" for asked in Asked]
        for juror_id, one in said.items()
    }


def said_to(juror: Juror) -> Sequence[str]:
    """What a juror may see of what was said of him: means, of three answers or more."""
    said = summed_up([_answers(one) for one in Feedback.objects.filter(review__juror=juror)])
    return said_words({juror.pk: said})[juror.pk] if said.may_be_shown else ()


def comments_of(campaign: Campaign) -> Sequence[Feedback]:
    """What was written about evaluations, for the organiser."""
    found = Feedback.objects.filter(review__juror__campaign=campaign).exclude(comment="")
    return list(found.select_related("review__juror__user", "review__dossier__territory"))


def _answers(one: Feedback) -> dict[Asked, int]:
    return {Asked.WAS_READ: one.was_read, Asked.IS_USEFUL: one.is_useful}
