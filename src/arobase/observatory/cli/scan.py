"""`arobase observatory scan`: ask name servers about every domain of a list."""

import ipaddress
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from arobase.observatory.cli import visiting
from arobase.observatory.rules.answers import Outcome
from arobase.observatory.sources import targets
from arobase.observatory.sources.facts import BadFacts
from arobase.observatory.sources.resolver import Servers
from arobase.observatory.sources.scan import Tally, TooManyBreaks
from arobase.observatory.sources.scan import scan as ask_all

SHOWN = 10
Command = Callable[..., Any]


def resolver_options(command: Command) -> Command:
    """The options that say whom to ask, and how patiently."""
    for option in (
        click.option(
            "--nameserver",
            "servers",
            multiple=True,
            help=_("Adresse d’un résolveur, au lieu de ceux de la machine ; se répète."),
        ),
        click.option("--port", default=53, type=click.IntRange(1, 65535), help=_("Port de ces résolveurs.")),
        click.option(
            "--timeout", "timeout_s", default=2.0, type=click.FloatRange(0.05, 60), help=_("Secondes par essai.")
        ),
    ):
        command = option(command)
    return command


def servers_of(addresses: tuple[str, ...], port: int, timeout_s: float) -> Servers:
    """Whom to ask, from the options. Raises click.BadParameter."""
    return Servers(_addresses(addresses), port=port, timeout_s=timeout_s, pause_s=timeout_s / 2)


@contextmanager
def progress_of(what: str, total: int) -> Iterator[Callable[[Tally], None]]:
    """A bar on standard error, and what moves it."""
    with Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        bar = progress.add_task("", total=total)
        yield lambda tally: progress.update(bar, advance=tally.domains + tally.before)


@click.command(help=_("Interroge le DNS de chaque domaine d’un CSV (colonne domain) et garde les réponses, datées."))
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help=_("Où garder."))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help=_("Nombre de processus."))
@click.option(
    "--nameserver",
    "servers",
    multiple=True,
    help=_("Adresse d’un résolveur, au lieu de ceux de la machine ; se répète."),
)
@click.option("--port", default=53, type=click.IntRange(1, 65535), help=_("Port de ces résolveurs."))
@click.option("--timeout", "timeout_s", default=2.0, type=click.FloatRange(0.05, 60), help=_("Secondes par essai."))
@visiting.options
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def scan(
    *,
    path: Path,
    folder: Path,
    workers: int,
    servers: tuple[str, ...],
    port: int,
    timeout_s: float,
    as_json: bool,
    **beyond: Any,
) -> None:
    asked = servers_of(servers, port, timeout_s)
    further = visiting.further(**beyond, servers=asked, folder=folder)
    try:
        told = list(targets.domains(path))
    except targets.BadList as error:
        raise click.ClickException(str(error)) from error
    domains = [one for one in told if isinstance(one, str)]
    refused = [str(one) for one in told if isinstance(one, BadFacts)]
    for problem in refused[:SHOWN]:
        click.echo(problem, err=True)
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with progress_of(_("domaines"), len(domains)) as tell:
        try:
            done = ask_all(
                domains,
                folder=folder,
                servers=asked,
                workers=workers,
                now=timezone.now,
                tell=tell,
            )
        except TooManyBreaks as error:
            raise click.ClickException(
                _("Des processus meurent sans cesse. Ce qui est fini est gardé : relancez la même commande.")
            ) from error
    found = _told(done, refused=len(refused), seconds=time.monotonic() - began, folder=folder)
    looked = further(domains)
    if as_json:
        json.dump(found | looked, sys.stdout, ensure_ascii=False)
        click.echo()
        return
    click.echo(
        _("%(domains)s domaines interrogés, %(before)s déjà faits, %(rate)s par seconde, %(timeouts)s délais dépassés.")
        % {
            "domains": done.domains,
            "before": done.before,
            "rate": found["domains_per_second"],
            "timeouts": found["timeouts"],
        }
    )
    if looked:
        click.echo(
            _("%(sites)s sites visités, %(hosts)s serveurs de courriel salués.")
            % {"sites": looked.get("visited", 0), "hosts": looked.get("greeted", 0)}
        )


def _told(done: Tally, *, refused: int, seconds: float, folder: Path) -> dict[str, object]:
    return {
        "domains": done.domains,
        "already_done": done.before,
        "refused_lines": refused,
        "facts": sum(done.outcomes.values()),
        "questions": done.questions,
        "outcomes": {outcome.value: done.outcomes.get(outcome.value, 0) for outcome in Outcome},
        "timeouts": done.outcomes.get(Outcome.TIMEOUT.value, 0),
        "seconds": round(seconds, 2),
        "domains_per_second": round(done.domains / seconds, 1) if seconds else None,
        "out": str(folder),
    }


def _addresses(told: tuple[str, ...]) -> tuple[str, ...]:
    for one in told:
        try:
            ipaddress.ip_address(one)
        except ValueError as error:
            raise click.BadParameter(
                _("« %(address)s » n’est pas une adresse IP, comme 127.0.0.1.") % {"address": one},
                param_hint="--nameserver",
            ) from error
    return told
