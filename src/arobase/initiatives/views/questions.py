"""An address of the library read as a question, and a question written as an address."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import QueryDict

from arobase.initiatives.queries.library import Question
from arobase.initiatives.rules.shelf import Choice
from arobase.initiatives.rules.text import LONGEST_QUERY
from arobase.registry.registers import territory_facets

NAMES = {"enjeu": "enjeu", "service": "service", "population": "size", "region": "region", "annee": "year"}


def question_of(query: QueryDict) -> Question:
    """What an address asks; values that nothing knows find nothing."""
    chosen = {facet: frozenset(_values(query, name)) for name, facet in NAMES.items()}
    others = {name: frozenset(_values(query, name)) for name in territory_facets.names()}
    return Question(
        query.get("q", "").strip()[:LONGEST_QUERY],
        Choice({facet: values for facet, values in chosen.items() if values}),
        {name: values for name, values in others.items() if values},
    )


def address_of(question: Question, **own: str | int) -> str:
    """The query string of a question: the same question always gives the same one."""
    pairs: list[tuple[str, str | int]] = [("q", question.words)] if question.words else []
    for name, facet in NAMES.items():
        pairs += [(name, value) for value in sorted(question.choice.values(facet))]
    for name, values in sorted(question.others.items()):
        pairs += [(name, value) for value in sorted(values)]
    return urlencode([*pairs, *own.items()])


def _values(query: QueryDict, name: str) -> Iterable[str]:
    return [value for value in query.getlist(name) if value]
