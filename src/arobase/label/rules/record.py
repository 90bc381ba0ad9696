"""All that a dossier says at a moment, as a document whose fingerprint anyone can compute again."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from arobase.initiatives.rules.referential import CandidateKind, Referential
from arobase.label.rules.scoring import Action, Mosaic, Proof, Scoring, mosaic

FORMAT = 1


def record(
    *,
    territory: str,
    label_year: int,
    revision: int,
    kind: CandidateKind,
    population: int | None,
    on: date,
    answers: Mapping[str, str],
    actions: Mapping[int, tuple[Action, Mapping[str, Any]]],
) -> dict[str, Any]:
    """The document of a dossier.

    on        the day for which actions must count
    actions   by id of initiative: what counts of it, and its sheet as it stands
    """
    return {
        "format": FORMAT,
        "territory": territory,
        "label_year": label_year,
        "revision": revision,
        "kind": str(kind),
        "population": population,
        "on": on.isoformat(),
        "answers": dict(sorted(answers.items())),
        "actions": [{**_kept(action), "sheet": dict(sheet)} for _id, (action, sheet) in sorted(actions.items())],
    }


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document's canonical JSON: keys sorted, no spaces, UTF-8 (RFC 8785 for what occurs here).

    >>> fingerprint({"b": 1, "a": "é"})[:12]
    'aa58fba84836'
    """
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def actions_of(document: Mapping[str, Any]) -> list[Action]:
    """The actions that a document keeps."""
    return [
        Action(
            id=one["id"],
            services=tuple(one["services"]),
            proof=Proof(one["proof"]),
            started_on=date.fromisoformat(one["started_on"]) if one["started_on"] else None,
            ended_on=date.fromisoformat(one["ended_on"]) if one["ended_on"] else None,
            maturity=one["maturity"],
            is_kept=one["is_kept"],
            is_withdrawn=one["is_withdrawn"],
        )
        for one in document["actions"]
    ]


def mosaic_of(document: Mapping[str, Any], *, referential: Referential, scoring: Scoring) -> Mosaic:
    """The mosaic computed again from a document."""
    return mosaic(
        referential,
        scoring,
        actions_of(document),
        kind=CandidateKind(document["kind"]),
        population=document["population"],
        on=date.fromisoformat(document["on"]),
    )


def is_as_kept(document: Mapping[str, Any], *, score: str, referential: Referential, scoring: Scoring) -> bool:
    """Whether a score that was kept is what its document gives today."""
    return Fraction(score) == mosaic_of(document, referential=referential, scoring=scoring).score


def _kept(action: Action) -> dict[str, Any]:
    return {
        "id": action.id,
        "services": list(action.services),
        "proof": str(action.proof),
        "started_on": action.started_on.isoformat() if action.started_on else None,
        "ended_on": action.ended_on.isoformat() if action.ended_on else None,
        "maturity": str(action.maturity),
        "is_kept": action.is_kept,
        "is_withdrawn": action.is_withdrawn,
    }
