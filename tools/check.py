"""Every check and every test, on each database that runs here; what is missing is skipped, and said so at the end.

AROBASE_REQUIRE=browser,postgres turns a missing part into a failure (CI). AROBASE_TEST_POSTGRES names the server.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from serving import find_chromium  # noqa: E402 - tests/ is no package of the product

BIN = Path(sys.executable).parent
POSTGRES = os.environ.get("AROBASE_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REQUIRED = set(filter(None, os.environ.get("AROBASE_REQUIRE", "").split(",")))
PYTEST = (str(BIN / "python"), "-m", "pytest", "-q", "--no-header", "--durations=5")
WITHOUT_BROWSER = (*PYTEST, "-n", "2", "--dist", "worksteal", "-m", "not soak and not browser")
IN_A_BROWSER = (*PYTEST, "-n", "2", "--dist", "worksteal", "-m", "browser and not soak", "tests/browser")


def run(title: str, *command: str, **environment: str) -> None:
    """Run one check; the first that fails ends it all with its exit code."""
    print(f"\n── {title}", flush=True)
    began = time.monotonic()
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "AROBASE_HOME"}}
    done = subprocess.run(command, cwd=ROOT, env={**inherited, **environment}, stdin=subprocess.DEVNULL, check=False)
    print(f"   {time.monotonic() - began:.0f} s", flush=True)
    if done.returncode:
        sys.exit(f"{title}: failed (exit code {done.returncode})")


def why_no_browser() -> str:
    """Empty when a Chromium is found."""
    return "" if find_chromium() else "no Chromium found (apt-get install chromium, or AROBASE_CHROMIUM=/path/to/one)"


def why_no_postgres() -> str:
    """Empty when the server answers."""
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return f"no PostgreSQL answers at {POSTGRES.rpartition('@')[2]} ({str(error).strip().splitlines()[-1]})"
    return ""


@contextmanager
def _filling() -> Iterator[str]:
    """The home of the site that the browser will look at, being filled meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        home = f"{folder}/filled"
        environment = {**os.environ, "AROBASE_FILLED_HOME": home}
        with subprocess.Popen([sys.executable, "tests/serving.py"], cwd=ROOT, env=environment) as filling:
            try:
                yield home
            finally:
                filling.terminate()


def main() -> None:
    began = time.monotonic()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every process that a test starts compiles all anew
    missing = {part: why for part, why in [("browser", why_no_browser()), ("postgres", why_no_postgres())] if why}
    if unmet := REQUIRED & set(missing):
        sys.exit("\n".join(f"{part} is required here: {missing[part]}" for part in sorted(unmet)))
    run("format", str(BIN / "ruff"), "format", "--check", "--quiet", ".")
    run("lint", str(BIN / "ruff"), "check", "--quiet", ".")
    run("types", str(BIN / "mypy"))
    run("types of the front end", "npm", "run", "--silent", "check")
    run("import contracts", str(BIN / "lint-imports"), "--no-logo")
    run("translations", str(BIN / "python"), "tools/messages.py", "missing")
    looks = "browser" not in missing
    with _filling() if looks else nullcontext("") as home:
        run("tests on SQLite", *WITHOUT_BROWSER)
        if looks:
            run("tests in a browser", *IN_A_BROWSER, AROBASE_FILLED_HOME=home)
    if "postgres" not in missing:
        run("tests on PostgreSQL", *WITHOUT_BROWSER, DATABASE_URL=POSTGRES)
    print(f"\nAll that ran is well, in {time.monotonic() - began:.0f} s.")
    for part, why in missing.items():
        print(f"SKIPPED: the {part} tests: {why}.")


if __name__ == "__main__":
    main()
