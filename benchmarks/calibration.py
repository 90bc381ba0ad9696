"""Calibration: twenty simulated campaigns, raw means against corrected grades."""

import os
import time

import django
import numpy as np

from arobase.label.rules.simulation import Jury, simulate

SEEDS = range(1, 21)
ASSIGNING_S = 3.0


def run() -> list[tuple[str, str]]:
    """Rank correlation with the truth and share of right levels, with severity and without."""
    return [*_figures("with severity", Jury()), *_figures("without severity", Jury(severity_sd=0.0))]


def _figures(title: str, jury: Jury) -> list[tuple[str, str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
    django.setup()
    from arobase.initiatives.queries.referential import referential
    from arobase.label.queries.configuration.editions import first_text
    from arobase.label.queries.configuration.shape import configuration_of

    configuration, played = configuration_of(first_text()), []
    for seed in SEEDS:
        start = time.perf_counter()
        played.append(
            simulate(
                configuration,
                referential(),
                territories=400,
                jurors=40,
                reviews=3,
                rng=np.random.default_rng(seed),
                elapsed=lambda start=start: time.perf_counter() - start,
                jury=jury,
                seconds=ASSIGNING_S,
            )
        )
    figures = [(f"{title}: correction applied", f"{sum(one.calibration.applied for one in played)} of {len(played)}")]
    for name, measure in (("rank correlation", "rank_correlation"), ("right levels", "right_levels")):
        raw = np.array([getattr(one, measure)(one.raw) for one in played])
        corrected = np.array([getattr(one, measure)(one.calibrated) for one in played])
        gain = corrected - raw
        figures.append(
            (
                f"{title}: {name}, raw → corrected",
                f"{raw.mean():.3f} → {corrected.mean():.3f} ({gain.mean():+.3f}, better in {int((gain > 0).sum())})",
            )
        )
    return figures
