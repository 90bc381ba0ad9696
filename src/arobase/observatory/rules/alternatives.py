"""What a town may turn to for a layer: a provider under European or adequate law, a free program, or nothing at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Law


class Remark(StrEnum):
    """What to mind with an alternative; `queries/plan_phrases.py` says it in words."""

    NOTHING = ""
    PUBLIC_OFFER = "public-offer"  # made by or for the State
    QUALIFIED = "qualified"  # an offer of theirs is on ANSSI's list of SecNumCloud services
    SECOND_COMPANY = "second-company"  # beside the present one, not in its place
    NONE_NEEDED = "none-needed"
    SYSTEM_FONTS = "system-fonts"
    OWN_FILES = "own-files"
    SERVER_LOGS = "server-logs"
    CNIL_EXEMPT = "cnil-exempt"  # without consent, where set up as the CNIL describes
    AFTER_CLICK = "after-click"
    HONEYPOT = "honeypot"
    NO_BANNER = "no-banner"
    CONTACT_PAGE = "contact-page"
    PLAIN_LINK = "plain-link"


class Sort(StrEnum):
    """What sort of alternative it is."""

    PROVIDER = "provider"
    SOFTWARE = "software"  # run on a server of one's own, or of a public operator
    WITHOUT = "without"


@dataclass(frozen=True)
class Alternative:
    """One alternative.

    name      empty for doing without
    slug      of a provider
    country   of the provider's company, or of who maintains the program; empty where that is spread or not known
    law       of the provider and its owners, the one that counts; a program of one's own obeys one's own law
    """

    sort: Sort
    name: str = ""
    slug: str = ""
    country: str = ""
    law: Law = Law.EU
    remark: Remark = Remark.NOTHING
    source: str = ""


Alternatives = Mapping[Layer, tuple[Alternative, ...]]
