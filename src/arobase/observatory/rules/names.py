"""Who answers for a domain's names, and who serves its site, read off name servers and aliases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from arobase.observatory.rules.providers import Catalogue, Law, Sign, law_of

Registrable = Callable[[str], str]
SELF = "self"


@dataclass(frozen=True)
class Pointed:
    """Whom some names point to.

    providers  slugs, `self`, or registrable domains where no list knows them, in the order met; two or more of them
               stand in for each other
    country    of the last owner of the first, law what that owner obeys
    seen       the name that betrayed each
    """

    providers: tuple[str, ...]
    country: str
    law: Law
    seen: tuple[str, ...]


def name_servers(domain: str, hosts: Sequence[str], catalogue: Catalogue, *, registrable: Registrable) -> Pointed:
    """Who serves a domain's zone.

    domain       in lower case
    registrable  the part of a name that someone registered, by the public suffix list
    """
    return _pointed(domain, hosts, Sign.NS, catalogue, registrable)


def hosting(domain: str, aliases: Sequence[str], catalogue: Catalogue, *, registrable: Registrable) -> Pointed:
    """Who serves a site, by what its name is an alias of; nobody where it is no alias of another's name."""
    foreign = [name for name in aliases if registrable(name.lower().rstrip(".")) != registrable(domain)]
    return _pointed(domain, foreign, Sign.CNAME, catalogue, registrable)


def _pointed(domain: str, names: Sequence[str], sign: Sign, catalogue: Catalogue, registrable: Registrable) -> Pointed:
    found: dict[str, str] = {}
    for name in (one.lower().rstrip(".") for one in names):
        operator = registrable(name)
        slug = catalogue.known(sign, name) or (SELF if operator == registrable(domain) else operator)
        found.setdefault(slug, name)
    owners = catalogue.owners(next(iter(found), ""))
    country = owners[-1].country if owners else ""
    return Pointed(tuple(found), country, law_of(country), tuple(found.values()))
