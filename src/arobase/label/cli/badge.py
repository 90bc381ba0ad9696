"""`arobase label badge`: check a badge that somebody has as a file, replace the key that signs them."""

import json
import sys
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.label.cli.cases import file_argument, json_option
from arobase.label.cli.label import label
from arobase.label.queries.badges import FOUND
from arobase.label.queries.wording import say
from arobase.label.rules.badges import Finding
from arobase.label.sources.badges import check
from arobase.label.sources.keys import UnusableKey, replace_key
from arobase.web.files import UnreadableFile, bounded, bounded_file
from arobase.web.home import prepare_home


@label.group("badge", help=_("Les badges signés des lauréats."))
def badge() -> None:
    """Hold the verbs."""


@badge.command(
    "verify",
    help=_(
        "Vérifie un badge (JSON, ou SVG qui le porte) sans réseau : signature, émetteur, validité, retrait. "
        "Sortie 0 s’il est authentique et valable, 1 sinon."
    ),
)
@file_argument
@json_option
def verify(file: Path, as_json: bool) -> None:
    prepare_home()
    try:
        content = bounded(sys.stdin.buffer) if str(file) == "-" else bounded_file(file)
        checked = check(content, at=timezone.now())
    except UnreadableFile as error:
        raise click.ClickException(say(error)) from error
    except UnusableKey as error:
        raise click.ClickException(_("La clé de %(path)s est inutilisable.") % {"path": error.path}) from error
    sound, until = checked.finding == Finding.VALID, checked.window.until
    if as_json:
        facts = {
            "finding": checked.finding,
            "id": checked.says.id,
            "name": checked.says.name,
            "valid_from": checked.window.since.isoformat(),
            "valid_until": until.isoformat() if until else None,
        }
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        click.echo(f"{FOUND[checked.finding]} {checked.says.name if checked.badge else ''}".rstrip())
    sys.exit(0 if sound else 1)


@badge.command(
    "replace-key",
    help=_(
        "Signe désormais avec une clé neuve. L’ancienne reste à côté en .pub et vérifie ce qu’elle a signé ; "
        "effacez ce fichier si elle a été volée, et remplacez les badges."
    ),
)
@click.confirmation_option(prompt=_("Remplacer la clé qui signe les badges ?"))
def replace_key_() -> None:
    prepare_home()
    try:
        former, fresh = replace_key(on=timezone.localdate())
    except UnusableKey as error:
        raise click.ClickException(_("La clé de %(path)s est inutilisable.") % {"path": error.path}) from error
    click.echo(_("Clé %(fresh)s ; l’ancienne était %(former)s.") % {"fresh": fresh, "former": former})
