"""What betrays a banner that asks for consent: selectors of known tools, and words on buttons."""

import re
from dataclasses import dataclass

APOSTROPHES = str.maketrans("’ʼ´`", "''''")
APART = re.compile(r"[^\w']+")


@dataclass(frozen=True)
class ConsentTool:
    """A tool, by CSS selectors: of its banner, and of the buttons on it where they have names of their own."""

    slug: str
    name: str
    banner: tuple[str, ...]
    refuse: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsentWords:
    """What buttons say, and what a banner is about, all `plain`.

    weak   mean consent on a banner, and nothing elsewhere
    about  parts of words, one of which a banner without a known tool must hold
    """

    refuse: frozenset[str]
    accept: frozenset[str]
    settings: frozenset[str]
    weak: frozenset[str]
    about: tuple[str, ...]


def plain(text: str) -> str:
    """A button's words without capitals and signs, for comparison.

    >>> plain("  Continuer sans accepter → "), plain("J’accepte !")
    ('continuer sans accepter', "j'accepte")
    """
    return APART.sub(" ", text.translate(APOSTROPHES)).strip().lower()
