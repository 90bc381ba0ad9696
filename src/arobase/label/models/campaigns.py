"""A campaign of the label, and every version of its configuration."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.label.models.awards import Edition
from arobase.label.rules.states import CampaignState

CAMPAIGN_STATES = {
    CampaignState.DRAFT: _("en préparation"),
    CampaignState.OPEN: _("ouverte"),
    CampaignState.PUBLISHED: _("résultats publiés"),
    CampaignState.ARCHIVED: _("archivée"),
}


class Campaign(models.Model):
    """The work of a year, from the call to the ceremony."""

    edition = models.OneToOneField(Edition, primary_key=True, on_delete=models.PROTECT, related_name="campaign")
    state = models.CharField(max_length=10, choices=CAMPAIGN_STATES, default=CampaignState.DRAFT)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    publishes_itself = models.BooleanField(default=False)  # at the second of the ceremony, by `arobase label tick`
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-edition_id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=list(CampaignState)), name="campaign_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=CampaignState.DRAFT) | models.Q(opened_at__isnull=False),
                name="open_campaign_says_since_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[CampaignState.DRAFT, CampaignState.OPEN])
                | models.Q(published_at__isnull=False),
                name="published_campaign_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.edition_id)


class ConfigurationRevision(models.Model):
    """A version of an edition's configuration as the organiser wrote it; the last one is in force, none is changed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_revision_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.number}"
