"""`arobase elections`: each verb is a module beside this one that adds itself to the group."""

import click
from django.utils.translation import gettext as _


@click.group(help=_("La nuit électorale : la saisie, les résultats en direct, la tendance et les sièges."))
def elections() -> None:
    """Hold the verbs."""
