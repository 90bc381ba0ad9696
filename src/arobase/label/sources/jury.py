"""A case of assignment as JSON has it: read, checked, and the answer given back with its ids as they came."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from arobase.label.rules.assignment import Assignment, BadProblem, Impossible, Problem
from arobase.label.rules.jury import Fact, Pair
from arobase.label.rules.remarks import Remark, _

Id = str | int
_MOST_SHOWN = 5


class UnreadableCase(ValueError):
    """A case that is no problem at all; `reason` is a word for machines, `facts` say which and where."""

    def __init__(self, reason: str, **facts: Fact) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(f"{reason}: {facts}")


@dataclass(frozen=True)
class Case:
    """A problem, and each id as the file writes it."""

    problem: Problem
    dossiers: dict[str, Id]
    jurors: dict[str, Id]


def case_of(text: str) -> Case:
    """The case that a JSON object tells. Raises UnreadableCase, and BadProblem for an id or a fit that cannot be."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableCase("not_json", where=str(error)) from error
    if not isinstance(told, dict):
        raise UnreadableCase("not_an_object")
    dossiers, jurors = _ids(told, "dossiers"), _ids(told, "jurors")
    reviews = told.get("reviews")
    if not isinstance(reviews, int) or isinstance(reviews, bool):
        raise UnreadableCase("field", field="reviews")
    problem = Problem(
        dossiers=tuple(dossiers),
        jurors=tuple(jurors),
        fit=_fits(told, dossiers=tuple(dossiers), jurors=tuple(jurors)),
        conflicts=_pairs(told, "conflicts"),
        reviews=reviews,
        locked=_pairs(told, "locked"),
        loads=_loads(told),
        previous=_pairs(told, "previous"),
        connect=told.get("connect") is True,
    )
    return Case(problem, dossiers, jurors)


def answer_of(case: Case, found: Assignment) -> dict[str, Any]:
    """The assignment for programs, as the contract of `arobase label assign` has it."""
    return {
        "pairs": [[case.dossiers[dossier], case.jurors[juror]] for dossier, juror in found.pairs],
        "total_fit": found.total_fit,
        "total_bound": found.total_bound,
        "worst_dossier_fit": found.worst_dossier_fit,
        "worst_bound": found.worst_bound,
        "loads": dict(found.loads),
        "optimal": found.optimal,
        "floor": found.floor,
        "connected": found.connected,
    }


# --- reading -------------------------------------------------------------------------------------------------------


