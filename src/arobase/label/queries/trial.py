"""A configuration tried against the last campaign's dossiers: who would get what, who moves, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arobase.initiatives.queries.referential import referential
from arobase.label.models import Campaign, Snapshot
from arobase.label.queries.campaigns import before
from arobase.label.queries.configuration.editions import configuration_of_revision
from arobase.label.rules.configuration import Configuration
from arobase.label.rules.levels import Obstacle, Standing, standing
from arobase.label.rules.record import mosaic_of
from arobase.label.rules.scoring import Mosaic


@dataclass(frozen=True)
class Move:
    """A dossier whose level by the mosaic alone would change; `obstacles` stand before the level it would lose."""

    snapshot: Snapshot
    was: int
    would_be: int
    obstacles: Sequence[Obstacle]
    mosaic: Mosaic


@dataclass(frozen=True)
class Trial:
    """What a configuration would make of the dossiers handed in for an earlier campaign; levels by the mosaic alone."""

    campaign: Campaign
    dossiers: int
    was: Mapping[int, int]
    would_be: Mapping[int, int]
    moves: Sequence[Move]


def trial(campaign: Campaign, configuration: Configuration) -> Trial | None:
    """Try a configuration; None when no earlier campaign has dossiers that were handed in."""
    earlier = before(campaign)
    if earlier is None:
        return None
    handed_in = Snapshot.objects.filter(dossier__campaign=earlier, milestone=Snapshot.Milestone.SUBMITTED)
    latest = {one.dossier_id: one for one in handed_in.select_related("dossier__territory").order_by("at", "id")}
    was: Counter[int] = Counter()
    would_be: Counter[int] = Counter()
    moves = []
    for snapshot in latest.values():
        old = configuration_of_revision(earlier, snapshot.revision)
        (_mosaic, before_), (mosaic, after) = _standing(snapshot, old), _standing(snapshot, configuration)
        was[before_.arobases] += 1
        would_be[after.arobases] += 1
        if before_.arobases != after.arobases:
            blocking = [one for one in after.obstacles if one.arobases <= before_.arobases]
            moves.append(Move(snapshot, before_.arobases, after.arobases, blocking, mosaic))
    return Trial(earlier, len(latest), was, would_be, moves) if latest else None


def _standing(snapshot: Snapshot, configuration: Configuration) -> tuple[Mosaic, Standing]:
    mosaic = mosaic_of(snapshot.content, referential=referential(), scoring=configuration.scoring)
    return mosaic, standing(mosaic.score, mosaic, configuration.levels)
