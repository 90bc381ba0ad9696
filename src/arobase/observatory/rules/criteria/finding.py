"""What a criterion says of a territory: met, not met or unknown, why, what was seen, and what mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Met(StrEnum):
    """Unknown is neither good nor bad: nobody looked, or nobody answered."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why a criterion is judged so; `queries/criteria_phrases.py` says it in words."""

    AS_ASKED = "as-asked"
    # unknown
    NOT_MEASURED = "not-measured"
    NO_ANSWER = "no-answer"
    ROBOTS = "robots"
    GUARDED = "guarded"  # 401, 403, 429: a person may be let in where we are not
    NOT_LOCATED = "not-located"
    INCOMPLETE = "incomplete"  # what was read could hide it
    CUT = "cut"  # the browser did not see the end
    NO_BANNER = "no-banner"  # so that there was nothing to refuse
    NOT_TRIED = "not-tried"  # the banner's refusal
    ANOTHERS_PAGE = "anothers-page"  # the declared page was not read, and the front page of its host is another's
    # what is declared
    NOTHING_DECLARED = "nothing-declared"
    NOT_AN_ADDRESS = "not-an-address"
    NO_SITE = "no-site"
    NO_MAIL = "no-mail"
    ENDING = "ending"
    HTTP_DECLARED = "http-declared"
    PROVIDER_DOMAIN = "provider-domain"
    OTHER_DOMAIN = "other-domain"
    # site
    NO_NAME = "no-name"
    REFUSED = "refused"
    ERROR_PAGE = "error-page"
    GOES_ROUND = "goes-round"
    PRIVATE_ADDRESS = "private-address"
    NO_ENCRYPTION = "no-encryption"
    STAYS_ON_HTTP = "stays-on-http"
    CERTIFICATE = "certificate"
    EXPIRED = "expired"
    ENDS_SOON = "ends-soon"
    LEADS_ELSEWHERE = "leads-elsewhere"
    NO_VARIANT = "no-variant"  # the name with or without www does not exist
    VARIANTS_DIFFER = "variants-differ"
    # mail
    NO_MX = "no-mx"
    NULL_MX = "null-mx"
    NO_RECORD = "no-record"
    SEVERAL_RECORDS = "several-records"
    MALFORMED = "malformed"
    TOO_MANY_LOOKUPS = "too-many-lookups"
    TOO_MANY_VOID = "too-many-void"  # look-ups that find nothing
    LOOP = "loop"
    NOWHERE = "nowhere"  # includes a name without a record
    ANYONE = "anyone"  # +all
    NEUTRAL = "neutral"  # nothing after the list: ?all, or no all
    INHERITED = "inherited"  # from the organisational domain
    POLICY_NONE = "policy-none"
    PARTIAL = "partial"  # pct below 100
    TRIED = "tried"  # t=y: published, not to be applied yet
    OUTSIDE = "outside"
    LAW = "law"
    # page
    THIRD_PARTIES = "third-parties"
    TRACKING_COOKIES = "tracking-cookies"
    REFUSING_IS_HARDER = "refusing-is-harder"
    TRACKED_ANYWAY = "tracked-anyway"  # after a refusal
    NO_LINK = "no-link"
    NO_CLAIM = "no-claim"
    NO_HEADER = "no-header"
    TOO_SHORT = "too-short"
    TOO_LAX = "too-lax"
    NO_IPV6 = "no-ipv6"


@dataclass(frozen=True)
class Finding:
    """A criterion judged.

    criterion  its code: `1.1`, `2.7`, `hsts`
    seen       the values that decided, as they stand in DNS, in the answer or on the page
    publish    lines to publish as they stand, which mend it; empty where a line does not do
    """

    criterion: str
    met: Met
    why: Why
    seen: tuple[str, ...] = ()
    publish: tuple[str, ...] = ()

    @property
    def is_a_beginning(self) -> bool:
        """Whether a line has to be completed by who knows more: an SPF record that sets nobody aside yet."""
        return any(line.endswith('?all"') for line in self.publish)


def met(criterion: str, seen: Iterable[str] = (), *, why: Why = Why.AS_ASKED) -> Finding:
    """The criterion is met."""
    return Finding(criterion, Met.MET, why, tuple(seen))


def unmet(criterion: str, why: Why, seen: Iterable[str] = (), *, publish: Iterable[str] = ()) -> Finding:
    """The criterion is not met."""
    return Finding(criterion, Met.NOT_MET, why, tuple(seen), tuple(publish))


def unknown(criterion: str, why: Why, seen: Iterable[str] = ()) -> Finding:
    """Nobody can say."""
    return Finding(criterion, Met.UNKNOWN, why, tuple(seen))


def all_of(findings: Iterable[Finding]) -> Met:
    """Whether all are met: one that is not decides, otherwise one that is unknown does.

    >>> str(all_of([met("a"), unknown("b", Why.NO_ANSWER)])), str(all_of([]))
    ('unknown', 'met')
    """
    states = {one.met for one in findings}
    return next((one for one in (Met.NOT_MET, Met.UNKNOWN) if one in states), Met.MET)
