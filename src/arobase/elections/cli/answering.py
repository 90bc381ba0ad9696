"""How a verb answers a file of cases: one document, or one a line, each by its answer or its error."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from arobase.elections.sources.jsonl import Answer, answers, document


def answer_file(path: Path, answer: Answer, *, as_json: bool, show: Callable[[Any], None]) -> None:
    """Answer a `.jsonl` line by line (exit code 1 where a line could not be answered), any other file at once.

    show   tells the answer to a person, where JSON is not asked for
    """
    if path.suffix == ".jsonl":
        went_well = True
        for told, is_well in answers(path, answer):
            click.echo(json.dumps(told, ensure_ascii=False))
            went_well &= is_well
        sys.exit(not went_well)
    try:
        found = answer(document(path))
    except ValueError as error:
        if as_json:
            click.echo(json.dumps({"error": str(error)}, ensure_ascii=False))
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(found, ensure_ascii=False)) if as_json else show(found)
