"""`arobase label calibrate`: the scores of a file corrected for severity, without touching the database."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from arobase.label.cli.cases import answer_cases, file_argument, json_option
from arobase.label.cli.label import label
from arobase.label.queries.wording import say
from arobase.label.rules.calibration import BadScores, calibrate
from arobase.label.sources.scores import UnreadableScores, document_of, refusal, scores_of


@label.command(
    "calibrate",
    help=_(
        "Corrige des notes de ce que chaque juré a de sévère ou d’indulgent. FILE est un document JSON (« - » : entrée "
        "standard) : scores [[dossier, juré, note]]. Un fichier .jsonl porte un cas par ligne. La correction n’est à "
        "appliquer (applied) que si les sévérités diffèrent vraiment ; le test est donné."
    ),
)
@file_argument
@json_option
def calibrate_(file: Path, as_json: bool) -> None:
    answer_cases(file, as_json=as_json, answer=_answer, show=_print_for_people)


def _answer(text: str) -> dict[str, Any]:
    try:
        scores = scores_of(text)
        return document_of(scores, calibrate(scores.rows))
    except (UnreadableScores, BadScores) as error:
        return {"error": say(refusal(error)), "reason": error.reason, "facts": error.facts}


def _print_for_people(answer: dict[str, Any]) -> None:
    console, spread = Console(), answer["severity_spread"]
    facts = {"sd": f"{spread['sd']:.2f}", "p": "–" if spread["p_value"] is None else f"{spread['p_value']:.4f}"}
    console.print(
        _("Les sévérités diffèrent (écart type %(sd)s, p = %(p)s) : la correction s’applique.") % facts
        if answer["applied"]
        else _("Rien ne montre que les sévérités diffèrent (p = %(p)s) : les notes restent brutes.") % facts
    )
    jurors = Table(_("juré"), _("sévérité"), _("erreur type"), box=None, header_style="bold")
    for one in answer["jurors"]:
        jurors.add_row(escape(str(one["id"])), f"{one['severity']:+.2f}", _error(one["se"]))
    dossiers = Table(_("dossier"), _("brute"), _("corrigée"), _("erreur type"), box=None, header_style="bold")
    for one in answer["dossiers"]:
        dossiers.add_row(escape(str(one["id"])), f"{one['raw']:.2f}", f"{one['calibrated']:.2f}", _error(one["se"]))
    console.print(jurors, dossiers)


def _error(se: float | None) -> str:
    return "–" if se is None else f"{se:.2f}"
