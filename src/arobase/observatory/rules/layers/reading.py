"""A domain's facts as the layers read them: its hosts, their addresses, and who announces these."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from arobase.observatory.rules.answers import Outcome
from arobase.observatory.rules.companies import SELF, Sign, national
from arobase.observatory.rules.evidence import Evidence, Reason, servers
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.mail import Registrable
from arobase.observatory.rules.profile import Certainty, Held, LayerVerdict, State
from arobase.observatory.rules.providers import Catalogue

ADDRESS_TYPES = ("A", "AAAA")


@dataclass(frozen=True)
class Reading:
    """One domain being read; `registrable` gives the part of a name that someone registered.

    country  of the territory, where it is known (ISO 3166): an ending such as .bzh or .com tells none
    """

    facts: DomainFacts
    catalogue: Catalogue
    registrable: Registrable
    country: str = ""

    @property
    def own(self) -> str:
        """What the territory registered."""
        return self.registrable(self.facts.domain)

    def operator(self, sign: Sign, name: str) -> str:
        """Whose a name is: a slug where a list knows it, `self` below one's own domain, else what was registered."""
        if slug := self.catalogue.known(sign, name):
            return slug
        operator = self.registrable(name)
        return (self.shelter or SELF) if operator == self.own else operator

    @property
    def shelter(self) -> str:
        """Slug of whoever gives sites below a domain of its own, where this is one of them; else empty."""
        return self.catalogue.known(Sign.SITES, self.facts.domain)

    def addresses(self, *names: str) -> tuple[str, ...]:
        """Addresses of hosts, each once."""
        told = (address for name in names for type in ADDRESS_TYPES for address in self.facts.records(name, type))
        return tuple(sorted(set(told)))

    def aliases(self, name: str) -> tuple[str, ...]:
        """What a host is an alias of, link by link, in lower case."""
        told = self.facts.aliases(name, "A") or self.facts.aliases(name, "AAAA")
        return tuple(plain(one) for one in told)

    def systems(self, addresses: Iterable[str]) -> tuple[int, ...]:
        """Autonomous systems that announce these addresses."""
        known = (self.facts.networks.get(address) for address in addresses)
        return tuple(sorted({one.system for one in known if one and one.system}))

    def countries(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Countries in which these addresses are registered."""
        known = (self.facts.networks.get(address) for address in addresses)
        return tuple(sorted({one.country for one in known if one and one.country}))

    def in_systems(self, addresses: Iterable[str]) -> list[Evidence]:
        """The known providers among these systems."""
        told = ((system, self.catalogue.of_system(system)) for system in self.systems(addresses))
        return [Evidence(Reason.SYSTEM, f"AS{system}", slug) for system, slug in told if slug]

    def hold(
        self,
        provider: str,
        because: Iterable[Evidence],
        *,
        certainty: Certainty = Certainty.SURE,
        addresses: Sequence[str] = (),
    ) -> Held:
        """A provider with the law that counts, and where the addresses of its servers are registered."""
        own = self.country or national(self.facts.domain)
        country, law = self.catalogue.country_of(provider, own=own), self.catalogue.law(provider, own=own)
        where = (self.countries(addresses), self.systems(addresses))
        told = tuple(dict.fromkeys(because))
        return Held(provider, law, country, *where, servers(told), told, certainty)


def plain(name: str) -> str:
    """A host's name in lower case, without the root's dot."""
    return name.lower().rstrip(".")


def found(held: Iterable[Held]) -> LayerVerdict:
    """A layer that somebody holds, in an order that does not depend on the facts'."""
    return LayerVerdict(State.FOUND, tuple(sorted(held, key=lambda one: one.provider)))


def nobody(reason: Reason, seen: str, slug: str = "") -> LayerVerdict:
    """A layer at which one looked and found nobody."""
    return LayerVerdict(State.NONE, because=(Evidence(reason, seen, slug),))


def unknown(reason: Reason, seen: str, slug: str = "") -> LayerVerdict:
    """A layer of which nothing can be said, and why."""
    return LayerVerdict(State.UNKNOWN, because=(Evidence(reason, seen, slug),))


def grouped(evidence: Iterable[Evidence]) -> Mapping[str, list[Evidence]]:
    """Evidence by whom it points to, in a fixed order."""
    by_slug: dict[str, list[Evidence]] = {}
    for one in sorted(set(evidence)):
        by_slug.setdefault(one.slug, []).append(one)
    return by_slug


NOTHING_THERE = frozenset({Outcome.NO_DATA, Outcome.NO_NAME})


def is_no_name(facts: DomainFacts) -> bool:
    """Whether a domain does not exist, so that nothing stands below it either (RFC 8020, section 2)."""
    return facts.has_no_name(facts.domain)
