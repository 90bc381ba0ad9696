"""The trend: milliseconds of one core for a projection, and nights answered in a second from a file of JSON lines."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import django
import numpy as np

SIZES = ((20, 5), (100, 12), (900, 34))
TURNS = 15
NIGHTS = 200


def run() -> list[tuple[str, str]]:
    """Half of the stations have counted two bags; signatures known, then only of those heard from."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
    django.setup()
    figures = []
    for stations, choices in SIZES:
        for known in (True, False):
            spent = _milliseconds(_document(stations, choices, known=known))
            title = f"{stations} stations × {choices} choices, signatures {'known' if known else 'in part'}"
            figures.append((title, f"{spent:.0f} ms (median of {TURNS})"))
    return [*figures, _batch()]


def _document(stations: int, choices: int, *, known: bool, seed: int = 1) -> dict[str, object]:
    rng = np.random.default_rng([seed, stations, choices])
    shares = rng.dirichlet(np.ones(choices) * 2)
    told = []
    for number in range(stations):
        own, heard = rng.dirichlet(shares * 60 + 0.01), number < stations // 2
        voters = int(rng.integers(350, 900))
        bags = [
            {"ballots": 100, "blank": 1, "null": 1, "votes": rng.multinomial(98, own).tolist()}
            for _bag in "12"
            if heard
        ]
        before = rng.multinomial(voters, rng.dirichlet(np.ones(11) * 3)).tolist()
        told.append(
            {
                "id": str(number),
                "registered": voters + 400,
                "voters": voters if known or heard else None,
                "bags": bags,
                "complete": False,
                "previous": {
                    "registered": voters + 400,
                    "voters": voters,
                    "votes": {f"Liste {place}": votes for place, votes in enumerate(before)},
                },
            }
        )
    return {"choices": [f"Candidat {place}" for place in range(choices)], "stations": told}


def _milliseconds(document: dict[str, object]) -> float:
    from arobase.elections.rules.projection import project
    from arobase.elections.sources.nights import night_of
    from arobase.elections.sources.priors import shipped_priors

    spent = []
    for _turn in range(TURNS):
        start = time.process_time()
        project(night_of(document), priors=shipped_priors())
        spent.append(time.process_time() - start)
    return 1000 * median(spent)


def _batch() -> tuple[str, str]:
    """The whole command, its start taken off by a file of one night."""
    with tempfile.TemporaryDirectory() as folder:
        spent = []
        for number in (1, NIGHTS):
            path = Path(folder) / f"{number}.jsonl"
            nights = (_document(40, 8, known=True, seed=seed) for seed in range(number))
            path.write_text("".join(json.dumps(night) + "\n" for night in nights), encoding="utf-8")
            command = [str(Path(sys.executable).with_name("arobase")), "elections", "project", str(path), "--json"]
            start, used = time.perf_counter(), _used()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            spent.append((time.perf_counter() - start, _used() - used))
    wall, core = ((NIGHTS - 1) / (many - one) for one, many in zip(*spent, strict=True))
    title = f"arobase elections project, {NIGHTS} nights of 40 stations × 8 choices"
    return title, f"{core:.0f} nights a second of one core ({wall:.0f} by the clock)"


def _used() -> float:
    """Seconds of processor that finished children have used."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime
