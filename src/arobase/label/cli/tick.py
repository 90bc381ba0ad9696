"""`arobase label tick`: what a campaign does by itself as time passes, run by a timer."""

import json
import time

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.label.actions.ticking import tick
from arobase.label.cli.cases import json_option
from arobase.label.cli.label import label
from arobase.web.home import prepare_home


@label.command(
    "tick",
    help=_(
        "Écrit les rappels, publie ce qui est prêt, envoie les courriels ; à lancer chaque minute, ou une fois avec "
        "--every. Un second lancement n’envoie rien deux fois."
    ),
)
@click.option("--every", type=click.IntRange(5, 3600), help=_("Recommence toutes les N secondes, sans fin."))
@json_option
def tick_(every: int | None, as_json: bool) -> None:
    prepare_home()
    while True:
        done = tick(at=timezone.now(), site=settings.SITE_URL)
        if as_json:
            click.echo(json.dumps(done))
        elif any(done.values()):
            click.echo(
                _(
                    "%(reminders)s rappels, %(published)s publications. "
                    "Courriels : %(sent)s envoyés, %(waiting)s en attente, %(refused)s refusés."
                )
                % done
            )
        if every is None:
            return
        time.sleep(every)
