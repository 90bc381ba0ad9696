"""What territories declare: sites and addresses as people typed them, read as domains."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

import idna

PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
# Browsers read a host as an IPv4 address when its last label is a number (URL Standard, "ends in a number checker").
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Declared:
    """A domain that a territory declares; `address` is the site's, empty for mail."""

    host: str
    address: str
    source: str
    told_on: date | None


class Flaw(StrEnum):
    """Why a text is no domain, or no site's address."""

    SPACE = "space"
    SCHEME = "scheme"  # neither http nor https
    USER = "user"  # someone's name before an @, which hides where the address leads
    NUMBERS = "numbers"  # an IP address
    PORT = "port"
    SINGLE = "single"  # a name without a dot
    SEVERAL = "several"  # more than one e-mail address
    LABEL = "label"  # a part that holds something else than letters, digits and hyphens, or is too long


class NotADomain(ValueError):
    """A text that is no domain, with what is wrong with it."""

    def __init__(self, text: str, flaw: Flaw) -> None:
        super().__init__(f"{text!r}: {flaw}")
        self.text, self.flaw = text, flaw


@dataclass(frozen=True)
class Site:
    """A site's host, in lower case and ASCII, and its whole address."""

    host: str
    address: str


def site_of(text: str) -> Site:
    """The site that an address names; https where it does not say. Raises NotADomain.

    >>> site_of("Https://WWW.Épinal.fr:443/Accueil"), site_of("ville.fr").address
    (Site(host='www.xn--pinal-9ra.fr', address='https://www.xn--pinal-9ra.fr/Accueil'), 'https://ville.fr/')
    """
    told = _unspaced(text)
    try:
        parts = urlsplit(told if _SCHEME.match(told) else f"//{told}", scheme="https")
        named = parts.hostname or ""
    except ValueError as error:  # brackets that do not close, letters that normalise to a slash
        raise NotADomain(told, Flaw.LABEL) from error
    if parts.scheme not in PORTS:
        raise NotADomain(told, Flaw.SCHEME)
    if "@" in parts.netloc:
        raise NotADomain(told, Flaw.USER)
    host = _ascii(named, told)
    return Site(host, parts._replace(netloc=f"{host}{_port(parts, told)}", path=parts.path or "/").geturl())


def mail_domain_of(text: str) -> str:
    """The domain of an e-mail address, or the domain itself. Raises NotADomain.

    >>> mail_domain_of("mairie@Ville.FR"), mail_domain_of("orange.fr")
    ('ville.fr', 'orange.fr')
    """
    told = _unspaced(text)
    if told.count("@") > 1:
        raise NotADomain(told, Flaw.SEVERAL)
    return _ascii(told.rpartition("@")[2], told)


def host_of(site: str) -> str:
    """The host of a site's address; empty where there is none.

    >>> host_of("HTTPS://www.Épinal.fr/accueil"), host_of("ville.fr"), host_of("néant"), host_of("http://[::1")
    ('www.xn--pinal-9ra.fr', 'ville.fr', '', '')
    """
    try:
        return site_of(site).host
    except NotADomain:
        return ""


def leads_below(site: str) -> bool:
    """Whether a site's address leads further than the front page of its host.

    >>> leads_below("https://app.example/ville"), leads_below("app.example/?ville=1"), leads_below("https://ville.fr/")
    (True, True, False)
    """
    try:
        parts = urlsplit(site_of(site).address)
    except NotADomain:
        return False
    return parts.path != "/" or bool(parts.query)


def domain_of(address: str) -> str:
    """The domain of an e-mail address, or the domain itself; empty where there is none.

    >>> domain_of("mairie@Ville.FR"), domain_of("mairie"), domain_of("gmail.com,mairie")
    ('ville.fr', '', '')
    """
    try:
        return mail_domain_of(address)
    except NotADomain:
        return ""


def _unspaced(text: str) -> str:
    told = text.strip()
    if any(sign.isspace() or not sign.isprintable() for sign in told):
        raise NotADomain(told, Flaw.SPACE)
    return told


def _port(parts: SplitResult, told: str) -> str:
    """The port as an address says it; empty where it is the scheme's own."""
    try:
        port = parts.port
    except ValueError as error:
        raise NotADomain(told, Flaw.PORT) from error
    if port == 0:
        raise NotADomain(told, Flaw.PORT)
    return f":{port}" if port and port != PORTS[parts.scheme] else ""


def _ascii(name: str, told: str) -> str:
    """A name as it stands in the DNS, by IDNA 2008 (RFC 5891) after the mapping of UTS 46."""
    if ":" in name:
        raise NotADomain(told, Flaw.NUMBERS if "[" in told else Flaw.LABEL)
    try:
        host = idna.encode(name.removesuffix("."), uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise NotADomain(told, Flaw.LABEL) from error
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise NotADomain(told, Flaw.NUMBERS)
    if "." not in host:
        raise NotADomain(told, Flaw.SINGLE)
    return host


def domain_of_site(host: str) -> str:
    """The domain that is asked about a site: its host, without `www.`.

    >>> domain_of_site("www.ville.example.fr"), domain_of_site("www.fr")
    ('ville.example.fr', 'www.fr')
    """
    bare = host.removeprefix("www.")
    return bare if "." in bare else host
