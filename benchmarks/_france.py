"""A home with all of France loaded, made once for all benchmarks of a run and thrown away at its end."""

import atexit
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

AROBASE = Path(sys.executable).with_name("arobase")


@cache
def environment() -> dict[str, str]:
    """The environment of a command that works on that home."""
    home = tempfile.TemporaryDirectory(prefix="arobase-bench-")
    atexit.register(home.cleanup)
    variables = {**os.environ, "AROBASE_HOME": home.name, "MALLOC_ARENA_MAX": "2"}  # as `arobase serve` sets it
    subprocess.run([str(AROBASE), "data", "load"], env=variables, capture_output=True, check=True)
    return variables
