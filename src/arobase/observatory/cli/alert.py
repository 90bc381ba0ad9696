"""`arobase observatory alert`: tells those who follow a territory what changed."""

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.actions.alerts import alert as tell
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.follow.phrases import changed


@click.command(help=_("Écrit à qui suit un territoire ce qui y a changé : une lettre par personne et par campagne."))
def alert() -> None:
    known = catalogue()
    done = tell(at=timezone.now(), site=settings.SITE_URL.rstrip("/"), phrase=lambda one: changed(one, known))
    click.echo(_("Courriels : %(sent)s envoyés, %(waiting)s en attente, %(refused)s refusés.") % done)
