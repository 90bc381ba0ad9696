"""Links that the law asks for on a public site, found by what they say and where they lead.

Legal notice: loi n° 2004-575, article 1-1 (6-III until 2024). Accessibility: loi n° 2005-102, article 47, and décret
n° 2019-768, with the three claims of the RGAA. Privacy: GDPR, articles 12 to 14.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LEGAL = ("mentions legales", "mention legale", "informations legales", "mentions legale")
ACCESSIBILITY = (  # from the surest to the vaguest
    re.compile(r"accessibilite (numerique |du site )?: ?(non|partiellement|totalement) conforme"),
    re.compile(r"declaration d accessibilite|declaration accessibilite"),
    re.compile(r"accessibilite (numerique|du site|web|rgaa)|rgaa"),
    re.compile(r"^accessibilite( accessibilite)*$"),
)
PRIVACY = re.compile(
    r"donnees (a caractere )?personnel|politique de confidentialite|\brgpd\b|protection des donnees|\bvie privee\b"
    r"|^(la )?confidentialite$|politique de protection des donnees"
)
CLAIM = re.compile(r"accessibilite (?:numerique |du site )?:? ?(non|partiellement|totalement) conforme\b")


@dataclass(frozen=True)
class Mentions:
    """Where the links lead, as they stand in the page; empty where there is none. The claim in the law's words."""

    legal_notice: str = ""
    accessibility: str = ""
    claim: str = ""
    privacy: str = ""


def mentions(links: Iterable[tuple[str, str]], *, text: str) -> Mentions:
    """What a page links to.

    links  what each says, and its address
    text   all that the page says
    """
    told = [(plain(said), plain(href), href) for said, href in links if _leads_somewhere(href)]
    claim = CLAIM.search(plain(text))
    return Mentions(
        legal_notice=_first([href for said, place, href in told if _any(LEGAL, said) or _any(LEGAL, place)]),
        accessibility=_first(
            [href for pattern in ACCESSIBILITY for said, place, href in told if _is(pattern, said, place)]
        ),
        claim=f"{claim[1]} conforme" if claim else "",
        privacy=_first([href for said, place, href in told if PRIVACY.search(said) or PRIVACY.search(place)]),
    )


def plain(text: str) -> str:
    """Lower case without accents or signs, colon kept: what is left to compare.

    >>> plain("  Déclaration d’accessibilité : non-conforme ")
    'declaration d accessibilite : non conforme'
    """
    letters = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^a-z0-9:]+", " ", bare.replace(":", " : ")).split())


def _is(pattern: re.Pattern[str], said: str, place: str) -> bool:
    return bool(pattern.search(said) or pattern.search(place))


def _any(words: Iterable[str], text: str) -> bool:
    return any(one in text for one in words)


def _first(found: list[str]) -> str:
    return found[0] if found else ""


def _leads_somewhere(href: str) -> bool:
    return href.strip() not in {"", "#"} and not href.strip().lower().startswith(("javascript:", "mailto:", "tel:"))
