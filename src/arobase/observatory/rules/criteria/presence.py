"""What a territory declares of itself, beside what was learnt of it: all that criteria read."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from arobase.observatory.rules.criteria.referential import SHARED
from arobase.observatory.rules.declared import host_of, leads_below
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.profile import Profile
from arobase.observatory.rules.providers import Catalogue, Sign

Registrable = Callable[[str], str]


@dataclass(frozen=True)
class Presence:
    """One territory.

    site     the address as it is declared (`https://www.ville.fr/`); empty where none is, None where nobody knows
    mail     the domain of its declared e-mail address; likewise
    web      facts of the site's host without `www.`
    letters  facts of the mail domain
    profile  whom its layers stand on
    is_page_anothers  whether the page that was seen is not the one declared: `is_front_page_anothers`
    """

    site: str | None
    mail: str | None
    web: DomainFacts | None = None
    letters: DomainFacts | None = None
    profile: Profile | None = None
    is_page_anothers: bool = False

    @property
    def host(self) -> str:
        """The declared site's host; empty where none is declared, or what is declared is no address."""
        return host_of(self.site or "")

    @property
    def domain(self) -> str:
        """The declared site's host without `www.`."""
        return bare(self.host)

    @property
    def scheme(self) -> str:
        """`http`, `https`, or empty."""
        told = (self.site or "").strip().lower()
        return urlsplit(told).scheme if told.startswith(("http://", "https://")) else ""


def bare(host: str) -> str:
    """A host without `www.`.

    >>> bare("www.ville.fr"), bare("wwww.fr")
    ('ville.fr', 'wwww.fr')
    """
    return host.removeprefix("www.")


def is_front_page_anothers(site: str, domain: str, catalogue: Catalogue, *, is_shared: bool) -> bool:
    """Whether the front page of a declared site, the only one that is read, may be somebody else's.

    It may where the address leads below it, at a host that is not the town's own: one that several declare, or one of
    or below a domain at which sites are given to anyone.

    domain     the host without `www.`
    is_shared  whether another subject declares the same host
    """
    return leads_below(site) and (is_shared or domain in SHARED or bool(catalogue.known(Sign.SITES, domain)))


def is_anothers(domain: str, catalogue: Catalogue) -> bool:
    """Whether addresses at a domain are given to anyone, so that it is no territory's own."""
    return bool(catalogue.known(Sign.ADDRESSES, domain)) or domain in SHARED
