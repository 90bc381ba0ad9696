"""Back-testing: past polls projected as if they were tonight, with priors that know neither the poll nor the town.

For each poll, priors are learnt from the other polls in the other half of the towns; the stretch of intervals from
trial nights of those polls and towns, each projected with weights that leave out its own poll too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from arobase.elections.rules.projection.answers import Projection
from arobase.elections.rules.projection.learning import (
    Likelihoods,
    Residual,
    learnt_stretch,
    learnt_weights,
    likelihoods_of,
    residual_of,
)
from arobase.elections.rules.projection.night import Array, Night
from arobase.elections.rules.projection.plain import PLAIN
from arobase.elections.rules.projection.plain.sample import samples_of
from arobase.elections.rules.projection.priors import MIXED, Kind, Priors, Spreads, flat_priors
from arobase.elections.rules.projection.projecting import project
from arobase.elections.rules.projection.scores import Foretold, Mark, foretold
from arobase.elections.rules.projection.shares import weigh_shares
from arobase.elections.rules.projection.trials import ROWS, Row, TownPoll, counted_night, drawn_night

PRODUCT = "product"
SPREADS, TRIALS = (1.0, 1.6, 2.56), 3  # φ of the bags of trial nights that the stretch is learnt from; nights of each
LIKELY = 1.6  # φ that real bags do not exceed: worse ones teach only what holds where tonight's are seen to be so bad
_APART = 1_000_000  # between the seeds of trials: those of nights that are judged lie between
Step = Callable[[], None]


@dataclass(frozen=True)
class Pair:
    """A town's poll and the former election that goes with it."""

    poll: TownPoll
    former: TownPoll | None

    @property
    def half(self) -> int:
        """Which half of the towns it belongs to."""
        return half_of(self.poll.town)


def half_of(town: str) -> int:
    """Which half of the towns a town belongs to, 0 or 1, by its code (INSEE): any town's, learnt from or not.

    >>> [half_of(code) for code in ("11262", "31555", "2A004")]
    [0, 1, 1]
    """
    return sum(town.encode()) % 2


def nothing() -> None:
    """No progress to tell."""


def fitted(pairs: Sequence[Pair], *, priors: Priors, step: Step = nothing) -> dict[int, Likelihoods]:
    """The likelihoods of each pair's whole result, by its place."""
    found = {}
    for place, pair in enumerate(pairs):
        found[place] = likelihoods_of(counted_night(pair.poll, pair.former), priors=priors)
        step()
    return found


@dataclass
class _Library:
    """Weights by what is left out, each learnt once: polls, and the half of the towns (None: no half)."""

    pairs: Sequence[Pair]
    likelihoods: Mapping[int, Likelihoods]
    spreads: Spreads
    kept: dict[tuple[frozenset[str], int | None], Mapping[Kind, Array]] = field(default_factory=dict)

    def without(self, polls: frozenset[str], half: int | None) -> Mapping[Kind, Array]:
        if (polls, half) not in self.kept:
            inside = (
                self.likelihoods[place]
                for place, pair in enumerate(self.pairs)
                if pair.poll.poll not in polls and pair.half != half
            )
            self.kept[polls, half] = learnt_weights(inside, spreads=self.spreads)
        return self.kept[polls, half]


@dataclass(frozen=True)
class Learnt:
    """Priors learnt from all pairs, and for each poll and half of the towns those of other polls in the other half."""

    all: Priors
    left_out: Mapping[tuple[str, int], Priors]


