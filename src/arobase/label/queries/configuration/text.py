"""The text of a configuration as mappings, lists and plain values, with the line of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml
from django.utils.translation import gettext_noop as _

MOST_CHARACTERS = 200_000


@dataclass(frozen=True)
class Problem:
    """Something wrong with a configuration.

    line    of the text, from 1; 0 for the whole
    path    `calendar.closes`, `levels[2].threshold`
    text    French message with %(name)s places, translated where it is shown
    """

    line: int
    path: str
    text: str
    facts: Mapping[str, Any]


class BadConfiguration(ValueError):
    """A text that is no sound configuration; carries every problem, in the order of its lines."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{one.line} {one.path}: {one.text % one.facts}" for one in problems))
        self.problems = tuple(sorted(problems, key=lambda one: one.line))


class _Loader(yaml.SafeLoader):
    """YAML without aliases, whose days and times stay text: they are wall times of Paris, read by ourselves."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "alias", self.peek_event().start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def document_of(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The document of a text, and the line of each path. Raises BadConfiguration."""
    if len(text) > MOST_CHARACTERS:
        _refuse(
            0, _("Le texte compte %(length)s caractères, %(most)s au plus."), length=len(text), most=MOST_CHARACTERS
        )
    lines: dict[str, int] = {}
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        document = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse(
            mark.line + 1 if mark else 0,
            _("Ce n’est pas du YAML lisible : %(problem)s."),
            problem=error.problem or error.context or "",
        )
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        _refuse(0, _("Ce n’est pas du YAML lisible : %(problem)s."), problem=str(error)[:200])
    if not isinstance(document, dict):
        _refuse(1, _("Attendu : une configuration d’édition, qui commence par « label_year: 2027 »."))
    for path, line, is_twice in _places(node, ""):
        if is_twice:
            _refuse(line, _("« %(path)s » est écrit deux fois."), path=path)
        lines[path] = line
    return document, lines


def _places(node: Any, path: str) -> Iterator[tuple[str, int, bool]]:
    """Path and line of each value, and whether its name is written twice."""
    yield path, node.start_mark.line + 1, False
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            inner = f"{path}.{key.value}" if path else str(key.value)
            if inner in seen:
                yield inner, key.start_mark.line + 1, True
            seen.add(inner)
            yield from _places(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _places(value, f"{path}[{place}]")


def _refuse(line: int, text: str, **facts: Any) -> NoReturn:
    raise BadConfiguration([Problem(line, "", text, facts)])
