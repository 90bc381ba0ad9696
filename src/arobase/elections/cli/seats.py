"""`arobase elections seats`: who has how many seats, by which rule, and what the next seat hangs on."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from arobase.elections.rules.seats.changes import Change, next_seats
from arobase.elections.rules.seats.law import NoRule, SeatsUnknown, rule_of, seats_of
from arobase.elections.rules.seats.rounds import Outcome, outcome
from arobase.elections.sources.ballots import BadCase, Case, case_of
from arobase.elections.sources.jsonl import answers, document


@click.command(help=_("Répartit les sièges d’un scrutin de liste d’après les voix : un cas par fichier, ou par ligne."))
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def seats(*, path: Path, as_json: bool) -> None:
    if path.suffix == ".jsonl":
        went_well = True
        for answer, is_well in answers(path, _answer):
            click.echo(json.dumps(answer, ensure_ascii=False))
            went_well &= is_well
        sys.exit(not went_well)
    try:
        answer = _answer(document(path))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(answer, ensure_ascii=False)) if as_json else _table(answer)


def _answer(told: Any) -> Mapping[str, Any]:
    case = case_of(told)
    try:
        rule = rule_of(case.kind, case.year, population=case.population)
    except NoRule as error:
        raise BadCase([_no_rule(error)]) from error
    try:
        number = case.seats or seats_of(case.kind, case.year, population=case.population)
    except SeatsUnknown as error:
        raise BadCase([_("seats : donnez le nombre de sièges, ou la population d’une commune.")]) from error
    decided = outcome(case.ballots, rule=rule, seats=number, turn=case.round)
    changes = next_seats(case.ballots, rule=rule, seats=number, turn=case.round)
    return _told(case, decided, rule.articles, [_change(one) for one in changes])


def _no_rule(error: NoRule) -> str:
    return _(
        "year : la répartition de %(year)s pour « %(kind)s » n’est pas connue ici (avant 2026, les communes de moins de"
        " 1 000 habitants ne votaient pas par liste)."
    ) % {"year": error.year, "kind": error.kind.value}


def _told(case: Case, decided: Outcome, articles: str, changes: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {
        "seats": dict(decided.seats),
        "elected": decided.elected,
        "rule": articles,
        "ties": [list(names) for names in decided.ties],
        "winner": decided.winner,
        "bonus": decided.bonus,
        "round_two": {"stays": list(decided.stays), "merges": list(decided.merges)},
        "next_seat": changes,
    }


def _change(one: Change) -> Mapping[str, Any]:
    return {"list": one.name, "votes": one.votes, "from": list(one.loses), "undecided": one.undecided}


def _table(answer: Mapping[str, Any]) -> None:
    for name, number in answer["seats"].items():
        click.echo(f"{'?' if number is None else number:>4}  {name}")
    if not answer["elected"]:
        click.echo(_("Personne n’est élu à ce tour. Au second tour : %s.") % ", ".join(answer["round_two"]["stays"]))
    for names in answer["ties"]:
        click.echo(_("À égalité, l’âge moyen départage : %s.") % ", ".join(names))
    click.echo(answer["rule"])
