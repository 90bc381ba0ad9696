"""What the entry page's forms send, as the same entries that devices send as JSON."""

import re
from collections.abc import Mapping
from typing import Any

from arobase.elections.rules.states import Verb

VOTES = re.compile(r"votes\.([0-9]{1,3})")


def sent_by_form(form: Mapping[str, str]) -> tuple[Verb | None, dict[str, Any]]:
    """Verb and payload of a form; numbers that are none stay as they were typed, for the rules to name them."""
    try:
        verb = Verb(form.get("verb", ""))
    except ValueError:
        return None, {}
    payload: dict[str, Any] = {
        name: _number(value)
        for name, value in form.items()
        if name in {"number", "blank", "null", "signatures", "envelopes", "voters", "entry", "who", "valid"}
    }
    votes = sorted((int(found[1]), value) for name, value in form.items() if (found := VOTES.fullmatch(name)))
    if votes:
        payload["votes"] = [_number(value) for _place, value in votes]
    payload.update({name: form[name] for name in ("why", "hour") if name in form})
    return verb, {name: value for name, value in payload.items() if name != "valid" or value != 0 or form["valid"]}


def _number(typed: str) -> int | str:
    """A number as people type it: spaces between thousands, nothing at all for none."""
    plain = "".join(typed.split())
    if not plain:
        return 0
    return int(plain) if plain.isascii() and plain.isdigit() else typed
