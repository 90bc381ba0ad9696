"""Library: 20,000 initiatives on all of France, searched with facets."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks._france import environment


def run() -> list[tuple[str, str]]:
    """In a copy of the loaded home, so that nothing invented stays."""
    with tempfile.TemporaryDirectory() as copy:
        loaded = environment()
        home = Path(copy) / "home"
        shutil.copytree(loaded["AROBASE_HOME"], home, ignore=shutil.ignore_patterns("tiles", "static"))
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks._library"],
            env={**loaded, "AROBASE_HOME": str(home)},
            capture_output=True,
            text=True,
            check=True,
        )
        return list(json.loads(done.stdout).items())
