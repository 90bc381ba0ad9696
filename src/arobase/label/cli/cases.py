"""Files of cases: one JSON document, or a .jsonl with a case a line, each answered whatever the others are."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from arobase.label.cli.laureates import refuse
from arobase.label.queries.wording import say
from arobase.web.files import UnreadableFile, bounded, bounded_file, decoded

Answer = dict[str, Any]
file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
json_option = click.option("--json", "as_json", is_flag=True, help=_("Écrit un document JSON sur la sortie standard."))


def answer_cases(file: Path, *, as_json: bool, answer: Callable[[str], Answer], show: Callable[[Answer], None]) -> None:
    """Answer each case of a file; ends with code 1 when the one case of a document has no answer.

    answer   the text of a case → its document, with `error` when it has no answer
    show     prints an answer for people
    """
    try:
        text = decoded(bounded(sys.stdin.buffer) if str(file) == "-" else bounded_file(file))[0]
    except UnreadableFile as error:
        refuse(say(error), as_json=as_json)
    if file.suffix == ".jsonl":
        for line in filter(str.strip, text.splitlines()):
            click.echo(json.dumps(answer(line), ensure_ascii=False))
        return
    found = answer(text)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    elif "error" not in found:
        show(found)
    if "error" in found:
        click.echo(found["error"], err=True)
        sys.exit(1)
