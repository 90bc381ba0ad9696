"""`arobase observatory scan`: ask name servers about every domain of a list."""

import ipaddress
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
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
from arobase.observatory.sources.lists import BadList
from arobase.observatory.sources.resolver import Servers
from arobase.observatory.sources.scan.asking import Campaign, Tally
from arobase.observatory.sources.scan.campaign import scan as ask_all
from arobase.observatory.sources.workers import NoScheduler, TooManyDeaths

SHOWN = 10
Command = Callable[..., Any]


def resolver_options(command: Command) -> Command:
    """The options that say whom to ask, with which engine, and how patiently."""
    for option in (
        click.option(
            "--nameserver",
            "servers",
            multiple=True,
            help=_("Adresse d’un résolveur, au lieu de ceux de la machine ; se répète."),
        ),
        click.option(
            "--scheduler",
            default="",
            metavar="tcp://HÔTE:PORT",
            help=_(
                "Ordonnanceur Dask en marche, dont les processus travaillent au lieu des nôtres "
                "et voient le même dossier."
            ),
        ),
        click.option(
            "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help=_("Nombre de processus.")
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


@click.command(help=_("Interroge le DNS de chaque domaine d’un CSV (colonne domain) et garde les réponses, datées."))
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help=_("Où garder."))
@resolver_options
@visiting.options
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def scan(
    *,
    path: Path,
    folder: Path,
    workers: int,
    scheduler: str,
    servers: tuple[str, ...],
    port: int,
    timeout_s: float,
    as_json: bool,
    **beyond: Any,
) -> None:
    asked = servers_of(servers, port, timeout_s)
    further = visiting.further(**beyond, servers=asked, folder=folder, workers=workers, scheduler=scheduler)
    campaign = Campaign(folder.resolve(), asked, timezone.now())
    make_writable(folder)
    listed, began = _List(path), time.monotonic()
    with explained(), progress_of(_("domaines"), targets.lines(path)) as advance:
        done = ask_all(listed.domains(), campaign, workers=workers, scheduler=scheduler, tell=advance)
    found = _told(done, refused=listed.refused, seconds=time.monotonic() - began, folder=folder)
    with explained():
        looked = further([one for one in targets.domains(path) if isinstance(one, str)]) if any(beyond.values()) else {}
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
    if listed.refused:
        click.echo(_refused_said(listed.refused))
    if looked:
        click.echo(
            _("%(sites)s sites visités, %(hosts)s serveurs de courriel salués.")
            % {"sites": looked.get("visited", 0), "hosts": looked.get("greeted", 0)}
        )


@contextmanager
def explained() -> Iterator[None]:
    """What an engine cannot go on from, or is no list, as a sentence. Raises click.ClickException."""
    try:
        yield
    except BadList as error:
        raise click.ClickException(str(error)) from error
    except NoScheduler as error:
        raise click.ClickException(_("Aucun ordonnanceur Dask ne répond : %(why)s") % {"why": error}) from error
    except TooManyDeaths as error:
        raise click.ClickException(
            _("Des processus meurent sans cesse. Ce qui est fini est gardé : relancez la même commande.")
        ) from error


class _List:
    """The domains of a file as they are needed; a line that names none is said once and counted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.refused = 0

    def domains(self) -> Iterator[str]:
        for told in targets.domains(self._path):
            if isinstance(told, str):
                yield told
                continue
            self.refused += 1
            if self.refused <= SHOWN:
                click.echo(told, err=True)


def tell_refused(lines: Sequence[BadFacts]) -> None:
    """Say which lines of a list name nobody: the first of them, and how many there are."""
    for line in lines[:SHOWN]:
        click.echo(line, err=True)
    if lines:
        click.echo(_refused_said(len(lines)), err=True)


def _refused_said(count: int) -> str:
    return _("Lignes refusées, qui ne nomment aucun domaine : %(count)s.") % {"count": count}


def make_writable(folder: Path) -> None:
    """Make a folder that facts can be kept in. Raises click.BadParameter."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise click.BadParameter(
            _("on ne peut rien garder dans « %(folder)s » (%(why)s).") % {"folder": folder, "why": error.strerror},
            param_hint="--out",
        ) from error


@contextmanager
def progress_of(what: str, total: int) -> Iterator[Callable[[Tally], None]]:
    """A bar on standard error with domains a second and the time that is left, and what moves it."""
    began = time.monotonic()
    asked = 0

    def advance(done: Tally) -> None:
        nonlocal asked
        asked += done.domains
        rate = asked / max(time.monotonic() - began, 0.001)
        progress.update(bar, advance=done.domains + done.before, rate=_("%.0f par seconde") % rate)

    with Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        bar = progress.add_task("", total=total, rate="")
        yield advance


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
