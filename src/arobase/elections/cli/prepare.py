"""`arobase elections prepare`, `codes` and `wipe`: a night made from a file, its codes, and the end of a rehearsal."""

import json
import sys
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.elections.actions.passes import issue
from arobase.elections.actions.preparing import BadPlan, NoRehearsal, StillHeld
from arobase.elections.actions.preparing import prepare as prepared
from arobase.elections.actions.preparing import wipe as wiped
from arobase.elections.models import Election
from arobase.elections.queries.plans import with_seats
from arobase.elections.queries.sheets import named_stations
from arobase.elections.queries.stations import stations_of
from arobase.elections.queries.wording import wrong
from arobase.elections.sources.plans import UnreadablePlan, read_plan
from arobase.web.home import prepare_home


@click.command(help=_("Prépare une soirée d’après un fichier JSON : listes, bureaux, heures."))
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def prepare(*, path: Path, as_json: bool) -> None:
    prepare_home()
    try:
        election = prepared(with_seats(read_plan(path)), by=None, at=timezone.now())
    except UnreadablePlan as error:
        raise click.ClickException("\n".join(error.problems)) from error
    except BadPlan as error:
        raise click.ClickException("\n".join(map(wrong, error.found))) from error
    if as_json:
        json.dump({"election": election.pk, "stations": election.stations.count()}, sys.stdout)
        click.echo()
    else:
        click.echo(_("Scrutin %(number)s préparé : %(name)s.") % {"number": election.pk, "name": election})


@click.command(
    help=_(
        "Donne aux bureaux (tous, ou ceux qui sont nommés) deux nouveaux codes\u202f; les précédents ne servent plus."
    )
)
@click.argument("number", type=int)
@click.argument("stations", metavar="[STATION]...", nargs=-1)
@click.option("--replace-used", is_flag=True, help=_("Remplace aussi les codes qui ont ouvert un appareil."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def codes(*, number: int, stations: tuple[str, ...], replace_used: bool, as_json: bool) -> None:
    prepare_home()
    election = election_of(number)
    chosen, unknown = named_stations(election, stations) if stations else (stations_of(election), [])
    if unknown:
        raise click.BadParameter(_("aucun bureau n’a ce numéro\u00a0: %s.") % ", ".join(unknown), param_hint="STATION")
    names = [one.code for one in chosen]
    found = issue(number, stations=names, replaces_used=replace_used, by=None, at=timezone.now())
    kept = [code for code in names if (code, 1) not in found]
    if as_json:
        lines = [{"station": code, "seat": seat, "code": made} for (code, seat), made in found.items()]
        json.dump({"codes": lines, "kept": kept}, sys.stdout)
        click.echo()
        return
    for (code, seat), made in found.items():
        click.echo(f"{code}  {seat}  {made}")
    if kept:
        said = _("Codes gardés, car ils servent déjà (--replace-used les remplace)\u00a0: %s.")
        click.echo(said % ", ".join(kept), err=True)


@click.command(help=_("Efface une répétition avec tous ses chiffres, ou une soirée où rien n’est saisi."))
@click.argument("number", type=int)
def wipe(*, number: int) -> None:
    prepare_home()
    election = election_of(number)
    try:
        wiped(number, by=None, at=timezone.now())
    except StillHeld as error:
        said = _("«\u202f%(night)s\u202f» reste jusqu’à la fin de son embargo, %(until)s\u00a0: rien n’est effacé.")
        raise click.ClickException(said % {"night": election, "until": error.until.isoformat()}) from error
    except NoRehearsal as error:
        said = _(
            "Des chiffres sont saisis dans «\u202f%s\u202f», qui n’est pas une répétition\u00a0: rien n’est effacé."
        )
        raise click.ClickException(said % election) from error
    click.echo(_("Effacé\u00a0: %s.") % election)


def election_of(number: int) -> Election:
    """The night of a number, or a sentence that there is none."""
    found = Election.objects.filter(pk=number).first()
    if found is None:
        raise click.BadParameter(_("aucun scrutin n’a le numéro %s.") % number, param_hint="NUMBER")
    return found
