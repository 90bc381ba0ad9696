"""What a juror does with a dossier: marks it field by field, finishes, reopens, recuses himself."""

from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.initiatives.queries.referential import referential
from arobase.label.models import Mark, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.jury import readable
from arobase.label.queries.reviews import is_writable, marks_of
from arobase.label.rules.fields import BadValue, Why
from arobase.label.rules.reviews import REVIEW, ReviewState, ReviewVerb, fields_of, score_of
from arobase.label.rules.saving import Kept, Save, saved


class NotReadable(LookupError):
    """A review that this person may not open."""


class ReviewsClosed(ValueError):
    """Reviews are written between the closing of participation and their own closing, or while an appeal is read."""


class Finished(ValueError):
    """A finished review is reopened before it is written to."""


class Unmarked(ValueError):
    """A review is finished once every category is marked."""


def mark(review_id: int, field: str, save: Save, *, by: User, at: datetime) -> Kept:
    """Write one field of one's own review.

    Raises   NotReadable, ReviewsClosed, Finished, BadValue, Overtaken, WrittenMeanwhile
    """
    with transaction.atomic():
        review = _open(review_id, by=by, at=at)
        if review.state != ReviewState.ASSIGNED:
            raise Finished
        configuration = in_force(review.juror.campaign)
        fields = fields_of(configuration.jury, [one.slug for one in referential().categories])
        known = {one.name: one for one in fields}.get(field)
        if known is None:
            raise BadValue(field, Why.UNKNOWN_FIELD)
        known.check(save.value)
        row = review.marks.filter(field=field).first() or Mark(review=review, field=field, version=0)
        kept = Kept(row.value, row.version, row.client, row.sequence)
        after = saved(kept, save)
        if after != kept:
            row.value, row.version, row.client, row.sequence = after.value, after.version, after.client, after.sequence
            row.changed_at = at
            row.save()
            if review.first_opinion_at is None and _score(review) is not None:
                review.first_opinion_at = at
                review.save(update_fields=["first_opinion_at"])
        return after


def move(review_id: int, verb: ReviewVerb, *, by: User, at: datetime) -> Review:
    """Finish, reopen or recuse oneself. Raises NotReadable, ReviewsClosed, Unmarked, NotPossible."""
    with transaction.atomic():
        review = _open(review_id, by=by, at=at)
        state = REVIEW.after(ReviewState(review.state), verb)
        if verb is ReviewVerb.FINISH:
            if _score(review) is None:
                raise Unmarked
            review.finished_at = at
        review.state = state
        review.save()
        return review


def _open(review_id: int, *, by: User, at: datetime) -> Review:
    Review.objects.select_for_update().filter(pk=review_id).first()
    review = readable(by, review_id)
    if review is None:
        raise NotReadable(review_id)
    if not is_writable(review, in_force(review.juror.campaign), at=at):
        raise ReviewsClosed
    return review


def _score(review: Review) -> object:
    configuration = in_force(review.juror.campaign)
    return score_of(marks_of(review), configuration.jury, configuration.scoring.categories)
