"""What a town should do first: measures drawn from findings and profile, each with its evidence and its alternatives.

Rank = effect × reach ÷ effort, each from 1 to 3, from one table, in which a measure that needs another stands below it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from arobase.observatory.rules.alternatives import Alternative, Alternatives, Sort
from arobase.observatory.rules.criteria.beyond import Beyond
from arobase.observatory.rules.criteria.finding import Finding, Met, Why
from arobase.observatory.rules.criteria.referential import Criterion
from arobase.observatory.rules.evidence import Reason
from arobase.observatory.rules.profile import Held, Layer, Profile, State
from arobase.observatory.rules.protection import Protection
from arobase.observatory.rules.providers import Law
from arobase.observatory.rules.services import MAIL, WEB

VERSION = "2026-11-26"


class Action(StrEnum):
    """What to do."""

    DECLARE_SITE = "declare-site"
    DECLARE_MAIL = "declare-mail"
    RESTORE_SITE = "restore-site"
    RENEW_CERTIFICATE = "renew-certificate"
    ENCRYPT_SITE = "encrypt-site"
    RECEIVE_MAIL = "receive-mail"
    OWN_MAIL_DOMAIN = "own-mail-domain"
    ONE_DOMAIN = "one-domain"
    PUBLISH_SPF = "publish-spf"
    PUBLISH_DMARC = "publish-dmarc"
    TIGHTEN_DMARC = "tighten-dmarc"
    SOVEREIGN_NAME = "sovereign-name"
    REDIRECT = "redirect"
    CORRECT_ADDRESS = "correct-address"
    MAIL_SERVERS_HOME = "mail-servers-home"
    STOP_TRACKING = "stop-tracking"
    LET_REFUSE = "let-refuse"
    SAY_WHO = "say-who"
    SAY_ACCESSIBLE = "say-accessible"
    THIRD_PARTIES_HOME = "third-parties-home"
    SEND_HEADERS = "send-headers"
    GUARD_NAMES = "guard-names"
    IPV6 = "ipv6"
    SECOND_DNS = "second-dns"
    LEAVE = "leave"  # whoever holds a layer under foreign law


@dataclass(frozen=True)
class Estimate:
    """Each from 1 to 3.

    effort  1: an hour of whoever keeps the zone or the site; 2: days, and a supplier; 3: a project and a contract
    effect  1: good practice; 2: a duty or a real risk less; 3: a service that works again, or a large risk less
    reach   1: the staff, or few; 2: visitors of some pages; 3: all who write to the town or visit its site
    """

    effort: int
    effect: int
    reach: int

    @property
    def rank(self) -> Fraction:
        return Fraction(self.effect * self.reach, self.effort)


@dataclass(frozen=True)
class Row:
    """A measure that unmet criteria call for, and those that must be done before, which therefore outrank it."""

    action: Action
    estimate: Estimate
    criteria: frozenset[str]
    after: frozenset[Action] = frozenset()


def _row(action: Action, figures: tuple[int, int, int], *criteria: str, after: Iterable[Action] = ()) -> Row:
    return Row(action, Estimate(*figures), frozenset(criteria), frozenset(after))


_HEADERS = (Protection.HSTS, Protection.CONTENT_POLICY, Protection.NO_SNIFFING, Protection.REFERRER)
# (effort, effect, reach). Where ranks are equal the order of this table decides.
ROWS = (
    _row(Action.RESTORE_SITE, (1, 3, 3), Criterion.REACHABLE),
    _row(Action.RECEIVE_MAIL, (1, 3, 3), Criterion.MX),
    _row(Action.RENEW_CERTIFICATE, (1, 3, 3), Criterion.CERTIFICATE, Protection.LASTING_CERTIFICATE),
    _row(Action.ENCRYPT_SITE, (1, 3, 3), Criterion.HTTPS),
    _row(Action.PUBLISH_SPF, (1, 3, 3), Criterion.SPF),
    _row(Action.STOP_TRACKING, (1, 3, 3), Protection.NO_TRACKING_COOKIE, Protection.REFUSAL_KEPT),
    _row(Action.PUBLISH_DMARC, (1, 2, 3), Criterion.DMARC, after=[Action.PUBLISH_SPF]),
    _row(Action.DECLARE_SITE, (1, 2, 3), Criterion.SITE_DECLARED),
    _row(Action.DECLARE_MAIL, (1, 2, 3), Criterion.MAIL_DECLARED),
    _row(Action.SAY_WHO, (1, 2, 3), Protection.LEGAL_NOTICE, Protection.PRIVACY_PAGE),
    _row(Action.LET_REFUSE, (1, 2, 3), Protection.REFUSE_AS_EASILY),
    _row(Action.OWN_MAIL_DOMAIN, (2, 3, 3), Criterion.OWN_DOMAIN),
    _row(
        Action.TIGHTEN_DMARC,
        (2, 3, 3),
        Criterion.STRICT_DMARC,
        after=[Action.PUBLISH_SPF, Action.PUBLISH_DMARC],
    ),
    _row(Action.SAY_ACCESSIBLE, (1, 2, 2), Protection.ACCESSIBILITY),
    _row(Action.REDIRECT, (1, 1, 3), Criterion.REDIRECTS, after=[Action.ENCRYPT_SITE]),
    _row(Action.CORRECT_ADDRESS, (1, 1, 3), Criterion.STAYS, Criterion.HTTPS_DECLARED, after=[Action.ENCRYPT_SITE]),
    _row(Action.THIRD_PARTIES_HOME, (2, 2, 3), Protection.NO_THIRD_PARTY, Protection.NO_US_THIRD_PARTY),
    _row(Action.SEND_HEADERS, (1, 1, 3), *_HEADERS, after=[Action.ENCRYPT_SITE]),
    _row(Action.SOVEREIGN_NAME, (2, 2, 3), Criterion.SOVEREIGN_ENDING),
    _row(Action.ONE_DOMAIN, (2, 2, 3), Criterion.SAME_DOMAIN, after=[Action.SOVEREIGN_NAME]),
    _row(Action.MAIL_SERVERS_HOME, (3, 2, 3), Criterion.MX_IN_UNION),
    _row(Action.IPV6, (1, 1, 2), Protection.IPV6),
    _row(Action.GUARD_NAMES, (1, 1, 1), Beyond.CAA, Beyond.TLS_REPORTS, Beyond.MTA_STS),
)
SECOND_DNS = Estimate(2, 2, 3)
MOVES = {
    Layer.MAIL: Estimate(3, 3, 3),
    Layer.HOSTING: Estimate(3, 3, 3),
    Layer.DNS: Estimate(2, 2, 3),
    Layer.MAIL_DNS: Estimate(2, 2, 3),
    Layer.GATEWAY: Estimate(2, 2, 3),
    Layer.CDN: Estimate(2, 2, 3),
    Layer.CA: Estimate(1, 1, 2),
    Layer.ANALYTICS: Estimate(1, 2, 3),
    Layer.CAPTCHA: Estimate(1, 2, 2),
    Layer.VIDEO: Estimate(1, 2, 2),
    Layer.SOCIAL: Estimate(1, 2, 2),
    Layer.FONTS: Estimate(1, 1, 3),
    Layer.LIBRARIES: Estimate(1, 1, 3),
    Layer.CONSENT: Estimate(1, 1, 2),
    Layer.MAPS: Estimate(2, 2, 2),
    Layer.CHAT: Estimate(2, 2, 1),
    Layer.OFFICE: Estimate(3, 3, 1),
}
_LAYERS = {Action.OWN_MAIL_DOMAIN: Layer.MAIL, Action.MAIL_SERVERS_HOME: Layer.MAIL}
# What fails with another, and is mended with it: records of a provider's own domain are not the town's to publish, and
# a site that cannot be reached has no page to encrypt.
_IMPLIED: dict[str, frozenset[str]] = {
    Criterion.OWN_DOMAIN: frozenset(
        [Criterion.MX, Criterion.SPF, Criterion.DMARC, Criterion.STRICT_DMARC, Criterion.MX_IN_UNION]
        + [Criterion.SAME_DOMAIN, Beyond.MTA_STS, Beyond.TLS_REPORTS]
    ),
    Criterion.REACHABLE: frozenset([Criterion.HTTPS, Criterion.CERTIFICATE, Criterion.STAYS, Criterion.REDIRECTS]),
}
_CONSEQUENCES = frozenset({Why.NO_SITE, Why.NO_MAIL})


@dataclass(frozen=True)
class Measure:
    """One thing to do.

    layer         that it moves, where it moves one
    because       the findings that call for it
    holders       who holds the layer today, where that is why
    services      that fall with these holders, where they hold the names alone
    publish       lines to publish as they stand
    alternatives  for the layer, without those who hold it today
    """

    action: Action
    estimate: Estimate
    layer: Layer | None = None
    because: tuple[Finding, ...] = ()
    holders: tuple[Held, ...] = ()
    services: tuple[str, ...] = ()
    publish: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


def plan(findings: Iterable[Finding], profile: Profile, alternatives: Alternatives) -> tuple[Measure, ...]:
    """The measures that a town's findings and profile call for, what should be done first coming first.

    findings  of the referential, beyond it, and on data protection, in any order; unknown ones call for nothing

    >>> from datetime import date
    >>> from arobase.observatory.rules.criteria.finding import unmet
    >>> told = plan([unmet("2.6", Why.NO_RECORD), unmet("2.5", Why.NO_RECORD)], Profile(date(2026, 11, 23)), {})
    >>> [str(one.action) for one in told]
    ['publish-spf', 'publish-dmarc']
    """
    unmet = _to_mend(sorted(findings, key=lambda one: one.criterion))
    called = [one for row in ROWS if (one := _called(row, unmet, profile, alternatives))]
    covered = {one.layer for one in called}
    due = [*called, *_moves([layer for layer in MOVES if layer not in covered], profile, alternatives)]
    return tuple(sorted(due, key=lambda one: -one.estimate.rank))


def _to_mend(findings: Sequence[Finding]) -> list[Finding]:
    unmet = [one for one in findings if one.met is Met.NOT_MET and one.why not in _CONSEQUENCES]
    failing = {one.criterion for one in unmet}
    implied = [_IMPLIED[one] for one in failing if one in _IMPLIED]
    return [one for one in unmet if not any(one.criterion in those for those in implied)]


def _called(row: Row, unmet: Sequence[Finding], profile: Profile, alternatives: Alternatives) -> Measure | None:
    because = tuple(one for one in unmet if one.criterion in row.criteria)
    if not because:
        return None
    lines = tuple(dict.fromkeys(line for one in because for line in one.publish))
    layer = _LAYERS.get(row.action)
    if layer is None:
        return Measure(row.action, row.estimate, None, because, publish=lines)
    others = _others(layer, profile, alternatives)
    foreign = _foreign(layer, profile)
    return Measure(row.action, row.estimate, layer, because, foreign, publish=lines, alternatives=others)


def _moves(layers: Iterable[Layer], profile: Profile, alternatives: Alternatives) -> Iterable[Measure]:
    """Layers under foreign law to leave, and names that one company alone serves."""
    for layer in layers:
        if foreign := _foreign(layer, profile):
            others = _others(layer, profile, alternatives)
            yield Measure(Action.LEAVE, MOVES[layer], layer, holders=foreign, alternatives=others)
    names = profile.layer(Layer.DNS)
    if names.state is State.FOUND and len({one.provider for one in names.held}) == 1:
        others = _others(Layer.DNS, profile, alternatives)
        due = Measure(Action.SECOND_DNS, SECOND_DNS, Layer.DNS, holders=names.held[:1], alternatives=others)
        yield replace(due, services=(WEB, MAIL) if _takes_mail(profile) else (WEB,))


def _takes_mail(profile: Profile) -> bool:
    """Whether the names of the site's domain are those of the mail's too: at a provider's own domain they are not."""
    same = any(one.reason is Reason.SAME_DOMAIN for one in profile.layer(Layer.MAIL_DNS).because)
    return same and profile.layer(Layer.MAIL).state is not State.NONE


def _foreign(layer: Layer, profile: Profile) -> tuple[Held, ...]:
    """Holders of a layer whose owner obeys neither European law nor that of a country held adequate."""
    verdict = profile.layer(layer)
    foreign = [one for one in verdict.held if one.law in {Law.US, Law.OTHER}]
    return tuple(sorted(foreign, key=lambda one: one.provider)) if verdict.state is State.FOUND else ()


def _others(layer: Layer, profile: Profile, alternatives: Alternatives) -> tuple[Alternative, ...]:
    present = {one.provider for one in profile.layer(layer).held}
    listed = alternatives.get(layer, ())
    return tuple(one for one in listed if one.sort is not Sort.PROVIDER or one.slug not in present)
