"""`arobase observatory campaign …`: look at all communes again, let through what was held, read old facts anew."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.actions import campaigns as actions
from arobase.observatory.cli import visiting
from arobase.observatory.cli.scan import explained, progress_of, resolver_options, servers_of
from arobase.observatory.models import About, Campaign
from arobase.observatory.rules.facts import Network
from arobase.observatory.sources import campaigns
from arobase.observatory.sources import networks as kept_networks
from arobase.observatory.sources.announcers import Announcers, addresses_in, look_up
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.resolver import Servers
from arobase.observatory.sources.scan.asking import Campaign as Gathering
from arobase.observatory.sources.scan.campaign import scan
from arobase.observatory.sources.subjects import Target, communes, listed
from arobase.web.home import prepare_home


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


@click.command(help=_("Interroge les domaines des communes (ou d’une liste), lit ce qui en ressort, et le publie."))
@click.option("--department", "departments", multiple=True, help=_("Seulement ce département ; se répète."))
@click.option(
    "--trial",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Un CSV (name, site, mail) de villes inventées, au lieu des communes."),
)
@resolver_options
@visiting.options
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def run(
    *,
    departments: tuple[str, ...],
    path: Path | None,
    workers: int,
    scheduler: str,
    servers: tuple[str, ...],
    port: int,
    timeout_s: float,
    as_json: bool,
    **beyond: Any,
) -> None:
    prepare_home()
    about = About.TRIAL if path else About.COMMUNES
    asked = servers_of(servers, port, timeout_s)
    with _alone(about):
        done = campaigns.run(
            about,
            (lambda: listed(path)) if path else (lambda: communes(departments=departments)),
            home=settings.HOME,
            collector=Collector(asked, workers, scheduler, beyond),
            catalogue=catalogue(),
            announcers=networks(beyond["test_internet"], asked),
            now=timezone.now,
            tell=say,
        )
    _answer(done, as_json=as_json)


@contextmanager
def _alone(about: About) -> Iterator[None]:
    try:
        with campaigns.alone(about, home=settings.HOME):
            yield
    except campaigns.AlreadyRuns as error:
        raise click.ClickException(_("Une campagne de ce jeu tourne déjà sur cette machine : attendez-la.")) from error


def networks(test_internet: Path | None, servers: Servers) -> Callable[[Path], Announcers]:
    """Who announces the addresses of a folder: as the test Internet says of its own, as the table of networks says.

    Where no table was loaded, the service of AROBASE_NETWORK_ZONE is asked, and nobody where that is not set.
    """
    if test_internet is not None:
        told = json.loads(test_internet.read_text(encoding="utf-8"))["networks"]
        known = {address: Network(system, name, country) for address, system, name, country in told}
        return lambda _folder: Announcers(known.get, {"by": "test"})
    if table := kept_networks.read(kept_networks.place()):
        day = kept_networks.loaded_on()
        return lambda _folder: Announcers(table.of, {"by": "table", "on": day.isoformat() if day else None})
    return partial(_looked_up, servers=servers)


def _looked_up(folder: Path, *, servers: Servers) -> Announcers:
    zone = settings.NETWORK_ZONE
    if not zone:
        return Announcers(lambda _address: None, {"by": "nothing"})
    addresses = addresses_in(folder)
    say("addresses", len(addresses))
    return look_up(addresses, folder=folder, zone=zone, servers=servers, at=timezone.now())


@click.command("read", help=_("Relit les derniers faits avec les règles d’aujourd’hui, sans rien interroger."))
@click.argument("number", type=int)
@click.option(
    "--trial",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("La liste, quand la campagne portait sur des villes inventées."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def read(*, number: int, path: Path | None, as_json: bool) -> None:
    campaign = _numbered(number)
    targets = _targets_of(campaign, path)
    with _alone(About(campaign.about)):
        taken = _taken_up(campaign)
        done = campaigns.read(
            taken,
            targets,
            home=settings.HOME,
            catalogue=catalogue(),
            zones=campaigns.known_zones(campaigns.folder_of(settings.HOME, taken)),
            at=timezone.now(),
            count=taken.domains,
            tell=say,
        )
    _answer(done, as_json=as_json)


def _targets_of(campaign: Campaign, path: Path | None) -> Callable[[], Iterable[Target]]:
    """The subjects of a campaign's own set."""
    if campaign.about == About.COMMUNES and path is None:
        return communes
    if campaign.about == About.TRIAL and path is not None:
        return lambda: listed(path)
    told = {
        About.COMMUNES: _("La campagne %s porte sur les communes : sans --trial."),
        About.TRIAL: _("La campagne %s porte sur des villes inventées : donnez leur liste avec --trial."),
    }
    other = _("La campagne %s a été chargée avec un jeu enregistré : « arobase data load » la relit.")
    raise click.ClickException(told.get(About(campaign.about), other) % campaign.pk)


