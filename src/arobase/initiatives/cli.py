"""`arobase initiatives`: bring in many at once, write them out, invent examples."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

import click
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from arobase.initiatives.queries.library import shown
from arobase.initiatives.queries.shelf import shelf
from arobase.initiatives.queries.tables import TABLE
from arobase.initiatives.queries.wording import sentence
from arobase.initiatives.sources.bulk import HasInvalidLines, Line, keep, read
from arobase.initiatives.sources.examples import fill
from arobase.web.files import UnreadableFile, bounded, bounded_file
from arobase.web.home import prepare_home
from arobase.web.opendata import WRITERS

AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON sur la sortie standard."))


@click.group(help=_("Les initiatives des territoires : import, export, exemples."))
def initiatives() -> None:
    prepare_home()


@initiatives.command(
    "import",
    help=_(
        "Importe un fichier CSV ou JSON (« - » : entrée standard). Colonnes : code (INSEE, SIREN, ou department:76), "
        "title, et au choix summary, audience, started_on, ended_on, maturity, doer, cost, effort, services (codes "
        "séparés par des espaces), partners et software (séparés par « | »), address, results, contact_name, "
        "contact_email. Même territoire et même titre : la même initiative. Tout, ou rien."
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help=_("Montre sans rien enregistrer."))
@click.option("--publish", is_flag=True, help=_("Publie ce qui est nouveau ; sinon ce sont des brouillons."))
@AS_JSON
def import_(file: Path, dry_run: bool, publish: bool, as_json: bool) -> None:
    at = timezone.now()
    try:
        content = bounded(sys.stdin.buffer) if str(file) == "-" else bounded_file(file)
        lines = read(content, at=at, publish=publish)
        if not dry_run:
            keep(lines, by=None, at=at, publish=publish)
    except UnreadableFile as error:
        _refuse(translation.gettext(error.text) % error.facts, as_json=as_json)
    except HasInvalidLines as error:
        _tell(lines, as_json=as_json)
        click.echo(_("Rien n’est enregistré : %s ligne(s) à corriger d’abord.") % len(error.lines), err=True)
        sys.exit(1)
    _tell(lines, as_json=as_json)


@initiatives.command(help=_("Écrit toutes les initiatives publiées : .csv, .json, .geojson ou .parquet."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path) -> None:
    writer = WRITERS.get(file.suffix.removeprefix("."))
    if writer is None:
        _refuse(_("Terminaison inconnue ; attendu : %s.") % ", ".join(f".{name}" for name in WRITERS), as_json=False)
    rows = shown([int(id) for id in shelf().ids])
    file.write_bytes(writer(TABLE, rows))
    click.echo(_("%(number)s initiatives dans %(file)s") % {"number": len(rows), "file": file}, err=True)


@initiatives.command(help=_("Invente des initiatives, marquées comme telles, pour essayer ou montrer la plateforme."))
@AS_JSON
def examples(as_json: bool) -> None:
    number = fill(timezone.now())
    click.echo(json.dumps({"initiatives": number}) if as_json else _("%s initiatives inventées") % number)


def _tell(lines: list[Line], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"lines": [_document(line) for line in lines]}, ensure_ascii=False))
        return
    for line in lines:
        for problem in line.problems:
            click.echo(_("Ligne %(line)s : %(problem)s") % {"line": line.number, "problem": sentence(problem)})
    counts = Counter(line.outcome for line in lines)
    click.echo(", ".join(f"{outcome}: {number}" for outcome, number in sorted(counts.items())))


def _document(line: Line) -> dict[str, Any]:
    return {
        "line": line.number,
        "status": line.outcome,
        "territory": line.territory or None,
        "title": line.sheet.title,
        "problems": [{"field": one.field, "sentence": sentence(one)} for one in line.problems],
    }


def _refuse(said: str, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": said}, ensure_ascii=False))
    click.echo(said, err=True)
    sys.exit(1)


commands = [initiatives]
