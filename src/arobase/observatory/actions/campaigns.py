"""What changes of campaigns: begun, filled, then shown, or held until someone has looked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from arobase.observatory.models import About, Campaign, CampaignState, Change, KeptFacts, Standing

BATCH = 500
GATHERED = frozenset({"networks"})  # figures of the gathering, which reading the facts again leaves as they are
KEPT = 2  # campaigns of a set whose standings stay in the database
FACTS_KEPT = 1  # of a set whose facts do; those of all campaigns stay in their folders
WAITING = (CampaignState.RUNNING, CampaignState.HELD)
READ = ("ended_at", "domains", "rules", "zones", "figures", "changed_share")  # what a reading says of its campaign


class _Not(ValueError):
    """A campaign is not in the state that something needs."""

    def __init__(self, campaign: Campaign) -> None:
        super().__init__(f"{campaign}: {campaign.state}")
        self.campaign = campaign


class NotHeld(_Not):
    """Only a campaign that is held can be let through or put aside."""


class NothingToShow(_Not):
    """A campaign without a single standing would empty the pages."""


class NotRunning(_Not):
    """Only a campaign that runs ends: someone decided on this one meanwhile."""


class NotReadable(_Not):
    """Only what is shown or held is read again: not what was put aside, nor while a campaign of its set runs."""


def begin(
    about: About,
    *,
    at: datetime,
    facts: str = "",
    source: str = "",
    licence: str = "",
    departments: Collection[str] = (),
) -> Campaign:
    """A campaign that runs: the one that was stopped half-way, where there is one.

    facts        name of its folder below observatory/campaigns of the home
    departments  codes of those that it is limited to
    """
    _drop_stopped_readings(about)
    fresh = {"began_at": at, "facts": facts, "source": source, "licence": licence}
    running, _is_new = Campaign.objects.get_or_create(about=about, state=CampaignState.RUNNING, defaults=fresh)
    running.departments = sorted(departments)
    running.save(update_fields=["departments"])
    return running


@transaction.atomic
def check_readable(campaign: Campaign) -> Campaign:
    """The campaign, as it is now, where its facts may be read again. Raises NotReadable."""
    _drop_stopped_readings(About(campaign.about))
    fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
    runs = Campaign.objects.filter(about=fresh.about, state=CampaignState.RUNNING)
    if fresh.state not in {CampaignState.PUBLISHED, CampaignState.HELD} or runs.exists():
        raise NotReadable(fresh)
    return fresh


@transaction.atomic
def take_up(campaign: Campaign) -> Campaign:
    """What reads a campaign's facts by other rules: itself where it is held, else a reading beside it.

    The campaign that is shown stays as it is until the reading takes its place; a reading that waits is replaced.
    Raises NotReadable.
    """
    fresh = check_readable(campaign)
    if fresh.state == CampaignState.HELD:
        fresh.state = CampaignState.RUNNING
        fresh.save(update_fields=["state"])
        return fresh
    fresh.rereadings.filter(state=CampaignState.HELD).delete()
    same = ("about", "began_at", "source", "licence", "facts", "domains", "departments", "figures")
    return Campaign.objects.create(rereads=fresh, **{name: getattr(fresh, name) for name in same})


def _drop_stopped_readings(about: About) -> None:
    """A reading that was stopped half-way has nothing that reading again would not find."""
    Campaign.objects.filter(about=about, state=CampaignState.RUNNING, rereads__isnull=False).delete()


def keep_announcers(campaign: Campaign, told: Mapping[str, Any]) -> None:
    """Say of a campaign where it knows from who announces addresses."""
    campaign.figures = {**campaign.figures, "networks": dict(told)}
    campaign.save(update_fields=["figures"])


def keep_facts(campaign: Campaign, documents: Mapping[str, bytes]) -> None:
    """Keep what a campaign gathered, once a domain, beside what others did."""
    KeptFacts.objects.bulk_create(
        [KeptFacts(domain=domain, campaign=campaign, document=document) for domain, document in documents.items()],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["campaign", "domain"],
        update_fields=["document"],
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

    What comes back is the campaign that a reader sees: where one was read again, that one with the new reading.
    subjects  whoever is in it; standings of others, of an earlier reading, go. None: all that are kept.
    Raises    NotRunning.
    """
    if not Campaign.objects.select_for_update().filter(pk=campaign.pk, state=CampaignState.RUNNING).exists():
        raise NotRunning(campaign)
    campaign.ended_at = at
    campaign.domains = domains
    campaign.rules = rules
    campaign.zones = dict(zones)
    campaign.figures = {**{name: campaign.figures[name] for name in GATHERED & campaign.figures.keys()}, **figures}
    campaign.changed_share = changed_share
    campaign.held_because = held_because
    campaign.state, campaign.published_at = CampaignState.HELD, None
    campaign.save()
    if subjects is not None:
        gone = set(campaign.standings.values_list("subject", flat=True)) - set(subjects)
        campaign.standings.filter(subject__in=gone).delete()
    campaign.changes.all().delete()
    for one in changes:
        one.campaign = campaign
    Change.objects.bulk_create(changes, batch_size=BATCH)
    return campaign if held_because else _show(campaign, at=at)


@transaction.atomic
def let_through(campaign: Campaign, *, at: datetime) -> Campaign:
    """Show a held campaign, or a held reading instead of the one before. Raises NotHeld, NothingToShow."""
    held = _held(campaign)
    if not held.standings.exists():
        raise NothingToShow(held)
    return _show(held, at=at)


@transaction.atomic
def put_aside(campaign: Campaign) -> Campaign:
    """Never show a held campaign; the one before stays. Raises NotHeld."""
    held = _held(campaign)
    held.state = CampaignState.DISCARDED
    held.save(update_fields=["state"])
    held.standings.all().delete()
    held.kept_facts.all().delete()
    return held


def _held(campaign: Campaign) -> Campaign:
    fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if fresh.state != CampaignState.HELD:
        raise NotHeld(fresh)
    return fresh


def _show(campaign: Campaign, *, at: datetime) -> Campaign:
    if campaign.rereads:
        shown = _in_its_place(campaign, campaign.rereads)
    else:
        shown = campaign
        shown.state, shown.published_at = CampaignState.PUBLISHED, at
        shown.save(update_fields=["state", "published_at"])
    _let_go_of_the_old(shown)
    return shown


def _in_its_place(reading: Campaign, shown: Campaign) -> Campaign:
    """The campaign with the new reading of its facts; since when it is shown stays, so that nobody is told twice."""
    shown.standings.all().delete()
    shown.changes.all().delete()
    reading.standings.update(campaign=shown)
    reading.changes.update(campaign=shown)
    for name in READ:
        setattr(shown, name, getattr(reading, name))
    shown.save(update_fields=READ)
    reading.delete()
    return shown


def _let_go_of_the_old(campaign: Campaign) -> None:
    """Standings and facts of earlier campaigns but the last go, except of those that wait; figures and changes stay."""
    same = Campaign.objects.filter(about=campaign.about)
    waiting = list(same.filter(state__in=WAITING).values_list("pk", flat=True))
    shown = list(same.filter(state=CampaignState.PUBLISHED).order_by("-began_at").values_list("pk", flat=True)[:KEPT])
    Standing.objects.filter(campaign__in=same).exclude(campaign__in=[*shown, *waiting]).delete()
    KeptFacts.objects.filter(campaign__in=same).exclude(campaign__in=[*shown[:FACTS_KEPT], *waiting]).delete()
