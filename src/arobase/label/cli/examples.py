"""`arobase label examples`: the invented campaign of the demonstration."""

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.label.cli.label import label
from arobase.label.sources.examples import fill
from arobase.web.home import prepare_home


@label.command(
    "examples", help=_("Écrit une campagne inventée, marquée comme telle, sur les initiatives inventées qui sont là.")
)
def examples() -> None:
    prepare_home()
    click.echo(_("%(n)s dossiers inventés.") % {"n": fill(timezone.now())})
