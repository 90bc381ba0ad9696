"""`arobase elections replay`: a rehearsal's night goes by again, at any speed."""

import time
from collections.abc import Iterator, Mapping, Sequence

import click
import numpy as np
from django.db import close_old_connections
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.elections.actions.entries import REHEARSAL, record
from arobase.elections.actions.preparing import rewind
from arobase.elections.models import Election, Station
from arobase.elections.rules.plans import Replayed
from arobase.elections.rules.replay import Step, night
from arobase.web.home import prepare_home

PAUSE_S = 90.0  # between two showings, for the end to be read


@click.command(help=_("Rejoue la soirée des répétitions préparées avec des chiffres, à n’importe quelle vitesse."))
@click.argument("numbers", type=int, nargs=-1)
@click.option("--speed", default=60.0, show_default=True, type=click.FloatRange(1, 100_000), help=_("Fois plus vite."))
@click.option("--seed", default=1, show_default=True, help=_("Graine du tirage des enveloppes."))
@click.option("--loop", "is_endless", is_flag=True, help=_("Recommence, jusqu’à ce qu’on l’arrête."))
def replay(*, numbers: tuple[int, ...], speed: float, seed: int, is_endless: bool) -> None:
    prepare_home()
    elections = _chosen(numbers)
    while True:
        for election in elections:
            rewind(election.pk, by=None, at=timezone.now())
        for station, step, place in _through(elections, speed=speed, seed=seed):
            key = f"{seed}-{place}"
            record(station, step.verb, step.payload, key=key, by=REHEARSAL, at=timezone.now(), sure=True)
        if not is_endless:
            return
        time.sleep(PAUSE_S)
        seed += 1
        close_old_connections()


def _chosen(numbers: Sequence[int]) -> Sequence[Election]:
    """The rehearsals to go by: those of these numbers, else all. What was typed by hand is nobody's to wipe here."""
    rehearsals = Election.objects.filter(is_rehearsal=True)
    known = rehearsals.filter(pk__in=Station.objects.exclude(replayed={}).values("election"))
    if missing := _not_among(numbers, rehearsals):
        raise click.BadParameter(_("aucune répétition n’a le numéro %s.") % missing)
    if typed := _not_among(numbers, known):
        said = _(
            "Les chiffres de la répétition %s sont saisis à la main\u00a0: rien n’est à rejouer, rien n’est effacé."
        )
        raise click.ClickException(said % typed)
    chosen = list(known.filter(pk__in=numbers) if numbers else known)
    if not chosen:
        raise click.ClickException(_("Aucune répétition préparée n’a de chiffres à rejouer."))
    return chosen


def _not_among(numbers: Sequence[int], found: QuerySet[Election]) -> str:
    return ", ".join(map(str, sorted(set(numbers) - set(found.values_list("pk", flat=True)))))


def _through(elections: Sequence[Election], *, speed: float, seed: int) -> Iterator[tuple[int, Step, int]]:
    """Steps of all nights as time goes by: station, step, and its place."""
    steps: list[tuple[int, Step]] = []
    for election in elections:
        stations, results, tables = _results(election)
        rng = np.random.default_rng([seed, election.pk])
        steps += [(stations[one.station], one) for one in night(results, hours=election.hours, rng=rng, tables=tables)]
    began = time.monotonic()
    for place, (station, step) in enumerate(sorted(steps, key=lambda one: one[1].after_s)):
        time.sleep(max(0.0, step.after_s / speed - (time.monotonic() - began)))
        yield station, step, place


def _results(election: Election) -> tuple[Mapping[str, int], Mapping[str, Replayed], Mapping[str, int]]:
    """Of each station its number in the database, what is counted, and at how many tables."""
    stations = Station.objects.filter(election=election).exclude(replayed={})
    results = {
        one.code: Replayed(
            one.replayed["signatures"], tuple(one.replayed["votes"]), one.replayed["blank"], one.replayed["null"]
        )
        for one in stations
    }
    return {one.code: one.pk for one in stations}, results, {one.code: one.tables for one in stations}
