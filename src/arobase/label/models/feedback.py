"""What a territory says of an evaluation of its dossier."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from arobase.label.models.jury import Review
from arobase.label.rules.feedback import HIGHEST, LOWEST


class Feedback(models.Model):
    """Two marks and a comment for a juror whom the territory does not know by name."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="feedback")
    was_read = models.PositiveSmallIntegerField()
    is_useful = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(
                    was_read__gte=LOWEST, was_read__lte=HIGHEST, is_useful__gte=LOWEST, is_useful__lte=HIGHEST
                ),
                name="feedback_is_on_the_scale",
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.was_read}, {self.is_useful}"
