"""`arobase elections backtest`: past polls projected as if tonight, beside plain estimators and elex-model."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from arobase.elections.rules.projection.backtesting import (
    Learnt,
    Pair,
    Trial,
    fitted,
    learnt,
    starting_priors,
    trials,
)
from arobase.elections.rules.projection.priors import Priors, Provenance
from arobase.elections.rules.projection.trials import ROWS
from arobase.elections.sources import elex
from arobase.elections.sources.backtests import Tally, pairs_of
from arobase.elections.sources.polls import NoPolls, elections_folder, stable_towns, town_polls
from arobase.elections.sources.priors import priors_in, shipped_priors, write_priors


@click.command(
    "backtest",
    help=_(
        "Rejoue les scrutins passés des villes stables du miroir : premiers bureaux tirés au sort ou du "
        "plus petit au plus grand, "
        "deux enveloppes de 100 bulletins chacun. Les réglages sont appris sans le scrutin projeté ni "
        "la ville. Affiche l’erreur, "
        "la couverture et le score des intervalles de chaque méthode."
    ),
)
@click.option("--towns", type=click.IntRange(4), default=None, help=_("Nombre de villes (toutes sinon)."))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=_("Graine des tirages."))
@click.option("--draws", type=click.IntRange(1), default=1, show_default=True, help=_("Tirages par nuit."))
@click.option(
    "--overdispersion",
    "spreads",
    type=click.FloatRange(1.0, 10.0),
    multiple=True,
    default=(1.0, 1.6),
    show_default=True,
    help=_("Variance des enveloppes, en multiples de celle d’un tirage parfait ; répétable."),
)
@click.option(
    "--elex-python",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help=_("Python d’un environnement où elex-model est installé (requirements/elex-model.txt) : ajoute sa colonne."),
)
@click.option("--elex-every", type=click.IntRange(1), default=1, help=_("elex-model sur une nuit sur N seulement."))
@click.option(
    "--learn",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help=_(
        "N’évalue rien\u00a0: apprend les réglages, sur tous les scrutins puis sans chacun ni une moitié "
        "des villes, et les écrit dans ce dossier."
    ),
)
@click.option(
    "--without-former",
    is_flag=True,
    help=_("Projette chaque nuit comme si aucune élection antérieure n’était connue."),
)
@click.option(
    "--priors",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help=_("Dossier que --learn a écrit\u00a0: les réglages n’en sont pas appris de nouveau."),
)
@click.option(
    "--aside",
    nargs=3,
    metavar="POLL FORMER CODE",
    default=None,
    help=_(
        "Un autre scrutin du miroir, sur celui d’avant, dans une commune (INSEE), au lieu des villes "
        "stables\u202f; par les réglages du paquet qui ne connaissent pas cette commune."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def backtest_(  # noqa: PLR0917 - click passes options by name
    towns: int | None,
    seed: int,
    draws: int,
    spreads: tuple[float, ...],
    elex_python: Path | None,
    elex_every: int,
    learn: Path | None,
    without_former: bool,
    priors: Path | None,
    aside: tuple[str, str, str] | None,
    as_json: bool,
) -> None:
    pairs = _read(partial(_aside, *aside) if aside else partial(_pairs, towns))
    with _progress() as progress:
        if learn:
            _learn(pairs, learn, seed=seed, progress=progress, as_json=as_json)
            return
        known: Mapping[tuple[str, int], Priors]
        if aside:
            known = {(one.poll.poll, one.half): shipped_priors(without_town=one.poll.town) for one in pairs}
        else:
            known = priors_in(priors) if priors else _learnt(pairs, seed=seed, progress=progress).left_out
        several = sorted(set(spreads))
        judged = [replace(pair, former=None) for pair in pairs] if without_former else pairs
        asked = trials(judged, known, spreads=several, draws=draws, seed=seed)
        total = len(pairs) * len(several) * draws * len(ROWS)
        told = _told(asked, _("Nuits projetées"), total=total, progress=progress)
        tally = _tallied(told, elex_python, every=elex_every)
    facts = {"towns": len({pair.poll.town for pair in pairs}), "polls": sorted({pair.poll.poll for pair in pairs})}
    facts |= {"seed": seed, "draws": draws, "former": not without_former}
    document = {**facts, "day": timezone.localdate().isoformat(), "rows": tally.rows(), "chances": tally.chances()}
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _print_for_people(document, peer=elex_python is not None)


def _tallied(told: Iterator[Trial], elex_python: Path | None, *, every: int) -> Tally:
    tally = Tally()
    if elex_python is None:
        for trial in told:
            tally.add(trial)
        return tally
    try:
        with elex.Elex(elex_python) as peer:
            for number, trial in enumerate(told):
                tally.add(trial)
                if number % every == 0:
                    tally.add_peer(trial, peer.mark(trial))
    except elex.ElexStopped:
        said = _(
            "%(python)s ne fait pas tourner elex-model\u00a0: refaites l’environnement par «\u202fmake elex\u202f»."
        )
        click.echo(said % {"python": elex_python}, err=True)
        sys.exit(1)
    return tally


def _pairs(towns: int | None, folder: Path) -> list[Pair]:
    return pairs_of(folder, [town.code for town in _spread_out(stable_towns(folder), towns)])


def _aside(poll: str, former: str, town: str, folder: Path) -> list[Pair]:
    now, before = (town_polls(folder, one, towns=[town]) for one in (poll, former))
    if town not in now:
        raise NoPolls(f"{poll}_bureaux.csv.gz, {town}")
    return [Pair(poll=now[town], former=before.get(town))]


def _read(pairs: Callable[[Path], list[Pair]]) -> list[Pair]:
    try:
        return pairs(elections_folder())
    except NoPolls as error:
        said = _(
            "Il faut le miroir des données\u00a0: indiquez AROBASE_DATA_MIRROR, avec son dossier elections "
            "(manque\u00a0: %(missing)s)."
        )
        click.echo(said % {"missing": error.missing}, err=True)
        sys.exit(1)


def _spread_out(found: tuple[Any, ...], number: int | None) -> list[Any]:
    """All, or `number` of them at even distances in the list."""
    if number is None or number >= len(found):
        return list(found)
    return [found[place * len(found) // number] for place in range(number)]


def _learnt(pairs: list[Pair], *, seed: int, progress: Progress) -> Learnt:
    start = starting_priors()
    with _task(progress, _("Vraisemblances"), len(pairs)) as step:
        likelihoods = fitted(pairs, priors=start, step=step)
    with _task(progress, _("Réglages appris"), len(pairs)) as step:
        return learnt(pairs, likelihoods, start=start, seed=seed, step=step)


def _learn(pairs: list[Pair], folder: Path, *, seed: int, progress: Progress, as_json: bool) -> None:
    found = _learnt(pairs, seed=seed, progress=progress)
    everything = replace(found.all, provenance=_provenance(pairs, seed=seed))
    apart = {
        (poll, half): replace(priors, provenance=_provenance(_others(pairs, poll, half), seed=seed))
        for (poll, half), priors in found.left_out.items()
    }
    write_priors(folder, everything, apart)
    if as_json:
        told = {"towns": len({pair.poll.town for pair in pairs}), "nights": len(pairs), "left_out": len(apart)}
        click.echo(json.dumps({"written": str(folder), **told}, ensure_ascii=False))
    else:
        said = _("Réglages appris sur %(nights)s nuits, écrits dans %(path)s.")
        click.echo(said % {"nights": len(pairs), "path": folder})


def _others(pairs: list[Pair], poll: str, half: int) -> list[Pair]:
    return [pair for pair in pairs if pair.poll.poll != poll and pair.half != half]


def _provenance(pairs: list[Pair], *, seed: int) -> Provenance:
    return Provenance(
        towns=len({pair.poll.town for pair in pairs}),
        nights=len(pairs),
        polls=tuple(sorted({pair.poll.poll for pair in pairs})),
        day=timezone.localdate().isoformat(),
        seed=seed,
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        yield progress


@contextmanager
def _task(progress: Progress, title: str, total: int) -> Iterator[Callable[[], None]]:
    task = progress.add_task(title, total=total)
    yield lambda: progress.advance(task)
    progress.remove_task(task)


def _told(asked: Iterator[Trial], title: str, *, total: int, progress: Progress) -> Iterator[Trial]:
    with _task(progress, title, total) as step:
        for trial in asked:
            yield trial
            step()


def _print_for_people(document: dict[str, Any], *, peer: bool) -> None:
    console = Console(width=180 if not sys.stdout.isatty() else None)
    console.print(
        _(
            "%(towns)s villes, %(polls)s scrutins, graine %(seed)s. Erreur moyenne du vainqueur en points / "
            "couverture à 90 %% / score."
        )
        % {"towns": document["towns"], "polls": len(document["polls"]), "seed": document["seed"]}
    )
    names = list(document["rows"][0]["estimators"])
    titles = (_("variance"), _("ordre"), _("bureaux"), _("nuits"), *names, "50/80/90", _("réponses"))
    table = Table(*titles, box=None, header_style="bold")
    for row in document["rows"]:
        cells = [_figures(row["estimators"][name]) for name in names]
        mine = row["estimators"]["product"]
        cover = "/".join(f"{mine['coverage'][level]:.0f}" for level in ("50", "80", "90")) if mine["answered"] else "–"
        answered = f"{100 * mine['answered'] / row['nights']:.0f} %"
        head = (f"{row['overdispersion']:g}", row["reporting"], f"{100 * row['share']:.0f} %", str(row["nights"]))
        table.add_row(*head, *cells, cover, answered)
    console.print(table)
    console.print(_chances(document["chances"]))
    if not peer:
        console.print(
            _(
                "elex-model n’a pas tourné\u00a0: donnez --elex-python, le Python d’un environnement fait par "
                "«\u202fmake elex\u202f»."
            )
        )


def _chances(rows: list[dict[str, Any]]) -> Table:
    table = Table(_("chance de"), _("annoncée, en %"), "n", _("moyenne"), _("vérifiée"), box=None, header_style="bold")
    for one in rows:
        between = f"{one['from']}–{one['to']}"
        table.add_row(one["event"], between, str(one["n"]), f"{one['told']:.1f}", f"{one['true']:.1f}")
    return table


def _figures(one: dict[str, Any]) -> str:
    if not one["answered"]:
        return "–"
    told = f"{one['error']:.2f}/{one['coverage']['90']:.0f}/{one['score']:.1f}"
    return told if one["answered"] == one["asked"] else f"{told} ({one['answered']})"
