"""Mail: what a domain's answers tell of it, and the verdict on its mailboxes as layers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from arobase.observatory.rules import dkim, spf
from arobase.observatory.rules.companies import Sign
from arobase.observatory.rules.evidence import Evidence, Reason, servers
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.layers.reading import Reading, found, grouped, is_no_name, nobody, plain, unknown
from arobase.observatory.rules.mail import Basis, MailFacts, MailVerdict
from arobase.observatory.rules.profile import Certainty, Held, Layer, LayerVerdict, State
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.rules.questions import SELECTORS

# What begins a verification record, and the key under which it counts (the providers' documentation).
VERIFICATIONS = {"ms=": "microsoft", "google-site-verification=": "google", "zoho-verification=": "zoho"}
CERTAINTY = {
    Basis.ADDRESS: Certainty.SURE,
    Basis.MX: Certainty.SURE,
    Basis.BEHIND_STRONG: Certainty.LIKELY,
    Basis.BEHIND_ACCOUNT: Certainty.LIKELY,
    Basis.BEHIND_SPF: Certainty.UNSURE,
    Basis.BEHIND_HOST: Certainty.UNSURE,
    Basis.OWN: Certainty.LIKELY,
    Basis.OPERATOR: Certainty.LIKELY,
}


def mail_facts(facts: DomainFacts, catalogue: Catalogue) -> MailFacts:
    """What a domain's answers tell of its mail, in an order that does not depend on theirs."""
    domain = facts.domain
    exchangers = _exchangers(facts)
    hosts = [host for _preference, host in exchangers]
    addresses = [one for host in hosts for type in ("A", "AAAA") for one in facts.records(host, type)]
    networks = [facts.networks[address] for address in sorted(set(addresses)) if address in facts.networks]
    told = sorted(facts.records(domain, "TXT"))
    texts = {name: sorted(answer.records) for (name, type), answer in facts.answers.items() if type == "TXT"}
    return MailFacts(
        mx=exchangers if facts.is_answered(domain, "MX") or is_no_name(facts) else None,
        txt=told,
        spf_records=spf.vouched(domain, texts),
        mx_cnames={
            host: alias
            for host in hosts
            if (alias := _telling(facts.aliases(host), (Sign.GATEWAY, Sign.MX), catalogue))
        },
        mx_systems=sorted({one.system for one in networks if one.system}),
        mx_countries=sorted({one.country for one in networks if one.country}),
        autodiscover=_autodiscover(facts, catalogue),
        dkim=_pointed(_keys(facts), Sign.DKIM, catalogue),
        verifications=[key for text in told if (key := _verification(text))],
    )


def _exchangers(facts: DomainFacts) -> list[tuple[int, str]]:
    """(preference, host), the first asked first (RFC 5321, section 5.1); what is no such record is passed over."""
    told = (record.partition(" ") for record in facts.records(facts.domain, "MX"))
    return sorted((int(preference), plain(host)) for preference, _space, host in told if preference.isdigit())


def _autodiscover(facts: DomainFacts, catalogue: Catalogue) -> list[str]:
    name = f"autodiscover.{facts.domain}"
    chain = facts.aliases(name) if name in _set_up(facts) else ()
    services = facts.records(f"_autodiscover._tcp.{facts.domain}", "SRV")
    targets = [plain(record.rpartition(" ")[2]) for record in sorted(services)]
    return [*_pointed([chain], Sign.AUTODISCOVER, catalogue), *(one for one in targets if one)]


def _keys(facts: DomainFacts) -> Iterator[tuple[str, ...]]:
    """What selectors are aliases of: where a key stands, or none is seen and no other name leads there."""
    own = _set_up(facts)
    for name in _selectors(facts):
        texts = facts.records(name, "TXT")
        if any(map(dkim.is_key, texts)) or (not texts and name in own):
            yield facts.aliases(name, "TXT")


def _selectors(facts: DomainFacts) -> list[str]:
    return [f"{one}._domainkey.{facts.domain}" for one in SELECTORS]


def _set_up(facts: DomainFacts) -> Mapping[str, str]:
    """Names for the mail that a wildcard does not answer for, by what they are aliases of in the domain's own zone."""
    chains = {name: facts.aliases(name, "TXT") for name in _selectors(facts)}
    chains[f"autodiscover.{facts.domain}"] = facts.aliases(f"autodiscover.{facts.domain}")
    site = facts.aliases(f"www.{facts.domain}")
    return dkim.set_up({name: chain[0] for name, chain in chains.items() if chain}, elsewhere=site[:1])


def _pointed(chains: Iterable[tuple[str, ...]], sign: Sign, catalogue: Catalogue) -> list[str]:
    return list(dict.fromkeys(alias for chain in chains if (alias := _telling(chain, (sign,), catalogue))))


