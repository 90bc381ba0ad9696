"""Something to tell a person, kept apart from its language: a French message and the facts it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remark:
    """A message and its facts.

    text    French message with %(name)s places, translated where it is shown
    facts   whole numbers are shown with separators; a name that ends in `_on` is an ISO date; texts stay as they are

    >>> Remark("%(name)s, %(population)s habitants", {"name": "Épinal", "population": 32000}).facts["name"]
    'Épinal'
    """

    text: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


def _(message: str) -> str:
    """Mark a message for translation without translating it."""
    return message
