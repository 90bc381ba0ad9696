"""The map's tiles: how long they take to build, and how large they are."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

AROBASE = Path(sys.executable).with_name("arobase")


def run() -> list[tuple[str, str]]:
    """Build from an empty home, then again."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "AROBASE_HOME": home}
        first = _tiles(environment)
        again = _tiles(environment)
        file = next((Path(home) / "tiles").glob("france-*.pmtiles"))
        return [
            ("build", f"{first['seconds']:.1f} s"),
            ("again, same data", f"{again['seconds']:.2f} s"),
            ("size", f"{file.stat().st_size / 1e6:.1f} MB"),
        ]


def _tiles(environment: dict[str, str]) -> dict[str, float]:
    command = [str(AROBASE), "data", "load", "--only", "tiles", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return next(source for source in json.loads(done.stdout)["sources"] if source["name"] == "tiles")
