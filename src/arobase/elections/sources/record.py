"""How the trend did on nights of the past: shipped with the priors, written by `arobase elections backtest --json`."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

FILE = Path(__file__).resolve().parents[1] / "trend_record.json"


def record_sentence() -> str:
    """How often the 90 % interval held the result of the list that won, with its n and its day."""
    found = _record()
    marks = [row["estimators"]["product"] for row in found["rows"]]
    answered = sum(one["answered"] for one in marks)
    held = sum(one["answered"] * one["coverage"]["90"] for one in marks if one["answered"]) / answered
    return _(
        "Essais sur des nuits passées (%(towns)s villes, %(answered)s projections, %(day)s) : l’intervalle contenait le"
        " résultat de la liste arrivée en tête %(held)s fois sur 100, pour 90 annoncées."
    ) % {
        "towns": number_format(found["towns"]),
        "answered": number_format(answered),
        "day": date_format(date.fromisoformat(found["day"]), "DATE_FORMAT"),
        "held": number_format(held, decimal_pos=1),
    }


@cache
def _record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
