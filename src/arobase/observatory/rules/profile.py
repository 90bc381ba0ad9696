"""What a territory stands on, layer by layer: the verdicts that pages, graph and index read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from arobase.observatory.rules.companies import Law
from arobase.observatory.rules.evidence import Evidence


class Layer(StrEnum):
    """What a provider does for a territory."""

    MAIL = "mail"
    GATEWAY = "gateway"
    DNS = "dns"  # of the site's domain
    MAIL_DNS = "mail-dns"  # of the mail domain, where it is another
    HOSTING = "hosting"
    CDN = "cdn"
    CA = "ca"
    FONTS = "fonts"
    ANALYTICS = "analytics"
    MAPS = "maps"
    VIDEO = "video"
    CAPTCHA = "captcha"
    CONSENT = "consent"
    CHAT = "chat"
    OFFICE = "office"
    SOCIAL = "social"
    LIBRARIES = "libraries"  # scripts and styles from hosts that lend them to anyone


class State(StrEnum):
    """Whether a layer could be told."""

    FOUND = "found"
    NONE = "none"  # looked, and nothing is there
    UNKNOWN = "unknown"  # not looked, or no answer


class Certainty(StrEnum):
    """How sure a verdict is, where too few were checked for a figure (docs/methodology/observatory.md)."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Held:
    """A provider that a layer stands on.

    provider       slug, `self`, or a registrable domain where the operator is in no list
    law            of those that its company and its owners obey, the one that counts
    owner_country  where the last owner has its seat
    countries      where the addresses of its servers are registered: another question than the law
    systems        autonomous systems of these addresses
    hosts          names of its servers, as seen: their own zones are needed too
    """

    provider: str
    law: Law
    owner_country: str = ""
    countries: tuple[str, ...] = ()
    systems: tuple[int, ...] = ()
    hosts: tuple[str, ...] = ()
    because: tuple[Evidence, ...] = ()
    certainty: Certainty = Certainty.SURE


@dataclass(frozen=True)
class LayerVerdict:
    """Who holds a layer.

    held    several where several share it: any one of name servers is enough, all third parties of a page are asked
    until   for an authority: the day on which the certificate ends
    because where nobody is held: what was looked at, or why nothing can be said
    """

    state: State
    held: tuple[Held, ...] = ()
    until: date | None = None
    because: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Profile:
    """The layers of one territory, as read from the facts of one day; a layer that is missing is unknown.

    others    whom the page asks for something of no layer: by slug, else by registrable domain
    leads_to  host of the page where the domain leads to one under another registered name; proxy and host are its own
    through   then the proxy and the host of the domain, which serve the redirect, as far as they are found
    """

    on: date
    layers: Mapping[Layer, LayerVerdict] = field(default_factory=dict)
    others: tuple[Held, ...] = ()
    leads_to: str = ""
    through: Mapping[Layer, LayerVerdict] = field(default_factory=dict)

    def layer(self, layer: Layer) -> LayerVerdict:
        return self.layers.get(layer, LayerVerdict(State.UNKNOWN))
