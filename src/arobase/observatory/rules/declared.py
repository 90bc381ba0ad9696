"""What territories declare: sites and addresses as people typed them, read as domains."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Declared:
    """A domain that a territory declares; `address` is the site's, empty for mail."""

    host: str
    address: str
    source: str
    told_on: date | None


def host_of(site: str) -> str:
    """The host of a site's address, in lower case and ASCII; empty where there is none.

    >>> host_of("HTTPS://www.Épinal.fr/accueil"), host_of("ville.fr"), host_of("néant"), host_of("http://[::1")
    ('www.xn--pinal-9ra.fr', 'ville.fr', '', '')
    """
    told = site.strip()
    try:
        host = urlsplit(told if "//" in told else f"//{told}").hostname or ""
        plain = host.rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:  # UnicodeError is one
        return ""
    return plain if "." in plain else ""


def domain_of(address: str) -> str:
    """The domain of an e-mail address, or the domain itself; empty where there is none.

    >>> domain_of("mairie@Ville.FR"), domain_of("orange.fr"), domain_of("mairie")
    ('ville.fr', 'orange.fr', '')
    """
    return host_of(address.strip().rpartition("@")[2])
