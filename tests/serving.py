"""A real server on loopback with data of its own, and a real Chromium: for browser tests and screenshots."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import psycopg
from filelock import FileLock
from playwright.sync_api import Browser, StorageState

from arobase.web import chromium
from people import PEOPLE, Person

ROOT = Path(__file__).resolve().parents[1]
AROBASE = Path(sys.executable).with_name("arobase")
Given = TypeVar("Given")
PORTS = range(12_000, 32_000)  # Linux gives those from 32 768 on unasked, other systems those from 49 152 on
DEPARTMENTS = ("2A", "34", "38", "63", "76", "79", "88", "971")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


class CommandFailed(RuntimeError):
    """An `arobase` command ended badly; carries what it said."""


@dataclass(frozen=True)
class Site:
    """A running Arobase: where it answers, where it keeps its state, and who can sign in with which password."""

    url: str
    home: Path
    environment: Mapping[str, str]
    passwords: Mapping[Person, str]

    def run(self, *arguments: str) -> str:
        """What an `arobase` command on this site's home prints. Raises CommandFailed."""
        return run_arobase(*arguments, environment=self.environment)


def run_arobase(*arguments: str, environment: Mapping[str, str]) -> str:
    """What an `arobase` command prints on standard output. Raises CommandFailed with all it said."""
    done = subprocess.run([AROBASE, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandFailed(f"arobase {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def find_chromium() -> str | None:
    """The browser named by AROBASE_CHROMIUM, else the first found on PATH; None when there is none.

    The shell without windows comes first: it is the same engine, and looks at a page in half the time.
    """
    return chromium.find_chromium(os.environ.get("AROBASE_CHROMIUM") or shutil.which("chromium-headless-shell") or "")


def aside(work: Callable[[], Given]) -> Given:
    """What work gives in a thread of its own: Playwright's synchronous side holds this one's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def free_port() -> int:
    """A port of loopback that nobody uses, below those that systems give unasked: nobody is given it meanwhile."""
    while True:
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", PORTS.start + secrets.randbelow(len(PORTS))))
            return int(probe.getsockname()[1])


@contextmanager
def running_site(home: Path, **settings: str) -> Iterator[Site]:
    """Load a few departments and the laureates, make the people of the tests, and serve until the block ends.

    home       an empty folder
    settings   further environment, such as AROBASE_OPEN_SIGNUP="1"
    """
    environment = {**loopback_only(), "AROBASE_HOME": str(home), "AROBASE_CONFIRM_MINUTES": "600"}
    environment |= {"AROBASE_SIGN_IN_LIMIT": "1000/m/ip,5/5m/key", **settings}
    with _own_database(environment):
        passwords = _filled(home, environment)
        with serving(environment) as url:
            yield Site(url, home, environment, passwords)


def loopback_only() -> dict[str, str]:
    """The environment of a site that asks nobody outside for anything."""
    return {**os.environ, "AROBASE_OFFICIAL_SOURCES": "0", "AROBASE_LANG": "fr"}


def _filled(home: Path, environment: dict[str, str]) -> dict[Person, str]:
    """Fill a home, from the one that another test process filled before where there is one; everyone's password."""
    shared = os.environ.get("AROBASE_FILLED_HOME")
    if not shared or environment.get("DATABASE_URL"):
        load_data(environment)
        return {person: create(person, environment) for person in PEOPLE}
    first = Path(shared)
    fill(first, environment)
    shutil.copytree(first, home, dirs_exist_ok=True)
    return dict(zip(PEOPLE, json.loads((first / "passwords.json").read_text()), strict=True))


def fill(home: Path, environment: Mapping[str, str]) -> None:
    """Fill a home for others to copy; whoever comes meanwhile waits until it is done."""
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home.with_suffix(".lock")):
        if not (home / "passwords.json").exists():
            own = {**environment, "AROBASE_HOME": str(home)}
            load_data(own)
            (home / "passwords.json").write_text(json.dumps([create(person, own) for person in PEOPLE]))


def load_data(environment: Mapping[str, str]) -> None:
    """Today's territories of a few departments, laureates (the mirror's where there is one), inventions."""
    departments = [part for code in DEPARTMENTS for part in ("--department", code)]
    run_arobase("data", "load", *departments, environment=environment)
    run_arobase("initiatives", "examples", environment=environment)
    run_arobase("label", "examples", environment=environment)
    run_arobase("observatory", "trial", environment=environment)
    _prepare_a_night(environment)


def _prepare_a_night(environment: Mapping[str, str]) -> None:
    """A rehearsal in Le Havre, today, with three lists and a station for each test that enters figures."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(
            {
                "code": "76351",
                "place": "Le Havre",
                "kind": "municipal",
                "day": date.today().isoformat(),  # noqa: TID251 - the clock of the site that is served
                "seats": 59,
                "origin": "Chiffres inventés",
                "choices": [{"name": name} for name in ("Le Havre ensemble", "Pour Le Havre", "Un port pour tous")],
                "stations": [
                    {"code": f"{number:04}", "registered": 700, "name": f"École {number}"} for number in range(1, 13)
                ],
            },
            file,
        )
        file.flush()
        run_arobase("elections", "prepare", file.name, environment=environment)


def create(person: Person, environment: Mapping[str, str]) -> str:
    """Make an account; its password."""
    role = ["--role", person.role] if person.role else []
    role += ["--territory", person.territory] if person.territory else []
    said = run_arobase(
        "people", "create", person.email, "--name", person.name, *role, "--json", environment=environment
    )
    return str(json.loads(said)["password"])


@contextmanager
def serving(environment: Mapping[str, str], *, within_s: float = 90) -> Iterator[str]:
    """`arobase serve` on a free port until the block ends; its address."""
    port = free_port()
    url = f"http://localhost:{port}"
    command = [AROBASE, "serve", "--host", "127.0.0.1", "--port", str(port)]
    site = {**environment, "AROBASE_SITE_URL": url}
    log = Path(environment["AROBASE_HOME"]) / "server.log"
    with log.open("wb") as output, subprocess.Popen(command, env=site, stdout=output, stderr=output) as server:
        try:
            _wait_for(url, server, log, time.monotonic() + within_s)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path, deadline: float) -> None:
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/sante", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise CommandFailed(f"arobase serve does not answer at {url}:\n{log.read_text(errors='replace')}")


@contextmanager
def _own_database(environment: dict[str, str]) -> Iterator[None]:
    """With a PostgreSQL DATABASE_URL: a database of this site's own there, dropped at the end."""
    server = environment.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield
        return
    name = f"arobase_site_{os.getpid()}_{free_port()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        environment["DATABASE_URL"] = f"{server.rpartition('/')[0]}/{name}"
        try:
            yield
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def signed_in(browser: Browser, person: Person, site: Site) -> StorageState:
    """The cookies of someone who signed in through the pages, and confirmed it for the pages of security."""
    context = browser.new_context(base_url=site.url, locale="fr-FR")
    page = context.new_page()
    page.goto("/comptes/connexion")
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(site.passwords[person])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/comptes/connexion" not in url)
    page.goto("/comptes/confirmer?next=/comptes/")
    page.locator("input[name=password]").fill(site.passwords[person])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/comptes/")
    state = context.storage_state()
    context.close()
    return state


if __name__ == "__main__":
    fill(Path(os.environ["AROBASE_FILLED_HOME"]), loopback_only())
