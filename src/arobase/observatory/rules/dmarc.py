"""Reading DMARC records (RFC 7489): the policy that applies to a domain's mail, and why none may.

Of the standard that follows it (RFC 9989) what a record may already say is heeded: `np`, and `t=y`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

WHOLE = 100
_VERSION = re.compile(r"v\s*=\s*DMARC1\s*(;|$)")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)  # RFC 3986, section 3


class Policy(StrEnum):
    """What a receiver is asked to do with mail that fails (section 6.3, tag `p`)."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class Problem(StrEnum):
    """Why no policy applies."""

    NO_RECORD = "no record"
    SEVERAL = "several records"  # section 6.6.3, step 5: none of them applies
    NO_POLICY = "no policy"  # no valid `p`, and nobody to report to


@dataclass(frozen=True)
class Record:
    """A record as it reads.

    policy     `p`; monitoring only where a policy is not valid and reports are asked for (section 6.6.3, step 6)
    below      `sp`: for names below this one; that of `p` where it is not said
    share      `pct`: of the mail that fails, the percentage that the policy is asked for
    reports    `rua`: where aggregate reports go
    is_tried   `t=y`: the policy is not to be applied yet (RFC 9989)
    """

    text: str
    policy: Policy
    below: Policy
    share: int = WHOLE
    reports: tuple[str, ...] = ()
    is_tried: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Applied:
    """What applies to one domain's mail.

    at       the domain whose record applies: the domain's own, or its organisational domain
    policy   None where a problem says why
    """

    at: str
    policy: Policy | None
    share: int = WHOLE
    record: Record | None = None
    problem: Problem | None = None

    @property
    def is_strict(self) -> bool:
        """Whether all mail that fails is set aside or refused; what `reject` leaves out by `pct` is set aside."""
        if self.record and self.record.is_tried:
            return False
        return self.policy is Policy.REJECT or (self.policy is Policy.QUARANTINE and self.share >= WHOLE)


def tags_of(text: str) -> dict[str, str]:
    """Tags of a record, names in lower case; where one stands twice, the first.

    >>> tags_of("v=DMARC1; SP=none ; p=reject; junk; p=none")
    {'v': 'DMARC1', 'sp': 'none', 'p': 'reject'}
    """
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def records(texts: Iterable[str]) -> list[str]:
    """The DMARC records among TXT records: `v=DMARC1` comes first, in this case (sections 6.3 and 6.6.3).

    >>> records(["v=DMARC1;p=none", "v=DMARC10; p=none", "p=none; v=DMARC1", "v=dmarc1; p=none"])
    ['v=DMARC1;p=none']
    """
    return [text for text in texts if _VERSION.match(text.lstrip())]


def read(text: str) -> Record | None:
    """A record, or None where its policies are not all valid, and it names nobody to report to (section 6.6.3, step 6).

    >>> one = read("v=DMARC1; sp=reject; p=none; pct=40")
    >>> str(one.policy), str(one.below), one.share
    ('none', 'reject', 40)
    """
    tags = tags_of(text)
    reports = tuple(uri.strip() for uri in tags.get("rua", "").split(",") if uri.strip())
    policies = {name: _policy(tags[name]) for name in ("p", "sp", "np") if name in tags}
    share, is_tried = _share(tags.get("pct", "")), tags.get("t", "").lower() == "y"
    policy = policies.get("p")
    if policy is None or None in policies.values():
        if not any(map(_URI.fullmatch, reports)):
            return None
        return Record(text, Policy.NONE, Policy.NONE, share, reports, is_tried, tags)
    return Record(text, policy, policies.get("sp") or policy, share, reports, is_tried, tags)


def applied(domain: str, texts: Iterable[str], *, organisation: str = "", above: Iterable[str] = ()) -> Applied:
    """The policy for mail from a domain.

    texts         TXT records of `_dmarc.<domain>`
    organisation  the domain that someone registered, where it is another (section 3.2)
    above         TXT records of `_dmarc.<organisation>`, asked where the domain has no record of its own
    """
    own = records(texts)
    if own or not organisation or organisation == domain:
        return _of(domain, own, is_below=False)
    return _of(organisation, records(above), is_below=True)


def _of(at: str, found: list[str], *, is_below: bool) -> Applied:
    if len(found) != 1:
        return Applied(at, None, problem=Problem.SEVERAL if found else Problem.NO_RECORD)
    record = read(found[0])
    if record is None:
        return Applied(at, None, problem=Problem.NO_POLICY)
    return Applied(at, record.below if is_below else record.policy, record.share, record)


def _policy(told: str) -> Policy | None:
    return next((one for one in Policy if one == told.lower()), None)


def _share(told: str) -> int:
    """A percentage; what is no number from 0 to 100 is passed over, as every tag with a bad value is (section 6.3)."""
    return int(told) if told.isascii() and told.isdigit() and int(told) <= WHOLE else WHOLE
