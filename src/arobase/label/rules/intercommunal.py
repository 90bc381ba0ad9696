"""How the names of intercommunal bodies are written: kinds in full or in short, acronyms."""

import re

from arobase.label.rules.names import LINKS, fold, key, without_links

# Kinds as they are printed, longest first; the kind is the code of the national base of intercommunal bodies (BANATIC).
_KINDS: tuple[tuple[str, str], ...] = (
    (r"communaute d agglomeration", "CA"),
    (r"communaute d agglo", "CA"),
    (r"communaute agglomeration", "CA"),
    (r"agglomeration", "CA"),
    (r"agglo", "CA"),
    (r"ca", "CA"),
    (r"communaute (?:de|des) communes", "CC"),
    (r"communaute communes", "CC"),
    (r"com com", "CC"),
    (r"comcom", "CC"),
    (r"codecom", "CC"),
    (r"cc", "CC"),
    (r"communaute urbaine", "CU"),
    (r"cu", "CU"),
    (r"eurometropole", "METRO"),
    (r"metropole", "METRO"),
    (r"communaute intercommunale", ""),
    (r"communaute", ""),
    (r"intercommunalite", ""),
    (r"interco", ""),
    (r"epci", ""),
)
_PREFIX = re.compile(
    r"^(?:la |le |l )?(?:"
    + "|".join(f"(?P<k{place}>{words})" for place, (words, _kind) in enumerate(_KINDS))
    + r") (?P<rest>.+)$"
)
IN_FULL = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole",
}
_SHORTEST, _LONGEST = 3, 8  # letters of an acronym
_INITIALS = {"CC": ("cc",), "CA": ("ca",), "CU": ("cu", "c"), "METRO": ("m", "e"), "MET69": ("m",)}
# Words that tell nothing about which body is meant.
PLAIN_WORDS = frozenset(
    {
        "agglo",
        "agglomeration",
        "communaute",
        "communes",
        "metropole",
        "pays",
        "val",
        "vallee",
        "grand",
        "et",
        "sur",
        "en",
        "sud",
        "nord",
        "action",
    }
)


def split_kind(name: str) -> tuple[str | None, str]:
    """The kind that a printed name begins with (`""`: any; None: it begins with none), and the key of the rest.

    >>> split_kind("Communauté d'Agglomération du Centre Littoral")
    ('CA', 'centre littoral')
    >>> split_kind("Le Havre")
    (None, 'havre')
    """
    found = _PREFIX.match(key(name))
    if not found:
        return None, without_links(key(name))
    place = next(place for place in range(len(_KINDS)) if found[f"k{place}"])
    return _KINDS[place][1], without_links(found["rest"])


def same_kind(printed: str, subkind: str) -> bool:
    """Whether a printed kind may name a body of this kind today."""
    return printed in ("", subkind) or (printed == "METRO" and subkind == "MET69")


def acronyms(name: str, *, subkind: str) -> frozenset[str]:
    """Acronyms by which a body may be called: initials of its kind and of its words, linking words left out or kept.

    >>> "capa" in acronyms("CA du Pays Ajaccien", subkind="CA"), "cab" in acronyms("CA de Bastia", subkind="CA")
    (True, True)
    """
    found = _PREFIX.match(key(name))
    words = (found["rest"] if found else key(name)).split()
    short = "".join(word[0] for word in words if word not in LINKS)
    full = "".join(word[0] for word in words)
    own = [initials + end for initials in _INITIALS.get(subkind, ("",)) for end in (short, full)]
    return frozenset(acronym for acronym in [*own, short, full] if len(acronym) >= _SHORTEST)


def may_be_acronym(printed: str) -> bool:
    """Whether a printed name looks like an acronym: one word of 3 to 8 capitals, maybe with full stops.

    >>> may_be_acronym("CAPA"), may_be_acronym("C.A.B."), may_be_acronym("Agen")
    (True, True, False)
    """
    letters = printed.replace(".", "").strip()
    return _SHORTEST <= len(letters) <= _LONGEST and letters.isalpha() and letters.isupper() and fold(letters).isascii()
