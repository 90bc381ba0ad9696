"""`arobase observatory agreement`: our verdicts beside others' on recorded facts."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import click
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from arobase.observatory.rules.agreement import Rate, rate
from arobase.observatory.rules.mail import Basis
from arobase.observatory.sources.agreement import Agreement, measure
from arobase.observatory.sources.recorded import LARGE, OTHER, UNKNOWN, NoMirror
from arobase.observatory.sources.site_agreement import Beside, SiteAgreement, measure_sites

CLASSES = (*LARGE, OTHER, UNKNOWN)


@click.command(help=_("Compare nos verdicts à ceux d’autres projets sur les faits enregistrés du miroir."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def agreement(as_json: bool) -> None:
    try:
        found, sites = measure(), measure_sites()
    except NoMirror as error:
        raise click.ClickException(
            _("Il faut AROBASE_DATA_MIRROR, avec son dossier observatory : c’est là que sont les faits enregistrés.")
        ) from error
    if as_json:
        json.dump({**_document(found), "sites": _sites_document(sites)}, sys.stdout)
        click.echo()
        return
    console = Console(width=100)
    for name, pairs in found.tables.items():
        console.print(_confusion(name, pairs))
    console.print(_rates(_("Accord par fondement, avec des signaux mis à part"), found.with_signals))
    console.print(_rates(_("Accord par fondement, avec les verdicts d’un autre projet"), found.with_peers))
    for table in _sites(sites):
        console.print(table)


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


def _sites_document(found: SiteAgreement) -> dict[str, object]:
    return {
        "sites": found.sites,
        "loads": found.loads,
        "third_party": asdict(found.third_party),
        "proxy": asdict(found.proxy),
        "layers": {name: asdict(one) for name, one in found.layers.items()},
        "measures": {name: asdict(one) for name, one in found.measures.items()},
        "shares": {name: {"agreed": one.agreed, "n": one.n} for name, one in found.shares.items()},
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


def _sites(found: SiteAgreement) -> Iterator[Table]:
    """What another project saw in the same page loads, and what the loads show."""
    compared = {
        _("un tiers avant tout accord"): found.third_party,
        _("Cloudflare devant (en-tête cf-ray)"): found.proxy,
        **found.layers,
    }
    title = _("%(sites)d sites publics, %(loads)d pages chargées (janvier 2026)")
    yield _beside(title % {"sites": found.sites, "loads": found.loads}, compared)
    measures = {name if name != "*" else _("quelqu’un mesure"): one for name, one in found.measures.items()}
    yield _beside(_("Qui mesure l’audience"), measures)
    shares = Table(title=_("Pages qui s’adressent à d’autres avant tout accord"))
    for heading in (_("à qui"), _("part"), "n", _("intervalle à 95 pour cent")):
        shares.add_column(heading, justify="left" if heading == _("à qui") else "right")
    for name, one in found.shares.items():
        low, high = one.interval
        shares.add_row(name, f"{one.agreed} = {one.share:.1%}", str(one.n), f"{low:.1%} – {high:.1%}")
    yield shares


def _beside(title: str, rows: Mapping[str, Beside]) -> Table:
    table = Table(title=title)
    for heading in (_("quoi"), _("les deux"), _("eux seuls"), _("nous seuls"), _("aucun"), _("accord")):
        table.add_column(heading, justify="left" if heading == _("quoi") else "right")
    for name, one in rows.items():
        counts = (one.both, one.only_theirs, one.only_ours, one.neither)
        table.add_row(name, *map(str, counts), f"{one.rate.share:.1%}")
    return table
