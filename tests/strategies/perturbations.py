"""The ways in which people type the name of a territory, each made from a true name by a seeded generator.

Every way also says what else the same query could honestly mean: `rivals` are the subjects that the very same keys
would have been typed for with the same right. docs/methodology/search.md tells how they are counted.
"""

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from arobase.territories.rules.search import Subject
from arobase.territories.rules.spelling import LINKS, words

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Typed:
    """A query and the subject that was meant."""

    way: str
    query: str
    meant: Subject


Way = Callable[[Subject, np.random.Generator], str | None]


def plain(name: str) -> str:
    """A name without accents and ligatures, its hyphens, apostrophes and case kept."""
    spread = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def changed(name: str, typed: str) -> str | None:
    return typed if typed.strip() and typed != name else None


def without_accents(subject: Subject, rng: np.random.Generator) -> str | None:
    return changed(subject.name, plain(subject.name))


def without_hyphens(subject: Subject, rng: np.random.Generator) -> str | None:
    return changed(subject.name, subject.name.replace("-", " "))


def upper_case(subject: Subject, rng: np.random.Generator) -> str | None:
    return plain(subject.name).upper()


def without_article(subject: Subject, rng: np.random.Generator) -> str | None:
    for article in ("Le ", "La ", "Les ", "L'", "L’"):
        if subject.name.startswith(article):
            return subject.name.removeprefix(article)
    return None


def other_order(subject: Subject, rng: np.random.Generator) -> str | None:
    parts = subject.name.replace("-", " ").replace("'", " ").replace("’", " ").split()
    if len(parts) < 2:
        return None
    return changed(" ".join(parts), " ".join(parts[place] for place in rng.permutation(len(parts))))


def saint_shortened(subject: Subject, rng: np.random.Generator) -> str | None:
    short = subject.name.replace("Sainte-", "Ste-").replace("Saint-", "St-")
    if short == subject.name:
        return None
    return short.replace("-", " ") if rng.random() < 0.5 else short


def apostrophe_dropped(subject: Subject, rng: np.random.Generator) -> str | None:
    for_it = "" if rng.random() < 0.5 else " "
    return changed(subject.name, subject.name.replace("'", for_it).replace("’", for_it))


def beginning(subject: Subject, rng: np.random.Generator) -> str | None:
    least = max(3, int(np.ceil(0.6 * len(subject.name))))
    if least >= len(subject.name):
        return None
    return subject.name[: int(rng.integers(least, len(subject.name)))].rstrip(" -'’")


def _place_of_error(name: str, rng: np.random.Generator) -> int | None:
    places = [place for place, letter in enumerate(name) if letter.isalpha()]
    return int(rng.choice(places)) if len(places) > 3 else None


def letter_missing(subject: Subject, rng: np.random.Generator) -> str | None:
    place = _place_of_error(subject.name, rng)
    return None if place is None else subject.name[:place] + subject.name[place + 1 :]


def letter_doubled(subject: Subject, rng: np.random.Generator) -> str | None:
    place = _place_of_error(subject.name, rng)
    return None if place is None else subject.name[: place + 1] + subject.name[place:].lower()


def letter_wrong(subject: Subject, rng: np.random.Generator) -> str | None:
    place = _place_of_error(subject.name, rng)
    if place is None:
        return None
    other = str(rng.choice([letter for letter in LETTERS if letter != plain(subject.name[place]).lower()]))
    return subject.name[:place] + other + subject.name[place + 1 :]


def letters_swapped(subject: Subject, rng: np.random.Generator) -> str | None:
    name = subject.name
    places = [place for place in range(len(name) - 1) if name[place].isalpha() and name[place + 1].isalpha()]
    places = [place for place in places if name[place].lower() != name[place + 1].lower()]
    if len(name) < 4 or not places:
        return None
    place = int(rng.choice(places))
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def old_name(subject: Subject, rng: np.random.Generator) -> str | None:
    return str(rng.choice(subject.former_names)) if subject.former_names else None


def postal_code(subject: Subject, rng: np.random.Generator) -> str | None:
    return str(rng.choice(subject.postal_codes)) if subject.postal_codes else None


def with_department(subject: Subject, rng: np.random.Generator) -> str | None:
    return f"{plain(subject.name)} {subject.department}" if subject.department else None


