"""Recorded facts of the mirror, with what other projects concluded from them."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from arobase.observatory.rules.mail import MailFacts
from arobase.observatory.sources.facts import mail_facts

LARGE = ("microsoft", "google", "aws", "zoho")
OTHER, UNKNOWN = "other", "unknown"
NO_VERDICT = "backend provider unknown"  # how a peer says that it saw a filter and nothing behind
NULL_MX = "MX () "  # a peer takes `MX 0 .`, which refuses all mail, for a host of one's own
NOT_IN_RECORD = "tenant detected"  # a peer asked a login page of Microsoft's: its answer was not recorded


class NoMirror(LookupError):
    """There is no mirror, or it holds no recorded facts."""


@dataclass(frozen=True)
class Case:
    """A domain, what was recorded of it, and the class of another's verdict: one of LARGE, `other` or `unknown`.

    signals  by kind, what the other project saw besides: kept from the interpretation to check it
    """

    domain: str
    facts: MailFacts
    theirs: str
    signals: dict[str, list[str]]


def folder() -> Path:
    """Where the mirror keeps what was observed. Raises NoMirror."""
    found = settings.DATA_MIRROR / "observatory" if settings.DATA_MIRROR else None
    if found is None or not found.is_dir():
        raise NoMirror("AROBASE_DATA_MIRROR")
    return Path(found)


def class_of(provider: str) -> str:
    """The class by which verdicts of different projects are compared."""
    return provider if provider in LARGE else OTHER if provider else UNKNOWN


def municipalities() -> Iterator[Case]:
    """Municipalities of thirteen countries with a peer's verdict whose evidence is in the record. Raises NoMirror."""
    for told in lines(folder() / "recorded_dns.jsonl.gz"):
        peer = told["peer"]
        if not peer or NOT_IN_RECORD in peer["reason"]:
            continue
        silent = NO_VERDICT in peer["reason"] or peer["reason"].startswith(NULL_MX)
        theirs = UNKNOWN if silent or peer["provider"] == UNKNOWN else class_of(peer["provider"])
        yield Case(told["domain"], mail_facts(told["dns"]), theirs, {})


def austria_and_switzerland() -> Iterator[Case]:
    """Austrian and Swiss municipalities: MX and SPF to interpret, other signals to check with. Raises NoMirror."""
    for told in lines(folder() / "municipal_mail_at_ch.jsonl.gz"):
        signals: dict[str, list[str]] = defaultdict(list)
        for one in told["classification_signals"]:
            signals[one["kind"]].append(one["detail"])
        facts = MailFacts(mx=list(enumerate(told["mx"])), txt=[told["spf"]] if told["spf"] else [])
        theirs = UNKNOWN if told["provider"] == UNKNOWN else class_of(told["provider"])
        yield Case(told["domain"], facts, theirs, dict(signals))


def lines(path: Path) -> Iterator[Any]:
    """Documents of a gzipped file, one a line."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
