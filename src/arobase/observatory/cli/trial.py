"""A campaign over the test Internet: real name servers, sites and certificates on loopback, of invented towns.

It shows the whole way from the scan to the page where there is no network and no mirror. The test Internet stands in
the checkout beside the tests, not in the package.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.cli.gathering import Collector, networks, say
from arobase.observatory.models import About, Campaign
from arobase.observatory.queries.dependence import published
from arobase.observatory.sources import campaigns
from arobase.observatory.sources.browsing import ChromiumFailed, Manner
from arobase.observatory.sources.browsing_many import browse_all
from arobase.observatory.sources.checking_proxy import Reach
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.resolver import Servers
from arobase.observatory.sources.subjects import listed
from arobase.web.chromium import NoChromium, chromium
from arobase.web.home import prepare_home

TIMEOUT_S = 0.5
CONTACT = "https://observatoire.test/"
BROWSED = 6  # towns that a browser watches, a second or two each
AT_ONCE = 3
SETTLE_S = 0.5


@dataclass(frozen=True)
class Shown(Collector):
    """Gathers as any campaign does, and lets a browser watch some of the towns where one is there."""

    told: Path

    def visit(self, domains: Iterable[str], folder: Path) -> None:
        """Visit sites, then watch a few."""
        every = list(domains)
        super().visit(every, folder)
        sample = every[:: max(1, len(every) // BROWSED)][:BROWSED]
        began = time.monotonic()
        try:
            browse_all(
                sample,
                folder=folder,
                manner=_manner(self.told),
                now=timezone.now,
                tell=lambda _browsing: None,
                at_once=AT_ONCE,
            )
        except NoChromium:
            click.echo(
                _(
                    "Aucun Chromium ici : ce que les pages font avant tout choix reste inconnu pour les villes "
                    "inventées (apt-get install chromium)."
                ),
                err=True,
            )
        except ChromiumFailed as error:
            click.echo(
                _(
                    "Chromium ne démarre pas : ce que les pages font avant tout choix reste inconnu pour les villes "
                    "inventées. Il a dit : %(said)s"
                )
                % {"said": str(error).partition("\n")[0]},
                err=True,
            )
        else:
            seconds = round(time.monotonic() - began)
            click.echo(
                _("%(n)s sites regardés par un navigateur, en %(seconds)s s") % {"n": len(sample), "seconds": seconds},
                err=True,
            )


def _manner(told: Path) -> Manner:
    """A browser that reaches the hosts of the test Internet and nobody else. Raises NoChromium."""
    internet = json.loads(told.read_text(encoding="utf-8"))
    hosts = {name: (address, port) for name, (address, port) in internet["hosts"].items()}
    return Manner(
        chromium=chromium(settings.CHROMIUM),
        agent=f"Arobase (+{CONTACT})",
        is_sandboxed=False,  # every page is ours, and nobody else is reached; for root it would not start
        settle_s=SETTLE_S,
        reach=Reach(frozenset(hosts), hosts, is_closed=True),
        trusted=(internet["key"],),
    )


@click.command(help=_("Montre tout le chemin sur un Internet d’essai, fait ici, dont les villes sont inventées."))
def trial() -> None:
    prepare_home()
    if not _script().exists():
        raise click.ClickException(_("L’Internet d’essai est dans les sources du projet (tests/internet), pas ici."))
    done = _run()
    click.echo(_("%(n)s villes inventées, campagne %(number)s.") % {"n": done.figures["n"], "number": done.pk})


def fill(_at: datetime) -> int:
    """The demonstration: one campaign over the test Internet; how many invented towns it shows."""
    shown = published(About.TRIAL)
    if shown is None and _script().exists():
        shown = _run()
    return int(shown.figures["n"]) if shown else 0


def _script() -> Path:
    return Path(settings.CHECKOUT) / "tests" / "internet" / "serve.py"


def _run() -> Campaign:
    with _the_internet() as where:
        servers = Servers((where["address"],), port=where["port"], timeout_s=TIMEOUT_S, pause_s=TIMEOUT_S / 2)
        told, towns = Path(where["told"]), Path(where["towns"])
        beyond = {"web": True, "mail": False, "contact": CONTACT, "test_internet": told}
        return campaigns.run(
            About.TRIAL,
            lambda: listed(towns),
            home=settings.HOME,
            collector=Shown(servers, 1, "", beyond, told),
            catalogue=catalogue(),
            announcers=networks(told, servers),
            now=timezone.now,
            tell=say,
        )


@contextmanager
def _the_internet() -> Iterator[dict[str, Any]]:
    """The test Internet, running until the block ends: where it is."""
    command = [sys.executable, str(_script())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            line = running.stdout.readline() if running.stdout else ""
            if not line:
                raise click.ClickException(_("L’Internet d’essai n’a pas démarré : voyez l’erreur ci-dessus."))
            yield json.loads(line)
        finally:
            running.communicate()
