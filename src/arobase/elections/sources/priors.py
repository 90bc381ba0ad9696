"""The learnt priors as the package ships them, written by `arobase elections backtest --learn`: a folder of JSON files.

`all.json` was learnt from every poll in every town; `POLL.HALF.json` from the other polls in the other half of the
towns, for nights whose result a model could have seen.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from arobase.elections.models import Election
from arobase.elections.rules.projection.backtesting import half_of
from arobase.elections.rules.projection.night import Array
from arobase.elections.rules.projection.priors import Kind, Priors, Provenance, Spreads
from arobase.elections.sources.former import POLLS

FOLDER = Path(__file__).resolve().parents[1] / "trend_priors"
ALL = "all"
_LEAST = 1e-5  # weights below this are not written
_DIGITS = 6
_UNKNOWN = "2019-europeennes"  # the last; left out where nobody knows which poll a rehearsal replays


def priors_for(election: Election) -> Priors:
    """The priors by which a night's trend is computed.

    A rehearsal replays a poll of the past: its priors were learnt without that poll, as far as its origin names one of
    those learnt from, and without the town, so that no model has seen the night that it projects.
    """
    if not election.is_rehearsal:
        return shipped_priors()
    return shipped_priors(without_poll=_poll_in(election.origin), without_town=election.code)


def shipped_priors(*, without_poll: str = "", without_town: str = "") -> Priors:
    """The priors that `project` uses, or those that know neither a poll (`learnt_polls`) nor a town (INSEE code)."""
    if not without_poll and not without_town:
        return _learnt(ALL)
    poll = without_poll if without_poll in learnt_polls() else _UNKNOWN
    return _learnt(_name(poll, half_of(without_town)))


def learnt_polls() -> tuple[str, ...]:
    """The polls that priors were learnt from."""
    provenance = _learnt(ALL).provenance
    return provenance.polls if provenance else ()


def write_priors(folder: Path, everything: Priors, left_out: Mapping[tuple[str, int], Priors]) -> None:
    """Write the folder that the package ships."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {ALL: everything, **{_name(poll, half): one for (poll, half), one in left_out.items()}}
    for name, priors in named.items():
        text = json.dumps(document_of_priors(priors), separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def priors_in(folder: Path) -> Mapping[tuple[str, int], Priors]:
    """The priors of a folder that leave out a poll and half of the towns, by these."""
    found = {}
    for path in folder.glob("*.*.json"):
        poll, half = path.stem.rsplit(".", 1)
        found[poll, int(half)] = priors_of(json.loads(path.read_text(encoding="utf-8")))
    return found


def _name(poll: str, half: int) -> str:
    return f"{poll}.{half}"


def _poll_in(origin: str) -> str:
    """The poll of the mirror that the origin of a rehearsal's figures names."""
    return next((slug for slug, name in POLLS.items() if name.lower() in origin.lower()), "")


@cache
def _learnt(name: str) -> Priors:
    return priors_of(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


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
