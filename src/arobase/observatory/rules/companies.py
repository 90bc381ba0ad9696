"""Who stands behind a name: providers, the companies behind them, and whose law those obey."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

UNION = frozenset(
    ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"]
    + ["MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"]
)
ECONOMIC_AREA = frozenset({"IS", "LI", "NO"})
# French collectivities with codes of their own: French data-protection law holds there (loi 78-17, article 125).
FRENCH_OVERSEAS = frozenset(["BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"])
EUROPEAN = UNION | ECONOMIC_AREA | FRENCH_OVERSEAS
# Decisions under article 45 of the GDPR in force in November 2025 (European Commission's list), and that on Brazil
# (Commission Implementing Decision (EU) 2026/179 of 26 January 2026). Those for the United States and for Canada hold
# for some organisations only; the former stands under its own law below.
ADEQUATE = frozenset(["AD", "AR", "BR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"])


class Law(StrEnum):
    """The law that counts of those that a provider's company and its owners obey: the weakest for residents' data."""

    EU = "EU"
    US = "US"
    ADEQUATE = "adequate"
    OTHER = "other"
    UNKNOWN = "unknown"


_WEAKEST_FIRST = (Law.US, Law.OTHER, Law.UNKNOWN, Law.ADEQUATE, Law.EU)
SELF = "self"  # the territory itself, where a provider's slug would stand


class Sign(StrEnum):
    """Where a provider shows: the keys of a provider in providers.yaml."""

    MX = "mx"
    GATEWAY = "gateway"
    SPF = "spf"
    AUTODISCOVER = "autodiscover"
    DKIM = "dkim"
    TXT = "txt"
    ADDRESSES = "addresses"
    NS = "ns"
    CNAME = "cname"
    CDN = "cdn"
    CDN_HEADERS = "cdn_headers"
    HOST_HEADERS = "host_headers"
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
    LIBRARIES = "libraries"
    HOSTS = "hosts"
    SITES = "sites"


@dataclass(frozen=True)
class Company:
    """A company, the country of its seat (ISO 3166), and the slug of the one that owns it, if one does."""

    slug: str
    name: str
    country: str
    owner: str = ""


@dataclass(frozen=True)
class Qualification:
    """Where an offer stands with ANSSI's SecNumCloud.

    is_qualified  on the list; else it has said that it is on the way
    seen          year and month of the list or statement that was read (`2025-12`)
    """

    offer: str
    is_qualified: bool
    seen: str


@dataclass(frozen=True)
class KnownProvider:
    """A provider by which names, systems and records it is known.

    signs          patterns by sign; a pattern is whole labels at the end of a name, `-*` at the end of its first
                   label stands for any number; those of pages may go on with the beginning of a path, those of
                   headers are a header's name with or without a word of its value
    asn            autonomous systems; `cdn_asn` are those where only its proxies stand
    spf_by_itself  whether it writes its SPF record into a customer's zone unasked
    txt_other_uses whether its verification record serves more than mail, so that it shows less
    sends_only     whether its SPF record says nothing of mailboxes
    spf_include    what a customer's SPF record includes, where its documentation names it for all customers
    source         key of what the row was read from
    """

    slug: str
    name: str
    company: str
    signs: Mapping[Sign, tuple[str, ...]] = field(default_factory=dict)
    asn: tuple[int, ...] = ()
    cdn_asn: tuple[int, ...] = ()
    spf_by_itself: bool = False
    sends_only: bool = False
    spf_include: str = ""
    txt_other_uses: bool = False
    qualifications: tuple[Qualification, ...] = ()
    source: str = ""

    @property
    def secnumcloud(self) -> bool:
        """Whether ANSSI's list holds an offer of it (not every offer)."""
        return any(one.is_qualified for one in self.qualifications)


@dataclass(frozen=True)
class Program:
    """A program that a site may serve itself, known by the name of its file or by the first label of a host."""

    name: str
    sign: Sign
    files: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def law_of(country: str) -> Law:
    """The law of a company's country.

    >>> [str(law_of(country)) for country in ("FR", "US", "CH", "BR", "RU", "")]
    ['EU', 'US', 'adequate', 'adequate', 'other', 'unknown']
    """
    if not country:
        return Law.UNKNOWN
    if country in EUROPEAN:
        return Law.EU
    if country == "US":
        return Law.US
    return Law.ADEQUATE if country in ADEQUATE else Law.OTHER


def weakest(countries: Iterable[str]) -> str:
    """Of the seats of a company and of its owners, that whose law counts; the last of equals; empty where none is told.

    A company obeys the law of its own seat whoever owns it (the CLOUD Act, 18 U.S.C. 2713, and FISA 702, 50 U.S.C.
    1881a, bind providers in the United States), and that of whoever may give it orders. A seat that is not known hides
    the others, unless one is foreign already.

    >>> weakest(["US", "IT"]), weakest(["CH", "AT"]), weakest(["FR", "US"]), weakest(["FR", ""]), weakest(["US", ""])
    ('US', 'CH', 'US', '', 'US')
    """
    return min(reversed(list(countries)), key=lambda one: _WEAKEST_FIRST.index(law_of(one)), default="")


def national(domain: str) -> str:
    """The country whose public body a domain under a country's own ending is; empty under any other ending.

    >>> national("ville.fr"), national("ville.paris")
    ('FR', '')
    """
    ending = domain.rpartition(".")[2].upper()
    return ending if ending in EUROPEAN | ADEQUATE else ""


def names_a_host(name: str) -> bool:
    """Whether this is the full name of a host: neither an address nor a single label, which are nobody's domain.

    >>> [names_a_host(one) for one in ("mx.ville.fr", "192.0.2.5", "[2001:db8::1]", "localhost", "%{d}")]
    [True, False, False, False, False]
    """
    above, _dot, top = name.rstrip(".").rpartition(".")
    return bool(above) and not top.isdigit() and not set(name) & set(":[]%")


def endings(host: str) -> Iterator[str]:
    """A name and what remains of it label by label, the longest first; a numbered first label also as `-*`.

    >>> list(endings("ns-1.awsdns-12.com"))
    ['ns-1.awsdns-12.com', 'ns-*.awsdns-12.com', 'awsdns-12.com', 'awsdns-*.com', 'com']
    """
    labels = host.lower().rstrip(".").split(".")
    for at, label in enumerate(labels):
        yield ".".join(labels[at:])
        stem, dash, number = label.rpartition("-")
        if dash and number.isdigit():
            yield ".".join([f"{stem}-*", *labels[at + 1 :]])
