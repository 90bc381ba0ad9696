"""The library as one searches it: what a question keeps, and how many each further facet would."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.shelf import shelf
from arobase.initiatives.rules.shelf import FACETS, Choice, Mask, Shelf
from arobase.initiatives.rules.states import State
from arobase.initiatives.rules.text import asked
from arobase.registry.registers import territory_facets

PER_PAGE = 20
ALIKE = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the library.

    words    free text; all its words must be found
    choice   values of the own facets
    others   values of facets that other capabilities offer, by name
    """

    words: str
    choice: Choice
    others: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    total    how many initiatives
    ids      those of the page, in order
    counts   by facet, how many initiatives each value would keep
    stems    what of the question was searched
    """

    total: int
    ids: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]
    stems: tuple[str, ...]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def find(question: Question, *, page: int = 1) -> Answer:
    """Those whose title holds the words first, then the latest changed."""
    books = shelf()
    words = asked(question.words)
    among, titled = _with_words(books, words)
    masks = {name: _any_of(books, name, values) for name, values in question.others.items() if values}
    kept = books.mask(question.choice, among=_all(among, masks.values()))
    counts: dict[str, Mapping[str, int]] = {
        facet: books.counts(facet, question.choice, among=_all(among, masks.values())) for facet in FACETS
    }
    for name in territory_facets.names():
        rest = [mask for other, mask in masks.items() if other != name]
        counts[name] = _counts(books, name, books.mask(question.choice, among=_all(among, rest)))
    found = books.ids[np.flatnonzero(kept)].tolist()
    ordered = [id for id in found if id in titled] + [id for id in found if id not in titled] if titled else found
    first = (page - 1) * PER_PAGE
    return Answer(len(ordered), tuple(ordered[first : first + PER_PAGE]), counts, tuple(words))


def everything(question: Question) -> list[int]:
    """The ids of all that a question keeps, for downloads, the latest changed first."""
    books = shelf()
    among, _titled = _with_words(books, asked(question.words))
    masks = [_any_of(books, name, values) for name, values in question.others.items() if values]
    kept = books.mask(question.choice, among=_all(among, masks))
    return [int(id) for id in books.ids[np.flatnonzero(kept)]]


def shown(ids: Sequence[int]) -> list[Initiative]:
    """Initiatives in the order of their ids, with their territories and first pictures (two statements)."""
    rows = Initiative.objects.select_related("territory").prefetch_related("pictures").in_bulk(list(ids))
    return [rows[id] for id in ids if id in rows]


def alike(initiative_id: int) -> list[tuple[Initiative, float]]:
    """The published initiatives of other territories most like a published one, with their likeness."""
    books = shelf()
    if initiative_id not in books.position:
        return []
    found = dict(books.alike(initiative_id, at_most=ALIKE))
    return [(one, found[one.pk]) for one in shown(list(found))]


def _with_words(books: Shelf, words: Sequence[str]) -> tuple[Mask | None, frozenset[int]]:
    """The entries that hold all the words, and the ids of those that hold them in the title."""
    if not words:
        return None, frozenset()
    published = Initiative.objects.filter(state=State.PUBLISHED).order_by()
    query = " ".join(words)
    ids = list(published.filter(stems__matches=query).values_list("id", flat=True))
    titled = published.filter(title_stems__matches=query).values_list("id", flat=True)
    return books.within(ids), frozenset(titled)


def _any_of(books: Shelf, name: str, values: frozenset[str]) -> Mask:
    territories = territory_facets[name].territories()
    return books.of_territories({id for value in values for id in territories.get(value, ())})


def _counts(books: Shelf, name: str, kept: Mask) -> dict[str, int]:
    territories = territory_facets[name].territories()
    numbers = {value: int((books.of_territories(ids) & kept).sum()) for value, ids in territories.items()}
    return {value: number for value, number in numbers.items() if number}


def _all(among: Mask | None, masks: Iterable[Mask]) -> Mask | None:
    found = among
    for mask in masks:
        found = mask if found is None else found & mask
    return found
