"""Appeals against published levels."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.label.models.dossiers import Dossier
from arobase.label.rules.appeals import AppealState

APPEAL_STATES = {
    AppealState.FILED: _("déposé"),
    AppealState.READING: _("en seconde lecture"),
    AppealState.CONCLUDED: _("conclu"),
    AppealState.REJECTED: _("irrecevable"),
    AppealState.WITHDRAWN: _("retiré"),
}


class Appeal(models.Model):
    """An appeal (recours) against a dossier's published level: one for each dossier."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="appeal")
    state = models.CharField(max_length=10, choices=APPEAL_STATES, default=AppealState.FILED)
    grounds = models.TextField()
    level_before = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["filed_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=list(AppealState)), name="appeal_state_is_known"),
            models.CheckConstraint(condition=~models.Q(grounds=""), name="appeal_has_grounds"),
            models.CheckConstraint(
                condition=~models.Q(state=AppealState.CONCLUDED) | models.Q(level__gte=models.F("level_before")),
                name="nobody_appeals_to_end_worse_off",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.state}"
