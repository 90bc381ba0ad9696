"""Who answers for a domain's names: any one of its name servers is enough (RFC 1035, section 2.2)."""

from arobase.observatory.rules.companies import SELF, Sign, names_a_host
from arobase.observatory.rules.evidence import Evidence, Reason
from arobase.observatory.rules.layers.reading import Reading, found, grouped, nobody, plain, unknown
from arobase.observatory.rules.profile import Certainty, Held, LayerVerdict
from arobase.observatory.rules.questions import above


def name_servers(reading: Reading) -> LayerVerdict:
    """The providers of the name servers of the zone in which a domain stands."""
    zone = _zone(reading)
    told = sorted(plain(record) for record in reading.facts.records(zone, "NS"))
    hosts = [one for one in told if names_a_host(one)]
    if told and not hosts:
        return unknown(Reason.NO_HOST, told[0])
    if not hosts:
        if any(reading.facts.is_answered(name, "NS") for name in _upward(reading)):
            return nobody(Reason.NO_ZONE, reading.facts.domain)
        return unknown(Reason.NOT_ASKED, reading.facts.domain)
    evidence = [Evidence(Reason.NAME_SERVER, host, reading.operator(Sign.NS, host)) for host in hosts]
    return found([_held(slug, own, reading) for slug, own in grouped(evidence).items()])


def same(domain: str) -> LayerVerdict:
    """A mail domain under the site's own: its names stand on the same servers."""
    return nobody(Reason.SAME_DOMAIN, domain)


def _held(slug: str, evidence: list[Evidence], reading: Reading) -> Held:
    """Sure where the servers' names are a known provider's: a name of one's own may be another's machine."""
    addresses = reading.addresses(*(one.seen for one in evidence))
    known = slug in reading.catalogue.providers
    support = [] if known and slug != SELF else reading.in_systems(addresses)
    certainty = Certainty.SURE if known else Certainty.LIKELY
    return reading.hold(slug, [*evidence, *support], certainty=certainty, addresses=addresses)


def _upward(reading: Reading) -> list[str]:
    """The domain and those above it, down to what was registered."""
    return [reading.facts.domain, *above(reading.facts.domain, reading.own)]


def _zone(reading: Reading) -> str:
    """The nearest name upward that has name servers of its own; the domain where none told any."""
    named = (name for name in _upward(reading) if reading.facts.records(name, "NS"))
    return next(named, reading.facts.domain)
