"""`arobase observatory campaign …`: look at all communes again, let through what was held, read old facts anew."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.actions import campaigns as actions
from arobase.observatory.cli import visiting
from arobase.observatory.cli.gathering import Collector, networks, networks_again, say
from arobase.observatory.cli.scan import resolver_options, servers_of, tell_refused
from arobase.observatory.models import About, Campaign, CampaignState
from arobase.observatory.queries.waiting import DIFFERS, differences_of
from arobase.observatory.queries.waiting_phrases import differences_said
from arobase.observatory.sources import campaigns
from arobase.observatory.sources.facts import BadFacts
from arobase.observatory.sources.lists import BadList
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.subjects import Target, communes, listed, rows_of, unknown_departments
from arobase.web.home import prepare_home


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
    asked = servers_of(servers, port, timeout_s)
    visiting.check(**beyond)
    prepare_home()
    among = _departments(departments)
    about = About.TRIAL if path else About.COMMUNES
    targets = _listed(path) if path else partial(communes, departments=among)
    with _alone(about), _explained():
        done = campaigns.run(
            about,
            targets,
            home=settings.HOME,
            collector=Collector(asked, workers, scheduler, beyond),
            catalogue=catalogue(),
            announcers=networks(beyond["test_internet"], asked),
            now=timezone.now,
            tell=say,
            departments=among,
        )
    _answer(done, as_json=as_json)


def _departments(told: Sequence[str]) -> Sequence[str]:
    """Codes of departments that have communes here. Raises click.BadParameter."""
    wanted = {one.strip().upper() for one in told}
    if unknown := unknown_departments(wanted):
        raise click.BadParameter(
            _(
                "aucune commune chargée ici dans %(codes)s. "
                "Attendu : un code comme 76 ou 2A, après « arobase data load »."
            )
            % {"codes": ", ".join(sorted(unknown))},
            param_hint="--department",
        )
    return sorted(wanted)


def _listed(path: Path) -> Callable[[], Iterable[Target]]:
    """The subjects of a list; lines that name none are told. Raises click.ClickException."""
    try:
        tell_refused([one for one in rows_of(path) if isinstance(one, BadFacts)])
    except BadList as error:
        raise click.ClickException(str(error)) from error
    return lambda: listed(path)


@contextmanager
def _explained() -> Iterator[None]:
    """What keeps a campaign from being begun or read again, as a sentence. Raises click.ClickException."""
    try:
        yield
    except campaigns.NoTargets as error:
        raise click.ClickException(
            _(
                "Personne à regarder : rien n’est interrogé ni publié. Il faut des communes et leurs domaines "
                "(« arobase data load »), ou une liste dont les lignes donnent un site ou une adresse."
            )
        ) from error
    except campaigns.NoFacts as error:
        raise click.ClickException(
            _("Les faits de cette campagne ne sont plus là (%(folder)s) : elle ne peut être relue.")
            % {"folder": error.folder}
        ) from error
    except actions.NotReadable as error:
        raise click.ClickException(
            _("La campagne %(number)s ne se relit pas (%(state)s), ou une autre de son jeu est en cours.")
            % {"number": error.campaign.pk, "state": error.campaign.get_state_display()}
        ) from error


@contextmanager
def _alone(about: About) -> Iterator[None]:
    try:
        with campaigns.alone(about, home=settings.HOME):
            yield
    except campaigns.AlreadyRuns as error:
        raise click.ClickException(_("Une campagne de ce jeu tourne déjà sur cette machine : attendez-la.")) from error


@click.command(
    "read", help=_("Relit les faits d’une campagne avec les règles d’aujourd’hui, sans interroger ses domaines.")
)
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
    with _alone(About(campaign.about)), _explained():
        done = campaigns.read_again(
            campaign,
            targets,
            home=settings.HOME,
            catalogue=catalogue(),
            announcers=partial(networks_again, told=campaign.figures.get("networks", {})),
            now=timezone.now,
            tell=say,
        )
    _answer(done, as_json=as_json)


def _targets_of(campaign: Campaign, path: Path | None) -> Callable[[], Iterable[Target]]:
    """The subjects of a campaign's own set."""
    if campaign.about == About.COMMUNES and path is None:
        return partial(communes, departments=campaign.departments)
    if campaign.about == About.TRIAL and path is not None:
        return _listed(path)
    told = {
        About.COMMUNES: _("La campagne %s porte sur les communes : sans --trial."),
        About.TRIAL: _("La campagne %s porte sur des villes inventées : donnez leur liste avec --trial."),
    }
    other = _("La campagne %s a été chargée avec un jeu enregistré : « arobase data load » la relit.")
    raise click.ClickException(told.get(About(campaign.about), other) % campaign.pk)


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


@click.command(help=_("Dit ce qui diffère dans une campagne retenue : de quoi décider de la publier ou de l’écarter."))
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def show(*, number: int, as_json: bool) -> None:
    found = _numbered(number)
    if as_json:
        json.dump({**_told(found), "differs": found.figures.get(DIFFERS, {})}, sys.stdout, ensure_ascii=False)
        click.echo()
        return
    for line in differences_said(differences_of(found), catalogue()):
        click.echo(line)
    if found.state == CampaignState.HELD:
        click.echo(_held_said(found))


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
    except actions.NothingToShow as error:
        raise click.ClickException(
            _(
                "La campagne %(number)s n’a rien à montrer : la publier viderait les pages. Relisez-la "
                "(« arobase observatory campaign read %(number)s ») ou écartez-la (« … discard %(number)s »)."
            )
            % {"number": number}
        ) from error


def _numbered(number: int) -> Campaign:
    prepare_home()
    found = Campaign.objects.filter(pk=number).first()
    if found is None:
        raise click.ClickException(
            _("Aucune campagne %(number)s : « arobase observatory campaign list » les donne.") % {"number": number}
        )
    return found


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
        "departments": one.departments,
        "rereads": one.rereads_id,
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
    if done.state == CampaignState.HELD:
        click.echo(_held_said(done))


def _held_said(held: Campaign) -> str:
    """What is shown meanwhile, and what decides."""
    if held.rereads_id:
        shown = _("C’est une relecture de la campagne %(shown)s, qui reste affichée telle quelle.")
    else:
        shown = _("La campagne d’avant reste affichée.")
    look = _("« arobase observatory campaign show %(number)s » dit ce qui diffère.")
    decide = _("« arobase observatory campaign publish %(number)s » la montre, « … discard %(number)s » l’écarte.")
    return f"{shown} {look} {decide}" % {"number": held.pk, "shown": held.rereads_id}


campaign = click.Group(
    "campaign",
    help=_("Campagnes : regarder toutes les communes, chaque semaine."),
    commands=[run, read, list_them, show, publish, discard],
)
