"""A campaign over the test Internet: real name servers, sites and certificates on loopback, of invented towns.

It shows the whole way from the scan to the page where there is no network and no mirror. The test Internet stands in
the checkout beside the tests, not in the package.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.cli.campaign import Collector, networks, say
from arobase.observatory.models import About, Campaign
from arobase.observatory.queries.dependence import published
from arobase.observatory.sources import campaigns
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.resolver import Servers
from arobase.observatory.sources.subjects import listed
from arobase.web.home import prepare_home

TIMEOUT_S = 0.5


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
        beyond = {"web": True, "mail": False, "contact": "https://observatoire.test/", "test_internet": told}
        return campaigns.run(
            About.TRIAL,
            lambda: listed(towns),
            home=settings.HOME,
            collector=Collector(servers, 1, "", beyond),
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
