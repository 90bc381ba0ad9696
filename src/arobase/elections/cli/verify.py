"""`arobase elections verify`: whether anything in the chain of entries was changed, lost or moved."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click
from django.utils.translation import gettext as _

from arobase.elections.models import Election
from arobase.elections.queries.audit import audited
from arobase.elections.rules.audit import Break, Fault
from arobase.web.home import prepare_home


@click.command(help=_("Vérifie que rien n’a été changé, perdu ou déplacé dans la chaîne des saisies."))
@click.option("--election", "number", type=int, help=_("Un seul scrutin, par son numéro ; sinon tous."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def verify(*, number: int | None, as_json: bool) -> None:
    prepare_home()
    found = audited(number)
    if number is not None and not found:
        raise click.BadParameter(_("aucun scrutin n’a le numéro %s.") % number, param_hint="--election")
    if as_json:
        json.dump(
            {"elections": [_told(one.election, one.first_break) for one in found]}, sys.stdout, ensure_ascii=False
        )
        click.echo()
    else:
        for one in found:
            click.echo(f"{one.election.pk}  {one.election} : {_said(one.election, one.first_break)}")
        if not found:
            click.echo(_("Aucun scrutin."))
    sys.exit(any(one.first_break for one in found))


def _told(election: Election, fault: Break | None) -> Mapping[str, Any]:
    first = {"sequence": fault.sequence, "fault": fault.fault.value, "station": fault.station} if fault else None
    return {
        "election": election.pk,
        "name": str(election),
        "entries": election.head_sequence,
        "head": election.head_hash,
        "ok": fault is None,
        "first_break": first,
    }


def _said(election: Election, fault: Break | None) -> str:
    if fault is None:
        return _("%(count)s saisies, la chaîne tient. Empreinte : %(head)s") % {
            "count": election.head_sequence,
            "head": election.head_hash or "–",
        }
    what = {
        Fault.SETUP: _("les listes, les bureaux ou leurs résultats d’avant ne sont plus ceux du début"),
        Fault.CHANGED: _("cette saisie a été modifiée"),
        Fault.MISSING: _("une saisie manque ici"),
        Fault.REORDERED: _("des saisies ont changé de place"),
        Fault.CUT: _("les dernières saisies manquent, ou l’empreinte de tête a été modifiée"),
        Fault.ADDED_UP: _("les chiffres du bureau ne sont pas la somme de ses saisies"),
    }[fault.fault]
    return _("RUPTURE à la saisie %(sequence)s (bureau %(station)s) : %(what)s.") % {
        "sequence": fault.sequence,
        "station": fault.station or "–",
        "what": what,
    }
