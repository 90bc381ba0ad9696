"""The verbs of `arobase elections`."""

import click
from django.utils.translation import gettext as _

from arobase.elections.cli.verify import verify

commands = [
    click.Group(
        "elections",
        help=_("La nuit électorale : la saisie, les résultats en direct, la tendance et les sièges."),
        commands=[verify],
    )
]
