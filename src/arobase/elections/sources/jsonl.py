"""Files of cases: one JSON document, or one a line (`.jsonl`), each answered in its turn, a bad one by its error."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Answer = Callable[[Any], Any]


def answers(path: Path, answer: Answer) -> Iterator[tuple[Any, bool]]:
    """What `answer` says of each line, and whether it could; {"error": …} where it raises a ValueError."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield _answered(line, answer)


def _answered(line: str, answer: Answer) -> tuple[Any, bool]:
    try:
        return answer(_loaded(line)), True
    except ValueError as error:
        return {"error": str(error)}, False


def document(path: Path) -> Any:
    """The JSON document of a file. Raises ValueError."""
    return _loaded(path.read_text(encoding="utf-8"))


def _loaded(text: str) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no number")

    return json.loads(text, parse_constant=refuse)
