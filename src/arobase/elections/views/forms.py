"""What the entry page's forms send, as the same entries that devices send as JSON."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from arobase.elections.models import Choice
from arobase.elections.rules.counts import Ballots
from arobase.elections.rules.states import Verb

VOTES = re.compile(r"votes\.([0-9]{1,3})")
MAY_BE_EMPTY = {"valid", "replaces"}


@dataclass(frozen=True)
class Figure:
    """A field of a form: its label, a list's number on the paper, what it holds, whether two typists differ on it."""

    name: str
    label: str
    value: str | int = ""
    list: str = ""
    is_required: bool = False
    differs: bool = False


def box_figures(typed: Mapping[str, str], *, differing: frozenset[str] = frozenset()) -> Sequence[Figure]:
    """Signatures and envelopes, with what was typed."""
    labels = {"signatures": _("Émargements"), "envelopes": _("Enveloppes trouvées dans l’urne")}
    return [
        Figure(name, label, typed.get(name, ""), is_required=True, differs=name in differing)
        for name, label in labels.items()
    ]


def ballot_figures(
    choices: Sequence[Choice], typed: Mapping[str, str | int], *, differing: frozenset[str] = frozenset()
) -> Sequence[Figure]:
    """Lists in official order, blank and null, with what was typed."""
    lists = [(f"votes.{choice.place}", choice.name, choice.number) for choice in choices]
    others = [("blank", _("Bulletins blancs"), ""), ("null", _("Bulletins nuls"), "")]
    return [
        Figure(name, label, typed.get(name, ""), list=number, differs=name in differing)
        for name, label, number in (*lists, *others)
    ]


def as_typed(content: Ballots) -> Mapping[str, int]:
    """What a form of these ballots would hold."""
    votes = {f"votes.{place}": votes for place, votes in enumerate(content.votes)}
    return {**votes, "blank": content.blank, "null": content.null}


def sent_by_form(form: Mapping[str, str]) -> tuple[Verb | None, dict[str, Any]]:
    """Verb and payload of a form; numbers that are none stay as they were typed, for the rules to name them."""
    try:
        verb = Verb(form.get("verb", ""))
    except ValueError:
        return None, {}
    payload: dict[str, Any] = {
        name: _number(value)
        for name, value in form.items()
        if name in {"number", "blank", "null", "signatures", "envelopes", "voters", "entry", "who", *MAY_BE_EMPTY}
    }
    votes = sorted((int(found[1]), value) for name, value in form.items() if (found := VOTES.fullmatch(name)))
    if votes:
        payload["votes"] = [_number(value) for _place, value in votes]
    payload.update({name: form[name] for name in ("why", "hour") if name in form})
    return verb, {name: value for name, value in payload.items() if name not in MAY_BE_EMPTY or form[name].strip()}


def _number(typed: str) -> int | str:
    """A number as people type it: spaces between thousands, nothing at all for none."""
    plain = "".join(typed.split())
    if not plain:
        return 0
    return int(plain) if plain.isascii() and plain.isdigit() else typed
