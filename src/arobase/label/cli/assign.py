"""`arobase label assign`: jurors assigned to the dossiers of a file, without touching the database."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from arobase.label.cli.cases import answer_cases, file_argument, json_option
from arobase.label.cli.label import label
from arobase.label.queries.wording import say
from arobase.label.rules.assignment import BadProblem, Impossible, assign
from arobase.label.rules.remarks import Remark
from arobase.label.sources.jury import Case, UnreadableCase, answer_of, case_of, refusal

_SECONDS = 16.0
_REFUSED = (UnreadableCase, BadProblem, Impossible)


@label.command(
    "assign",
    help=_(
        "Attribue les dossiers aux jurés. FILE est un document JSON (« - » : entrée standard) : "
        "dossiers, jurors, "
        "fit [[dossier, juré, 0 à 1]], conflicts [[dossier, juré]], reviews (évaluations par dossier) ; au choix "
        "locked et previous [[dossier, juré]], loads {juré: [moins, plus]}, connect (true : relier les jurés). "
        "Un fichier .jsonl porte un cas par ligne."
    ),
)
@file_argument
@json_option
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=_SECONDS,
    show_default=True,
    help=_("Temps de calcul par cas, en secondes."),
)
def assign_(file: Path, as_json: bool, seconds: float) -> None:
    answer_cases(file, as_json=as_json, answer=partial(_answer, seconds=seconds), show=_print_for_people)


def _answer(text: str, *, seconds: float) -> dict[str, Any]:
    """The document that answers a case; `error`, `reason` and `facts` when there is no assignment."""
    start = time.perf_counter()
    try:
        case: Case = case_of(text)
        with _solver_talking_aside():
            found = assign(case.problem, seconds=seconds, elapsed=lambda: time.perf_counter() - start)
    except _REFUSED as error:
        remark: Remark = refusal(error)
        return {"error": say(remark), "reason": error.reason, "facts": error.facts}
    return {**answer_of(case, found), "seconds": round(time.perf_counter() - start, 3)}


@contextmanager
def _solver_talking_aside() -> Iterator[None]:
    """What HiGHS may print by itself goes to standard error: standard output holds the answer and nothing else."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _print_for_people(answer: dict[str, Any]) -> None:
    facts = {
        "pairs": len(answer["pairs"]),
        "total": f"{answer['total_fit']:.3f}",
        "total_bound": f"{answer['total_bound']:.3f}",
        "worst": f"{answer['worst_dossier_fit']:.3f}",
        "worst_bound": f"{answer['worst_bound']:.3f}",
        "seconds": f"{answer['seconds']:.1f}",
    }
    console = Console()
    console.print(_("%(pairs)s évaluations attribuées en %(seconds)s s.") % facts)
    console.print(_("Dossier le moins bien servi : %(worst)s (au plus %(worst_bound)s).") % facts)
    console.print(
        _("Adéquation totale : %(total)s, prouvée la meilleure à ce plancher.") % facts
        if answer["optimal"]
        else _("Adéquation totale : %(total)s (au plus %(total_bound)s à ce plancher).") % facts
    )
    if not answer["connected"]:
        console.print(
            _("Les jurés ne sont pas tous reliés par des dossiers communs : leurs notes ne se comparent pas.")
        )
    table = Table(_("juré"), _("évaluations"), box=None, header_style="bold")
    for juror, load in answer["loads"].items():
        table.add_row(escape(juror), str(load))
    console.print(table)
