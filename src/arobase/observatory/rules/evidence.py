"""What a verdict rests on: its evidence, piece by piece."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a verdict was given: the kind of its evidence; queries/phrases.py has a sentence for each."""

    # mail
    ADDRESS = "address"
    MX = "mx"
    MX_ALIAS = "mx-alias"
    GATEWAY = "gateway"
    DKIM = "dkim"
    AUTODISCOVER = "autodiscover"
    VERIFICATION = "verification"
    SPF = "spf"
    SPF_BELOW = "spf-below"
    OWN_HOST = "own-host"
    OPERATOR = "operator"
    SPF_HOST = "spf-host"
    SPF_ALONE = "spf-alone"
    SYSTEM = "system"
    NO_MX = "no-mx"
    NULL_MX = "null-mx"
    NOT_ASKED = "not-asked"
    NOTHING_BEHIND = "nothing-behind"
    NO_HOST = "no-host"
    NO_FILTER = "no-filter"
    # names
    NAME_SERVER = "name-server"
    NO_ZONE = "no-zone"
    SAME_DOMAIN = "same-domain"
    # the site
    SITE_ADDRESS = "site-address"
    SITE_ALIAS = "site-alias"
    HEADER = "header"
    REVERSE = "reverse"
    BEHIND_PROXY = "behind-proxy"
    NO_PROXY = "no-proxy"
    NO_SITE = "no-site"
    NO_NETWORK = "no-network"
    ISSUER = "issuer"
    CHAIN = "chain"
    ROOT = "root"
    NO_CERTIFICATE = "no-certificate"
    NOT_VISITED = "not-visited"
    NOT_READ = "not-read"
    ANOTHERS_PAGE = "anothers-page"
    # what its page asks others for
    SCRIPT = "asks-script"
    STYLE = "asks-style"
    FONT = "asks-font"
    FRAME = "asks-frame"
    IMAGE = "asks-image"
    MEDIA = "asks-media"
    HINT = "asks-hint"
    OTHER = "asks-other"
    CLOAKED = "cloaked"
    PROGRAM = "program"
    NOTHING_ASKED = "nothing-asked"
    NOT_WATCHED = "not-watched"
    ACCOUNT = "account"


@dataclass(frozen=True, order=True)
class Evidence:
    """One piece of it: what was seen (a name, a record), and the slug of whom it points to."""

    reason: Reason
    seen: str
    slug: str = ""


# Reasons whose evidence is the name of a server that the layer needs.
OF_SERVERS = frozenset(
    [Reason.MX, Reason.MX_ALIAS, Reason.GATEWAY, Reason.OWN_HOST, Reason.OPERATOR, Reason.NAME_SERVER]
    + [Reason.SITE_ALIAS]
)


# Reasons whose evidence is a mail exchanger behind which the mailboxes stand, with no filter before them.
OF_EXCHANGERS = frozenset({Reason.MX, Reason.MX_ALIAS, Reason.OWN_HOST, Reason.OPERATOR})


# Reasons that show with what those who work there do so, and nothing that a page asks for.
OF_ACCOUNTS = frozenset({Reason.ACCOUNT, Reason.VERIFICATION})


def servers(because: Iterable[Evidence]) -> tuple[str, ...]:
    """Names of servers among the evidence."""
    return tuple(dict.fromkeys(one.seen for one in because if one.reason in OF_SERVERS))
