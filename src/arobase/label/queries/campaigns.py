"""Campaigns as their organiser and everyone else see them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from arobase.label.models import Campaign, Dossier, Letter
from arobase.label.queries.configuration.editions import in_force
from arobase.label.rules.calendar import Phase
from arobase.label.rules.configuration import Configuration
from arobase.label.rules.states import CampaignState, DossierState


@dataclass(frozen=True)
class Overview:
    """A campaign at a glance: where it is, how many dossiers in each state, what waits to be done."""

    campaign: Campaign
    configuration: Configuration
    phase: Phase
    dossiers: Mapping[str, int]
    letters: Mapping[str, int]

    @property
    def total(self) -> int:
        """All dossiers."""
        return sum(self.dossiers.values())


def overview(campaign: Campaign, *, at: datetime) -> Overview:
    """A campaign at a glance (three statements)."""
    configuration = in_force(campaign)
    states = Counter(campaign.dossiers.values_list("state", flat=True))
    letters = Counter(Letter.objects.filter(campaign=campaign).values_list("state", flat=True))
    by_state = {str(state): states[state] for state in DossierState}
    by_letter = {str(state): letters[state] for state in Letter.State.values}
    return Overview(campaign, configuration, configuration.calendar.phase(at), by_state, by_letter)


def campaigns() -> Sequence[Campaign]:
    """All campaigns, the latest first."""
    return list(Campaign.objects.select_related("edition"))


def open_campaign() -> Campaign | None:
    """The campaign that is open, the latest where there are several."""
    return Campaign.objects.filter(state=CampaignState.OPEN).first()


def before(campaign: Campaign) -> Campaign | None:
    """The campaign before it that has dossiers."""
    earlier = Campaign.objects.filter(edition_id__lt=campaign.pk, dossiers__isnull=False)
    return earlier.distinct().first()


def dossiers_of(campaign: Campaign) -> Sequence[Dossier]:
    """The dossiers of a campaign by name, extensions included (two statements)."""
    return list(campaign.dossiers.select_related("territory__department").prefetch_related("extensions"))
