"""The numbers of an edition that was published here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from arobase.initiatives.queries.referential import referential
from arobase.label.models import Appeal, Campaign, Decision, Juror, Review, Snapshot
from arobase.label.queries.configuration.editions import configuration_of_revision
from arobase.label.rules.appeals import AppealState
from arobase.label.rules.deliberation import DecisionState
from arobase.label.rules.record import mosaic_of
from arobase.label.rules.reviews import ReviewState
from arobase.label.rules.states import DossierState
from arobase.label.rules.statistics import Result, Row, grouped
from arobase.territories.models import Kind
from arobase.territories.rules.sizes import size_of


@dataclass(frozen=True)
class Statistics:
    """An edition in numbers, as it stands (appeals included).

    enjeux   by slug, dossiers in which something counts there
    """

    campaign: Campaign
    published_at: datetime | None
    whole: Sequence[Row]
    kinds: Sequence[Row]
    sizes: Sequence[Row]
    regions: Sequence[Row]
    begun: int
    reviews: int
    jurors: int
    appeals: int
    raised: int
    enjeux: Mapping[str, int]


def statistics(campaign: Campaign) -> Statistics:
    """The numbers of a published edition."""
    found = Decision.objects.filter(dossier__campaign=campaign, state=DecisionState.PUBLISHED)
    decisions = list(found.select_related("dossier__campaign", "dossier__territory__region"))
    results = [_result(one) for one in decisions]
    done = Review.objects.filter(dossier__campaign=campaign, state=ReviewState.DONE)
    appeals = list(Appeal.objects.filter(dossier__campaign=campaign))
    return Statistics(
        campaign,
        campaign.published_at,
        grouped(results, lambda one: ""),
        grouped(results, lambda one: one.kind),
        grouped(results, lambda one: one.size),
        grouped(results, lambda one: one.region),
        campaign.dossiers.exclude(state=DossierState.WITHDRAWN).count(),
        done.count(),
        Juror.objects.filter(pk__in=done.values("juror")).count(),
        len(appeals),
        sum(one.state == AppealState.CONCLUDED and (one.level or 0) > one.level_before for one in appeals),
        _enjeux(campaign.pk, campaign.published_at),
    )


@lru_cache(maxsize=4)
def _enjeux(campaign_id: int, _published_at: datetime | None) -> Mapping[str, int]:
    """Counted on what was decided on, which no longer changes."""
    found: dict[str, int] = {}
    kept = Snapshot.objects.filter(dossier__campaign=campaign_id, milestone=Snapshot.Milestone.DECIDED)
    for one in kept.select_related("dossier__campaign"):
        scoring = configuration_of_revision(one.dossier.campaign, one.revision).scoring
        for tile in mosaic_of(one.content, referential=referential(), scoring=scoring).tiles:
            found[tile.enjeu] = found.get(tile.enjeu, 0) + bool(tile.points)
    return found


def _result(decision: Decision) -> Result:
    territory = decision.dossier.territory
    size = size_of(territory.population, is_commune=territory.kind == Kind.COMMUNE)
    region = str(territory.region) if territory.region_id else ""
    return Result(decision.level or 1, decision.dossier.get_kind_display(), size, region)