def _taken_up(campaign: Campaign) -> Campaign:
    try:
        return actions.take_up(campaign)
    except actions.NotReadable as error:
        raise click.ClickException(
            _("La campagne %(number)s ne se relit pas (%(state)s), ou une autre de son jeu est en cours.")
            % {"number": campaign.pk, "state": error.campaign.get_state_display()}
        ) from error


@click.command("list", help=_("Les campagnes, la dernière d’abord."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def list_them(*, as_json: bool) -> None:
    prepare_home()
    rows = [_told(one) for one in Campaign.objects.order_by("-began_at")]
    if as_json:
        json.dump(rows, sys.stdout, ensure_ascii=False)
        click.echo()
        return
    for row in rows:
        click.echo("{number:>4}  {about:<14} {began:.16}  {state:<10} {domains:>7}  {held_because}".format(**row))


@click.command(help=_("Publie une campagne retenue, après l’avoir regardée."))
@click.argument("number", type=int)
def publish(*, number: int) -> None:
    _decide(number, partial(actions.let_through, at=timezone.now()))


@click.command(help=_("Écarte une campagne retenue : celle d’avant reste affichée."))
@click.argument("number", type=int)
def discard(*, number: int) -> None:
    _decide(number, actions.put_aside)


def _decide(number: int, act: Callable[[Campaign], Campaign]) -> None:
    try:
        act(_numbered(number))
    except actions.NotHeld as error:
        raise click.ClickException(
            _("La campagne %(number)s n’est pas retenue (%(state)s) : il n’y a rien à décider.")
            % {"number": number, "state": error.campaign.get_state_display()}
        ) from error


def _numbered(number: int) -> Campaign:
    prepare_home()
    found = Campaign.objects.filter(pk=number).first()
    if found is None:
        raise click.ClickException(
            _("Aucune campagne %(number)s : « arobase observatory campaign list » les donne.") % {"number": number}
        )
    return found


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


def _told(one: Campaign) -> dict[str, Any]:
    return {
        "number": one.pk,
        "about": one.about,
        "began": one.began_at.isoformat(),
        "ended": one.ended_at.isoformat() if one.ended_at else None,
        "state": one.state,
        "held_because": one.held_because,
        "domains": one.domains,
        "changed_share": one.changed_share,
        "facts": one.facts,
        "rules": one.rules,
        "subjects": one.figures.get("n", 0),
    }


def _answer(done: Campaign, *, as_json: bool) -> None:
    if as_json:
        json.dump(_told(done), sys.stdout, ensure_ascii=False)
        click.echo()
        return
    click.echo(
        _("Campagne %(number)s : %(subjects)s sujets, %(domains)s domaines, %(state)s.")
        % {
            "number": done.pk,
            "subjects": done.figures.get("n", 0),
            "domains": done.domains,
            "state": done.get_state_display(),
        }
    )


campaign = click.Group(
    "campaign",
    help=_("Campagnes : regarder toutes les communes, chaque semaine."),
    commands=[run, read, list_them, publish, discard],
)
