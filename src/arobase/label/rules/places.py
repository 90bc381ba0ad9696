"""The places that a printed name may mean, with the indexes by which they are found; built once, read many times."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from arobase.label.rules.intercommunal import PLAIN_WORDS, acronyms, split_kind
from arobase.label.rules.names import fold, key, without_article

COMMUNE = "commune"
ARRONDISSEMENT = "arrondissement"
EPCI = "epci"
ASSOCIATED = "associated"
_FUZZY_FROM_LETTERS = 4
_ALIKE = 0.8  # share of letters that two spellings must have in common to be proposed


@dataclass(frozen=True)
class Former:
    """A name or code that a place had before, or that a part of it still has.

    kind    of the territory that was: `commune`, `delegated`, `associated`
    code    its own code; empty where it is unknown or the same as today's
    event   `merged`, `split`, `renamed`, `recoded`
    on      ISO date, empty while unknown
    """

    name: str
    kind: str = COMMUNE
    code: str = ""
    event: str = "merged"
    on: str = ""


@dataclass(frozen=True)
class Place:
    """A territory of today that may be a laureate.

    departments   codes of those it lies in (an intercommunal body may lie in several)
    subkind       of an intercommunal body: CC, CA, CU, METRO, MET69
    epci          code of the body that a commune is a member of; empty where there is none
    """

    id: str
    kind: str
    code: str
    name: str
    departments: frozenset[str] = frozenset()
    population: int = 0
    subkind: str = ""
    siren: str = ""
    epci: str = ""
    former: tuple[Former, ...] = ()


@dataclass(frozen=True)
class Named:
    """A place found by a name: by its own, or by a former one."""

    place: Place
    former: Former | None = None


def by_population(places: Iterable[Place]) -> list[Place]:
    """The most populous first; equals by code, so that the order never depends on how they were read."""
    return sorted(places, key=lambda place: (-place.population, place.code))


class Gazetteer:
    """All places, found by code, by key, by parts of a name, by spelling.

    places        in any order; ids are unique
    departments   code → name of departments and overseas collectivities
    """

    def __init__(self, places: Iterable[Place], *, departments: Mapping[str, str]) -> None:
        self.departments = dict(departments)
        self.by_code: dict[str, Place] = {}
        self.by_former_code: dict[str, list[Named]] = defaultdict(list)
        self._named: dict[str, list[Named]] = defaultdict(list)
        self.bodies: list[Place] = []
        for place in sorted(places, key=lambda place: (place.kind != COMMUNE, place.code)):
            self._add(place)

    def _add(self, place: Place) -> None:
        for code in filter(None, (place.code, place.siren)):
            self.by_code.setdefault(code, place)
        for former in place.former:
            if former.code:
                self.by_former_code[former.code].append(Named(place, former))
        if place.kind == EPCI:
            self.bodies.append(place)
            return
        self._named[key(place.name)].append(Named(place))
        for former in place.former:
            if former.name:
                self._named[key(former.name)].append(Named(place, former))

    def named(self, name_key: str) -> list[Named]:
        """Communes and arrondissements that have or had a name, each place once, its own name before former ones."""
        found: dict[str, Named] = {}
        for named in sorted(self._named.get(name_key, ()), key=lambda named: named.former is not None):
            found.setdefault(named.place.id, named)
        return list(found.values())

    @cached_property
    def _keys(self) -> list[str]:
        return list(self._named)

    @cached_property
    def _keys_by_word(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name_key in self._named:
            for word in set(name_key.split()):
                index[word].append(name_key)
        return index

    @cached_property
    def _keys_without_article(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name_key in self._named:
            index[without_article(name_key)].append(name_key)
        return index

    @cached_property
    def _keys_by_words(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name_key in self._named:
            index[" ".join(sorted(name_key.split()))].append(name_key)
        return index

    def keys_but_for_the_article(self, name_key: str) -> list[str]:
        return [found for found in self._keys_without_article.get(without_article(name_key), ()) if found != name_key]

    def keys_of_the_same_words(self, name_key: str) -> list[str]:
        return [found for found in self._keys_by_words.get(" ".join(sorted(name_key.split())), ()) if found != name_key]

    def keys_that_hold(self, name_key: str) -> list[str]:
        """Longer names in which the words of a name stand together: `vandoeuvre` in `vandoeuvre les nancy`."""
        words = without_article(name_key).split()
        rarest = min(words, key=lambda word: len(self._keys_by_word.get(word, ())), default="")
        part = f" {' '.join(words)} "
        return [found for found in self._keys_by_word.get(rarest, ()) if found != name_key and part in f" {found} "]

    def keys_that_begin(self, name_key: str) -> Iterator[str]:
        """Shorter names with which a name begins, the longest first: `frontignan` for `frontignan la peyrade`."""
        words = name_key.split()
        for length in range(len(words) - 1, 0, -1):
            beginning = " ".join(words[:length])
            if beginning in self._named and len(beginning) >= _FUZZY_FROM_LETTERS:
                yield beginning

    def keys_spelt_like(self, name_key: str, *, limit: int = 12) -> list[str]:
        """Names that differ by a few letters, the nearest first."""
        if len(name_key) < _FUZZY_FROM_LETTERS:
            return []
        found = process.extract(
            name_key, self._keys, scorer=Levenshtein.normalized_similarity, score_cutoff=_ALIKE, limit=limit
        )
        return [
            alike for alike, _score, _place in sorted(found, key=lambda hit: (-hit[1], hit[0])) if alike != name_key
        ]

    @cached_property
    def bodies_by_words(self) -> dict[str, list[Place]]:
        """Intercommunal bodies by what their name says beside the kind."""
        index: dict[str, list[Place]] = defaultdict(list)
        for body in self.bodies:
            index[split_kind(body.name)[1]].append(body)
        return index

    @cached_property
    def bodies_by_acronym(self) -> dict[str, list[Place]]:
        index: dict[str, list[Place]] = defaultdict(list)
        for body in self.bodies:
            for acronym in acronyms(body.name, subkind=body.subkind):
                index[acronym].append(body)
        return index

    @cached_property
    def _words_of_bodies(self) -> dict[str, set[str]]:
        return {body.id: _telling(split_kind(body.name)[1]) for body in self.bodies}

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How rare a word is among the names of intercommunal bodies: log of the inverse of its frequency."""
        counts: dict[str, int] = defaultdict(int)
        for words in self._words_of_bodies.values():
            for word in words:
                counts[word] += 1
        return {word: math.log((len(self.bodies) + 1) / count) for word, count in counts.items()}

    def bodies_named_like(self, words: str) -> list[tuple[Place, float]]:
        """Intercommunal bodies that share telling words with a name, and how much of both names (0–1), best first."""
        rare = math.log(len(self.bodies) + 2)
        asked = {self._known_word(word) for word in _telling(words)}
        found = []
        for body in self.bodies:
            own = self._words_of_bodies[body.id]
            if shared := asked & own:
                weight = sum(self._weights[word] for word in shared)
                share = weight / sum(self._weights.get(word, rare) for word in asked | own)
                found.append((body, share))
        return sorted(found, key=lambda hit: (-hit[1], -hit[0].population, hit[0].code))

    def _known_word(self, word: str) -> str:
        if word in self._weights or len(word) < _FUZZY_FROM_LETTERS:
            return word
        hit = process.extractOne(
            word, list(self._weights), scorer=Levenshtein.normalized_similarity, score_cutoff=_ALIKE
        )
        return str(hit[0]) if hit else word

    def members_named_in(self, words: str) -> list[Place]:
        """Communes of today whose name stands in a few words, and which are members of a body; longest names first."""
        parts = words.split()
        spans = [
            " ".join(parts[start:end])
            for start in range(len(parts))
            for end in range(len(parts), start, -1)
            if set(parts[start:end]) - PLAIN_WORDS
        ]
        found = {
            named.place.id: named.place
            for span in sorted(spans, key=len, reverse=True)
            for named in self.named(span)
            if named.former is None and named.place.epci
        }
        return list(found.values())

    def read_department(self, text: str) -> frozenset[str] | None:
        """Codes of the departments that a text names: `34`, `Hérault`, `Hérault 34`, `2a`; none for an empty text.

        Returns None when the text cannot be read, or when its name and its number do not agree.
        """
        folded = fold(text)
        if not folded:
            return frozenset()
        number = re.search(r"\b(?:2[ab]|\d{1,3})\b", folded)
        code = number[0].upper().zfill(2) if number else ""
        name = without_article(folded.replace(number[0], " ").strip() if number else folded)
        name = " ".join(name.split())
        by_code = self._departments_of(code)
        by_name = self._departments_by_name.get(name, frozenset())
        if (code and not by_code) or (name and not by_name) or (code and name and not by_code & by_name):
            return None
        return by_code & by_name if code and name else by_code or by_name

    def _departments_of(self, code: str) -> frozenset[str]:
        if code == "20":
            return frozenset({"2A", "2B"})
        return frozenset({code} if code in self.departments else ())

    @cached_property
    def _departments_by_name(self) -> dict[str, frozenset[str]]:
        index = {without_article(fold(name)): frozenset({code}) for code, name in self.departments.items()}
        return {"corse": frozenset({"2A", "2B"}), **index}

    def department_names(self, codes: Iterable[str]) -> str:
        """Names of departments for a person, by code: `Hérault (34)`."""
        return ", ".join(f"{self.departments.get(code, '?')} ({code})" for code in sorted(codes))


def _telling(words: str) -> set[str]:
    """The words of a name that tell which body is meant; all of them when none does."""
    return set(words.split()) - PLAIN_WORDS or set(words.split())
