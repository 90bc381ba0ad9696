"""`arobase label simulate`: campaigns that never were, through the real assignment and the real calibration."""

import json
import sys
import time
from dataclasses import replace
from typing import Any

import click
import numpy as np
from django.utils.translation import gettext as _
from rich.console import Console

from arobase.initiatives.queries.referential import referential
from arobase.label.cli.cases import json_option
from arobase.label.cli.label import label
from arobase.label.queries.configuration.editions import first_text
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.queries.wording import say
from arobase.label.rules.assignment import Impossible
from arobase.label.rules.simulation import Campaign, Jury, simulate
from arobase.label.sources.jury import refusal


@label.command(
    "simulate",
    help=_(
        "Joue une campagne inventée avec les vraies règles : qualité vraie, jurés plus ou moins sévères, attribution, "
        "notes, correction. Avec --seeds K, joue K campagnes et dit combien de fois les notes corrigées retrouvent "
        "mieux la vérité que les notes brutes."
    ),
)
@click.option("--territories", type=click.IntRange(2, 5_000), default=400, show_default=True)
@click.option("--jurors", type=click.IntRange(2, 500), default=40, show_default=True)
@click.option("--reviews", type=click.IntRange(1, 20), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--seeds", type=click.IntRange(1, 1_000), default=1, show_default=True)
@click.option("--common", type=click.IntRange(0, 20), default=0, show_default=True)
@click.option("--severity", type=click.FloatRange(0, 50), default=Jury().severity_sd, show_default=True)
@click.option("--seconds", type=click.FloatRange(min=0.1), default=5.0, show_default=True)
@json_option
def simulate_(  # noqa: PLR0917 - click passes options by name
    territories: int,
    jurors: int,
    reviews: int,
    seed: int,
    seeds: int,
    common: int,
    severity: float,
    seconds: float,
    as_json: bool,
) -> None:
    configuration, plays = configuration_of(first_text()), []
    configuration = replace(configuration, jury=replace(configuration.jury, common=common))
    for number in range(seed, seed + seeds):
        start = time.perf_counter()
        try:
            played = simulate(
                configuration,
                referential(),
                territories=territories,
                jurors=jurors,
                reviews=reviews,
                rng=np.random.default_rng(number),
                elapsed=lambda start=start: time.perf_counter() - start,  # type: ignore[misc]  # read at once
                jury=Jury(severity_sd=severity),
                seconds=seconds,
            )
        except Impossible as error:
            said = say(refusal(error))
            if as_json:
                click.echo(json.dumps({"error": said, "reason": error.reason}, ensure_ascii=False))
            click.echo(said, err=True)
            sys.exit(1)
        plays.append((number, played, time.perf_counter() - start))
    summary = [_summary(number, played, spent) for number, played, spent in plays]
    if as_json:
        document = {**_document(plays[0][1]), **summary[0]} if seeds == 1 else {"seeds": summary, **_over_all(summary)}
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _print_for_people(summary)


def _summary(number: int, played: Campaign, spent: float) -> dict[str, Any]:
    return {
        "seed": number,
        "rank_correlation": {
            "raw": played.rank_correlation(played.raw),
            "calibrated": played.rank_correlation(played.calibrated),
        },
        "right_levels": {"raw": played.right_levels(played.raw), "calibrated": played.right_levels(played.calibrated)},
        "applied": played.calibration.applied,
        "p_value": played.calibration.spread.p_value,
        "worst_dossier_fit": played.assignment.worst_dossier_fit,
        "seconds": round(spent, 2),
    }


def _document(played: Campaign) -> dict[str, Any]:
    quality, calibration = played.quality.tolist(), played.calibration
    levels = [played.levels(grades) for grades in (played.quality, played.raw, played.calibrated)]
    return {
        "thresholds": [float(one.threshold) for one in played.configuration.levels],
        "assignment": {
            "pairs": [list(pair) for pair in played.assignment.pairs],
            "total_fit": played.assignment.total_fit,
            "optimal": played.assignment.optimal,
        },
        "dossiers": [
            {
                "id": one.id,
                "true": truth,
                "raw": one.raw,
                "calibrated": one.calibrated,
                "se": one.se,
                "level": {"true": true, "raw": raw, "calibrated": calibrated},
            }
            for one, truth, true, raw, calibrated in zip(calibration.dossiers, quality, *levels, strict=True)
        ],
        "jurors": [
            {"id": one.id, "true": truth, "severity": one.severity, "se": one.se}
            for one, truth in zip(calibration.jurors, played.severity.tolist(), strict=False)
        ],
    }


def _over_all(summary: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over the campaigns, and in how many of them the calibrated grades did better."""
    found: dict[str, Any] = {"campaigns": len(summary), "applied": sum(one["applied"] for one in summary)}
    for name in ("rank_correlation", "right_levels"):
        raw, calibrated = ([one[name][kind] for one in summary] for kind in ("raw", "calibrated"))
        found[name] = {
            "raw": float(np.mean(raw)),
            "calibrated": float(np.mean(calibrated)),
            "better": sum(b > a for a, b in zip(raw, calibrated, strict=True)),
            "worse": sum(b < a for a, b in zip(raw, calibrated, strict=True)),
        }
    return found


def _print_for_people(summary: list[dict[str, Any]]) -> None:
    console, found = Console(), _over_all(summary)
    facts = {"n": found["campaigns"], "applied": found["applied"]}
    console.print(_("%(n)s campagne(s) ; correction appliquée dans %(applied)s.") % facts)
    for name, title in (
        ("rank_correlation", _("corrélation des rangs avec la vérité")),
        ("right_levels", _("part des niveaux justes")),
    ):
        one = found[name]
        console.print(
            _("%(title)s : brut %(raw)s, corrigé %(calibrated)s (mieux %(better)s fois, moins bien %(worse)s fois)")
            % {
                "title": title,
                "raw": f"{one['raw']:.3f}",
                "calibrated": f"{one['calibrated']:.3f}",
                "better": one["better"],
                "worse": one["worse"],
            }
        )
