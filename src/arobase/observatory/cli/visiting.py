"""What `arobase observatory scan` does when it is asked to look beyond names: visit sites, greet mail hosts."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import uvloop
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from arobase.observatory.sources import banners
from arobase.observatory.sources.resolver import Servers
from arobase.observatory.sources.visiting.campaign import visit_all
from arobase.observatory.sources.visiting.manners import BadContact, Manners, agent
from arobase.observatory.sources.visiting.visitor import reaches_ipv6
from arobase.web.fetching import is_public, literal

Command = Callable[..., Any]
Further = Callable[[Sequence[str]], dict[str, int]]


def options(command: Command) -> Command:
    """The options that a scan has for it."""
    for option in (
        click.option("--web", is_flag=True, help=_("Visite aussi une page du site de chaque domaine.")),
        click.option("--mail", is_flag=True, help=_("Salue aussi les serveurs de courriel, sans rien leur envoyer.")),
        click.option(
            "--user-agent-contact",
            "contact",
            help=_("Adresse où joindre qui visite ; sinon celle du site (AROBASE_SITE_URL)."),
        ),
        click.option("--test-internet", hidden=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        command = option(command)
    return command


def further(
    *,
    web: bool,
    mail: bool,
    contact: str | None,
    test_internet: Path | None,
    servers: Servers,
    folder: Path,
    workers: int = 1,
    scheduler: str = "",
) -> Further:
    """What is left to do once names are asked: given the domains, does it and counts `visited` and `greeted`.

    Raises click.BadParameter where nobody could be reached at the contact.
    """
    if not (web or mail):
        return lambda _domains: {}
    given = contact or settings.SITE_URL
    manners = Manners(
        agent=_agent(given, is_given=bool(contact)),
        servers=servers,
        over_ipv6=reaches_ipv6(),
        allowed=frozenset(settings.FETCH_ALLOWED),
        **(_test_internet(test_internet) if test_internet else {}),
    )
    visit = partial(_visit, folder=folder.resolve(), manners=manners, workers=workers, scheduler=scheduler)
    return partial(
        _visited, visit=visit if web else None, mail=mail, folder=folder, manners=manners, own_name=_host(given)
    )


def check(*, web: bool, mail: bool, contact: str | None, test_internet: Path | None) -> None:
    """Before anyone is asked anything: whoever is visited must be able to reach us. Raises click.BadParameter."""
    if web or mail:
        _agent(contact or settings.SITE_URL, is_given=bool(contact))


def _agent(contact: str, *, is_given: bool) -> str:
    address = literal(_host(contact))
    if not is_given and ((address and not is_public(address)) or _host(contact) == "localhost"):
        raise click.BadParameter(
            _("donnez une adresse où vous joindre, comme https://observatoire.example.fr : les sites la lisent."),
            param_hint="--user-agent-contact",
        )
    try:
        return agent(contact)
    except BadContact as error:
        raise click.BadParameter(
            _("« %(contact)s » ne peut figurer dans un en-tête : ni espace, ni parenthèse, ni accent.")
            % {"contact": contact},
            param_hint="--user-agent-contact",
        ) from error


def _host(contact: str) -> str:
    return urlsplit(contact).hostname or contact.rpartition("@")[2]


def _test_internet(path: Path) -> dict[str, Any]:
    """The way to each address of the test Internet, its authority, and no pauses: its hosts are ours."""
    told = json.loads(path.read_text(encoding="utf-8"))
    routes = {(here, door): (there, other) for here, door, there, other in told["routes"]}
    return {"routes": routes, "authority": Path(told["authority"]), "host_pause_s": 0.0, "address_pause_s": 0.0}


def _visited(
    domains: Sequence[str],
    *,
    visit: Callable[[Sequence[str]], int] | None,
    mail: bool,
    folder: Path,
    manners: Manners,
    own_name: str,
) -> dict[str, int]:
    found = {}
    if visit:
        found["visited"] = visit(domains)
    if mail:
        hosts = banners.exchangers(folder)
        greeting = banners.greet_all(hosts, folder=folder, manners=manners, own_name=own_name, at=timezone.now())
        found["greeted"] = uvloop.run(greeting)
    return found


def _visit(domains: Sequence[str], *, folder: Path, manners: Manners, workers: int, scheduler: str) -> int:
    with Progress(
        TextColumn(_("sites")),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        bar = progress.add_task("", total=len(domains))
        tell = partial(_advance, progress, bar)
        if workers > 1 or scheduler:
            from arobase.observatory.sources.visiting import cluster  # slow import

            return cluster.visit_all(
                domains,
                folder=folder,
                manners=manners,
                now=timezone.now,
                workers=workers,
                scheduler=scheduler,
                tell=tell,
            )
        return uvloop.run(visit_all(domains, folder=folder, manners=manners, now=timezone.now, tell=tell))


def _advance(progress: Progress, bar: Any, more: int) -> None:
    progress.update(bar, advance=more)
