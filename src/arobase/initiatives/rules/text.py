"""The words of a text as they are searched: folded, without the small words of French, cut to their stems.

Folded before they are cut, so that « médiathèque » typed without its accents meets the same stem. One rule for both
databases: what they index is what `stems` gives.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable

import snowballstemmer

LONGEST_QUERY = 200
_SMALL_WORDS = """
    a au aux avec c ce ces cet cette d dans de des du elle en est et eux il ils j je l la le les leur leurs lui m ma
    mais me mes mon n ne nos notre nous on ou par pas pour qu que qui s sa se ses son sont sur t ta te tes toi ton tu
    un une vos votre vous y the of and
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})
_WORD = re.compile(r"[a-z0-9]+")
_own = threading.local()  # a stemmer keeps the word it works on: one per thread


def folded_words(text: str) -> list[str]:
    """The words of a text in small letters, without accents, œ as oe.

    >>> folded_words("Cœur de ville : l’Été 2026 !")
    ['coeur', 'de', 'ville', 'l', 'ete', '2026']
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def stems(text: str) -> list[str]:
    """The stems of a text in their order (Snowball's French stemmer, M. Porter), small words left out.

    >>> stems("Les médiathèques du numérique") == stems("mediatheque NUMERIQUES")
    True
    """
    if not hasattr(_own, "stemmer"):
        _own.stemmer = snowballstemmer.stemmer("french")
    words = [word for word in folded_words(text) if word not in _SMALL]
    return list(_own.stemmer.stemWords(words))


def column(texts: Iterable[str]) -> str:
    """What a full-text column holds of some texts.

    >>> column(["Conseil filmé", "en direct"])
    'conseil film direct'
    """
    return " ".join(stem for text in texts for stem in stems(text))


def asked(query: str) -> list[str]:
    """The stems that all must be found; the last may be the beginning of one. Empty: nothing is asked.

    >>> asked("le conseil   filmé")
    ['conseil', 'film']
    """
    return list(dict.fromkeys(stems(query[:LONGEST_QUERY])))
