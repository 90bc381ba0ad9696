"""A candidate's name in its parts, as the ministry's files have them: first name, last name, sex."""

from collections.abc import Sequence
from dataclasses import dataclass

CIVILITIES = {"m": "MASCULIN", "mr": "MASCULIN", "monsieur": "MASCULIN"}
CIVILITIES |= {"mme": "FEMININ", "mlle": "FEMININ", "madame": "FEMININ", "mademoiselle": "FEMININ"}


@dataclass(frozen=True)
class Person:
    """The parts of a name; `sex` is the ministry's word, and empty where the name does not tell."""

    last: str
    first: str = ""
    sex: str = ""


def parts_of(name: str) -> Person:
    """A name in parts: the last name is the one in capitals, whichever comes first; without capitals all is last name.

    >>> parts_of("Mme Marine LE PEN"), parts_of("MÉLENCHON Jean-Luc").first, parts_of("Dominique de VILLEPIN").last
    (Person(last='LE PEN', first='Marine', sex='FEMININ'), 'Jean-Luc', 'de VILLEPIN')
    """
    words = name.split()
    sex = CIVILITIES.get(words[0].rstrip(".").lower(), "") if len(words) > 1 else ""
    rest = words[1:] if sex else words
    place = _last_name(rest)
    if place is None:
        return Person(" ".join(rest), sex=sex)
    return Person(" ".join(rest[place]), " ".join([*rest[: place.start], *rest[place.stop :]]), sex)


def _last_name(words: Sequence[str]) -> slice | None:
    """Where the capitals stand, with the particle before them; None unless they are one end of the name and not all."""
    capitals = [word.isupper() and len(word.rstrip(".")) > 1 for word in words]
    if not any(capitals):
        return None
    start = capitals.index(True)
    stop = start + (capitals[start:] + [False]).index(False)
    while start > 0 and words[start - 1][0].islower():
        start -= 1
    is_one_end = (start == 0) != (stop == len(words))
    return slice(start, stop) if is_one_end and not any(capitals[stop:]) else None
