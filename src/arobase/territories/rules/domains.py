"""Which domain is a territory's own, so that an address in it proves that someone works there."""

from urllib.parse import urlsplit


def official_domain(*, email: str, site: str) -> str | None:
    """The domain that the town hall's address and web site share; None where they differ or one is missing.

    Mail at a provider's domain, or a site on someone else's, proves nothing: whoever can write from `orange.fr` is no
    agent of the town.

    >>> official_domain(email="mairie@ville-exemple.fr", site="https://www.ville-exemple.fr/accueil")
    'ville-exemple.fr'
    >>> official_domain(email="mairie.exemple@orange.fr", site="https://ville-exemple.fr") is None
    True
    """
    domain = email.strip().rpartition("@")[2].lower()
    try:
        host = (urlsplit(site.strip() if "//" in site else f"//{site.strip()}").hostname or "").lower()
    except ValueError:
        return None
    return domain if domain and "." in domain and host.removeprefix("www.") == domain else None
