"""`arobase elections seats`: who has how many seats, by which rule, and what the next seat hangs on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from arobase.elections.cli.answering import answer_file
from arobase.elections.rules.seats.changes import Change, Loss, last_seats, next_seats
from arobase.elections.rules.seats.law import Kind, NoRule, SeatsUnknown, rule_of, seats_of
from arobase.elections.rules.seats.rounds import Outcome, outcome
from arobase.elections.sources.ballots import BadCase, Case, case_of


@click.command(
    help=_(
        "Répartit les sièges d’un scrutin de liste d’après les voix. FILE est un document JSON : kind (municipal,"
        " municipal_plm, sector, community, regional, european), year, round, seats ou population, lists [{name, votes,"
        " average_age, et au choix candidates : les noms d’une liste incomplète}]. Toutes les listes y sont : leurs"
        " voix font les suffrages exprimés. Un fichier .jsonl porte un cas par ligne."
    )
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def seats(*, path: Path, as_json: bool) -> None:
    answer_file(path, _answer, as_json=as_json, show=_table)


def _answer(told: Any) -> Mapping[str, Any]:
    try:
        case = case_of(told)
        rule = rule_of(case.kind, case.year, population=case.population)
        number = case.seats or seats_of(case.kind, case.year, population=case.population)
    except NoRule as error:
        raise BadCase([_no_rule(error)]) from error
    except SeatsUnknown as error:
        raise BadCase([_no_seats(case.kind)]) from error
    decided = outcome(case.ballots, rule=rule, seats=number, turn=case.round)
    gains = next_seats(case.ballots, rule=rule, seats=number, turn=case.round)
    losses = last_seats(case.ballots, rule=rule, seats=number, turn=case.round)
    return _told(decided, rule.articles, gains, losses) | {"total": number, "valid": _valid(case)}


def _valid(case: Case) -> int:
    return sum(one.votes for one in case.ballots)


def _no_rule(error: NoRule) -> str:
    facts = {"year": error.year, "kind": error.kind.value, "since": error.since}
    if error.since is not None:
        return (
            _("year : la règle de %(year)s pour « %(kind)s » n’est pas connue ici ; elle l’est depuis %(since)s.")
            % facts
        )
    if error.kind is Kind.COMMUNITY:
        return _(
            "population : au-dessous de 1 000 habitants, les conseillers communautaires ne sont pas élus par liste,"
            " mais désignés dans l’ordre du tableau (Code électoral, L273-11)."
        )
    return (
        _(
            "year : avant mars 2026, les communes de moins de 1 000 habitants n’élisaient pas leur conseil par liste ;"
            " il n’y a pas de sièges à répartir en %(year)s."
        )
        % facts
    )


def _no_seats(kind: Kind) -> str:
    if kind is Kind.MUNICIPAL:
        return _("seats : donnez le nombre de sièges, ou la population municipale (population).")
    if kind is Kind.MUNICIPAL_PLM:
        return _("seats : donnez le nombre de sièges : 163 à Paris, 111 à Marseille, 73 à Lyon.")
    return _("seats : donnez le nombre de sièges ; pour « %(kind)s », rien d’autre ne le dit.") % {"kind": kind.value}


def _told(decided: Outcome, articles: str, gains: Any, losses: Any) -> dict[str, Any]:
    return {
        "seats": dict(decided.seats),
        "elected": decided.elected,
        "rule": articles,
        "ties": [list(names) for names in decided.ties],
        "by_age": list(decided.by_age),
        "winner": decided.winner,
        "bonus": decided.bonus,
        "vacant": decided.vacant,
        "round_two": {"stays": list(decided.stays), "merges": list(decided.merges)},
        "next_seat": [_change(one) for one in gains],
        "last_seat": [_loss(one) for one in losses],
    }


def _change(one: Change) -> Mapping[str, Any]:
    return {
        "list": one.name,
        "votes": one.votes,
        "from": list(one.loses),
        "undecided": one.undecided,
        "tied": one.tied,
        "level": list(one.level),
        "seats": one.seats,
    }


def _loss(one: Loss) -> Mapping[str, Any]:
    return {"list": one.name, "votes": one.votes, "to": list(one.gains), "undecided": one.undecided, "tied": one.tied}


def _table(answer: Mapping[str, Any]) -> None:
    console = Console()
    if answer["elected"]:
        console.print(_seats_table(answer))
    else:
        console.print(_("Personne n’est élu à ce tour."))
        _print_names(console, _("Peuvent se maintenir :"), answer["round_two"]["stays"])
        _print_names(console, _("Peuvent fusionner :"), answer["round_two"]["merges"])
    for names in answer["ties"]:
        _print_names(console, _("À égalité, seul l’âge départage :"), names)
    _print_names(console, _("Départagées par l’âge moyen (à vérifier) :"), answer["by_age"])
    if answer["vacant"]:
        console.print(_("Sièges vacants, faute de candidats : %(count)s.") % {"count": answer["vacant"]})
    console.print(escape(answer["rule"]))


def _print_names(console: Console, label: str, names: list[str]) -> None:
    if names:
        console.print(label, escape(", ".join(names)))


def _seats_table(answer: Mapping[str, Any]) -> Table:
    table = Table(_("liste"), box=None, header_style="bold")
    table.add_column(_("sièges"), justify="right")
    table.add_column(_("voix pour un de plus"), justify="right")
    table.add_column(_("voix dont la perte en coûte un"), justify="right")
    more = {one["list"]: _votes(one) for one in answer["next_seat"]}
    less = {one["list"]: _votes(one) for one in answer["last_seat"]}
    for name, number in answer["seats"].items():
        table.add_row(escape(name), "?" if number is None else str(number), more.get(name, "–"), less.get(name, "–"))
    return table


def _votes(change: Mapping[str, Any]) -> str:
    """How many votes it takes, and what they do where that is not yet a seat."""
    facts = {"votes": change["votes"]}
    if change["undecided"]:
        return _("%(votes)s (personne d’élu)") % facts
    return _("%(votes)s (égalité)") % facts if change["tied"] else str(change["votes"])
