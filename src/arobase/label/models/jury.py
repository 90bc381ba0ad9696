"""The jury of a campaign: who reads what, in conflict with whom, and what they wrote."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.label.models.appeals import Appeal
from arobase.label.models.campaigns import Campaign
from arobase.label.models.dossiers import Dossier
from arobase.label.rules.reviews import ReviewState

REVIEW_STATES = {
    ReviewState.ASSIGNED: _("à lire"),
    ReviewState.DONE: _("terminée"),
    ReviewState.RECUSED: _("récusée"),
    ReviewState.DROPPED: _("retirée"),
}


class Juror(models.Model):
    """Someone invited to a campaign's jury; reads nothing before accepting the charter.

    `expertise` holds slugs of categories, `ties` ids of the territories where they are employed or elected.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="jurors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="juries")
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrew_at = models.DateTimeField(null=True)
    expertise = models.JSONField(default=list, blank=True)
    ties = models.JSONField(default=list, blank=True)
    most = models.PositiveSmallIntegerField(null=True, blank=True)  # readings this juror takes; null: as the others
    is_present = models.BooleanField(default=False)  # in the meeting that deliberates

    class Meta:
        ordering: ClassVar[list[str]] = ["user__name", "user__email"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "user"], name="one_seat_in_a_jury")
        ]

    def __str__(self) -> str:
        return str(self.user)


class Conflict(models.Model):
    """A conflict that a juror declared or the organiser set; those found automatically are computed when asked."""

    class Origin(models.TextChoices):
        JUROR = "juror", _("déclaré par le juré")
        ORGANISER = "organiser", _("posé par l’organisateur")

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="conflicts")
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="conflicts")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["juror", "dossier", "origin"], name="one_conflict_per_origin")
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} × {self.dossier_id}"


class Review(models.Model):
    """A juror reads a dossier, once; `first_opinion_at` is when every category was scored for the first time.

    `appeal` is set where it is a second reading: it counts for the appeal and never for the first grade.
    """

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="reviews")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="reviews")
    appeal = models.ForeignKey(Appeal, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=10, choices=REVIEW_STATES, default=ReviewState.ASSIGNED)
    is_locked = models.BooleanField(default=False)
    assigned_at = models.DateTimeField()
    first_opinion_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["juror", "dossier"], name="one_review_per_juror_and_dossier"),
            models.CheckConstraint(condition=models.Q(state__in=list(ReviewState)), name="review_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state=ReviewState.DONE)
                | models.Q(finished_at__isnull=False, first_opinion_at__isnull=False),
                name="finished_review_has_its_opinion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} → {self.dossier_id}"


class Mark(models.Model):
    """What a juror wrote in a field of a review, and the open page that wrote it last (`rules.saving`)."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="marks")
    field = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    client = models.CharField(max_length=40, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["field"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "field"], name="one_mark_per_field")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.field}"
