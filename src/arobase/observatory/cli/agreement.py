"""`arobase observatory agreement`: our verdicts beside others' on recorded facts."""

import json
import sys
from collections.abc import Mapping

import click
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from arobase.observatory.rules.agreement import Rate, rate
from arobase.observatory.rules.mail import Basis
from arobase.observatory.sources.agreement import Agreement, measure
from arobase.observatory.sources.recorded import LARGE, OTHER, UNKNOWN, NoMirror

CLASSES = (*LARGE, OTHER, UNKNOWN)


@click.command(help=_("Compare nos verdicts à ceux d’autres projets sur les faits enregistrés du miroir."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def agreement(as_json: bool) -> None:
    try:
        found = measure()
    except NoMirror as error:
        raise click.ClickException(
            _("Il faut AROBASE_DATA_MIRROR, avec son dossier observatory : c’est là que sont les faits enregistrés.")
        ) from error
    if as_json:
        json.dump(_document(found), sys.stdout)
        click.echo()
        return
    console = Console(width=100)
    for name, pairs in found.tables.items():
        console.print(_confusion(name, pairs))
    console.print(_rates(_("Accord par fondement, avec des signaux mis à part"), found.with_signals))
    console.print(_rates(_("Accord par fondement, avec les verdicts d’un autre projet"), found.with_peers))


def _document(found: Agreement) -> dict[str, object]:
    return {
        "tables": {
            name: [{"theirs": theirs, "ours": ours, "n": n} for (theirs, ours), n in sorted(pairs.items())]
            for name, pairs in found.tables.items()
        },
        "agreement": {name: rate(pairs).share for name, pairs in found.tables.items()},
        "with_signals": {str(basis): {"agreed": one.agreed, "n": one.n} for basis, one in found.with_signals.items()},
        "with_peers": {str(basis): {"agreed": one.agreed, "n": one.n} for basis, one in found.with_peers.items()},
    }


def _confusion(name: str, pairs: Mapping[tuple[str, str], int]) -> Table:
    overall = rate(pairs)
    table = Table(title=f"{name}: {overall.agreed} / {overall.n} = {overall.share:.1%}")
    table.add_column(_("leur verdict ↓, le nôtre →"))
    for ours in CLASSES:
        table.add_column(ours, justify="right")
    for theirs in CLASSES:
        table.add_row(theirs, *(str(pairs.get((theirs, ours), 0)) for ours in CLASSES))
    return table


def _rates(title: str, rates: Mapping[Basis, Rate]) -> Table:
    table = Table(title=title)
    for heading in (_("fondement"), _("accord"), "n", _("intervalle à 95 pour cent")):
        table.add_column(heading, justify="left" if heading == _("fondement") else "right")
    for basis, one in rates.items():
        low, high = one.interval
        table.add_row(str(basis), f"{one.share:.1%}", str(one.n), f"{low:.1%} – {high:.1%}")
    return table
