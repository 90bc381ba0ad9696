"""Addresses that show initiatives: which are to be checked, and what is known of each."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from arobase.initiatives.models import Initiative, LinkCheck
from arobase.initiatives.rules.links import LinkState, is_due
from arobase.initiatives.rules.states import State
from arobase.registry.registers import shown_addresses


def checks_of(addresses: Iterable[str]) -> Mapping[str, LinkCheck]:
    """What is known of addresses, by address; nothing of those never checked (one statement)."""
    return {one.address: one for one in LinkCheck.objects.filter(address__in=[one for one in addresses if one])}


def due(*, at: datetime) -> list[str]:
    """The addresses to be checked, those never looked at first, then the longest ago."""
    declared = Initiative.objects.filter(is_sample=False).exclude(state=State.WITHDRAWN).exclude(address="")
    named = set(declared.values_list("address", flat=True))
    for addresses in shown_addresses:
        named |= set(addresses())
    known = {one.address: one for one in LinkCheck.objects.filter(address__in=named)}
    again = [one for one in known.values() if is_due(LinkState(one.state), one.checked_at, at=at)]
    return sorted(named - known.keys()) + [one.address for one in sorted(again, key=lambda one: one.checked_at)]
