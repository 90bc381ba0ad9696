"""Files of nights: one JSON document, or a .jsonl with a night a line, each answered whatever the others are."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from arobase.web.files import UnreadableFile, bounded, bounded_file, decoded

Answer = dict[str, Any]
file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
json_option = click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON sur la sortie standard."))


def answer_nights(
    file: Path, *, as_json: bool, answer: Callable[[str], Answer], show: Callable[[Answer], None]
) -> None:
    """Answer each night of a file; ends with code 1 when the one night of a document has no answer.

    answer   the text of a night → its document, with `error` when it cannot be read
    show     prints an answer for people
    """
    if file.suffix == ".jsonl":
        _answer_lines(file, answer)
        return
    try:
        found = answer(decoded(bounded(sys.stdin.buffer) if str(file) == "-" else bounded_file(file))[0])
    except UnreadableFile as error:
        found = {"error": _(error.text) % error.facts, "reason": "unreadable"}
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    elif "error" not in found:
        show(found)
    if "error" in found:
        click.echo(found["error"], err=True)
        sys.exit(1)


def _answer_lines(file: Path, answer: Callable[[str], Answer]) -> None:
    """One answer a line, in the order of the file, read and written line by line; bad ones say so on theirs."""
    try:
        with file.open("rb") as lines:
            for line in lines:
                if line.strip():
                    click.echo(json.dumps(answer(decoded(line)[0]), ensure_ascii=False))
    except OSError as error:
        said = _("Le fichier «\u202f%(path)s\u202f» ne peut pas être lu\u00a0: %(reason)s.")
        click.echo(said % {"path": file, "reason": error.strerror or type(error).__name__}, err=True)
        sys.exit(1)
