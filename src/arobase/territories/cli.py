"""`arobase data`: bring the reference data in, and say where it comes from."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from arobase.registry.registers import Progress as Progressing
from arobase.territories.actions.loading import LoadFailed, Outcome, chosen, load
from arobase.territories.queries.reference import SourceStatus, statuses
from arobase.web.home import prepare_home


@click.group(help=_("Les données de référence : les charger, dire d’où elles viennent."))
def data() -> None:
    pass


@data.command(
    "load",
    help=_(
        "Charge les données de référence : code géographique, contours, points, mairies, lauréats. Chaque source vient "
        "du miroir (AROBASE_DATA_MIRROR), sinon de son éditeur officiel, sinon des paquets verrouillés. Relancer ne "
        "change que ce qui diffère ; interrompre laisse servir les données d’avant."
    ),
)
@click.option("--only", "only", multiple=True, metavar=_("NOM"), help=_("Une source seulement ; répétable."))
@click.option("--department", "departments", multiple=True, metavar=_("CODE"), help=_("Un département ; répétable."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def load_data(only: tuple[str, ...], departments: tuple[str, ...], as_json: bool) -> None:
    prepare_home()
    console = Console(stderr=True)
    outcomes = []
    try:
        sources = chosen(only)
        with _progress(console) as progress:
            for outcome in load(
                sources,
                departments=frozenset(code.upper() for code in departments),
                progress=progress,
                home=settings.HOME,
                clock=timezone.now,
                tell=lambda sentence: console.print(sentence, highlight=False, soft_wrap=True),
            ):
                outcomes.append(outcome)
                console.print(_line(outcome), highlight=False, markup=False, soft_wrap=True)
    except LoadFailed as failure:
        if as_json:
            click.echo(json.dumps({"error": str(failure)}, ensure_ascii=False))
        click.echo(str(failure), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps({"sources": [_document(outcome) for outcome in outcomes]}, ensure_ascii=False))
    if any(outcome.failure for outcome in outcomes):
        sys.exit(1)


@contextmanager
def _progress(console: Console) -> Iterator[Progressing]:
    """A bar on a terminal; nothing elsewhere, where each source says one line when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=None)

        def tell(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total or None)

        yield tell


def _line(outcome: Outcome) -> str:
    name = outcome.source.name
    if outcome.loaded is None:
        return f"✗ {name} : {outcome.failure}"
    loaded = outcome.loaded
    if loaded.layer is None:
        return f"– {name} : {loaded.note}"
    changes = ", ".join(
        f"{number_format(number)} {label}"
        for key, label in (("added", _("ajoutées")), ("changed", _("changées")), ("removed", _("retirées")))
        if (number := loaded.changes.get(key))
    )
    line = _("%(name)s : couche %(layer)s, %(version)s, %(rows)s lignes, %(changes)s, %(seconds)s s") % {
        "name": name,
        "layer": loaded.layer,
        "version": loaded.version,
        "rows": number_format(loaded.rows),
        "changes": changes or _("rien de changé"),
        "seconds": number_format(outcome.seconds, 1),
    }
    return f"✓ {line}" + (f"\n  {loaded.note}" if loaded.note else "")


def _document(outcome: Outcome) -> dict[str, Any]:
    name, seconds = outcome.source.name, round(outcome.seconds, 2)
    if outcome.loaded is None:
        return {"name": name, "seconds": seconds, "error": outcome.failure}
    return {"name": name, **asdict(outcome.loaded), "seconds": seconds}


@data.command("status", help=_("Dit, pour chaque source, quelle couche l’a servie, de quand et sous quelle licence."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def status(as_json: bool) -> None:
    prepare_home()
    known = statuses()
    if as_json:
        click.echo(json.dumps({"sources": [_status_document(one) for one in known]}, ensure_ascii=False))
        return
    Console().print(_table(known))
    for one in known:
        if one.note:
            click.echo(f"{one.name} : {one.note}", err=True)
    if not any(one.layer for one in known):
        click.echo(_("Rien n’est chargé : lancez « arobase data load »."), err=True)


def _status_document(one: SourceStatus) -> dict[str, Any]:
    loaded_at = one.loaded_at.isoformat() if one.loaded_at else None
    return {**asdict(one), "title": str(one.title), "loaded_at": loaded_at}


def _table(known: list[SourceStatus]) -> Table:
    table = Table(box=None)
    for head in (_("source"), _("couche"), _("version"), _("lignes"), _("chargée le"), _("licence")):
        table.add_column(head)
    for one in known:
        day = date_format(timezone.localtime(one.loaded_at), "SHORT_DATETIME_FORMAT") if one.loaded_at else ""
        layer = str(one.layer) if one.layer else _("absente")
        table.add_row(one.name, layer, one.version, number_format(one.rows), day, one.licence)
    return table


commands = [data]
