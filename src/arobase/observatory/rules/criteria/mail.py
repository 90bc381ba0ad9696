"""The referential's second part: is there an own address, and can nobody else send in its name (RPNT 2.1 to 2.8)?"""

from collections.abc import Iterator

from arobase.observatory.rules import dmarc, spf_reach
from arobase.observatory.rules.companies import SELF
from arobase.observatory.rules.criteria.finding import Finding, Why, met, unknown, unmet
from arobase.observatory.rules.criteria.presence import Presence, Registrable, is_anothers
from arobase.observatory.rules.criteria.referential import Criterion
from arobase.observatory.rules.evidence import Reason
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.profile import Layer, Profile, State
from arobase.observatory.rules.providers import Catalogue, Law, law_of
from arobase.observatory.rules.senders import Ending, Trouble, senders

# Codes that registries write where a network is of no one country: the Union as a whole, Asia and the Pacific, nowhere.
WHOLE_UNION = "EU"
NOWHERE = frozenset({"AP", "ZZ"})
_ALL = tuple(one for one in Criterion if one.startswith("2."))
_OF_TROUBLE = {
    Trouble.NONE: Why.NO_RECORD,
    Trouble.SEVERAL: Why.SEVERAL_RECORDS,
    Trouble.MALFORMED: Why.MALFORMED,
    Trouble.TOO_MANY_LOOKUPS: Why.TOO_MANY_LOOKUPS,
    Trouble.TOO_MANY_VOID: Why.TOO_MANY_VOID,
    Trouble.LOOP: Why.LOOP,
    Trouble.NOWHERE: Why.NOWHERE,
}
_OF_PROBLEM = {
    dmarc.Problem.NO_RECORD: Why.NO_RECORD,
    dmarc.Problem.SEVERAL: Why.SEVERAL_RECORDS,
    dmarc.Problem.NO_POLICY: Why.MALFORMED,
}


def mail_findings(presence: Presence, catalogue: Catalogue, *, registrable: Registrable) -> tuple[Finding, ...]:
    """The findings 2.1 to 2.8, in this order."""
    if presence.mail:
        return tuple(_of_domain(presence, presence.mail, catalogue, registrable))
    if presence.mail is None:
        return tuple(unknown(one, Why.NOT_MEASURED) for one in _ALL)
    return unmet(Criterion.MAIL_DECLARED, Why.NOTHING_DECLARED), *(unmet(one, Why.NO_MAIL) for one in _ALL[1:])


def _of_domain(presence: Presence, domain: str, catalogue: Catalogue, registrable: Registrable) -> Iterator[Finding]:
    yield met(Criterion.MAIL_DECLARED, [domain])
    is_shared = is_anothers(domain, catalogue)
    yield (
        unmet(Criterion.OWN_DOMAIN, Why.PROVIDER_DOMAIN, [domain]) if is_shared else met(Criterion.OWN_DOMAIN, [domain])
    )
    yield _same(presence, domain, is_shared=is_shared)
    facts = presence.letters
    if facts is None:
        yield from (unknown(one, Why.NOT_MEASURED) for one in _ALL[3:])
        return
    if facts.has_no_name(domain):
        yield from (unmet(one, Why.NO_NAME, [domain]) for one in _ALL[3:])  # nothing at or below it (RFC 8020)
        return
    yield _mx(domain, facts)
    yield _spf(domain, facts, catalogue, presence.profile)
    yield from _dmarc(domain, facts, registrable(domain))
    yield _in_union(domain, facts)


def _same(presence: Presence, domain: str, *, is_shared: bool) -> Finding:
    """The State compares names as they stand, without `www.`: mail at ville.fr for a site at www.ville.fr."""
    if presence.site is None:
        return unknown(Criterion.SAME_DOMAIN, Why.NOT_MEASURED)
    if is_shared:
        return unmet(Criterion.SAME_DOMAIN, Why.PROVIDER_DOMAIN, [domain])
    if not presence.host:
        return unmet(Criterion.SAME_DOMAIN, Why.NO_SITE, [domain])
    if domain == presence.domain:
        return met(Criterion.SAME_DOMAIN, [domain])
    return unmet(Criterion.SAME_DOMAIN, Why.OTHER_DOMAIN, [domain, presence.domain])


