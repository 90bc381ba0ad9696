"""Find territories by what a person types: names in any spelling, old names, postal codes, codes.

Names are kept as a matrix of letter pairs that shortlists candidates in one pass of numpy; edit distances (Damerau–
Levenshtein in its restricted form, optimal string alignment) then rank the short list. docs/methodology/search.md tells
how a match is scored and how well it finds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from arobase.territories.rules.spelling import Spelling, edits_allowed, folded, without_links, words

EXACT, WITHOUT_LINKS, OTHER_ORDER, GLUED = 0.985, 0.97, 0.955, 0.943
BEGINNING, WORDS, SPELLING = 0.80, 0.72, 0.84
COVERAGE = 0.13
POPULATION = 0.0015
POPULATION_OF_PARTS = 0.012
FORMER_NAME = 0.03
SHORTLIST = 120  # names that are compared letter by letter, of each way of finding them
SHORT = 7  # letters of a query that is compared with every name of similar length
SHORTEST_WORDS = 3  # letters of a query of whose words are looked for inside names
POSTAL_CODE_LENGTH = 5
LINKS_DIFFER = 0.3  # counted as so many typing errors
_LETTERS = 40


class Why(StrEnum):
    """Why a territory was found."""

    EXACT = "exact"
    BEGINNING = "beginning"
    WORDS = "words"
    SPELLING = "spelling"
    FORMER = "former name"
    POSTAL_CODE = "postal code"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be found.

    population     0 where it is not known
    department     code of the department, empty where there is none
    other_names    further names of today (acronym, name without its legal form)
    former_names   names of before, and of the communes that it absorbed
    """

    id: str
    kind: str
    code: str
    name: str
    population: int = 0
    department: str = ""
    postal_codes: tuple[str, ...] = ()
    siren: str = ""
    other_names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A territory found: its position among the subjects, why, by which name, and how well (0–1)."""

    position: int
    subject: Subject
    why: Why
    matched: str
    score: float


class SearchIndex:
    """Immutable; safe to share between threads.

    subjects   what can be found; a hit tells the position in this sequence
    """

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.subjects = tuple(subjects)
        self._population = np.array([subject.population for subject in self.subjects], np.float32)
        self._weight = np.log10(1 + self._population)
        self._kinds = np.array([subject.kind for subject in self.subjects], dtype=object)
        self._index_names()
        self._index_pairs()
        self._index_beginnings()
        self._index_codes()

    def search(
        self,
        query: str,
        *,
        limit: int | None = 10,
        kinds: Iterable[str] | None = None,
        among: NDArray[np.bool_] | None = None,
    ) -> list[Hit]:
        """Territories for a query, best first.

        limit      at most so many; None: all that begin with the query, and the best of the others
        kinds      only these kinds; None: all
        among      a mask over the subjects; None: all
        """
        found = words(query[:200])
        if not found or not self.subjects or (limit is not None and limit < 1):
            return []
        allowed = self._allowed(kinds, among)
        best: dict[int, Hit] = {}
        for hit in self._by_code(found, query, allowed):
            _keep(best, hit)
        if any(any(letter.isalpha() for letter in word) for word in found):
            for hit in self._by_name(found, allowed, wanted=limit):
                _keep(best, hit)
            for hit in self._by_name_and_place(found, allowed, wanted=limit):
                _keep(best, hit)
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, -hit.subject.population, hit.subject.code))
        return ranked if limit is None else ranked[:limit]

    def _allowed(self, kinds: Iterable[str] | None, among: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        mask = np.ones(len(self.subjects), bool) if among is None else among
        if kinds is not None:
            mask = mask & np.logical_or.reduce([self._of_kind(kind) for kind in kinds] or [np.zeros_like(mask)])
        return mask

    def _of_kind(self, kind: str) -> NDArray[np.bool_]:
        if kind not in self._masks:
            self._masks[kind] = self._kinds == kind
        return self._masks[kind]

    # Building

    def _index_names(self) -> None:
        self._masks: dict[str, NDArray[np.bool_]] = {}
        owners: list[int] = []
        former: list[bool] = []
        self._names: list[str] = []
        for position, subject in enumerate(self.subjects):
            seen = set()
            for is_former, name in _names_of(subject):
                if name and name not in seen:
                    seen.add(name)
                    owners.append(position)
                    former.append(is_former)
                    self._names.append(name)
        self._owner = np.array(owners, np.int32)
        self._former = np.array(former, bool)
        self._full: list[str] = []
        self._core: list[str] = []
        self._ordered: list[str] = []
        self._glued: list[str] = []
        for name in self._names:
            form = Spelling.of(words(name))
            self._full.append(form.full)
            self._core.append(form.core if form.core != form.full else form.full)
            self._ordered.append(form.ordered if form.ordered != form.core else form.core)
            self._glued.append(form.glued if form.glued != form.full else form.full)
        self._length = np.array([len(glued) for glued in self._glued], np.int16)
        self._core_length = np.array([len(core) for core in self._core], np.int16)
        self._name_weight = self._weight[self._owner] if owners else np.zeros(0, np.float32)

    def _index_pairs(self) -> None:
        pairs, owners = _letter_pairs(self._core)
        count = max(len(self._names), 1)
        keys = np.unique(pairs.astype(np.int64) * count + owners)
        pair, owner = np.divmod(keys, count)
        self._postings = owner.astype(np.int32)
        self._starts = np.searchsorted(pair, np.arange(_LETTERS * _LETTERS + 1)).astype(np.int64)
        frequency = np.diff(self._starts)
        self._rarity = np.log1p(count / np.maximum(frequency, 1)).astype(np.float32)
        self._norm = np.bincount(owner, weights=self._rarity[pair], minlength=count).astype(np.float32)

    def _index_beginnings(self) -> None:
        self._beginnings = []
        for forms in (self._glued, [core.replace(" ", "") for core in self._core]):
            order = np.array(sorted(range(len(forms)), key=forms.__getitem__), np.int32)
            self._beginnings.append(([forms[place] for place in order], order))
        by_length = np.argsort(self._length, kind="stable").astype(np.int32)
        self._short: list[tuple[NDArray[np.int32], list[str]]] = []
        for length in range(SHORT + 2):
            names = by_length[slice(*np.searchsorted(self._length[by_length], [length, length + 1]))]
            self._short.append((names, [self._glued[name] for name in names]))

    def _index_codes(self) -> None:
        postal: dict[str, list[int]] = {}
        self._by_exact_code: dict[str, list[int]] = {}
        self._departments: dict[str, str] = {}
        self._department_codes: set[str] = set()
        for position, subject in enumerate(self.subjects):
            for code in subject.postal_codes:
                postal.setdefault(code, []).append(position)
            for code in {subject.code.lower(), subject.siren} - {""}:
                self._by_exact_code.setdefault(code, []).append(position)
            if subject.kind in {"department", "collectivity"}:
                self._departments[folded(subject.name)] = subject.code
            if subject.department:
                self._department_codes.add(subject.department)
        self._postal_codes = sorted(postal)
        self._of_postal_code = {
            code: np.array(positions, np.int32)[np.argsort(-self._population[positions], kind="stable")]
            for code, positions in postal.items()
        }
        self._department = np.array([subject.department for subject in self.subjects], dtype=object)

    # By code

    def _by_code(self, found: list[str], query: str, allowed: NDArray[np.bool_]) -> Iterable[Hit]:
        code = "".join(found)
        if not code.isdigit() and not (len(found) == 1 and code[0].isdigit()):
            return
        for position in self._by_exact_code.get(code, ()):
            if allowed[position]:
                # A postal code is what people type: the code of another commune comes right behind the largest of it.
                yield self._hit(position, Why.CODE, query.strip(), 0.985)
        if code.isdigit() and 1 < len(code) <= POSTAL_CODE_LENGTH:
            yield from self._by_postal_code(code, allowed)

    def _by_postal_code(self, code: str, allowed: NDArray[np.bool_]) -> Iterable[Hit]:
        first = bisect_left(self._postal_codes, code)
        last = bisect_right(self._postal_codes, code + "~")
        exact = first < last and self._postal_codes[first] == code
        matched = self._postal_codes[first : first + 1] if exact else self._postal_codes[first:last]
        largest = True
        for postal_code in matched:
            for position in self._of_postal_code[postal_code]:
                if allowed[position]:
                    score = (0.99 if largest else 0.97) if exact else 0.9
                    yield self._hit(int(position), Why.POSTAL_CODE, postal_code, score)
                    largest = False

    # By name

    def _by_name(self, found: list[str], allowed: NDArray[np.bool_], *, wanted: int | None) -> Iterable[Hit]:
        query = Spelling.of(found)
        candidates = self._shortlist(query, allowed, wanted=wanted)
        if len(candidates):
            yield from self._ranked(query, candidates)

    def _by_name_and_place(self, found: list[str], allowed: NDArray[np.bool_], *, wanted: int | None) -> Iterable[Hit]:
        """The query read as a name and its department (number or name) or postal code, before or behind it."""
        for rest, place in self._readings(found):
            mask = allowed & place
            if mask.any():
                for hit in self._by_name(rest, mask, wanted=wanted):
                    if hit.score > BEGINNING - FORMER_NAME:
                        yield self._hit(hit.position, hit.why, hit.matched, hit.score - 0.002)

    def _readings(self, found: list[str]) -> Iterable[tuple[list[str], NDArray[np.bool_]]]:
        for size in range(1, min(len(found) - 1, 6) + 1):
            for rest, place in ((found[:-size], found[-size:]), (found[size:], found[:size])):
                if (mask := self._place(place)) is not None:
                    yield rest, mask

    def _place(self, found: list[str]) -> NDArray[np.bool_] | None:
        if len(found) == 1 and (word := found[0].upper()) and word[0].isdigit():
            if len(word) == POSTAL_CODE_LENGTH and word in self._of_postal_code:
                mask = np.zeros(len(self.subjects), bool)
                mask[self._of_postal_code[word]] = True
                return mask
            return self._department == word if word in self._department_codes else None
        code = self._departments.get(" ".join(without_links(found)))
        return self._department == code if code else None

    def _shortlist(self, query: Spelling, allowed: NDArray[np.bool_], *, wanted: int | None) -> NDArray[np.int32]:
        size = SHORTLIST if wanted is None else max(SHORTLIST, 4 * wanted)
        open_names = allowed[self._owner]
        lists = [self._beginning_with(query, open_names, size=len(self._names) if wanted is None else size)]
        if len(query.glued) > 1:
            lists.append(self._sharing_letters(query, open_names, size=size))
        if SHORTEST_WORDS <= len(query.glued) <= SHORT:
            lists.append(self._of_similar_length(query, open_names))
        return np.unique(np.concatenate(lists))

    def _beginning_with(self, query: Spelling, open_names: NDArray[np.bool_], *, size: int) -> NDArray[np.int32]:
        lists = []
        for prefix, (forms, order) in zip((query.glued, query.core.replace(" ", "")), self._beginnings, strict=True):
            first, last = bisect_left(forms, prefix), bisect_right(forms, prefix + "~")
            names = order[first:last]
            names = names[open_names[names]]
            lists.append(_top(names, self._name_weight[names] - 0.15 * self._length[names], size))
        return np.concatenate(lists)

    def _sharing_letters(self, query: Spelling, open_names: NDArray[np.bool_], *, size: int) -> NDArray[np.int32]:
        pairs = np.unique(_letter_pairs([query.core])[0])
        postings = [self._postings[self._starts[pair] : self._starts[pair + 1]] for pair in pairs]
        weights = np.repeat(self._rarity[pairs], [len(posting) for posting in postings])
        shared = np.bincount(np.concatenate(postings), weights=weights, minlength=len(self._names)).astype(np.float32)
        shared *= open_names
        total = float(self._rarity[pairs].sum())
        names = np.flatnonzero(shared > 0.3 * total).astype(np.int32)
        shared = shared[names]
        alike = shared / (total + self._norm[names] - shared)
        holding = shared / total + 0.02 * self._name_weight[names]
        return np.concatenate([_top(names, alike, size), _top(names, holding, size)])

    def _of_similar_length(self, query: Spelling, open_names: NDArray[np.bool_]) -> NDArray[np.int32]:
        length = len(query.glued)
        near = []
        for size in range(max(1, length - 1), min(length + 1, SHORT + 1) + 1):
            names, forms = self._short[size]
            if forms:
                near.append(names[_edits(query.glued, forms, at_most=1) <= 1])
        found: NDArray[np.int32] = np.concatenate(near) if near else np.zeros(0, np.int32)
        return found[open_names[found]]

    def _ranked(self, query: Spelling, names: NDArray[np.int32]) -> Iterable[Hit]:
        score, why = self._scores(query, names)
        keep = np.flatnonzero(score > 0)
        for place in keep[np.argsort(-score[keep], kind="stable")]:
            name = int(names[place])
            reason = Why.FORMER if self._former[name] else _REASONS[int(why[place])]
            yield self._hit(int(self._owner[name]), reason, self._names[name], float(score[place]))

    def _scores(self, query: Spelling, names: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
        """Score and reason (position in _REASONS) of each name; 0 where it does not match."""
        allowed = edits_allowed(len(query.glued))
        by_form = [
            _distances(mine, theirs, names, at_most=allowed)
            for mine, theirs in (
                (query.full, self._full),
                (query.core, self._core),
                (query.ordered, self._ordered),
                (query.glued, self._glued),
            )
        ]
        # Names that differ in their links too stand a little further off.
        edits = np.minimum.reduce([by_form[0], by_form[1] + LINKS_DIFFER, by_form[2] + LINKS_DIFFER, by_form[3]])
        score = np.zeros(len(names), np.float32)
        why = np.zeros(len(names), np.int8)
        weight = self._name_weight[names]
        spelled = edits < allowed + 0.5
        closeness = SPELLING - 0.5 * edits / (len(query.glued) + 2)
        same_start = np.array([self._full[name][0] == query.full[0] for name in names], np.float32)
        score[spelled] = (closeness + 0.01 * same_start + POPULATION_OF_PARTS * weight)[spelled] - 0.05
        why[spelled] = 3
        self._raise_words(query, names, score, why, weight)
        self._raise_beginnings(query, names, score, why, weight)
        for tier, distance in zip((GLUED, OTHER_ORDER, WITHOUT_LINKS, EXACT), (3, 2, 1, 0), strict=True):
            same = by_form[distance] == 0
            if query.unfinished and distance in {1, 2}:
                same &= self._same_words(query, names)
            score[same] = tier + POPULATION * weight[same]
            why[same] = 0
        score[self._former[names] & (score > 0)] -= FORMER_NAME
        return score, why

    def _raise_words(
        self,
        query: Spelling,
        names: NDArray[np.int32],
        score: NDArray[np.float32],
        why: NDArray[np.int8],
        weight: NDArray[np.float32],
    ) -> None:
        if sum(map(len, query.tokens)) < SHORTEST_WORDS:
            return
        *whole, last = query.tokens
        for place, name in enumerate(names):
            theirs = self._core[name].split(" ")
            rest = _without(theirs, whole)
            if rest is not None and any(word.startswith(last) for word in rest):
                coverage = min(1.0, len(query.core) / len(self._core[name])) - (0.3 if query.unfinished else 0.0)
            elif len(self._core[name]) > SHORTEST_WORDS and all(word in query.tokens for word in theirs):
                coverage = min(1.0, len(self._core[name]) / len(query.core)) - 0.5
            else:
                continue
            found = WORDS + COVERAGE * coverage + POPULATION_OF_PARTS * weight[place] - 0.01
            if coverage > 0 and found > score[place]:
                score[place], why[place] = found, 2

    def _raise_beginnings(
        self,
        query: Spelling,
        names: NDArray[np.int32],
        score: NDArray[np.float32],
        why: NDArray[np.int8],
        weight: NDArray[np.float32],
    ) -> None:
        has_links = query.core != query.full
        # The fewer letters, the less it says that a name has few more of them, and the more how large the town is.
        telling = COVERAGE * min(1.0, len(query.glued) / 6)
        for place, name in enumerate(names):
            if self._full[name].startswith(query.full):
                distance = 0.0
            elif not query.unfinished and self._core[name].startswith(query.core):
                distance = 0.08 if has_links else 0.0
            elif self._glued[name].startswith(query.glued):
                distance = 0.04
            else:
                continue
            coverage = min(1.0, len(query.glued) / int(self._length[name]))
            found = BEGINNING + telling * coverage + POPULATION_OF_PARTS * weight[place] - 0.05 - distance
            if found > score[place]:
                score[place], why[place] = min(found, GLUED - 0.001), 1

    def _same_words(self, query: Spelling, names: NDArray[np.int32]) -> NDArray[np.bool_]:
        mine = sorted(query.full.split(" "))
        return np.array([sorted(self._full[name].split(" ")) == mine for name in names], bool)

    def _hit(self, position: int, why: Why, matched: str, score: float) -> Hit:
        return Hit(position, self.subjects[position], why, matched, score)


_REASONS = (Why.EXACT, Why.BEGINNING, Why.WORDS, Why.SPELLING)


def _without(theirs: list[str], mine: Sequence[str]) -> list[str] | None:
    """Their words less mine, each taken once; None where one of mine is not among them."""
    rest = list(theirs)
    for word in mine:
        if word not in rest:
            return None
        rest.remove(word)
    return rest


def _keep(best: dict[int, Hit], hit: Hit) -> None:
    if hit.position not in best or best[hit.position].score < hit.score:
        best[hit.position] = hit


def _names_of(subject: Subject) -> Iterable[tuple[bool, str]]:
    yield False, subject.name
    for name in subject.other_names:
        yield False, name
    for name in subject.former_names:
        yield True, name


def _letter_pairs(texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """All pairs of neighbouring letters, word by word and with the words' borders, and which text each is from."""
    letters = np.frombuffer((" " + " ".join(texts) + " ").encode("ascii", "ignore"), np.uint8).astype(np.int32)
    digits, spaces = letters <= ord("9"), letters == ord(" ")
    codes = np.where(spaces, 0, np.where(digits, letters - ord("0") + 1, letters - ord("a") + 11)).astype(np.int32)
    owners = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts]) if len(texts) else np.zeros(0, int)
    return (codes[:-1] * _LETTERS + codes[1:])[: len(owners)], owners


def _top(names: NDArray[np.int32], value: NDArray[Any], size: int) -> NDArray[np.int32]:
    return names if len(names) <= size else names[np.argpartition(-value, size)[:size]]


def _distances(mine: str, theirs: list[str], names: NDArray[np.int32], *, at_most: int) -> NDArray[np.int32]:
    """Edit distances; at_most + 1 stands for anything larger."""
    return _edits(mine, [theirs[name] for name in names], at_most=at_most)


def _edits(mine: str, theirs: list[str], *, at_most: int) -> NDArray[np.int32]:
    if not theirs:
        return np.zeros(0, np.int32)
    edits: NDArray[np.int32] = cdist([mine], theirs, scorer=OSA.distance, score_cutoff=at_most, dtype=np.int32)[0]
    return edits
