"""Names of places as people write them: two spellings of one name give the same key."""

import re
import unicodedata

ARTICLES = frozenset({"le", "la", "les", "l"})
LINKS = ARTICLES | {"de", "du", "des", "d", "a", "au", "aux"}
_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_TRAILING_ARTICLE = re.compile(
    r"^(?P<rest>.+?)\s*(?:\(\s*(?P<in>l['’]|la|les?)\s*\)|,\s*(?P<after>l['’]|la|les?))\s*$", re.I
)
_BRACKETS = re.compile(r"^(?P<name>.+?)\s*\((?P<inside>[^()]+)\)\s*$")
_TOWN_OF = re.compile(r"^(?:ville|village|commune|mairie|municipalite) (?P<link>de|du|des|d) (?P<name>.+)$")
_UNLINKED = {"du": "le ", "des": "les "}


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or punctuation; words parted by one space.

    >>> fold("Vandœuvre-lès-Nancy"), fold("  L’ISLE–ADAM ")
    ('vandoeuvre les nancy', 'l isle adam')
    """
    text = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("&", " et ")
    text = re.sub(r"\bs/", "sur ", text)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", plain))


def key(name: str) -> str:
    """What two spellings of one name share: folded, the article in front, `st` and `ste` in full.

    >>> key("Turballe (La)") == key("la Turballe")
    True
    >>> key("Bourg-St-Andéol")
    'bourg saint andeol'
    """
    if found := _TRAILING_ARTICLE.match(name):
        name = f"{found['in'] or found['after']} {found['rest']}"
    return " ".join(_WORDS.get(word, word) for word in fold(name).split())


def without_article(name_key: str) -> str:
    """A key without the article in front.

    >>> without_article("la turballe"), without_article("le")
    ('turballe', 'le')
    """
    first, _space, rest = name_key.partition(" ")
    return rest if first in ARTICLES and rest else name_key


def without_links(name_key: str) -> str:
    """A key without articles and linking words, by which names of intercommunal bodies are compared.

    >>> without_links("d erdre et gesvres"), without_links("du pays de l or")
    ('erdre et gesvres', 'pays or')
    """
    return " ".join(word for word in name_key.split() if word not in LINKS) or name_key


def town_of(name_key: str) -> str:
    """`ville du havre` → `le havre`: the name after such words; the key itself where there are none.

    >>> town_of("ville du havre"), town_of("mairie de grenoble"), town_of("grenoble")
    ('le havre', 'grenoble', 'grenoble')
    """
    found = _TOWN_OF.match(name_key)
    return _UNLINKED.get(found["link"], "") + found["name"] if found else name_key


def split_brackets(name: str) -> tuple[str, str]:
    """The name, and what stands behind it in brackets when that is no article.

    >>> split_brackets("Changé (Mayenne)"), split_brackets("Turballe (La)")
    (('Changé', 'Mayenne'), ('Turballe (La)', ''))
    """
    found = _BRACKETS.match(name)
    if not found or fold(found["inside"]) in ARTICLES:
        return name, ""
    return found["name"], found["inside"]