def exchangers(domain: str, facts: DomainFacts) -> tuple[str, ...]:
    """Hosts that take mail for a domain, in the order of preference; an empty one is a null MX (RFC 7505)."""
    ordered = sorted(map(_exchanger, facts.records(domain, "MX")), key=lambda one: one[0])
    return tuple(host for _preference, host in ordered)


def _exchanger(record: str) -> tuple[int, str]:
    preference, _space, host = record.strip().partition(" ")
    if not preference.isdigit():
        return 0, preference.rstrip(".").lower()
    return int(preference), host.strip().rstrip(".").lower()


def _mx(domain: str, facts: DomainFacts) -> Finding:
    if not facts.is_answered(domain, "MX"):
        return _silent(Criterion.MX, facts, domain, "MX")
    hosts = exchangers(domain, facts)
    if any(hosts):
        return met(Criterion.MX, hosts)
    return unmet(Criterion.MX, Why.NULL_MX if hosts else Why.NO_MX, [domain])


def _spf(domain: str, facts: DomainFacts, catalogue: Catalogue, profile: Profile | None) -> Finding:
    if not facts.is_answered(domain, "TXT"):
        return _silent(Criterion.SPF, facts, domain, "TXT")
    asked = [name for name, type in facts.answers if type == "TXT" and facts.is_answered(name, type)]
    told = senders(domain, {name: facts.records(name, "TXT") for name in asked}, empty=_empty(facts))
    seen = [one for one in (told.misread, told.record) if one][:1]
    if told.trouble:
        line = f'{domain}. TXT "{_first_record(domain, facts, catalogue, profile)}"'
        publish = [line] if told.trouble is Trouble.NONE else []
        return unmet(Criterion.SPF, _OF_TROUBLE[told.trouble], seen or [domain], publish=publish)
    if told.ending is Ending.ANYONE:
        closed = _tightened(told.record, _own_senders(catalogue, profile))
        return unmet(Criterion.SPF, Why.ANYONE, seen, publish=[f'{domain}. TXT "{closed}"'] if closed else [])
    if told.unread:
        return _silent(Criterion.SPF, facts, told.unread[0], "TXT")
    return met(Criterion.SPF, seen, why=Why.NEUTRAL if told.ending is Ending.NEUTRAL else Why.AS_ASKED)


def _empty(facts: DomainFacts) -> set[tuple[str, str]]:
    """Names that were asked and have no address, or no exchanger."""
    names = {name for name, _type in facts.answers}
    without = {("mx", one) for one in names if facts.is_answered(one, "MX") and not facts.records(one, "MX")}
    return without | {("a", one) for one in names if facts.has_no_address(one)}


def _first_record(domain: str, facts: DomainFacts, catalogue: Catalogue, profile: Profile | None) -> str:
    """A record to begin with; a domain without mail lets nobody send (RFC 7208, section 3).

    Where nobody knows who sends, and where a filter may send too, it ends with `?all`, which sets nobody's mail aside:
    the large providers do not send from the hosts that receive, and `mx ~all` would fail their customers' own letters.
    """
    if not any(exchangers(domain, facts)):
        return "v=spf1 -all"
    known = _own_senders(catalogue, profile)
    is_whole = known and profile and profile.layer(Layer.GATEWAY).state is not State.FOUND
    return f"v=spf1 {known or 'mx'} {'~all' if is_whole else '?all'}"


def _own_senders(catalogue: Catalogue, profile: Profile | None) -> str:
    """The term that lets whoever holds the mailboxes send; empty where it is not known."""
    held = profile.layer(Layer.MAIL).held if profile else ()
    if not held:
        return ""
    if held[0].provider == SELF:  # behind a filter the exchangers are not its own
        return "mx" if any(one.reason is Reason.OWN_HOST for one in held[0].because) else ""
    known = catalogue.providers.get(held[0].provider)
    return f"include:{known.spf_include}" if known and known.spf_include else ""


def _tightened(record: str, own: str) -> str:
    """The record with a cautious end and the mailboxes' own senders; empty where another domain's lets anyone send."""
    version, *terms = spf_reach.closed(record).split() or [""]
    missing = [own] if terms and own and own not in map(str.lower, terms) else []
    return " ".join([version, *missing, *terms])


