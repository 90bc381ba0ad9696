"""`arobase elections outlines`: the map of a night's stations, from a file of any size."""

import json
import sys
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.elections.actions.preparing import outline
from arobase.elections.cli.prepare import election_of
from arobase.elections.sources.outlines import read_outlines
from arobase.web.files import UnreadableFile
from arobase.web.home import prepare_home

MOST_NAMED = 20  # stations in a sentence


@click.command(
    help=_(
        "Donne leurs contours aux bureaux d’un scrutin, d’après un GeoJSON de la commune, du département ou de France."
    )
)
@click.argument("number", type=int)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def outlines(*, number: int, path: Path, as_json: bool) -> None:
    prepare_home()
    election = election_of(number)
    try:
        with path.open("rb") as file:
            found = read_outlines(file, commune=election.code)
    except UnreadableFile as error:
        raise click.ClickException(_(error.text) % error.facts) from error
    missing = outline(number, found, by=None, at=timezone.now())
    stations = election.stations.count()
    if as_json:
        json.dump({"election": number, "outlined": stations - len(missing), "missing": missing}, sys.stdout)
        click.echo()
        return
    click.echo(
        _("Bureaux dessinés\u00a0: %(drawn)s sur %(all)s.") % {"drawn": stations - len(missing), "all": stations}
    )
    if missing:
        named = ", ".join(missing[:MOST_NAMED]) + (" …" if len(missing) > MOST_NAMED else "")
        click.echo(_("Sans contour\u00a0: %s.") % named)
