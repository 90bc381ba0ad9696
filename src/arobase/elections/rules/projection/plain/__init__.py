"""Plain estimators of a share, to compare the model with: each is a page of a textbook."""

from collections.abc import Callable, Mapping

from arobase.elections.rules.projection.answers import Estimate
from arobase.elections.rules.projection.plain.pooling import raw, weighted
from arobase.elections.rules.projection.plain.ridge import ridge, shrunk
from arobase.elections.rules.projection.plain.sample import Sample
from arobase.elections.rules.projection.plain.swing import swing

PLAIN: Mapping[str, Callable[[Sample], Estimate]] = {
    "raw": raw,
    "weighted": weighted,
    "swing": swing,
    "ridge": ridge,
    "shrunk": shrunk,
}
