"""Who stands behind a name: providers, the companies behind them, and whose law those obey."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

UNION = frozenset(
    ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"]
    + ["MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"]
)
ECONOMIC_AREA = frozenset({"IS", "LI", "NO"})
# French collectivities with codes of their own: French data-protection law holds there (loi 78-17, article 125).
FRENCH_OVERSEAS = frozenset(["BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"])
EUROPEAN = UNION | ECONOMIC_AREA | FRENCH_OVERSEAS
# Decisions under article 45 of the GDPR in force in November 2025 (European Commission's list). Those for the United
# States and for Canada hold for some organisations only; the former stands under its own law below.
ADEQUATE = frozenset(["AD", "AR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"])


class Law(StrEnum):
    """Whose law the last owner of a provider obeys."""

    EU = "EU"
    US = "US"
    ADEQUATE = "adequate"
    OTHER = "other"
    UNKNOWN = "unknown"


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


@dataclass(frozen=True)
class Company:
    """A company, the country of its seat (ISO 3166), and the slug of the one that owns it, if one does."""

    slug: str
    name: str
    country: str
    owner: str = ""


@dataclass(frozen=True)
class KnownProvider:
    """A provider by which names, systems and records it is known.

    signs          patterns by sign; a pattern is whole labels at the end of a name, `-*` at the end of its first
                   label stands for any number
    asn            autonomous systems
    spf_by_itself  whether it writes its SPF record into a customer's zone unasked
    txt_other_uses whether its verification record serves more than mail, so that it shows less
    sends_only     whether its SPF record says nothing of mailboxes
    secnumcloud    whether ANSSI's list holds an offer of it
    """

    slug: str
    name: str
    company: str
    signs: Mapping[Sign, tuple[str, ...]] = field(default_factory=dict)
    asn: tuple[int, ...] = ()
    spf_by_itself: bool = False
    sends_only: bool = False
    txt_other_uses: bool = False
    secnumcloud: bool = False


def law_of(country: str) -> Law:
    """The law of a company's country.

    >>> [str(law_of(country)) for country in ("FR", "US", "CH", "RU", "")]
    ['EU', 'US', 'adequate', 'other', 'unknown']
    """
    if not country:
        return Law.UNKNOWN
    if country in EUROPEAN:
        return Law.EU
    if country == "US":
        return Law.US
    return Law.ADEQUATE if country in ADEQUATE else Law.OTHER


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


class Catalogue:
    """Every known provider, found by what betrays it."""

    def __init__(self, providers: Iterable[KnownProvider], companies: Iterable[Company], *, version: str) -> None:
        self.version = version
        self.providers = {one.slug: one for one in providers}
        self.companies = {one.slug: one for one in companies}

    @cached_property
    def _by_sign(self) -> Mapping[Sign, Mapping[str, str]]:
        found: dict[Sign, dict[str, str]] = {sign: {} for sign in Sign}
        for one in self.providers.values():
            for sign, patterns in one.signs.items():
                for pattern in patterns:
                    found[sign].setdefault(pattern.lower(), one.slug)
        return found

    @cached_property
    def _by_asn(self) -> Mapping[int, str]:
        return {asn: one.slug for one in self.providers.values() for asn in one.asn}

    def known(self, sign: Sign, host: str) -> str:
        """Slug of the provider whose pattern ends this name, the longest pattern winning; empty when none does."""
        patterns = self._by_sign[sign]
        return next((patterns[end] for end in endings(host) if end in patterns), "")

    def is_namesake(self, host: str, slug: str) -> bool:
        """Whether a name only ends like a domain at which this provider gives addresses, without being below it.

        The communes of Orange, Florange, Bourganeuf and Moussy-le-Neuf are no telecom's customers for their names.
        """
        provider = self.providers.get(slug)
        words = [one.partition(".")[0] for one in provider.signs.get(Sign.ADDRESSES, ())] if provider else []
        return any(label != word and label.endswith(word) for label in host.split(".") for word in words)

    def of_system(self, asn: int) -> str:
        """Slug of the provider that runs an autonomous system, or empty."""
        return self._by_asn.get(asn, "")

    def owners(self, slug: str) -> list[Company]:
        """The provider's company, its owner, and so on up to the last."""
        found: list[Company] = []
        company = self.companies.get(self.providers[slug].company) if slug in self.providers else None
        while company and company not in found:
            found.append(company)
            company = self.companies.get(company.owner)
        return found

    def law(self, slug: str) -> Law:
        """Whose law the last owner obeys."""
        owners = self.owners(slug)
        return law_of(owners[-1].country) if owners else Law.UNKNOWN
