"""What the commands gather facts with: an engine, manners, who announces addresses, and what is said meanwhile."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.cli import visiting
from arobase.observatory.cli.scan import explained, progress_of
from arobase.observatory.rules.facts import Network
from arobase.observatory.sources import campaigns
from arobase.observatory.sources import networks as kept_networks
from arobase.observatory.sources.announcers import Announcers, addresses_in, look_up, looked_up
from arobase.observatory.sources.resolver import Servers
from arobase.observatory.sources.scan.asking import Campaign as Gathering
from arobase.observatory.sources.scan.campaign import scan


@dataclass(frozen=True)
class Collector:
    """Gathers facts with the engine and the manners that the command was given."""

    servers: Servers
    workers: int
    scheduler: str
    beyond: dict[str, Any]

    def ask(self, domains: Iterable[str], folder: Path) -> None:
        """Ask name servers about domains."""
        told = list(domains)
        folder.mkdir(parents=True, exist_ok=True)
        gathered = Gathering(folder.resolve(), self.servers, timezone.now())
        with progress_of(_("domaines"), len(told)) as tell, explained():
            scan(told, gathered, workers=self.workers, scheduler=self.scheduler, tell=tell)

    def visit(self, domains: Iterable[str], folder: Path) -> None:
        """Visit their sites, where that was asked for."""
        further = visiting.further(
            **self.beyond, servers=self.servers, folder=folder, workers=self.workers, scheduler=self.scheduler
        )
        with explained():
            further(list(domains))

    def ask_zones(self, zones: Sequence[str], folder: Path) -> campaigns.Zones:
        """Name servers of zones."""
        self.ask(zones, folder)
        return campaigns.known_zones(folder.parent)


def networks(test_internet: Path | None, servers: Servers) -> Callable[[Path], Announcers]:
    """Who announces the addresses of a folder: as the test Internet says of its own, as the table of networks says.

    Where no table was loaded, the service of AROBASE_NETWORK_ZONE is asked, and nobody where that is not set.
    """
    if test_internet is not None:
        told = json.loads(test_internet.read_text(encoding="utf-8"))["networks"]
        known = {address: Network(system, name, country) for address, system, name, country in told}
        return lambda _folder: Announcers(known.get, {"by": "test"})
    table = _table()
    return (lambda _folder: table) if table else partial(_ask_about, servers=servers)


def networks_again(folder: Path, *, told: Mapping[str, Any]) -> Announcers:
    """Who announces the addresses of a folder, asking nobody: the table says it, else what was looked up before.

    told  where the campaign knew it from
    """
    return _table() or Announcers(looked_up(folder).get, told)


def _table() -> Announcers | None:
    table, day = kept_networks.read(kept_networks.place()), kept_networks.loaded_on()
    return Announcers(table.of, {"by": "table", "on": day.isoformat() if day else None}) if table else None


def _ask_about(folder: Path, *, servers: Servers) -> Announcers:
    zone = settings.NETWORK_ZONE
    if not zone:
        return Announcers(lambda _address: None, {"by": "nothing"})
    addresses = addresses_in(folder)
    say("addresses", len(addresses))
    return look_up(addresses, folder=folder, zone=zone, servers=servers, at=timezone.now())


def say(step: str, count: int) -> None:
    """Tell on standard error which part of a campaign begins."""
    words = {
        "names": _("%(n)s domaines à interroger"),
        "sites": _("%(n)s sites à visiter, si c’est demandé"),
        "addresses": _("%(n)s adresses IP dont on demande par DNS qui les annonce"),
        "zones": _("%(n)s zones de prestataires à interroger"),
        "facts": _("%(n)s domaines à ranger"),
        "reading": _("lecture des faits de %(n)s domaines"),
    }
    click.echo(words[step] % {"n": count}, err=True)
