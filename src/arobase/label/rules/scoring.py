"""The mosaic: what a territory does, laid over the referential, in points of which there are 100 for everyone.

Points are shared out downwards: a category's among its enjeux, an enjeu's by the weight of its services. What does not
apply to a candidate leaves its points to its siblings, so that a village and a city are both scored out of 100.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from arobase.initiatives.rules.referential import CandidateKind, Referential, Service
from arobase.initiatives.rules.sheets import Maturity, counts

WHOLE = Fraction(100)


class Proof(StrEnum):
    """How a dossier shows an action: it says so, a document says so, or it was measured from outside."""

    DECLARED = "declared"
    DOCUMENTED = "documented"
    MEASURED = "measured"


class Refusal(StrEnum):
    """Why an action does not count."""

    LEFT_OUT = "left out"
    OVER = "over"
    NOT_BEGUN = "not begun"
    ONLY_AN_IDEA = "only an idea"
    NO_SERVICE = "no service"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Action:
    """An initiative as a dossier presents it on the day of its edition."""

    id: int
    services: tuple[str, ...]
    proof: Proof = Proof.DECLARED
    started_on: date | None = None
    ended_on: date | None = None
    maturity: str = Maturity.RUNNING
    is_kept: bool = True
    is_withdrawn: bool = False


def refusal(action: Action, *, on: date) -> Refusal | None:
    """Why an action does not count on the day of closing; None when it counts."""
    if action.is_withdrawn:
        return Refusal.WITHDRAWN
    if not action.is_kept:
        return Refusal.LEFT_OUT
    if not action.services:
        return Refusal.NO_SERVICE
    if action.maturity == Maturity.IDEA:
        return Refusal.ONLY_AN_IDEA
    if action.started_on is None or action.started_on > on:
        return Refusal.NOT_BEGUN
    return None if counts(action.started_on, action.ended_on, on=on) else Refusal.OVER


@dataclass(frozen=True)
class Exemption:
    """Services that do not apply to some candidates, beyond what the referential says of each.

    kinds       of candidates; empty for all
    below       inhabitants under which they do not apply; None whatever the size
    """

    services: frozenset[str]
    kinds: frozenset[CandidateKind] = frozenset()
    below: int | None = None

    def spares(self, kind: CandidateKind, population: int | None) -> bool:
        """Whether a candidate is not asked for these services; an unknown population is no reason."""
        is_small = self.below is None or (population is not None and population < self.below)
        return is_small and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True)
class Scoring:
    """How actions become points.

    categories   points of each category by slug, summing to 100
    full_at      share of an enjeu's weight that earns all of its points, above 0 and at most 1
    worth        what an action counts for by its proof, from 0 to 1
    exemptions   what does not apply to whom
    """

    categories: Mapping[str, Fraction]
    full_at: Fraction
    worth: Mapping[Proof, Fraction]
    exemptions: tuple[Exemption, ...] = ()


@dataclass(frozen=True)
class Tile:
    """An enjeu of the mosaic.

    points, most   earned, and to be earned
    shown          best proof of each service that an action renders
    open           services that apply and that no action renders
    """

    enjeu: str
    category: str
    points: Fraction
    most: Fraction
    shown: Mapping[str, Proof]
    open: tuple[str, ...]

    @property
    def share(self) -> Fraction:
        """Points earned of those to be earned; 0 where nothing applies."""
        return self.points / self.most if self.most else Fraction(0)


@dataclass(frozen=True)
class Mosaic:
    """All actions of a dossier over the enjeux, in the referential's order; `score` is out of 100."""

    tiles: tuple[Tile, ...]

    @property
    def score(self) -> Fraction:
        """Points in all, out of 100."""
        return sum((tile.points for tile in self.tiles), Fraction(0))

    def category_share(self, category: str) -> Fraction:
        """Points of a category earned of those to be earned; 1 where nothing of it applies."""
        tiles = [tile for tile in self.tiles if tile.category == category]
        most = sum((tile.most for tile in tiles), Fraction(0))
        return sum((tile.points for tile in tiles), Fraction(0)) / most if most else Fraction(1)

    @property
    def shown(self) -> Mapping[str, Proof]:
        """Best proof of each service that an action renders."""
        return {slug: proof for tile in self.tiles for slug, proof in tile.shown.items()}


def applicable(
    referential: Referential, scoring: Scoring, *, kind: CandidateKind, population: int | None
) -> tuple[Service, ...]:
    """The services that a candidate is asked for."""
    spared: AbstractSet[str] = frozenset[str]().union(
        *(one.services for one in scoring.exemptions if one.spares(kind, population))
    )
    return tuple(one for one in referential.services_for(kind, population) if one.slug not in spared)


def mosaic(
    referential: Referential,
    scoring: Scoring,
    actions: Iterable[Action],
    *,
    kind: CandidateKind,
    population: int | None,
    on: date,
) -> Mosaic:
    """Lay the actions that count over the enjeux.

    on   the day for which actions must count: the closing's
    """
    asked = applicable(referential, scoring, kind=kind, population=population)
    best = _best_proofs([one for one in actions if refusal(one, on=on) is None], scoring)
    most = _points_of_enjeux(referential, scoring, asked)
    tiles = []
    for enjeu in referential.enjeux:
        services = [one for one in asked if one.enjeu == enjeu.slug]
        shown = {one.slug: best[one.slug] for one in services if one.slug in best}
        open_ = tuple(one.slug for one in services if one.slug not in best)
        earned = most[enjeu.slug] * _filled(services, shown, scoring)
        tiles.append(Tile(enjeu.slug, enjeu.category, earned, most[enjeu.slug], shown, open_))
    return Mosaic(tuple(tiles))


def _best_proofs(actions: Sequence[Action], scoring: Scoring) -> dict[str, Proof]:
    best: dict[str, Proof] = {}
    for action in actions:
        for slug in action.services:
            if slug not in best or scoring.worth[action.proof] > scoring.worth[best[slug]]:
                best[slug] = action.proof
    return best


def _filled(services: Sequence[Service], shown: Mapping[str, Proof], scoring: Scoring) -> Fraction:
    weight = sum(one.weight for one in services)
    if not weight:
        return Fraction(0)
    earned = sum((one.weight * scoring.worth[shown[one.slug]] for one in services if one.slug in shown), Fraction(0))
    return min(Fraction(1), earned / (scoring.full_at * weight))


def _points_of_enjeux(referential: Referential, scoring: Scoring, asked: Sequence[Service]) -> dict[str, Fraction]:
    """Points of each enjeu; an enjeu or a category of which nothing applies leaves its points to its siblings."""
    alive = {one.enjeu for one in asked}
    by_category = {
        category.slug: [one.slug for one in referential.enjeux if one.category == category.slug and one.slug in alive]
        for category in referential.categories
    }
    living = {slug: scoring.categories[slug] for slug, enjeux in by_category.items() if enjeux}
    shared_out = sum(living.values(), Fraction(0))
    points = {one.slug: Fraction(0) for one in referential.enjeux}
    for category, carried in living.items():
        share = carried / shared_out if shared_out else Fraction(1, len(living))
        for slug in by_category[category]:
            points[slug] = WHOLE * share / len(by_category[category])
    return points
