"""What would bring a dossier further: the services that would earn the most points, one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from arobase.initiatives.rules.referential import Referential
from arobase.label.rules.scoring import Mosaic, Proof, Scoring


@dataclass(frozen=True)
class Gain:
    """A service and the points that showing it with a proof would add, all else staying as it is."""

    service: str
    enjeu: str
    points: Fraction


def gains(mosaic: Mosaic, referential: Referential, scoring: Scoring, *, proof: Proof) -> list[Gain]:
    """What each service that is not shown would add, the most first; those that would add nothing are left out."""
    found = []
    for tile in mosaic.tiles:
        weights: Mapping[str, int] = {slug: referential.service(slug).weight for slug in (*tile.shown, *tile.open)}
        whole = sum(weights.values())
        if not whole:
            continue
        room = tile.most - tile.points
        for slug in tile.open:
            points = min(room, tile.most * weights[slug] * scoring.worth[proof] / (scoring.full_at * whole))
            if points:
                found.append(Gain(slug, tile.enjeu, points))
    return sorted(found, key=lambda one: (-one.points, one.service))
