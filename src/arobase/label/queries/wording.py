"""Remarks put into the words of the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from django.utils import formats
from django.utils.translation import gettext

from arobase.label.rules.reconciliation import Candidate
from arobase.label.rules.remarks import Remark


class Sayable(Protocol):
    """A French message with the facts it speaks of: a Remark, or an error that carries them."""

    @property
    def text(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, str | int]: ...


def say(remark: Sayable) -> str:
    """The sentence, translated, its numbers and dates as the reader writes them."""
    return gettext(remark.text) % {name: _said(name, fact) for name, fact in remark.facts.items()}


def say_all(remarks: Iterable[Remark]) -> str | None:
    """All sentences one after the other; None when there is none."""
    return " ".join(say(remark) for remark in remarks) or None


def _said(name: str, fact: str | int) -> str:
    if isinstance(fact, int):
        return formats.number_format(fact, use_l10n=True, force_grouping=True)
    return formats.date_format(date.fromisoformat(fact), "DATE_FORMAT") if name.endswith("_on") else fact


def kept_remark(remark: Remark) -> dict[str, Any]:
    return {"text": remark.text, "facts": dict(remark.facts)}


def kept_candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "code": candidate.code,
        "name": candidate.name,
        "why": kept_remark(candidate.why),
    }


def remark_of(kept: Mapping[str, Any]) -> Remark:
    return Remark(kept["text"], kept["facts"])
