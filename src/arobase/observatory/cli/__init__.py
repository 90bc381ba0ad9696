"""The verbs of `arobase observatory`."""

import click
from django.utils.translation import gettext as _

from arobase.observatory.cli.agreement import agreement
from arobase.observatory.cli.alert import alert
from arobase.observatory.cli.browse import browse
from arobase.observatory.cli.campaign import campaign
from arobase.observatory.cli.classify import classify
from arobase.observatory.cli.outage import outage
from arobase.observatory.cli.scan import scan
from arobase.observatory.cli.trial import trial

commands = [
    click.Group(
        "observatory",
        help=_("L’observatoire : de qui dépendent les territoires, et ce qui s’éteint quand un prestataire tombe."),
        commands=[agreement, alert, browse, campaign, classify, outage, scan, trial],
    )
]
