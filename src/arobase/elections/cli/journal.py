"""`arobase elections journal`: every entry of a night with its hour, who, what it changed and why."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.elections.models import Election, Station
from arobase.elections.queries.journal import Line
from arobase.elections.queries.journal import journal as lines_of
from arobase.web.home import prepare_home


@click.command(help=_("Dit chaque saisie d’une soirée\u00a0: l’heure, qui, les chiffres avant et après, la raison."))
@click.argument("number", type=int)
@click.option("--station", "code", help=_("Un seul bureau, par son code."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def journal(*, number: int, code: str | None, as_json: bool) -> None:
    prepare_home()
    election = Election.objects.filter(pk=number).first()
    if election is None:
        raise click.BadParameter(_("aucun scrutin n’a le numéro %s.") % number, param_hint="NUMBER")
    station = Station.objects.filter(election=election, code=code).first() if code is not None else None
    if code is not None and station is None:
        raise click.BadParameter(_("ce scrutin n’a pas de bureau %s.") % code, param_hint="--station")
    with timezone.override(election.clock):
        lines = lines_of(election, station=station)
        if as_json:
            choices = list(election.choices.values_list("name", flat=True))
            told = {"election": election.pk, "choices": choices, "entries": [_told(line) for line in lines]}
            json.dump(told, sys.stdout, ensure_ascii=False)
            click.echo()
            return
        for line in lines:
            click.echo(_said(line))


def _told(line: Line) -> Mapping[str, Any]:
    entry = line.entry
    return {
        "sequence": entry.sequence,
        "at": timezone.localtime(entry.at).isoformat(),
        "station": line.station.code,
        "by": entry.by,
        "who": line.who,
        "verb": entry.verb,
        "bag": line.change.bag,
        "before": line.change.before,
        "after": line.change.after,
        "payload": entry.payload,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _said(line: Line) -> str:
    at = timezone.localtime(line.entry.at)
    what = [line.title, *map(str, line.figures), *([_("Raison\u00a0: %s") % line.why] if line.why else [])]
    when = f"{line.entry.sequence:>5}  {at:%Y-%m-%d %H:%M:%S}  {line.station.code}"
    return f"{when}  {', '.join(what)}  ({line.who})  {line.mark}"
