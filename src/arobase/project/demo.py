"""`arobase demo`: France and the label in a home of its own, people who can sign in, and the server."""

import hashlib
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.accounts.actions import create_person, give_role
from arobase.accounts.models import Grant, User
from arobase.accounts.roles import Role
from arobase.project.operate import serve
from arobase.registry.registers import data_sources, demonstrations
from arobase.territories.cli import load_data
from arobase.territories.models import SourceState
from arobase.web.home import prepare_home

PEOPLE = {
    "organisatrice@demo.example": (_("Organisatrice de démonstration"), Role.ORGANISER, ("",)),
    "exploitant@demo.example": (_("Exploitant de démonstration"), Role.OPERATOR, ("",)),
    "agent@demo.example": (_("Agent du Havre (démonstration)"), Role.AGENT, ("commune:76351",)),
    "elections@demo.example": (
        _("Service des élections des villes rejouées (démonstration)"),
        Role.AGENT,
        ("commune:11262", "commune:31555", "commune:00000"),
    ),
    "jure1@demo.example": (_("Juré 1 (inventé)"), Role.JUROR, ("",)),
}


@click.command(
    help=_("Remplit une démonstration (données, personnes inventées), la sert et dit qui peut se connecter.")
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.pass_context
def demo(context: click.Context, port: int) -> None:
    prepare_home()
    _load_once(context)
    for demonstration in demonstrations:
        click.echo(f"  {demonstration.title} : {demonstration.fill(timezone.now())}")
    for email, password in _people().items():
        click.echo(f"  {email:<30} {password}")
    click.echo(_("Ces mots de passe changent à chaque lancement. Échantillon de lauréats : voir /donnees."))
    with _beside():
        context.invoke(serve, port=port)


@contextmanager
def _beside() -> Iterator[None]:
    """What capabilities let go on while the demonstration is served, until it ends."""
    processes = [
        subprocess.Popen([Path(sys.executable).with_name("arobase"), *one.beside])
        for one in demonstrations
        if one.beside
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _load_once(context: click.Context) -> None:
    """Load when something is missing or the layers changed since; a second start needs a second only."""
    stamp = settings.HOME / "demo.stamp"
    loaded = set(SourceState.objects.values_list("name", flat=True))
    if stamp.exists() and stamp.read_text() == _layers() and loaded >= _loadable():
        return
    context.invoke(load_data, only=(), departments=(), as_json=False)
    stamp.write_text(_layers())


def _loadable() -> set[str]:
    """Sources that leave a record even without a mirror and without the network."""
    return set(data_sources.names()) - {"movements", "participation"}


def _layers() -> str:
    """What the layers are: the mirror's place and the locked packages."""
    locks = [settings.CHECKOUT / "package-lock.json", settings.CHECKOUT / "requirements" / "data.txt"]
    digest = hashlib.sha256(str(settings.DATA_MIRROR).encode())
    for lock in locks:
        digest.update(lock.read_bytes() if lock.exists() else b"")
    return digest.hexdigest()


def _people() -> dict[str, str]:
    """E-mail addresses with fresh passwords: nothing that is known beforehand opens a demonstration."""
    passwords = {}
    for email, (name, role, places) in PEOPLE.items():
        password = passwords[email] = secrets.token_urlsafe(12)
        person = User.objects.filter(email=email).first()
        if person is None:
            person = create_person(email, password=password, at=timezone.now(), by=None, name=name)
        else:
            person.set_password(password)
            person.save(update_fields=["password"])
        for place in places:
            if not Grant.objects.filter(user=person, role=role, territory_id=place).exists():
                give_role(person, role=role, at=timezone.now(), by=None, territory_id=place)
    return passwords


commands = [demo]
