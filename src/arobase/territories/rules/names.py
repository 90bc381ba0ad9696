"""How a territory's name joins a French sentence: « du Havre », « aux Abymes », « de la Seine-Maritime », « d’Épinal ».

Which article a name takes is given by INSEE's *type de nom en clair* (TNCC, documentation of the Code officiel
géographique): 0 none before a consonant, 1 none before a vowel or mute h, 2 le, 3 la, 4 les, 5 l’, 6 aux, 7 las, 8 los.
INSEE writes the article into the names of communes ("Le Havre") and leaves it out of those of departments and regions
("Seine-Maritime", 3).
"""

import re
from types import MappingProxyType

NO_ARTICLE, NO_ARTICLE_BEFORE_VOWEL, LE, LA, LES, L, AUX, LAS, LOS = range(9)

ARTICLES = MappingProxyType({LE: "le ", LA: "la ", LES: "les ", L: "l’", AUX: "aux ", LAS: "las ", LOS: "los "})
_OF = MappingProxyType({LE: "du ", LA: "de la ", LES: "des ", L: "de l’", AUX: "des ", LAS: "de las ", LOS: "de los "})
_TO = MappingProxyType({LE: "au ", LA: "à la ", LES: "aux ", L: "à l’", AUX: "aux ", LAS: "à las ", LOS: "à los "})
CONTRACTED = frozenset({LE, LES, AUX})
_VOWELS = frozenset("aàâeéèêëiîïoôuùûœæAÀÂEÉÈÊËIÎÏOÔUÙÛŒÆ")

# INSEE gives none for these; articles as in the Constitution, art. 72-3 and title XIII.
OVERSEAS_LINKS = MappingProxyType({"984": LES, "987": LA, "988": LA, "989": L})

LEGAL_FORMS = MappingProxyType(
    {"CC": "communauté de communes", "CA": "communauté d’agglomération", "CU": "communauté urbaine"}
)
_QUOTED = re.compile(r"''\s*(.*?)\s*''")


def typeset(name: str) -> str:
    """A name as it is printed: typographic apostrophes, guillemets, dashes.

    >>> typeset("Saint-Martin-d'Hères")
    'Saint-Martin-d’Hères'
    """
    quoted = _QUOTED.sub("«\u202f\\1\u202f»", name)
    return quoted.replace("'", "’").replace(" - ", " – ")


def with_article(name: str, link: int) -> str:
    """The name with its article: la Seine-Maritime; a commune's name has its own.

    >>> with_article("Seine-Maritime", 3), with_article("Le Havre", 2)
    ('la Seine-Maritime', 'Le Havre')
    """
    printed = typeset(name)
    article = ARTICLES.get(link, "")
    return printed if _bare(printed, article) is not None else article + printed


def of_place(name: str, link: int) -> str:
    """The name after « de »: du Havre, d’Épinal, de La Rochelle, de la Seine-Maritime.

    >>> of_place("Les Abymes", 4), of_place("Vosges", 4), of_place("La Rochelle", 3), of_place("Épinal", 1)
    ('des Abymes', 'des Vosges', 'de La Rochelle', 'd’Épinal')
    """
    return _joined(name, link, links=MappingProxyType(_OF), bare="d’" if _elides(name, link) else "de ", kept="de ")


def to_place(name: str, link: int) -> str:
    """The name after « à »: au Havre, à Épinal, à La Rochelle, à la Seine-Maritime.

    >>> to_place("Le Havre", 2), to_place("Oise", 5)
    ('au Havre', 'à l’Oise')
    """
    return _joined(name, link, links=MappingProxyType(_TO), bare="à ", kept="à ")


def _joined(name: str, link: int, *, links: MappingProxyType[int, str], bare: str, kept: str) -> str:
    printed = typeset(name)
    if link not in ARTICLES:
        return bare + printed
    rest = _bare(printed, ARTICLES[link])
    if rest is None:
        return links[link] + printed
    # « du Havre » merges the article of the name; « de La Rochelle » keeps it, with its capital.
    return links[link] + rest if link in CONTRACTED else kept + printed


def _bare(printed: str, article: str) -> str | None:
    """The name without the article that it begins with; None where it does not."""
    begins = bool(article) and printed.lower().startswith(article) and printed[:1].isupper()
    return printed[len(article) :] if begins else None


def _elides(name: str, link: int) -> bool:
    """Whether « de » becomes « d’ »: as INSEE says, and before a plain vowel where it does not say (overseas)."""
    return link == NO_ARTICLE_BEFORE_VOWEL or (link == NO_ARTICLE and name[:1] in _VOWELS)


def intercommunal_name(name: str) -> str:
    """The name of an EPCI with its legal form written out.

    >>> intercommunal_name("CU Le Havre Seine Métropole")
    'Communauté urbaine Le Havre Seine Métropole'
    """
    form, _, rest = typeset(name).partition(" ")
    return f"{LEGAL_FORMS[form].capitalize()} {rest}" if rest and form in LEGAL_FORMS else typeset(name)


def intercommunal_link(name: str) -> int:
    """The article that the written-out name of an EPCI takes.

    >>> of_place("Métropole de Lyon", intercommunal_link("Métropole de Lyon"))
    'de la Métropole de Lyon'
    """
    first = intercommunal_name(name).split(" ", 1)[0].lower()
    if first in {"communauté", "métropole"}:
        return LA
    return L if first == "eurométropole" else NO_ARTICLE
