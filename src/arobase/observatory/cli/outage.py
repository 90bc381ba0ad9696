"""`arobase observatory outage`: which services go dark when these fail."""

import difflib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from arobase.observatory.models import About
from arobase.observatory.queries.dependence import dependence
from arobase.observatory.rules.outage import Affected, Graph, UnknownFailure
from arobase.observatory.sources.graphs import BadGraph, read_graph
from arobase.observatory.sources.providers import catalogue
from arobase.web.home import prepare_home

SHOWN = 20


@click.command(help=_("Dit ce qui s’éteint, et pourquoi, quand ces prestataires, propriétaires ou pays tombent."))
@click.option(
    "--graph",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Services et prestataires en JSON, éventuellement compressé (gzip) ; sinon ce qui est connu aujourd’hui."),
)
@click.option(
    "--fail",
    "names",
    multiple=True,
    required=True,
    help=_("Ce qui tombe : un prestataire, owner:NOM ou country:CC ; peut se répéter."),
)
@click.option(
    "--set",
    "about",
    type=click.Choice(About.values),
    default=About.COMMUNES.value,
    show_default=True,
    help=_("De qui, sans --graph : les communes, ou un autre jeu."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def outage(*, path: Path | None, about: str, names: tuple[str, ...], as_json: bool) -> None:
    graph = _of_file(path) if path else _of_today(About(about))
    try:
        spread = graph.spread(names)
    except UnknownFailure as error:
        raise click.BadParameter(_unknown(error.name, graph), param_hint="--fail") from error
    lost, degraded = graph.lost(spread), graph.degraded(spread)
    if as_json:
        json.dump({"lost": _told(lost), "degraded": _told(degraded)}, sys.stdout, ensure_ascii=False)
        click.echo()
        return
    total = len(graph.services)
    click.echo(
        ngettext("%(lost)s service éteint sur %(total)s", "%(lost)s services éteints sur %(total)s", len(lost))
        % {"lost": len(lost), "total": total}
    )
    _list(lost)
    click.echo(
        ngettext("%(count)s service diminué", "%(count)s services diminués", len(degraded)) % {"count": len(degraded)}
    )
    _list(degraded)


def _of_file(path: Path) -> Graph:
    try:
        return read_graph(path)
    except BadGraph as error:
        raise click.ClickException(str(error)) from error


def _of_today(about: About) -> Graph:
    prepare_home()
    found = dependence(catalogue(), about).graph
    if not found.services:
        raise click.ClickException(_("Rien n’est encore connu : « arobase data load », ou une campagne, le dira."))
    return found


def _told(services: Iterable[Affected]) -> list[dict[str, object]]:
    return [asdict(one) for one in services]


def _list(services: list[Affected]) -> None:
    for one in services[:SHOWN]:
        click.echo("  " + " ← ".join([f"{one.territory} ({one.service})", *one.why]))
    if len(services) > SHOWN:
        click.echo("  " + _("… et %(count)s autres : --json les donne tous.") % {"count": len(services) - SHOWN})


def _unknown(name: str, graph: Graph) -> str:
    near = difflib.get_close_matches(name, graph.failures, n=3, cutoff=0.5)
    hint = _("proches : %(names)s") % {"names": ", ".join(near)} if near else _("rien d’approchant")
    return _("« %(name)s » n’est pas dans le graphe (%(hint)s).") % {"name": name, "hint": hint}
