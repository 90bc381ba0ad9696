"""`arobase initiatives`: bring in many at once, write them out, invent examples."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

import click
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rich.progress import track

from arobase.initiatives.queries.library import shown
from arobase.initiatives.queries.links import due
from arobase.initiatives.queries.referential import referential as current_referential
from arobase.initiatives.queries.shelf import shelf
from arobase.initiatives.queries.tables import TABLE
from arobase.initiatives.queries.wording import sentence
from arobase.initiatives.rules.links import LinkState
from arobase.initiatives.rules.referential import BadReferential, Problem, difference
from arobase.initiatives.sources.bulk import HasInvalidLines, Line, keep, read
from arobase.initiatives.sources.examples import fill
from arobase.initiatives.sources.links import check as check_links
from arobase.initiatives.sources.referential import read as read_referential
from arobase.initiatives.sources.referential import write_csv, write_xlsx
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


@initiatives.command(
    help=_(
        "Vérifie que les adresses qui montrent des initiatives mènent encore quelque part : celles jamais vues, puis "
        "les plus anciennes. Une requête à la fois, jamais vers un réseau privé. À lancer chaque jour."
    )
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=500, show_default=True)
@AS_JSON
def links(limit: int, as_json: bool) -> None:
    addresses = due(at=timezone.now())
    taken = addresses[:limit]
    checks = check_links(taken, clock=timezone.now)
    found = Counter(one.state for one in track(checks, total=len(taken), disable=as_json))
    counts = {"checked": len(taken), "left": len(addresses) - len(taken), **{str(one): found[one] for one in LinkState}}
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(
        _(
            "%(checked)s adresses vérifiées, %(left)s restent : %(alive)s répondent, %(failing)s pas aujourd’hui, "
            "%(dead)s ne mènent plus nulle part."
        )
        % counts
    )


@initiatives.group(help=_("Le référentiel : 4 catégories, 16 enjeux et leurs services, en tableur ou en fichier."))
def referential() -> None:
    """Hold the verbs of the referential."""


@referential.command("export", help=_("Écrit le référentiel en tableur : .csv ou .xlsx."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export_referential(file: Path) -> None:
    writers = {".csv": write_csv, ".xlsx": write_xlsx}
    if file.suffix not in writers:
        _refuse(_("Terminaison inconnue ; attendu : %s.") % ", ".join(writers), as_json=False)
    file.write_bytes(writers[file.suffix](current_referential()))
    click.echo(str(file), err=True)


@referential.command("check", help=_("Lit un référentiel en tableur, dit ce qui n’y va pas, et ce qu’il change."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@AS_JSON
def check_referential(file: Path, as_json: bool) -> None:
    try:
        found = read_referential(bounded_file(file))
    except UnreadableFile as error:
        _refuse(translation.gettext(error.text) % error.facts, as_json=as_json)
    except BadReferential as error:
        said = [_said(problem) for problem in error.problems]
        if as_json:
            click.echo(json.dumps({"problems": said}, ensure_ascii=False))
        click.echo("\n".join(said), err=True)
        sys.exit(1)
    changes = difference(current_referential(), found)
    document: dict[str, Any] = {
        "services": len(found.services),
        "added": [one.slug for one in changes.added],
        "removed": [one.slug for one in changes.removed],
        "changed": [one.after.slug for one in changes.changed],
    }
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        for name, value in document.items():
            click.echo(f"{name}: {value if isinstance(value, int) else ', '.join(value) or '–'}")


def _said(problem: Problem) -> str:
    """A problem of a referential with its place, in the reader's language."""
    expected = translation.gettext(problem.expected) % problem.facts
    what = _("« %(found)s » ; attendu : %(expected)s") % {"found": problem.found, "expected": expected}
    return f"{problem.where} : {what}" if problem.where else what


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
