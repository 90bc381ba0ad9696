"""`arobase label check`: what was kept of each dossier, computed again."""

import json
import sys

import click
from django.utils.translation import gettext as _

from arobase.label.cli.cases import json_option
from arobase.label.cli.label import label
from arobase.label.queries.kept import check_all
from arobase.web.home import prepare_home


@label.command(
    "check",
    help=_(
        "Recalcule tout ce qui fut gardé des dossiers (dépôt, évaluation, décision) : contenu, empreinte, points. "
        "Sortie 1 si quelque chose diffère."
    ),
)
@click.option("--year", type=int, help=_("Une seule édition."))
@json_option
def check(year: int | None, as_json: bool) -> None:
    prepare_home()
    found = list(check_all(year))
    wrong = [one for one in found if not one.is_sound]
    if as_json:
        listed = [
            {
                "dossier": one.snapshot.dossier_id,
                "milestone": one.snapshot.milestone,
                "altered": one.is_altered,
                "rescored": one.is_rescored,
            }
            for one in wrong
        ]
        click.echo(json.dumps({"checked": len(found), "wrong": listed}))
    else:
        for one in wrong:
            what = _("contenu modifié") if one.is_altered else _("points différents")
            click.echo(f"{one.snapshot.dossier.territory}, {one.snapshot.get_milestone_display()} : {what}")
        click.echo(_("%(n)s états gardés, %(wrong)s qui diffèrent.") % {"n": len(found), "wrong": len(wrong)})
    sys.exit(1 if wrong else 0)
