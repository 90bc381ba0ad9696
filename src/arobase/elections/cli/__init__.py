"""The verbs of `arobase elections`."""

import click
from django.utils.translation import gettext as _

from arobase.elections.cli.backtest import backtest_ as backtest
from arobase.elections.cli.journal import journal
from arobase.elections.cli.outlines import outlines
from arobase.elections.cli.prepare import codes, prepare, wipe
from arobase.elections.cli.project import project_ as project
from arobase.elections.cli.replay import replay
from arobase.elections.cli.seats import seats
from arobase.elections.cli.verify import verify

commands = [
    click.Group(
        "elections",
        help=_("La nuit électorale : la saisie, les résultats en direct, la tendance et les sièges."),
        commands=[backtest, codes, journal, outlines, prepare, project, replay, seats, verify, wipe],
    )
]
