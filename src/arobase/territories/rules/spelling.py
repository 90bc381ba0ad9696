"""How the name of a territory is compared: without case, accents, punctuation, articles; abbreviations written out."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LINKS = frozenset(["l", "le", "la", "les", "lez", "d", "de", "du", "des", "au", "aux", "a", "et"])
ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur", "sr": "sur"}
INTERCOMMUNAL = {
    ("communaute", "communes"): "cc",
    ("communaute", "agglomeration"): "ca",
    ("communaute", "urbaine"): "cu",
}
INTERCOMMUNAL_WORDS = frozenset({"cc", "ca", "cu", "metropole", "communaute", "agglomeration"})

FORGIVEN = ((3, 0), (7, 1), (14, 2))  # typing errors in a query of fewer letters than …
FORGIVEN_AT_MOST = 3

_FOLDED = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
_WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """The words of a name without case, accents and punctuation; abbreviations written out.

    >>> words("St-Martin-d’Hères")
    ['saint', 'martin', 'd', 'heres']
    >>> words("Communauté d'agglomération Caux Seine")
    ['ca', 'caux', 'seine']
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_FOLDED))
    found = _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
    if "communaute" in found:
        found = _legal_form_first(found)
    return [_written_out(word, place, len(found)) for place, word in enumerate(found)]


def _written_out(word: str, place: int, count: int) -> str:
    inside = 0 < place < count - 1
    return ABBREVIATIONS.get(word, word) if inside or not word.startswith("s") or word.startswith("st") else word


def _legal_form_first(found: list[str]) -> list[str]:
    start = found.index("communaute")
    rest = [word for word in found[start + 1 : start + 4] if word not in LINKS]
    short = INTERCOMMUNAL.get(("communaute", rest[0])) if rest else None
    if short is None:
        return found
    after = found.index(rest[0], start) + 1
    while after < len(found) and found[after] in LINKS:
        after += 1
    return [*found[:start], short, *found[after:]]


def without_links(found: Sequence[str]) -> list[str]:
    """The words that carry the name: articles and prepositions of one name left out, unless nothing else stands there.

    >>> without_links(["le", "havre"])
    ['havre']
    >>> without_links(["les"])
    ['les']
    """
    return [word for word in found if word not in LINKS] or list(found)


def folded(text: str) -> str:
    """A name as it is compared: words without case, accents, punctuation and links.

    >>> folded("L’Haÿ-les-Roses")
    'hay roses'
    """
    return " ".join(without_links(words(text)))


def edits_allowed(length: int) -> int:
    """How many typing errors are forgiven in a query of so many letters."""
    return next((errors for bound, errors in FORGIVEN if length < bound), FORGIVEN_AT_MOST)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name or query in the forms that are compared.

    full         all words
    core         without links
    ordered      without links, in alphabetical order
    glued        all words without spaces
    tokens       the words of `core`
    unfinished   whether the last word is a link: more is to come
    """

    full: str
    core: str
    ordered: str
    glued: str
    tokens: tuple[str, ...]
    unfinished: bool

    @classmethod
    def of(cls, found: Sequence[str]) -> "Spelling":
        core = without_links(found)
        full = " ".join(found)
        unfinished = len(found) > 1 and found[-1] in LINKS
        return cls(full, " ".join(core), " ".join(sorted(core)), "".join(found), tuple(core), unfinished)