def _dmarc(domain: str, facts: DomainFacts, organisation: str) -> Iterator[Finding]:
    """2.6 and 2.7: a record applies; it has mail that fails set aside or refused."""
    both = (Criterion.DMARC, Criterion.STRICT_DMARC)
    name, above = f"_dmarc.{domain}", f"_dmarc.{organisation}"
    for asked in (name, above):
        if not facts.is_answered(asked, "TXT"):
            yield from (_silent(one, facts, asked, "TXT") for one in both)
            return
        if dmarc.records(facts.records(asked, "TXT")):
            break
    told = dmarc.applied(
        domain, facts.records(name, "TXT"), organisation=organisation, above=facts.records(above, "TXT")
    )
    if told.record is None or told.policy is None:
        why = _OF_PROBLEM[told.problem or dmarc.Problem.NO_RECORD]
        seen = facts.records(f"_dmarc.{told.at}", "TXT") if why is not Why.NO_RECORD else [name]
        for one, policy in zip(both, ("none", "quarantine"), strict=True):
            yield unmet(one, why, seen, publish=[_dmarc_line(domain, policy)] if why is Why.NO_RECORD else [])
        return
    seen = [f"_dmarc.{told.at} {told.record.text}"]
    yield met(Criterion.DMARC, seen, why=Why.INHERITED if told.at != domain else Why.AS_ASKED)
    if told.is_strict:
        yield met(Criterion.STRICT_DMARC, seen)
    else:
        why = Why.POLICY_NONE if told.policy is dmarc.Policy.NONE else Why.PARTIAL
        why = Why.TRIED if told.record.is_tried and why is not Why.POLICY_NONE else why
        reports = ",".join(told.record.reports)
        yield unmet(Criterion.STRICT_DMARC, why, seen, publish=[_dmarc_line(domain, "quarantine", reports)])


def _dmarc_line(domain: str, policy: str, reports: str = "") -> str:
    return f'_dmarc.{domain}. TXT "v=DMARC1; p={policy}; rua={reports or f"mailto:dmarc@{domain}"}"'


def _in_union(domain: str, facts: DomainFacts) -> Finding:
    """Every address of every exchanger, by the country that it is registered in."""
    if not facts.is_answered(domain, "MX"):
        return _silent(Criterion.MX_IN_UNION, facts, domain, "MX")
    hosts = [host for host in exchangers(domain, facts) if host]
    if not hosts:
        return unmet(Criterion.MX_IN_UNION, Why.NO_MX, [domain])
    places = [(host, _countries(host, facts)) for host in hosts]
    outside = [f"{host} ({country})" for host, found in places for country in found if _is_outside(country)]
    if outside:
        return unmet(Criterion.MX_IN_UNION, Why.OUTSIDE, dict.fromkeys(outside))
    unplaced = [host for host, found in places if not found or "" in found]
    if unplaced:
        return unknown(Criterion.MX_IN_UNION, Why.NOT_LOCATED, unplaced)
    seen = [f"{host} ({country})" for host, found in places for country in sorted(set(found))]
    return met(Criterion.MX_IN_UNION, seen)


def _is_outside(country: str) -> bool:
    """Beyond the European Union, the EEA and France overseas; an unknown country is not."""
    return country != WHOLE_UNION and law_of(country) not in {Law.EU, Law.UNKNOWN}


def _countries(host: str, facts: DomainFacts) -> list[str]:
    """Countries of a host's addresses; an empty one where an address has no known network, or none of one country."""
    addresses = [ip for type in ("A", "AAAA") for ip in facts.records(host, type)]
    found = [network.country if (network := facts.networks.get(ip)) else "" for ip in addresses]
    return ["" if country in NOWHERE else country for country in found]


def _silent(criterion: Criterion, facts: DomainFacts, name: str, type: str) -> Finding:
    """No answer is no absence: a time-out or a server that fails says nothing of the record."""
    outcome = facts.outcome(name, type)
    if outcome is None:
        return unknown(criterion, Why.NOT_MEASURED, [name])
    return unknown(criterion, Why.NO_ANSWER, [f"{name} {type}"])