def _telling(chain: tuple[str, ...], signs: tuple[Sign, ...], catalogue: Catalogue) -> str:
    """The first link of a chain of aliases that a list knows, else the last: the provider's own chain goes on."""
    names = [plain(one) for one in chain]
    known = (name for name in names if any(catalogue.known(sign, name) for sign in signs))
    return next(known, names[-1] if names else "")


def _verification(text: str) -> str:
    return next((key for start, key in VERIFICATIONS.items() if text.lower().startswith(start)), "")


def layers(verdict: MailVerdict, facts: MailFacts, reading: Reading) -> Mapping[Layer, LayerVerdict]:
    """Mailboxes, the filter in front of them, and the office suite that goes with them.

    Where servers stand is told of each by its own exchangers: a filter's addresses say nothing of the mailbox behind.
    """
    return {
        Layer.MAIL: _mailboxes(verdict, reading, reading.addresses(*_of_mailboxes(verdict, facts, reading))),
        Layer.GATEWAY: _gateway(verdict, facts, reading),
        Layer.OFFICE: _office(verdict, facts, reading),
    }


def _hosts(facts: MailFacts) -> list[str]:
    return [host for _preference, host in facts.mx or () if host]


def _of_mailboxes(verdict: MailVerdict, facts: MailFacts, reading: Reading) -> list[str]:
    """Exchangers of whoever holds the mailboxes; where it has none, those that no list gives to anybody else."""
    whose = {host: _whose(host, facts, reading) for host in _hosts(facts)}
    own = [host for host, slug in whose.items() if slug == verdict.provider]
    return own or [host for host, slug in whose.items() if slug not in reading.catalogue.providers]


def _whose(host: str, facts: MailFacts, reading: Reading) -> str:
    names = (host, facts.mx_cnames.get(host, ""))
    known = (reading.catalogue.known(sign, name) for sign in (Sign.GATEWAY, Sign.MX) for name in names)
    return next((slug for slug in known if slug), "") or reading.operator(Sign.MX, host)


def _mailboxes(verdict: MailVerdict, reading: Reading, addresses: Sequence[str]) -> LayerVerdict:
    if verdict.provider:
        certainty, where = CERTAINTY[verdict.basis], (reading.countries(addresses), reading.systems(addresses))
        hosts = servers(one for one in verdict.because if one.slug == verdict.provider)
        held = Held(verdict.provider, verdict.law, verdict.owner_country, *where, hosts, verdict.because, certainty)
        return found([held])
    nothing = {Reason.NO_MX, Reason.NULL_MX} & {one.reason for one in verdict.because}
    return LayerVerdict(State.NONE if nothing else State.UNKNOWN, because=verdict.because)


def _gateway(verdict: MailVerdict, facts: MailFacts, reading: Reading) -> LayerVerdict:
    """Every filter among the exchangers: where one does not answer, mail goes to another (RFC 5321, 5.1)."""
    if verdict.gateway:
        filters = grouped(_filters(verdict, facts, reading.catalogue))
        return found(
            reading.hold(slug, because, addresses=reading.addresses(*_hosts_of(slug, facts, reading)))
            for slug, because in filters.items()
        )
    if facts.mx is None:
        return unknown(Reason.NOT_ASKED, reading.facts.domain)
    return nobody(Reason.NO_FILTER, reading.facts.domain)


def _hosts_of(slug: str, facts: MailFacts, reading: Reading) -> list[str]:
    return [host for host in _hosts(facts) if _whose(host, facts, reading) == slug]


def _filters(verdict: MailVerdict, facts: MailFacts, catalogue: Catalogue) -> Iterable[Evidence]:
    yield from (one for one in verdict.because if one.slug == verdict.gateway)
    for host in _hosts(facts):
        for name in (host, facts.mx_cnames.get(host, "")):
            if (slug := catalogue.known(Sign.GATEWAY, name)) and slug != verdict.gateway:
                yield Evidence(Reason.GATEWAY, name, slug)


def _office(verdict: MailVerdict, facts: MailFacts, reading: Reading) -> LayerVerdict:
    """The suite of whoever holds the mailboxes, else of an account that a verification shows; never `none`.

    Which suite a town works with is nothing that names must tell.
    """
    providers = reading.catalogue.providers
    if Sign.OFFICE in (providers[verdict.provider].signs if verdict.provider in providers else {}):
        because = [Evidence(Reason.ACCOUNT, reading.facts.domain, verdict.provider)]
        return found([reading.hold(verdict.provider, because, certainty=Certainty.LIKELY)])
    accounts = [
        Evidence(Reason.VERIFICATION, key, slug)
        for key in sorted(set(facts.verifications))
        if (slug := reading.catalogue.known(Sign.TXT, key))
        and Sign.OFFICE in providers[slug].signs
        and not providers[slug].txt_other_uses
    ]
    if accounts:
        return found([reading.hold(one.slug, [one], certainty=Certainty.UNSURE) for one in accounts])
    return unknown(Reason.NOT_READ, reading.facts.domain)
