"""What the jury decides on each dossier, and every step that led there."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.label.models.dossiers import Dossier
from arobase.label.rules.deliberation import DecisionState

DECISION_STATES = {
    DecisionState.PROPOSED: _("proposé"),
    DecisionState.DECIDED: _("décidé, pas encore publié"),
    DecisionState.PUBLISHED: _("publié"),
}


class Decision(models.Model):
    """The level of a dossier: the first proposal stays beside what was decided."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="decision")
    proposed = models.PositiveSmallIntegerField()
    raw = models.CharField(max_length=20)  # grades out of 100 as they stood, with one decimal cut
    calibrated = models.CharField(max_length=20)
    is_doubtful = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    mentions = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=DECISION_STATES, default=DecisionState.PROPOSED)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=list(DecisionState)), name="decision_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=DecisionState.PROPOSED) | models.Q(level__gte=1, level__lte=5),
                name="decided_level_is_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.level or self.proposed} @"


class DecisionEvent(models.Model):
    """A step of a decision; rows are only ever added, an undoing is one more."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="events")
    verb = models.CharField(max_length=10)  # propose, or a verb of rules.deliberation
    level = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    present = models.PositiveSmallIntegerField(default=0)  # jurors in the meeting
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.verb} {self.level}"
