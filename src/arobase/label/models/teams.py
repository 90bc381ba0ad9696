"""Who acts for a territory: its team, and those who ask to join it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.territories.models import Territory


class TeamMember(models.Model):
    """Someone of a territory's team; at least one of them should be able to submit."""

    class Proof(models.TextChoices):
        DOMAIN = "domain", _("adresse du domaine officiel")
        ORGANISER = "organiser", _("organisateur")
        TEAM = "team", _("équipe du territoire")

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="team", db_constraint=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="teams")
    may_submit = models.BooleanField(default=False)
    proved_by = models.CharField(max_length=10, choices=Proof.choices)
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["territory", "user"], name="one_place_in_a_team")
        ]

    def __str__(self) -> str:
        return f"{self.territory_id}: {self.user_id}"


class JoinRequest(models.Model):
    """Someone asks to join a territory's team, and waits for the organiser or the team."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_accepted = models.BooleanField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["territory", "user"], condition=models.Q(decided_at__isnull=True), name="one_open_request"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, is_accepted__isnull=True)
                | models.Q(decided_at__isnull=False, is_accepted__isnull=False),
                name="request_decided_when_and_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory_id}: {self.user_id}"
