"""The fields of a dossier: the edition's questions, and four for each initiative that the territory has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from arobase.label.rules.configuration import Form, Question
from arobase.label.rules.scoring import Proof

LONGEST_ADDRESS, LONGEST_NOTE = 400, 1_000
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?")


class Standing(StrEnum):
    """What a territory says of an initiative that is in its library."""

    TRUE = "true"
    CHANGED = "changed"
    OVER = "over"
    OUT = "out"


class Part(StrEnum):
    """What a dossier says of an initiative."""

    STANDING = "standing"
    ADDRESS = "address"
    DOCUMENT = "document"
    NOTE = "note"


class Why(StrEnum):
    """Why a value is not kept."""

    UNKNOWN_FIELD = "unknown field"
    TOO_LONG = "too long"
    NO_NUMBER = "no number"
    NO_CHOICE = "no choice"
    NO_ADDRESS = "no address"


class BadValue(ValueError):
    """A value that a field does not take."""

    def __init__(self, name: str, why: Why, *, most: int = 0) -> None:
        super().__init__(f"{name}: {why}")
        self.name, self.why, self.most = name, why, most


_INITIATIVE = re.compile(rf"initiative-(\d{{1,18}})\.({'|'.join(Part)})")


@dataclass(frozen=True)
class Field:
    """A field: what it takes. An empty value is always taken, for a draft.

    choices   values it takes, where it is chosen
    """

    name: str
    form: Form
    longest: int
    choices: tuple[str, ...] = field(default=())
    is_required: bool = False
    is_address: bool = False

    def check(self, value: str) -> None:
        """Raises BadValue."""
        if len(value) > self.longest:
            raise BadValue(self.name, Why.TOO_LONG, most=self.longest)
        if not value:
            return
        if self.form is Form.NUMBER and not _NUMBER.fullmatch(value.replace(" ", "").replace("\u202f", "")):
            raise BadValue(self.name, Why.NO_NUMBER)
        if self.form is Form.CHOICE and value not in self.choices:
            raise BadValue(self.name, Why.NO_CHOICE)
        if self.is_address and not _is_web_address(value):
            raise BadValue(self.name, Why.NO_ADDRESS)


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not parts.username


def question_field(question: Question) -> Field:
    """The field of a question; a choice is kept as its French words."""
    choices = tuple(one.fr for one in question.choices)
    return Field(question.slug, question.form, question.longest, choices, question.is_required)


def initiative_field(initiative_id: int, part: Part) -> str:
    """The name of what a dossier says of an initiative.

    >>> initiative_field(12, Part.ADDRESS)
    'initiative-12.address'
    """
    return f"initiative-{initiative_id}.{part}"


def initiative_part(name: str) -> tuple[int, Part] | None:
    """The initiative and the part that a field is about; None for any other field.

    >>> initiative_part("initiative-12.address")
    (12, <Part.ADDRESS: 'address'>)
    """
    found = _INITIATIVE.fullmatch(name)
    return (int(found[1]), Part(found[2])) if found else None


def part_field(initiative_id: int, part: Part, *, documents: Sequence[int]) -> Field:
    """The field of a part of an initiative; `documents` are ids of the territory's documents."""
    name = initiative_field(initiative_id, part)
    if part is Part.STANDING:
        return Field(name, Form.CHOICE, 20, tuple(Standing))
    if part is Part.DOCUMENT:
        return Field(name, Form.CHOICE, 20, tuple(map(str, documents)))
    if part is Part.ADDRESS:
        return Field(name, Form.LINE, LONGEST_ADDRESS, is_address=True)
    return Field(name, Form.TEXT, LONGEST_NOTE)


def is_confirmed(standing: str, *, is_new: bool) -> bool:
    """Whether an initiative is presented: confirmed, or written since the campaign opened and not set aside.

    standing   a value of Standing, or empty while nothing was said
    """
    return standing in {Standing.TRUE, Standing.CHANGED} or (is_new and not standing)


def proof_of(*, document: str, address: str, is_measured: bool) -> Proof:
    """How an action is shown: measured from outside, documented by a file or an address, else declared."""
    if is_measured:
        return Proof.MEASURED
    return Proof.DOCUMENTED if document or address else Proof.DECLARED
