"""Strangers' words as the house can keep and pass on: what neither JSON in PostgreSQL nor XML carries is replaced."""

import re

# Controls but the tabulator, halves of pairs, and what is no character (XML 1.0, section 2.2; PostgreSQL, 8.14)
UNSPEAKABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def legible(told: str) -> str:
    """A text as it was told, each sign that cannot be kept replaced by U+FFFD.

    >>> legible("Evil\\x01 \\x00CA\\tRoot")
    'Evil\ufffd \ufffdCA\\tRoot'
    """
    return UNSPEAKABLE.sub("\ufffd", told)
