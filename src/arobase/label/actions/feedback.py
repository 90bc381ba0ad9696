"""A territory evaluates its evaluators, once its result is published."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.label.models import Decision, Feedback, Review
from arobase.label.rules.deliberation import DecisionState
from arobase.label.rules.feedback import Asked, summed_up
from arobase.label.rules.reviews import ReviewState

LONGEST = 2_000


class NotTheirs(PermissionError):
    """Someone says what they think of an evaluation that is not of their dossier, or is not published."""


def say(review_id: int, answers: Mapping[Asked, int], *, comment: str, by: User, at: datetime) -> Feedback:
    """Keep what a territory thinks of an evaluation, in place of what it said before. Raises NotTheirs, BadAnswer."""
    summed_up([dict(answers)])
    with transaction.atomic():
        review = Review.objects.select_related("dossier").filter(pk=review_id, state=ReviewState.DONE).first()
        if review is None or not holds(by, Role.AGENT, territory_id=review.dossier.territory_id):
            raise NotTheirs(review_id)
        if not Decision.objects.filter(dossier=review.dossier, state=DecisionState.PUBLISHED).exists():
            raise NotTheirs(review_id)
        made, _is_new = Feedback.objects.update_or_create(
            review=review,
            defaults={
                "was_read": answers[Asked.WAS_READ],
                "is_useful": answers[Asked.IS_USEFUL],
                "comment": comment.strip()[:LONGEST],
                "at": at,
                "by": by,
            },
        )
        return made