WAYS: dict[str, Way] = {
    "no accents": without_accents,
    "no hyphens": without_hyphens,
    "upper case": upper_case,
    "no article": without_article,
    "other order": other_order,
    "st, ste": saint_shortened,
    "apostrophe": apostrophe_dropped,
    "beginning": beginning,
    "letter missing": letter_missing,
    "letter doubled": letter_doubled,
    "letter wrong": letter_wrong,
    "letters swapped": letters_swapped,
    "old name": old_name,
    "postal code": postal_code,
    "with department": with_department,
}
ERRORS = frozenset({"letter missing", "letter doubled", "letter wrong", "letters swapped"})


def queries(subjects: Sequence[Subject], *, each: int, rng: np.random.Generator) -> list[Typed]:
    """So many queries of each way, for subjects drawn without regard to their size."""
    typed = []
    for way, make in WAYS.items():
        found: list[Typed] = []
        for place in rng.permutation(len(subjects)):
            if len(found) == each:
                break
            if (query := make(subjects[place], rng)) is not None:
                found.append(Typed(way, query, subjects[place]))
        typed += found
    return typed


class Rivals:
    """Who else could have been meant by a query, found by looking at all subjects one by one."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.subjects = subjects
        self.words = [words(subject.name) for subject in subjects]
        self.spaced = [" ".join(found) for found in self.words]
        self.glued = ["".join(found) for found in self.words]
        self.core = [" ".join(sorted(word for word in found if word not in LINKS)) for found in self.words]
        self.old = [{" ".join(words(name)) for name in subject.former_names} for subject in subjects]

    def of(self, typed: Typed) -> set[str]:
        """Ids of the subjects, the meant one left out, that the query fits with at least the same right.

        A subject whose name or code is the query, letter by letter once folded, always does. Else it has to be more
        populous than the meant one, and the query has to follow from its name in the same way (same words; a beginning;
        one typing error; the same old name; the same postal code).
        """
        query = words(typed.query)
        spelled = " ".join(query)
        fits = [spelled in {spaced, subject.code} for spaced, subject in zip(self.spaced, self.subjects, strict=True)]
        in_the_same_way = self._same_way(typed, query)
        return {
            subject.id
            for subject, exact, same in zip(self.subjects, fits, in_the_same_way, strict=True)
            if subject.id != typed.meant.id and (exact or (same and subject.population > typed.meant.population))
        }

    def _same_way(self, typed: Typed, query: list[str]) -> list[bool]:
        if typed.way in ERRORS:
            near = cdist([" ".join(query)], self.spaced, scorer=OSA.distance, score_cutoff=1, dtype=np.int32)[0] <= 1
            return [bool(is_near) for is_near in near]
        if typed.way == "beginning":
            return [glued.startswith("".join(query)) for glued in self.glued]
        if typed.way == "old name":
            return [" ".join(query) in old for old in self.old]
        if typed.way == "postal code":
            return [typed.query in subject.postal_codes for subject in self.subjects]
        if typed.way == "with department":
            same = " ".join(sorted(word for word in query[:-1] if word not in LINKS))
            pairs = zip(self.subjects, self.core, strict=True)
            return [core == same and subject.department == typed.meant.department for subject, core in pairs]
        same = " ".join(sorted(word for word in query if word not in LINKS))
        return [core == same for core in self.core]


def communes_of_the_package() -> list[Subject]:
    """All communes of today as the locked npm package holds them."""
    path = Path(__file__).parents[2] / "node_modules/@etalab/decoupage-administratif/data/communes.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    old: dict[str, list[str]] = {}
    for entry in entries:
        if entry["type"] in {"commune-deleguee", "commune-associee"}:
            old.setdefault(entry["chefLieu"], []).append(entry["nom"])
    return [
        Subject(
            id=f"commune:{entry['code']}",
            kind="commune",
            code=entry["code"],
            name=entry["nom"],
            population=entry.get("population") or 0,
            department=entry.get("departement", entry["code"][:3]),
            postal_codes=tuple(entry.get("codesPostaux", ())),
            former_names=tuple(name for name in old.get(entry["code"], ()) if name != entry["nom"]),
        )
        for entry in entries
        if entry["type"] == "commune-actuelle"
    ]
