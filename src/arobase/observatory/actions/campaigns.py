"""What changes of campaigns: begun, filled, then shown, or held until someone has looked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from arobase.observatory.models import About, Campaign, CampaignState, Change, LatestFacts, Standing

BATCH = 500
GATHERED = frozenset({"networks"})  # figures of the gathering, which reading the facts again leaves as they are
KEPT = 2  # campaigns of a set whose standings stay in the database; facts stay in their folders


class _Not(ValueError):
    """A campaign is not in the state that something needs."""

    def __init__(self, campaign: Campaign) -> None:
        super().__init__(f"{campaign}: {campaign.state}")
        self.campaign = campaign


class NotHeld(_Not):
    """Only a campaign that is held can be let through or put aside."""


class NotRunning(_Not):
    """Only a campaign that runs ends: someone decided on this one meanwhile."""


class NotReadable(_Not):
    """Only what is shown or held is read again: not what was put aside, nor while a campaign of its set runs."""


def begin(about: About, *, at: datetime, facts: str = "", source: str = "", licence: str = "") -> Campaign:
    """A campaign that runs: the one that was stopped half-way, where there is one.

    facts  name of its folder below observatory/campaigns of the home
    """
    fresh = {"began_at": at, "facts": facts, "source": source, "licence": licence}
    running, _is_new = Campaign.objects.get_or_create(about=about, state=CampaignState.RUNNING, defaults=fresh)
    return running


@transaction.atomic
def take_up(campaign: Campaign) -> Campaign:
    """A campaign that ended runs again, to be read by other rules; meanwhile the one before is shown.

    Raises NotReadable.
    """
    fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
    runs = Campaign.objects.filter(about=fresh.about, state=CampaignState.RUNNING)
    if fresh.state not in {CampaignState.PUBLISHED, CampaignState.HELD} or runs.exists():
        raise NotReadable(fresh)
    fresh.state = CampaignState.RUNNING
    fresh.save(update_fields=["state"])
    return fresh


def keep_announcers(campaign: Campaign, told: Mapping[str, Any]) -> None:
    """Say of a campaign where it knows from who announces addresses."""
    campaign.figures = {**campaign.figures, "networks": dict(told)}
    campaign.save(update_fields=["figures"])


def keep_facts(campaign: Campaign, documents: Mapping[str, bytes]) -> None:
    """Make these the latest facts of their domains."""
    LatestFacts.objects.bulk_create(
        [LatestFacts(domain=domain, campaign=campaign, document=document) for domain, document in documents.items()],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["domain"],
        update_fields=["campaign", "document"],
    )


def keep_standings(campaign: Campaign, standings: Sequence[Standing]) -> None:
    """Keep what subjects stand on; once a subject, however often a campaign is read."""
    columns = ["name", "country", "population", "site", "mail", "profile", "wires", "criteria", "index", "known_share"]
    for one in standings:
        one.campaign = campaign
    Standing.objects.bulk_create(
        standings,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["campaign", "subject"],
        update_fields=columns,
    )


@transaction.atomic
def conclude(
    campaign: Campaign,
    *,
    at: datetime,
    domains: int,
    rules: str,
    zones: Mapping[str, Any],
    figures: Mapping[str, Any],
    changes: Collection[Change] = (),
    changed_share: float | None = None,
    held_because: str = "",
    subjects: Collection[str] | None = None,
) -> Campaign:
    """End a campaign: shown at once, or held with the reason why someone should look first.

    subjects  whoever is in it; standings of others, of an earlier reading, go. None: all that are kept.
    Raises    NotRunning.
    """
    if Campaign.objects.select_for_update().get(pk=campaign.pk).state != CampaignState.RUNNING:
        raise NotRunning(campaign)
    campaign.ended_at = at
    campaign.domains = domains
    campaign.rules = rules
    campaign.zones = dict(zones)
    campaign.figures = {**{name: campaign.figures[name] for name in GATHERED & campaign.figures.keys()}, **figures}
    campaign.changed_share = changed_share
    campaign.held_because = held_because
    campaign.state = CampaignState.HELD if held_because else CampaignState.PUBLISHED
    campaign.published_at = None if held_because else at
    campaign.save()
    if subjects is not None:
        gone = set(campaign.standings.values_list("subject", flat=True)) - set(subjects)
        campaign.standings.filter(subject__in=gone).delete()
    campaign.changes.all().delete()
    for one in changes:
        one.campaign = campaign
    Change.objects.bulk_create(changes, batch_size=BATCH)
    if campaign.state == CampaignState.PUBLISHED:
        _let_go_of_the_old(campaign)
    return campaign


@transaction.atomic
def let_through(campaign: Campaign, *, at: datetime) -> Campaign:
    """Show a held campaign. Raises NotHeld."""
    shown = _set(campaign, CampaignState.PUBLISHED, published_at=at)
    _let_go_of_the_old(shown)
    return shown


@transaction.atomic
def put_aside(campaign: Campaign) -> Campaign:
    """Never show a held campaign; the one before stays. Raises NotHeld."""
    return _set(campaign, CampaignState.DISCARDED)


def _set(campaign: Campaign, state: CampaignState, *, published_at: datetime | None = None) -> Campaign:
    fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if fresh.state != CampaignState.HELD:
        raise NotHeld(fresh)
    fresh.state, fresh.published_at = state, published_at
    fresh.save(update_fields=["state", "published_at"])
    return fresh


def _let_go_of_the_old(campaign: Campaign) -> None:
    """Standings of earlier campaigns but the last go; their figures and changes stay."""
    shown = Campaign.objects.filter(about=campaign.about, state=CampaignState.PUBLISHED).order_by("-began_at")
    kept = list(shown.values_list("pk", flat=True)[:KEPT])
    Standing.objects.filter(campaign__about=campaign.about).exclude(campaign__pk__in=kept).delete()