def _name(value: object, *, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnreadableCase("id", field=field)
    return str(value)


def _ids(told: dict[str, Any], field: str) -> dict[str, Id]:
    values = told.get(field)
    if not isinstance(values, list):
        raise UnreadableCase("field", field=field)
    names: dict[str, Id] = {}
    for value in values:
        name = _name(value, field=field)
        if name in names:
            raise BadProblem("duplicate", where=field, id=name)
        names[name] = value
    return names


def _rows(told: dict[str, Any], field: str, *, length: int) -> Iterable[list[Any]]:
    rows = told.get(field)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise UnreadableCase("field", field=field)
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != length:
            raise UnreadableCase("row", field=field, number=number)
    return rows


def _pairs(told: dict[str, Any], field: str) -> frozenset[Pair]:
    rows = _rows(told, field, length=2)
    return frozenset((_name(dossier, field=field), _name(juror, field=field)) for dossier, juror in rows)


def _fits(told: dict[str, Any], *, dossiers: tuple[str, ...], jurors: tuple[str, ...]) -> np.ndarray[Any, Any]:
    row = {name: place for place, name in enumerate(dossiers)}
    column = {name: place for place, name in enumerate(jurors)}
    fit = np.zeros((len(dossiers), len(jurors)))
    for number, (dossier, juror, value) in enumerate(_rows(told, "fit", length=3), 1):
        dossier_name, juror_name = _name(dossier, field="fit"), _name(juror, field="fit")
        if dossier_name not in row:
            raise BadProblem("unknown_dossier", where="fit", id=dossier_name)
        if juror_name not in column:
            raise BadProblem("unknown_juror", where="fit", id=juror_name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnreadableCase("row", field="fit", number=number)
        if not 0 <= value <= 1:
            raise BadProblem("fit", dossier=dossier_name, juror=juror_name, fit=str(value))
        fit[row[dossier_name], column[juror_name]] = value
    return fit


def _loads(told: dict[str, Any]) -> dict[str, tuple[int, int]] | None:
    loads = told.get("loads")
    if loads is None:
        return None
    if not isinstance(loads, dict):
        raise UnreadableCase("field", field="loads")
    for number, pair in enumerate(loads.values(), 1):
        if not isinstance(pair, list) or [type(part) for part in pair] != [int, int]:
            raise UnreadableCase("row", field="loads", number=number)
    return {juror: (least, most) for juror, (least, most) in loads.items()}


# --- what is told when there is no assignment ----------------------------------------------------------------------

_SENTENCES = {
    "not_json": _("Le cas n’est pas du JSON : %(where)s."),
    "not_an_object": _("Le cas n’est pas un objet JSON (attendu : dossiers, jurors, fit, conflicts, reviews)."),
    "field": _("Le champ « %(field)s » manque ou n’a pas la forme attendue."),
    "row": _("Champ « %(field)s », élément %(number)s : il n’a pas la forme attendue."),
    "id": _("Champ « %(field)s » : un identifiant doit être un texte ou un entier."),
    "empty": _("La liste « %(where)s » est vide."),
    "duplicate": _("L’identifiant « %(id)s » figure deux fois dans « %(where)s »."),
    "reviews": _("Il faut au moins une évaluation par dossier, non %(reviews)s."),
    "shape": _("Le tableau des adéquations doit avoir %(rows)s lignes et %(columns)s colonnes."),
    "fit": _("L’adéquation de « %(juror)s » au dossier « %(dossier)s » vaut %(fit)s : attendu entre 0 et 1."),
    "unknown_dossier": _("Le dossier « %(id)s », nommé dans « %(where)s », n’existe pas."),
    "unknown_juror": _("Le juré « %(id)s », nommé dans « %(where)s », n’existe pas."),
    "no_load": _("La charge du juré « %(juror)s » n’est pas donnée."),
    "load": _("La charge du juré « %(juror)s » va de %(least)s à %(most)s : attendu 0 ≤ moins ≤ plus."),
    "locked_conflict": _("Le dossier « %(dossier)s » est imposé au juré « %(juror)s », qui est en conflit avec lui."),
    "dossier_over_locked": _("Le dossier « %(dossier)s » a %(locked)s jurés imposés pour %(reviews)s évaluations."),
    "too_few_jurors": _("Jurés sans conflit avec le dossier « %(dossier)s » : %(available)s, il en faut %(needed)s."),
    "quotas_too_low": _("Il faut %(needed)s évaluations, les charges n’en permettent que %(allowed)s."),
    "quotas_too_high": _("Les charges promettent %(promised)s évaluations, il n’y en a que %(needed)s."),
    "juror_over_locked": _("Le juré « %(juror)s » a %(locked)s dossiers imposés, sa charge n’en permet que %(most)s."),
    "too_few_dossiers": _(
        "Dossiers sans conflit avec le juré « %(juror)s » : %(available)s, sa charge en demande %(least)s."
    ),
    "dossiers_short_of_jurors": _(
        "Les dossiers %(dossiers)s demandent ensemble %(needed)s évaluations ; les jurés sans conflit avec eux ne "
        "peuvent en donner que %(allowed)s."
    ),
    "jurors_short_of_dossiers": _(
        "Les jurés %(jurors)s doivent recevoir ensemble %(promised)s évaluations ; les dossiers sans conflit avec eux "
        "n’en offrent que %(available)s."
    ),
}


def refusal(error: UnreadableCase | BadProblem | Impossible) -> Remark:
    """The sentence that says why there is no assignment."""
    return Remark(_SENTENCES[error.reason], {name: _told(fact) for name, fact in error.facts.items()})


def _told(fact: Fact) -> str | int:
    if isinstance(fact, tuple):
        return ", ".join(fact[:_MOST_SHOWN]) + (f"… ({len(fact)})" if len(fact) > _MOST_SHOWN else "")
    return str(fact) if isinstance(fact, float) else fact
