"""`arobase elections backtest`: past polls projected as if tonight, beside plain estimators and elex-model."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from arobase.elections.rules.projection.backtesting import (
    Pair,
    Trial,
    fitted,
    learnt_priors,
    left_out,
    starting_priors,
    trials,
)
from arobase.elections.rules.projection.priors import Priors, Provenance
from arobase.elections.rules.projection.trials import ROWS
from arobase.elections.sources import elex
from arobase.elections.sources.backtests import Tally, pairs_of
from arobase.elections.sources.polls import NoPolls, elections_folder, stable_towns
from arobase.elections.sources.priors import document_of_priors


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
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help=_("N’évalue rien : apprend les réglages sur tous les scrutins et les écrit dans ce fichier."),
)
@click.option("--without-poll", multiple=True, help=_("N’apprend rien de ce scrutin ; répétable."))
@click.option(
    "--without-former",
    is_flag=True,
    help=_("Projette chaque nuit comme si aucune élection antérieure n’était connue."),
)
@click.option("--without-town", multiple=True, help=_("N’apprend rien de cette commune ; répétable."))
@click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON."))
def backtest_(  # noqa: PLR0917 - click passes options by name
    towns: int | None,
    seed: int,
    draws: int,
    spreads: tuple[float, ...],
    elex_python: Path | None,
    elex_every: int,
    learn: Path | None,
    without_poll: tuple[str, ...],
    without_former: bool,
    without_town: tuple[str, ...],
    as_json: bool,
) -> None:
    pairs = [
        pair for pair in _pairs(towns) if pair.poll.poll not in without_poll and pair.poll.town not in without_town
    ]
    with _progress() as progress:
        if learn:
            _learn(pairs, learn, seed=seed, progress=progress, as_json=as_json)
            return
        priors = _priors(pairs, seed=seed, progress=progress)
        several = sorted(set(spreads))
        judged = [replace(pair, former=None) for pair in pairs] if without_former else pairs
        asked = trials(judged, priors, spreads=several, draws=draws, seed=seed)
        total = len(pairs) * len(several) * draws * len(ROWS)
        told = _told(asked, _("Nuits projetées"), total=total, progress=progress)
        tally = _tallied(told, elex_python, every=elex_every)
    facts = {"towns": len({pair.poll.town for pair in pairs}), "polls": sorted({pair.poll.poll for pair in pairs})}
    facts |= {"seed": seed, "draws": draws, "former": not without_former}
    document = {**facts, "day": timezone.localdate().isoformat(), "rows": tally.rows()}
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


def _pairs(towns: int | None) -> list[Pair]:
    try:
        folder = elections_folder()
        return pairs_of(folder, [town.code for town in _spread_out(stable_towns(folder), towns)])
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


def _priors(pairs: list[Pair], *, seed: int, progress: Progress) -> dict[tuple[str, int], Priors]:
    start = starting_priors()
    with _task(progress, _("Vraisemblances"), len(pairs)) as step:
        likelihoods = fitted(pairs, priors=start, step=step)
    with _task(progress, _("Réglages appris sans le scrutin"), len(pairs)) as step:
        return left_out(pairs, likelihoods, start=start, seed=seed, step=step)


def _learn(pairs: list[Pair], path: Path, *, seed: int, progress: Progress, as_json: bool) -> None:
    start = starting_priors()
    with _task(progress, _("Vraisemblances"), len(pairs)) as step:
        likelihoods = fitted(pairs, priors=start, step=step)
    with _task(progress, _("Réglages appris"), len(pairs)) as step:
        learnt = learnt_priors(pairs, likelihoods, start=start, seed=seed, step=step)
    provenance = Provenance(
        towns=len({pair.poll.town for pair in pairs}),
        nights=len(pairs),
        polls=tuple(sorted({pair.poll.poll for pair in pairs})),
        day=timezone.localdate().isoformat(),
        seed=seed,
    )
    document = document_of_priors(replace(learnt, provenance=provenance))
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"written": str(path), **document["provenance"]}, ensure_ascii=False))
    else:
        click.echo(
            _("Réglages appris sur %(nights)s nuits, écrits dans %(path)s.") % {"nights": len(pairs), "path": path}
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
    if not peer:
        console.print(
            _(
                "elex-model n’a pas tourné\u00a0: donnez --elex-python, le Python d’un environnement fait par "
                "«\u202fmake elex\u202f»."
            )
        )


def _figures(one: dict[str, Any]) -> str:
    if not one["answered"]:
        return "–"
    told = f"{one['error']:.2f}/{one['coverage']['90']:.0f}/{one['score']:.1f}"
    return told if one["answered"] == one["asked"] else f"{told} ({one['answered']})"
