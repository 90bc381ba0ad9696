"""The chain of a night's entries: each holds the hash of the one before it, so that nothing changes unseen.

Hashes are SHA-256 (FIPS 180-4) of the canonical JSON (keys in order, no spaces, UTF-8) of what an entry says.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Link:
    """An entry as it is chained.

    sequence   1, 2, 3, … within the election
    station    code of the polling station
    at         the server's clock
    by         who entered it (`person:5`, `pass:12`, `rehearsal`)
    key        chosen by the device, so that what is sent twice is entered once
    """

    sequence: int
    station: str
    verb: str
    payload: Mapping[str, Any]
    at: datetime
    by: str
    key: str
    previous: str
    hash: str = ""


@dataclass(frozen=True)
class Unreadable:
    """An entry of which someone left nothing that could be read; `station` as far as that is known."""

    station: str = ""


class Fault(StrEnum):
    """How a chain can be broken.

    SETUP      lists, stations or their results of before are not those it began with
    CHANGED    an entry says something else, or nothing that can be read
    MISSING    an entry is gone                                   REORDERED entries changed places
    CUT        the last entries are gone                          ADDED_UP  a station's figures are not its entries'
    """

    SETUP = "setup"
    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    CUT = "cut"
    ADDED_UP = "added_up"


@dataclass(frozen=True)
class Break:
    """The first place where a chain does not hold: the sequence expected there, what is wrong, and which station's."""

    sequence: int
    fault: Fault
    station: str = ""


def hash_of(link: Link, *, election: str) -> str:
    """The hash of an entry, that of its predecessor included."""
    said = {
        "election": election,
        "sequence": link.sequence,
        "station": link.station,
        "verb": link.verb,
        "payload": dict(link.payload),
        "at": link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": link.by,
        "key": link.key,
        "previous": link.previous,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()  # what no device can send, a hand can


def first_break(
    links: Iterable[Link | Unreadable], *, election: str, beginning: str, head: tuple[int, str]
) -> Break | None:
    """Where a chain breaks first, or None when it holds.

    links       in the order they are kept
    beginning   fingerprint of lists and stations (`rules.plans.fingerprint`), which the first entry names
    head        sequence and hash of the last entry, kept (and published) apart: a chain cut at its end shows
    """
    previous, expected = beginning, 1
    for link in links:
        if isinstance(link, Unreadable):
            return Break(expected, Fault.CHANGED, link.station)
        if fault := _fault(link, expected=expected, previous=previous, election=election):
            return Break(expected, fault, link.station)
        previous, expected = link.hash, expected + 1
    known = head[0] == expected - 1 and (head[0] == 0 or head[1] == previous)
    return None if known else Break(expected, Fault.CUT)


def _fault(link: Link, *, expected: int, previous: str, election: str) -> Fault | None:
    if link.sequence != expected:
        return Fault.MISSING if link.sequence > expected else Fault.REORDERED
    if hash_of(link, election=election) != link.hash:
        return Fault.CHANGED
    if link.previous != previous:
        return Fault.SETUP if expected == 1 else Fault.REORDERED
    return None
