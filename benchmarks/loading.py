"""Loading: all of France into an empty home, and again; time and peak memory of the process."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

AROBASE = Path(sys.executable).with_name("arobase")
GROUND = ("code", "movements", "contours", "parts", "outlines", "town_halls", "points")


def run() -> list[tuple[str, str]]:
    figures = []
    areas = []
    mirror = os.environ.get("AROBASE_DATA_MIRROR", "")
    for title, folder in (("mirror", mirror), ("locked packages alone", "")):
        if title == "mirror" and not folder:
            continue
        with tempfile.TemporaryDirectory() as home:
            first, again = _load(home, folder), _load(home, folder)
            areas.append(_areas(home))
        figures += [
            (f"all of France into an empty home, {title}", f"{first['seconds']:.1f} s"),
            (f"… of which in the sources of the ground, {title}", _by_source(first)),
            (f"… the second time ({again['changes']} changes), {title}", f"{again['seconds']:.1f} s"),
        ]
    if len(areas) > 1:
        figures.append(("communes whose area differs by over 10 % between the two", _differing(*areas)))
    return [*figures, ("peak memory of the largest of these loaders", f"{_peak_mb():.0f} MB")]


def _load(home: str, mirror: str) -> dict[str, object]:
    environment = {**os.environ, "AROBASE_HOME": home, "AROBASE_DATA_MIRROR": mirror, "AROBASE_OFFICIAL_SOURCES": "0"}
    only = [part for name in GROUND for part in ("--only", name)]
    began = time.monotonic()
    command = [AROBASE, "data", "load", "--json", *only]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    seconds = time.monotonic() - began
    sources = json.loads(done.stdout)["sources"]
    changes = sum(sum(source["changes"].values()) for source in sources)
    return {"seconds": seconds, "changes": changes, "sources": sources}


def _areas(home: str) -> dict[str, float]:
    with closing(sqlite3.connect(Path(home) / "arobase.sqlite3")) as base:
        rows = base.execute("SELECT id, area_km2 FROM territories_territory WHERE kind = 'commune' AND area_km2 > 0")
        return dict(rows.fetchall())


def _differing(given: dict[str, float], made: dict[str, float]) -> str:
    both = given.keys() & made.keys()
    return f"{sum(abs(made[id] / given[id] - 1) > 0.1 for id in both)} of {len(both)}"


def _by_source(load: dict[str, object]) -> str:
    sources = load["sources"]
    assert isinstance(sources, list)
    return ", ".join(f"{source['name']} {source['seconds']:.1f}" for source in sources) + " s"


def _peak_mb() -> float:
    """Of the largest child so far; Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
