"""`arobase elections project`: the trend of the night in a file, without touching the database."""

from functools import partial
from pathlib import Path
from typing import Any

import click
from django.utils import formats
from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from arobase.elections.cli.answering import answer_file
from arobase.elections.rules.projection import Priors, project
from arobase.elections.sources.nights import document_of, night_of
from arobase.elections.sources.priors import learnt_polls, shipped_priors

LEAST = 0.001  # chance below which an open night's possible ends tell none


@click.command(
    "project",
    help=_(
        "Projette le résultat final d’une nuit à partir des premières enveloppes, avec ses intervalles, ou se tait en "
        "disant pourquoi. FILE est un document JSON : choices, stations [{id, registered, voters, bags [{ballots, "
        "blank, null, votes}], complete, previous}]. Un fichier .jsonl porte une nuit par ligne."
    ),
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--without-poll",
    metavar="POLL",
    default="",
    help=_("Projette par des réglages qui ne connaissent pas ce scrutin, par exemple 2019-europeennes."),
)
@click.option(
    "--without-town",
    metavar="CODE",
    default="",
    help=_("Projette par des réglages qui ne connaissent pas cette commune (code INSEE)."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def project_(*, path: Path, without_poll: str, without_town: str, as_json: bool) -> None:
    if without_poll and without_poll not in learnt_polls():
        said = _("Aucun réglage n’a été appris sans «\u202f%(poll)s\u202f». Scrutins connus\u00a0: %(known)s.")
        raise click.BadParameter(said % {"poll": without_poll, "known": ", ".join(learnt_polls())})
    priors = shipped_priors(without_poll=without_poll, without_town=without_town)
    answer_file(path, partial(_answer, priors=priors), as_json=as_json, show=_print_for_people)


def _answer(told: Any, *, priors: Priors) -> dict[str, Any]:
    return document_of(project(night_of(told), priors=priors))


def _print_for_people(answer: dict[str, Any]) -> None:
    console = Console()
    if answer["silent"]:
        console.print(answer["reason"])
        return
    table = Table(_("candidature"), _("part"), _("entre (90 %)"), _("en tête"), box=None, header_style="bold")
    for one in answer["choices"]:
        table.add_row(escape(one["name"]), _percent(one["share"]), _between(one), _chance(one["p_first"], answer))
    console.print(table)
    if turnout := answer["turnout"]:
        facts = {"share": _percent(turnout["share"]), "between": _between(turnout)}
        console.print(_("Participation\u00a0: %(share)s (entre %(between)s).") % facts)
    console.print(
        _(
            "%(stations)s bureaux, %(counted)s des suffrages attendus sont comptés. Majorité absolue\u00a0: "
            "%(majority)s."
        )
        % {
            "stations": answer["stations"],
            "counted": _percent(answer["counted"]),
            "majority": _chance(answer["p_majority"], answer),
        }
    )


def _between(one: dict[str, Any]) -> str:
    low, high = one["intervals"]["90"]
    return f"{_percent(low)} – {_percent(high)}"


def _chance(p: float, answer: dict[str, Any]) -> str:
    """A chance in per cent: of an open night, none that 2,000 possible ends cannot tell from certainty."""
    if answer["final"] or LEAST <= p <= 1 - LEAST:
        return _percent(p)
    return f"< {_percent(LEAST)}" if p < LEAST else f"> {_percent(1 - LEAST)}"


def _percent(share: float) -> str:
    return f"{formats.number_format(100 * share, decimal_pos=1)}\u00a0%"
