"""The operator's verbs: serve, migrate, manage."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.util import find_spec

import click
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.utils.translation import gettext as _

from arobase.web.home import prepare_home

# Of an election night, for each worker: as many requests as granian lets in at once (1,024 for all, by itself), beyond
# which it hears nobody, not even the stations. What does work waits its turn in `project.queueing`.
FOLLOWERS = 20_000


@click.command(help=_("Sert la plateforme, sans rechargement ; écrit une ligne quand elle est prête."))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    _check_port_is_free(host, port)
    prepare_home()
    call_command("collectstatic", interactive=False, verbosity=0)
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # glibc keeps a pool per thread otherwise: 40 MB more
    if host in settings.LOOPBACK and not settings.PRODUCTION:
        os.environ.setdefault("AROBASE_SITE_URL", f"http://{host}:{port}")  # as printed sheets and letters say it
    os.environ["AROBASE_ALLOWED_HOSTS"] = ",".join({*settings.ALLOWED_HOSTS, host})
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port)]
        + ["--workers", str(workers), "--loop", "uvloop" if find_spec("uvloop") else "asyncio", "--no-ws"]
        + ["--backpressure", str(FOLLOWERS), "--log-level", "warning", "arobase.project.asgi:application"]
    )
    signal.signal(signal.SIGTERM, lambda *_received: sys.exit(0))  # `finally` below then ends the server too
    try:
        _wait_until_ready(server, f"http://{host}:{port}/sante")
        click.echo(_("Arobase répond sur http://%(host)s:%(port)s") % {"host": host, "port": port})
        sys.exit(server.wait())
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        server.wait()


def _check_port_is_free(host: str, port: int) -> None:
    """Exits when something listens already: the server shares ports, and the old one would go on answering."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(
                _("Impossible d’écouter sur %(host)s:%(port)s : %(reason)s. Choisissez-en un autre avec --port.")
                % {"host": host, "port": port, "reason": error.strerror}
            )


def _wait_until_ready(server: "subprocess.Popen[bytes]", url: str, *, within_s: float = 60) -> None:
    """Return when the health page answers; exits when the server died or time is over."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if server.poll() is not None:
            sys.exit(_("Le serveur s’est arrêté (code %s). Le port est-il déjà pris ?") % server.returncode)
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit(_("Le serveur ne répond pas après %s s.") % within_s)


@click.command(help=_("Crée ou met à jour la base de données."))
def migrate() -> None:
    prepare_home()
    click.echo(_("Base de données à jour."), err=True)


@click.command(
    help=_("Donne accès aux commandes de Django."),
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    execute_from_command_line(["arobase manage", *arguments])


commands = [serve, migrate, manage]