def learnt(
    pairs: Sequence[Pair], likelihoods: Mapping[int, Likelihoods], *, start: Priors, seed: int, step: Step = nothing
) -> Learnt:
    """All priors at once: the stretch from trials of every row, each projected without its own poll too."""
    library = _Library(pairs, likelihoods, start.spreads)
    wanted = sorted({(pair.poll.poll, pair.half) for pair in pairs})
    everything: list[Residual] = []
    apart: dict[tuple[str, int], list[Residual]] = {key: [] for key in wanted}
    for pair in pairs:
        own = frozenset({pair.poll.poll})
        keys = [(poll, half) for poll, half in wanted if poll != pair.poll.poll and half != pair.half]
        weights = [library.without(own, None), *(library.without(own | {poll}, half) for poll, half in keys)]
        kept = [everything, *(apart[key] for key in keys)]
        for found in _residuals(pair, [replace(start, weights=one) for one in weights], seed=seed):
            for residuals, one in zip(kept, found, strict=True):
                residuals.append(one)
        step()
    return Learnt(
        all=replace(start, weights=library.without(frozenset(), None), stretch=learnt_stretch(everything)),
        left_out={
            (poll, half): replace(
                start, weights=library.without(frozenset({poll}), half), stretch=learnt_stretch(apart[poll, half])
            )
            for poll, half in wanted
        },
    )


def _residuals(pair: Pair, priors: Sequence[Priors], *, seed: int) -> Iterator[list[Residual]]:
    """Trial nights of every row, with the former election and without, as each of the priors projects them."""
    leader = pair.poll.leader
    formers = [pair.former, None] if pair.former else [None]
    for number, spread, former, trial in product(range(len(ROWS)), SPREADS, formers, range(TRIALS)):
        rng = generator(pair, number, seed=seed + _APART * trial, spread=spread)
        night = drawn_night(pair.poll, former, ROWS[number], spread=spread, rng=rng)
        found = weigh_shares(night, voters=night.counted.voters.astype(float), priors=priors[0])
        if spread > LIKELY and found.asked.overdispersion <= MIXED[-1]:
            continue
        truth = float(pair.poll.shares[leader])
        yield [residual_of(found, priors=one, choice=leader, truth=truth) for one in priors]


def generator(pair: Pair, number: int, *, seed: int, spread: float) -> np.random.Generator:
    """The draws of one night: fixed by the seed, the town, the poll, the row and the spread of bags."""
    name = f"{pair.poll.town}/{pair.poll.poll}".encode()
    return np.random.default_rng([seed, number, round(1000 * spread), *name])


@dataclass(frozen=True)
class Trial:
    """A drawn night with what came of it by each estimator.

    marks      by estimator; None where it is silent
    foretold   the chances that the product told, beside what came
    """

    pair: Pair
    row: Row
    spread: float
    night: Night
    marks: Mapping[str, Mark | None]
    foretold: Sequence[Foretold]


def trials(
    pairs: Iterable[Pair],
    priors: Mapping[tuple[str, int], Priors],
    *,
    rows: Sequence[Row] = ROWS,
    spreads: Sequence[float],
    draws: int,
    seed: int,
) -> Iterator[Trial]:
    """Every pair drawn and projected in every row, by the product and by the plain estimators."""
    for pair in pairs:
        for number, row in enumerate(rows):
            for spread in spreads:
                for draw in range(draws):
                    rng = generator(pair, number, seed=seed + 1000 * (draw + 1), spread=spread)
                    night = drawn_night(pair.poll, pair.former, row, spread=spread, rng=rng)
                    marks, told = judged(night, pair, priors=priors[pair.poll.poll, pair.half])
                    yield Trial(pair=pair, row=row, spread=spread, night=night, marks=marks, foretold=told)


def judged(night: Night, pair: Pair, *, priors: Priors) -> tuple[Mapping[str, Mark | None], Sequence[Foretold]]:
    """The final leader's share by each estimator beside the truth, and the chances that the product told."""
    leader = pair.poll.leader
    truth = float(pair.poll.shares[leader])
    sample = samples_of(night)[leader]
    found: dict[str, Mark | None] = {name: Mark(plain(sample), truth) for name, plain in PLAIN.items()}
    projection = project(night, priors=priors)
    if not isinstance(projection, Projection):
        return {**found, PRODUCT: None}, ()
    mine = Mark(projection.outlooks[leader].estimate, truth)
    return {**found, PRODUCT: mine}, tuple(foretold(projection, pair.poll.votes.sum(axis=0).tolist()))


def starting_priors() -> Priors:
    """Where learning starts from."""
    return flat_priors()
