"""The learnt priors as the package ships them: one file, written by `arobase elections backtest --learn`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from arobase.elections.models import Election
from arobase.elections.rules.projection.night import Array
from arobase.elections.rules.projection.priors import Kind, Priors, Provenance, Spreads

FILE = Path(__file__).resolve().parents[1] / "trend_priors.json"
_LEAST = 1e-5  # weights below this are not written
_DIGITS = 6


DEMONSTRATION = FILE.with_name("trend_priors_demonstration.json")


def priors_for(election: Election) -> Priors:
    """The priors by which a night's trend is computed.

    A rehearsal replays a poll of the past: its priors were learnt without the European election of 2019, and without
    the towns that are replayed, so that no model has seen the night that it projects.
    """
    return _learnt(DEMONSTRATION) if election.is_rehearsal else shipped_priors()


def shipped_priors() -> Priors:
    """The priors that `project` uses."""
    return _learnt(FILE)


@cache
def _learnt(path: Path) -> Priors:
    return priors_of(json.loads(path.read_text(encoding="utf-8")))


def priors_of(document: dict[str, Any]) -> Priors:
    """Priors as `document_of_priors` wrote them."""
    spreads = Spreads(**{axis: tuple(values) for axis, values in document["spreads"].items()})
    return Priors(
        spreads=spreads,
        weights={Kind(kind): _full(parts, spreads) for kind, parts in document["weights"].items()},
        stretch={int(level): tuple(factors) for level, factors in document["stretch"].items()},
        overdispersion=document["overdispersion"],
        overdispersion_weight=document["overdispersion_weight"],
        provenance=Provenance(**{**document["provenance"], "polls": tuple(document["provenance"]["polls"])}),
    )


def document_of_priors(priors: Priors) -> dict[str, Any]:
    """Priors as JSON: weights by their place in the flattened grid, small ones left out; their provenance first."""
    provenance = priors.provenance
    return {
        "provenance": None if provenance is None else {**_fields(provenance), "polls": list(provenance.polls)},
        "overdispersion": priors.overdispersion,
        "overdispersion_weight": priors.overdispersion_weight,
        "stretch": {str(level): [round(one, 4) for one in factors] for level, factors in priors.stretch.items()},
        "spreads": {axis: list(values) for axis, values in _fields(priors.spreads).items()},
        "weights": {kind.value: _sparse(weights) for kind, weights in priors.weights.items()},
    }


def _fields(one: Provenance | Spreads) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _sparse(weights: Array) -> dict[str, float]:
    flat = weights.ravel()
    return {str(place): round(float(flat[place]), _DIGITS) for place in np.flatnonzero(flat >= _LEAST)}


def _full(parts: dict[str, float], spreads: Spreads) -> Array:
    flat = np.zeros(int(np.prod(spreads.shape)))
    for place, weight in parts.items():
        flat[int(place)] = weight
    return (flat / flat.sum()).reshape(spreads.shape)
