"""Scores of a jury as JSON has them: read, checked, and the calibration given back with its ids as they came."""

import json
from dataclasses import dataclass
from typing import Any

from arobase.label.rules.calibration import BadScores, Calibration
from arobase.label.rules.remarks import Remark, _

Id = str | int
Facts = dict[str, str | int]
_SENTENCES = {
    "not_json": _("Le cas n’est pas du JSON : %(where)s."),
    "no_scores": _("Le champ « scores » manque : attendu une liste de [dossier, juré, note]."),
    "row": _("Champ « scores », élément %(number)s : attendu [dossier, juré, note], la note étant un nombre."),
    "empty": _("La liste « scores » est vide."),
    "not_finite": _(
        "Élément %(number)s : la note de « %(juror)s » au dossier « %(dossier)s » n’est pas un nombre fini."
    ),
    "duplicate": _("Élément %(number)s : « %(juror)s » a déjà noté le dossier « %(dossier)s »."),
}


class UnreadableScores(ValueError):
    """A case that holds no scores; `reason` is a word for machines."""

    def __init__(self, reason: str, **facts: str | int) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(f"{reason}: {facts}")


@dataclass(frozen=True)
class Scores:
    """Scores, and each id as the file writes it."""

    rows: tuple[tuple[str, str, float], ...]
    dossiers: dict[str, Id]
    jurors: dict[str, Id]


def scores_of(text: str) -> Scores:
    """The scores that a JSON object tells. Raises UnreadableScores."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableScores("not_json", where=str(error)) from error
    rows = told.get("scores") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise UnreadableScores("no_scores")
    found: list[tuple[str, str, float]] = []
    dossiers: dict[str, Id] = {}
    jurors: dict[str, Id] = {}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != 3 or not _is_row(*row):  # noqa: PLR2004 - dossier, juror, score
            raise UnreadableScores("row", number=number)
        dossier, juror, score = row
        dossiers[str(dossier)], jurors[str(juror)] = dossier, juror
        found.append((str(dossier), str(juror), float(score)))
    return Scores(tuple(found), dossiers, jurors)


def _is_row(dossier: object, juror: object, score: object) -> bool:
    ids = all(isinstance(one, str | int) and not isinstance(one, bool) for one in (dossier, juror))
    return ids and isinstance(score, int | float) and not isinstance(score, bool)


def document_of(scores: Scores, found: Calibration) -> dict[str, Any]:
    """The calibration for programs, as the contract of `arobase label calibrate` has it.

    `calibrated` is always the model's grade; `grade` is what the label would use: that one only when `applied`.
    """
    return {
        "dossiers": [
            {
                "id": scores.dossiers[one.id],
                "raw": one.raw,
                "calibrated": one.calibrated,
                "se": one.se,
                "grade": one.calibrated if found.applied else one.raw,
                "group": one.group,
            }
            for one in found.dossiers
        ],
        "jurors": [
            {"id": scores.jurors[one.id], "severity": one.severity, "se": one.se, "group": one.group}
            for one in found.jurors
        ],
        "applied": found.applied,
        "severity_spread": {
            "sd": found.spread.sd,
            "test": found.spread.test,
            "statistic": found.spread.statistic,
            "df": list(found.spread.df),
            "p_value": found.spread.p_value,
        },
        "components": found.components,
    }


def refusal(error: UnreadableScores | BadScores) -> Remark:
    """The sentence that says why there is no calibration."""
    return Remark(_SENTENCES[error.reason], error.facts)
