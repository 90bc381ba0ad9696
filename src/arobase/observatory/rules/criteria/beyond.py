"""What the State's referential does not ask of mail and names, and a town may still want to know."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from arobase.observatory.rules import safeguards
from arobase.observatory.rules.criteria.finding import Finding, Why, met, unknown, unmet
from arobase.observatory.rules.criteria.presence import Presence, Registrable
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.profile import Held, Layer, State
from arobase.observatory.rules.providers import Catalogue, Law
from arobase.observatory.rules.questions import above


class Beyond(StrEnum):
    """Criteria of ours; none of them counts for a level."""

    MAIL_LAW = "mail-law"  # whose law the mailboxes' provider and its owners obey: another question than 2.8
    MTA_STS = "mta-sts"
    TLS_REPORTS = "tls-rpt"
    CAA = "caa"


def beyond_findings(presence: Presence, catalogue: Catalogue, *, registrable: Registrable) -> tuple[Finding, ...]:
    """The findings beyond the referential, in the order of `Beyond`."""
    mail, web = presence.letters, presence.web
    return (
        _law(presence, catalogue),
        *(_transport(mail.domain, mail) if mail else (_unasked(Beyond.MTA_STS), _unasked(Beyond.TLS_REPORTS))),
        _issuers(web.domain, web, registrable(web.domain)) if web else _unasked(Beyond.CAA),
    )


def _law(presence: Presence, catalogue: Catalogue) -> Finding:
    verdict = presence.profile.layer(Layer.MAIL) if presence.profile else None
    if verdict is None or verdict.state is not State.FOUND:
        return _unasked(Beyond.MAIL_LAW)
    foreign = [_named(one, catalogue) for one in verdict.held if one.law in {Law.US, Law.OTHER}]
    if foreign:
        return unmet(Beyond.MAIL_LAW, Why.LAW, foreign)
    if any(one.law is Law.UNKNOWN for one in verdict.held):
        return unknown(Beyond.MAIL_LAW, Why.NOT_LOCATED, [_named(one, catalogue) for one in verdict.held])
    return met(Beyond.MAIL_LAW, [_named(one, catalogue) for one in verdict.held])


def _named(one: Held, catalogue: Catalogue) -> str:
    """Who holds it, with the seat whose law counts."""
    known = catalogue.providers.get(one.provider)
    name, country = known.name if known else one.provider, catalogue.bound_by(one.provider) or one.owner_country
    return f"{name} ({country})" if country else name


def _transport(domain: str, facts: DomainFacts) -> Iterator[Finding]:
    """A strict MTA-STS needs a policy on a web page too, so that only the report's line can be given as it stands."""
    name = f"_mta-sts.{domain}"
    if not facts.is_answered(name, "TXT"):
        yield _silent(Beyond.MTA_STS, facts, name, "TXT")
    elif id := safeguards.mta_sts(facts.records(name, "TXT")):
        yield met(Beyond.MTA_STS, [id])
    else:
        yield unmet(Beyond.MTA_STS, Why.NO_RECORD, [name])
    name = f"_smtp._tls.{domain}"
    if not facts.is_answered(name, "TXT"):
        yield _silent(Beyond.TLS_REPORTS, facts, name, "TXT")
    elif reports := safeguards.tls_reports(facts.records(name, "TXT")):
        yield met(Beyond.TLS_REPORTS, reports)
    else:
        line = f'{name}. TXT "v=TLSRPTv1; rua=mailto:tls@{domain}"'
        yield unmet(Beyond.TLS_REPORTS, Why.NO_RECORD, [name], publish=[line])


def _issuers(domain: str, facts: DomainFacts, organisation: str) -> Finding:
    """CAA names who may issue; where a domain has none, that of the nearest name above holds (RFC 8659, section 3)."""
    for name in (domain, *above(domain, organisation)):
        if not facts.is_answered(name, "CAA"):
            return _silent(Beyond.CAA, facts, name, "CAA")
        if records := facts.records(name, "CAA"):
            return _issued(name, safeguards.issuers(records), is_inherited=name != domain)
    return unmet(Beyond.CAA, Why.NO_RECORD, [domain])


def _issued(name: str, named: Sequence[str] | None, *, is_inherited: bool) -> Finding:
    if named is None:
        return unmet(Beyond.CAA, Why.NO_RECORD, [name])
    if is_inherited:
        return met(Beyond.CAA, [f"{name} {one}" for one in named or ["—"]], why=Why.INHERITED)
    return met(Beyond.CAA, named or ["—"])


def _silent(criterion: Beyond, facts: DomainFacts, name: str, type: str) -> Finding:
    outcome = facts.outcome(name, type)
    return unknown(criterion, Why.NO_ANSWER if outcome else Why.NOT_MEASURED, [f"{name} {type}"])


def _unasked(criterion: Beyond) -> Finding:
    return unknown(criterion, Why.NOT_MEASURED)
