"""`arobase laureates`: results of the label brought in from a file."""

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from arobase.label.actions.imports import Recorded
from arobase.label.models import Import, Line
from arobase.label.queries.places import are_known
from arobase.label.queries.wording import say
from arobase.label.rules.lines import ReadLine
from arobase.label.rules.reconciliation import Status
from arobase.label.sources.laureates import NOT_LOADED, as_document, case_of, import_lines, preview, understood
from arobase.registry.registers import data_sources
from arobase.territories.actions.loading import chosen, load
from arobase.web.files import UnreadableFile, bounded, bounded_file, decoded
from arobase.web.home import prepare_home

_STYLES = {Status.EXACT: "green", Status.HISTORICAL: "cyan", Status.PROPOSED: "yellow"}


@click.group(help=_("Les lauréats du label : import des résultats d’une année."))
def laureates() -> None:
    prepare_home()


@laureates.command(
    "import",
    help=_(
        "Importe un fichier CSV de résultats (« - » : entrée standard). En-tête : year, territory ou code ; au choix "
        "department, level, mention, source. Commencez par --dry-run : rien n’est enregistré, et chaque ligne dit ce "
        "qu’elle deviendrait. Ce qui ne peut pas être placé sans doute attend dans la liste à régler (/label/imports)."
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help=_("Montre sans rien enregistrer."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON sur la sortie standard."))
@click.option("--sample", is_flag=True, help=_("Marque ces lauréats comme un échantillon."))
def import_(file: Path, dry_run: bool, as_json: bool, sample: bool) -> None:
    try:
        content = bounded(sys.stdin.buffer) if str(file) == "-" else bounded_file(file)
        _ensure_places()
        if file.suffix == ".jsonl":
            _import_cases(content, file=file, dry_run=dry_run, sample=sample)
            return
        seen = preview(content)
    except UnreadableFile as error:
        refuse(say(error), as_json=as_json)
    recorded = None
    if not dry_run:
        recorded = import_lines(
            seen.table.lines,
            sha256=seen.sha256,
            file_name=file.name,
            by=None,
            at=timezone.now(),
            origin=Import.Origin.SAMPLE if sample else Import.Origin.FILE,
        )
    if seen.table.ignored:
        click.echo(_("Colonnes ignorées : %s") % ", ".join(seen.table.ignored), err=True)
    if as_json:
        click.echo(json.dumps(_document(seen.lines, seen.totals, recorded, seen.table.ignored), ensure_ascii=False))
    else:
        _print_for_people(seen.lines, seen.totals)
        _tell(recorded)


def _ensure_places() -> None:
    """Load the geographic code when no commune is known, so that the command works on an empty home."""
    if are_known():
        return
    if "code" not in data_sources.names():
        raise UnreadableFile(NOT_LOADED.text)
    say_aside(_("Aucune commune n’est connue : chargement du code officiel géographique…"))
    outcomes = load(
        chosen(["code"]),
        departments=frozenset(),
        progress=lambda _what, _done, _total: None,
        home=settings.HOME,
        clock=timezone.now,
        tell=say_aside,
    )
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    if failures or not are_known():
        raise UnreadableFile(" ".join([NOT_LOADED.text, *failures]))


def say_aside(message: str) -> None:
    """A message for a person, beside the answer."""
    click.echo(message, err=True)


def refuse(message: str, *, as_json: bool) -> NoReturn:
    """End with code 1 and the reason, on standard error and, if asked for, as a JSON document."""
    if as_json:
        click.echo(json.dumps({"error": message}, ensure_ascii=False))
    click.echo(message, err=True)
    sys.exit(1)


def _import_cases(content: bytes, *, file: Path, dry_run: bool, sample: bool) -> None:
    """One object a line in, one document a line out; a bad one says so on its line and the others go on."""
    answers: list[dict[str, Any] | None] = []
    cases = []
    for number, text in enumerate(decoded(content)[0].splitlines(), 1):
        if not text.strip():
            continue
        try:
            cases.append(case_of(text, number=number))
            answers.append(None)
        except ValueError as error:
            answers.append({"line": number, "error": str(error)})
    read_lines = understood(cases)
    documents = iter([as_document(line) for line in read_lines])
    if not dry_run:
        import_lines(
            cases,
            sha256=sha256(content).hexdigest(),
            file_name=file.name,
            by=None,
            at=timezone.now(),
            origin=Import.Origin.SAMPLE if sample else Import.Origin.FILE,
        )
    for answer in answers:
        click.echo(json.dumps(answer or next(documents), ensure_ascii=False))


def _document(
    lines: tuple[ReadLine, ...], totals: dict[str, int], recorded: Recorded | None, ignored: tuple[str, ...]
) -> dict[str, Any]:
    document: dict[str, Any] = {
        "lines": [as_document(line) for line in lines],
        "totals": {**totals, "lines": len(lines)},
        "ignored_columns": list(ignored),
        "dry_run": recorded is None,
    }
    if recorded:
        document["import"] = recorded.import_id
        document["recorded"] = {
            name: {"added": changes.added, "changed": changes.changed, "removed": changes.removed}
            for name, changes in (("lines", recorded.lines), ("awards", recorded.awards))
        }
    return document


def _print_for_people(lines: tuple[ReadLine, ...], totals: dict[str, int]) -> None:
    table = RichTable(_("ligne"), _("imprimé"), _("état"), _("code"), _("à savoir"), box=None, header_style="bold")
    for line in lines:
        name = line.printed.cell("territory") or line.printed.cell("code")
        style = _STYLES.get(line.status, "red")
        table.add_row(
            str(line.printed.number),
            escape(name),
            f"[{style}]{_label(line.status)}[/{style}]",
            line.outcome.code or "",
            escape("\n".join(_remarks(line))),
        )
    console = Console()
    console.print(table)
    console.print(", ".join(f"{_label(Status(name))} : {count}" for name, count in totals.items()))


def _label(status: Status) -> str:
    return str(Line.Status(status.value).label)


def _remarks(line: ReadLine) -> Iterator[str]:
    for problem in line.problems:
        yield say(problem)
    for candidate in line.outcome.candidates[:3]:
        yield f"→ {candidate.code} {candidate.name} : {say(candidate.why)}"


def _tell(recorded: Recorded | None) -> None:
    if recorded is None:
        click.echo(_("Essai à blanc : rien n’a été enregistré."), err=True)
        return
    click.echo(
        _("%(lines)s lignes nouvelles, %(added)s prix ajoutés, %(changed)s modifiés.")
        % {"lines": recorded.lines.added, "added": recorded.awards.added, "changed": recorded.awards.changed},
        err=True,
    )
