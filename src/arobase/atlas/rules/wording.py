"""Where an area is, in a French sentence: « en Occitanie », « dans les Hauts-de-France », « à La Réunion ».

Current usage: a region takes « en », « dans » with its article where the name is masculine or plural; a department
takes « dans » with its article, « en » where its name is joined by « et »; most islands take « à ». The article
itself is INSEE's (territories.rules.names).
"""

from arobase.territories.rules.names import (
    LA,
    LE,
    LES,
    OVERSEAS_LINKS,
    L,
    intercommunal_link,
    intercommunal_name,
    to_place,
    typeset,
    with_article,
)

_ISLANDS = frozenset({"La Réunion", "Mayotte", "Paris", "Saint-Martin", "Saint-Barthélemy", "Wallis et Futuna"})
_ISLANDS_TOO = frozenset({"Saint-Pierre-et-Miquelon", "Île de Clipperton"})
_WITH_EN = frozenset({"Guadeloupe", "Martinique", "Guyane", "Corse-du-Sud", "Haute-Corse"})
_MASCULINE_WITH_EN = frozenset({"Languedoc-Roussillon", "Limousin", "Poitou-Charentes"})
_MASCULINE = frozenset({"Territoire de Belfort", "Grand Est", "Centre"})


def in_area(name: str, *, kind: str, code: str = "", link: int = 0) -> str:
    """The name after « lauréats … »: en Normandie, dans les Vosges, à Paris, dans la Métropole de Lyon.

    kind   of territories.models.Kind; link is INSEE's TNCC

    >>> in_area("Occitanie", kind="region", link=1), in_area("Hauts-de-France", kind="region", link=4)
    ('en Occitanie', 'dans les Hauts-de-France')
    >>> in_area("Vosges", kind="department", link=4), in_area("Seine-et-Marne", kind="department")
    ('dans les Vosges', 'en Seine-et-Marne')
    >>> in_area("La Réunion", kind="region"), in_area("Nouvelle-Calédonie", kind="collectivity", code="988")
    ('à La Réunion', 'en Nouvelle-Calédonie')
    """
    if kind == "epci":
        link = intercommunal_link(name)
        printed = intercommunal_name(name)
        return f"dans {_lowered(printed, link)}" if link in (LA, L) else f"à {printed}"
    link = OVERSEAS_LINKS.get(code, link)
    if name in _ISLANDS | _ISLANDS_TOO:
        return to_place(name, link) if name != "La Réunion" else "à La Réunion"
    if name in _MASCULINE or name.startswith("Pays "):
        return f"dans {with_article(name, LES if name.startswith('Pays ') else LE)}"
    if _takes_en(name, kind=kind, link=link):
        return f"en {typeset(name)}"
    return f"dans {with_article(name, link)}"


def _takes_en(name: str, *, kind: str, link: int) -> bool:
    if kind == "department":
        return "-et-" in name or name in _WITH_EN or link not in (LE, LA, LES, L)
    return name in _MASCULINE_WITH_EN or link not in (LE, LES)


def _lowered(printed: str, link: int) -> str:
    """« la communauté d’agglomération … »: a legal form is a common noun; « la Métropole … » is part of the name."""
    article = "la " if link == LA else "l’"
    is_form = printed.startswith("Communauté")
    return article + (printed[:1].lower() + printed[1:] if is_form else printed)
