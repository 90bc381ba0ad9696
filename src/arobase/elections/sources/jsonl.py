"""Files of cases: one JSON document, or one a line (`.jsonl`), each answered in its turn, a bad one by its error."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

Answer = Callable[[Any], Any]


def answers(path: Path, answer: Answer) -> Iterator[tuple[Any, bool]]:
    """What `answer` says of each line, and whether it could; {"error": …} where it raises a ValueError."""
    with path.open("rb") as file:
        for line in file:
            if line.strip():
                yield _answered(line, answer)


def _answered(line: bytes, answer: Answer) -> tuple[Any, bool]:
    try:
        return answer(_loaded(line)), True
    except ValueError as error:
        return {"error": str(error)}, False


def document(path: Path) -> Any:
    """The JSON document of a file. Raises ValueError."""
    return _loaded(path.read_bytes())


def _loaded(content: bytes) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(_("« %(name)s » n’est pas un nombre : donnez un entier, ou null.") % {"name": name})

    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=refuse)
    except UnicodeDecodeError as error:
        raise ValueError(
            _("L’octet %(place)s n’est pas de l’UTF-8 : enregistrez le fichier en UTF-8.") % {"place": error.start + 1}
        ) from error
    except json.JSONDecodeError as error:
        raise ValueError(
            _("Ce n’est pas du JSON : ligne %(line)s, caractère %(column)s.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except RecursionError as error:
        raise ValueError(_("Ce JSON est trop imbriqué pour être un cas.")) from error
