"""The badges of laureates: signed once, kept as signed, taken back by a list."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from arobase.label.models.awards import Award


class Badge(models.Model):
    """An Open Badge 3.0 of an award. Its number is its place in the status list; no row is ever deleted."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="badges")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    level = models.PositiveSmallIntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    signed = models.TextField(blank=True)  # the credential as JSON, once somebody asked for it
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["award"], condition=models.Q(revoked_at__isnull=True), name="one_living_badge_per_award"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | ~models.Q(reason=""), name="revoked_badge_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")), name="badge_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}: {self.uid}"
