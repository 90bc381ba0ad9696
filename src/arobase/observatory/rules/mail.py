"""Who holds a domain's mailboxes, read off its DNS: the mailbox behind the filter, and how sure that is.

The mail exchanger (MX, RFC 5321 section 5.1) tells where mail goes first. Where a known filter or the domain's own
host stands there, DKIM keys, autodiscover, verification records and SPF tell what lies behind, in that order: the first
two are set up for mailboxes, a verification shows an account, and SPF is weak, because a DNS host writes it unasked.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from arobase.observatory.rules import spf
from arobase.observatory.rules.companies import SELF, Law, Sign, names_a_host, national
from arobase.observatory.rules.evidence import Evidence as Evidence
from arobase.observatory.rules.evidence import Reason as Reason
from arobase.observatory.rules.providers import Catalogue

Registrable = Callable[[str], str]


@dataclass(frozen=True)
class MailFacts:
    """What was asked of a domain's mail; None where it was not asked or not answered.

    mx           (preference, host); an empty host is a null MX (RFC 7505)
    spf_records  those resolved below the domain's own
    mx_cnames    what mail exchangers' names are aliases of
    autodiscover, dkim   what those names are aliases of, where no wildcard answers for them
    """

    mx: Sequence[tuple[int, str]] | None = None
    txt: Sequence[str] = ()
    spf_records: Sequence[str] = ()
    mx_cnames: Mapping[str, str] = field(default_factory=dict)
    mx_systems: Sequence[int] = ()
    mx_countries: Sequence[str] = ()
    autodiscover: Sequence[str] = ()
    dkim: Sequence[str] = ()
    verifications: Sequence[str] = ()


class Basis(StrEnum):
    """What a verdict rests on; each has its own measured confidence."""

    ADDRESS = "address"
    MX = "mx"
    BEHIND_STRONG = "behind-strong"  # DKIM or autodiscover behind a filter or a host of one's own
    BEHIND_ACCOUNT = "behind-account"  # a verification record, alone or with SPF
    BEHIND_SPF = "behind-spf"  # SPF alone
    BEHIND_HOST = "behind-host"  # a host that SPF names
    OWN = "own"
    OPERATOR = "operator"
    NONE = "none"


@dataclass(frozen=True)
class MailVerdict:
    """Whose the mailboxes are.

    provider   slug, `self`, a registrable domain where the operator is in no list, or empty when nothing tells
    gateway    slug of the filter in front, or empty
    countries  where the addresses of the mail exchangers are registered
    law        of those that its company and its owners obey, the one that counts
    """

    provider: str
    gateway: str
    basis: Basis
    countries: tuple[str, ...]
    owner_country: str
    law: Law
    because: tuple[Evidence, ...]


@dataclass(frozen=True)
class _Front:
    """What the mail exchangers alone tell: mailbox providers, filter, else the host itself."""

    mailboxes: tuple[Evidence, ...]
    gateway: Evidence | None
    host: str

    @property
    def shown(self) -> tuple[Evidence, ...]:
        return (self.gateway,) if self.gateway else ()


def interpret(
    domain: str, facts: MailFacts, catalogue: Catalogue, *, registrable: Registrable, country: str = ""
) -> MailVerdict:
    """The verdict on a domain's mail.

    domain       in lower case, ASCII
    registrable  the part of a name that someone registered, by the public suffix list
    country      of the territory, whose law holds over its own machines; empty where only the domain's ending may tell
    """
    return _Reading(domain.lower().rstrip("."), facts, catalogue, registrable, country).verdict()


@dataclass(frozen=True)
class _Reading:
    """One domain being read."""

    domain: str
    facts: MailFacts
    catalogue: Catalogue
    registrable: Registrable
    country: str

    def verdict(self) -> MailVerdict:
        """From the plainest evidence to the weakest."""
        if address := self.catalogue.known(Sign.ADDRESSES, self.domain):
            return self._for(address, Basis.ADDRESS, [Evidence(Reason.ADDRESS, self.domain, address)])
        hosts = [host.lower().rstrip(".") for _preference, host in sorted(self.facts.mx or (), key=lambda one: one[0])]
        if not any(hosts):
            asked = Reason.NULL_MX if hosts else Reason.NO_MX
            return self._nothing(Evidence(Reason.NOT_ASKED if self.facts.mx is None else asked, self.domain))
        front = self._front([host for host in hosts if host])
        if not front.mailboxes:
            return self._behind(front)
        if relayed := self._relayed(front.mailboxes):
            because = [front.mailboxes[0], *relayed]
            return self._for(relayed[0].slug, Basis.BEHIND_STRONG, because, gateway=front.mailboxes[0].slug)
        because = [front.mailboxes[0], *front.shown]
        return self._for(front.mailboxes[0].slug, Basis.MX, because, gateway=_slug(front.gateway))

    def _front(self, hosts: Sequence[str]) -> _Front:
        """The mailbox providers and the first filter among the mail exchangers, in the order of preference."""
        gateway, mailboxes = None, list[Evidence]()
        for host in hosts:
            for name, reason in zip(self._names(host), (Reason.MX, Reason.MX_ALIAS), strict=True):
                if slug := self.catalogue.known(Sign.GATEWAY, name):
                    gateway = gateway or Evidence(Reason.GATEWAY, name, slug)
                elif slug := self.catalogue.known(Sign.MX, name):
                    mailboxes.append(Evidence(reason, name, slug))
        named = [host for host in hosts if names_a_host(host)]
        others = [host for host in named if not self._is_filter(host)]
        return _Front(tuple(mailboxes), gateway, (others or named or hosts)[0])

    def _names(self, host: str) -> tuple[str, str]:
        """An exchanger's name, and what it is an alias of."""
        return host, self.facts.mx_cnames.get(host, "")

    def _is_filter(self, host: str) -> bool:
        return any(self.catalogue.known(Sign.GATEWAY, name) for name in self._names(host))

    def _relayed(self, mailboxes: Sequence[Evidence]) -> list[Evidence]:
        """What shows twice over that the first mail exchanger only hands on, and nothing says that it does not."""
        first, strong, senders = mailboxes[0].slug, self._strong(), self._senders()
        elsewhere = [one for one in strong if one.slug != first]
        if not elsewhere or any(one.slug == first for one in (*strong, *senders)):
            return []
        slug = _most(elsewhere, senders)
        support = [one for one in (*elsewhere, *mailboxes, *senders) if one.slug == slug]
        return support if len({one.reason for one in support}) > 1 else []

    def _behind(self, front: _Front) -> MailVerdict:
        """What lies behind a filter, or behind a host that no list knows."""
        strong, account, senders, hosts = self._strong(), self._accounts(), self._senders(), self._named_hosts()
        has_key = any(one.reason is Reason.DKIM for one in strong)
        if strong and (front.gateway or has_key or {one.slug for one in strong} & {one.slug for one in senders}):
            slug = _most(strong, [*account, *senders])
            return self._found(slug, Basis.BEHIND_STRONG, front, [*strong, *account, *senders])
        if front.gateway and account and (senders or not hosts):
            for_mail = [one for one in account if not self.catalogue.providers[one.slug].txt_other_uses]
            slug = _most(for_mail or account, senders)
            return self._found(slug, Basis.BEHIND_ACCOUNT, front, [*account, *senders])
        asked_for = [one for one in senders if not self.catalogue.providers[one.slug].spf_by_itself]
        telling = [one for one in asked_for if one.reason is Reason.SPF]
        if telling and (front.gateway or self._is_all_that_sends()):
            slug = _most(telling, [])
            alone = [] if front.gateway else [Evidence(Reason.SPF_ALONE, front.host, slug)]
            return self._found(slug, Basis.BEHIND_SPF, front, [*alone, *senders])
        return self._operated(front, hosts)

    def _operated(self, front: _Front, hosts: Sequence[str]) -> MailVerdict:
        """A host of one's own, an operator that no list names, or a host that SPF names behind a filter."""
        basis, reason, host = Basis.OPERATOR, Reason.OPERATOR, front.host
        if not names_a_host(host):
            return self._nothing(Evidence(Reason.NO_HOST, host))
        if self._is_filter(host):
            if not hosts:
                nothing = Evidence(Reason.NOTHING_BEHIND, host)
                return self._nothing(nothing, gateway=_slug(front.gateway), shown=front.shown)
            basis, reason, host = Basis.BEHIND_HOST, Reason.SPF_HOST, hosts[0]
        operator = self.catalogue.known(Sign.MX, host) or self.registrable(host)
        if operator == self.registrable(self.domain):
            operator = SELF
            if reason is Reason.OPERATOR:
                basis, reason = Basis.OWN, Reason.OWN_HOST
        because = [*front.shown, Evidence(reason, host, operator), *self._systems()]
        return self._for(operator, basis, because, gateway=_slug(front.gateway))

    def _strong(self) -> list[Evidence]:
        """What is set up for mailboxes: DKIM keys and autodiscover."""
        pointed = (
            (Reason.DKIM, Sign.DKIM, self.facts.dkim),
            (Reason.AUTODISCOVER, Sign.AUTODISCOVER, self.facts.autodiscover),
        )
        return [
            Evidence(reason, name, slug)
            for reason, sign, names in pointed
            for name in names
            if (slug := self.catalogue.known(sign, name)) and not self.catalogue.providers[slug].sends_only
        ]

    def _accounts(self) -> list[Evidence]:
        """Accounts that a verification record shows, of those who hold mailboxes."""
        return [
            Evidence(Reason.VERIFICATION, key, slug)
            for key in self.facts.verifications
            if (slug := self.catalogue.known(Sign.TXT, key)) and self.catalogue.providers[slug].signs.get(Sign.MX)
        ]

    def _senders(self) -> list[Evidence]:
        """Mailbox providers that SPF lets send: named by the domain itself, then by what it includes."""
        found: dict[str, Evidence] = {}
        for reason, texts in ((Reason.SPF, spf.records(self.facts.txt)), (Reason.SPF_BELOW, self.facts.spf_records)):
            for name in (name for text in texts for name in spf.authorised(text)):
                slug = self.catalogue.known(Sign.SPF, name)
                if slug and not self.catalogue.providers[slug].sends_only:
                    found.setdefault(slug, Evidence(reason, name, slug))
        return list(found.values())

    def _named_hosts(self) -> list[str]:
        """Hosts that the domain's own SPF names one by one (`a:`, `mx:`): no sender's, no filter's, and no macro."""
        named = [one.value for text in spf.records(self.facts.txt) for one in spf.terms(text) if one.is_host]
        others = (Sign.SPF, Sign.GATEWAY)
        return [
            one for one in named if names_a_host(one) and not any(self.catalogue.known(sign, one) for sign in others)
        ]

    def _is_all_that_sends(self) -> bool:
        """Whether the domain's one SPF record vouches for a single include and for no address or host of its own."""
        texts = spf.records(self.facts.txt)
        vouched = [one.mechanism for one in spf.terms(texts[0]) if one.qualifier == "+"] if len(texts) == 1 else []
        return vouched == ["include"]

    def _systems(self) -> list[Evidence]:
        """Known networks in which the mail exchangers stand."""
        systems = ((asn, self.catalogue.of_system(asn)) for asn in self.facts.mx_systems)
        return [Evidence(Reason.SYSTEM, f"AS{asn}", slug) for asn, slug in systems if slug]

    def _found(self, slug: str, basis: Basis, front: _Front, support: Iterable[Evidence]) -> MailVerdict:
        because = [*front.shown, *(one for one in support if one.slug == slug)]
        return self._for(slug, basis, because, gateway=_slug(front.gateway))

    def _for(self, slug: str, basis: Basis, because: Iterable[Evidence], *, gateway: str = "") -> MailVerdict:
        own = self.country or national(self.domain)
        country, law = self.catalogue.country_of(slug, own=own), self.catalogue.law(slug, own=own)
        return MailVerdict(slug, gateway, basis, tuple(self.facts.mx_countries), country, law, tuple(because))

    def _nothing(self, why: Evidence, *, gateway: str = "", shown: tuple[Evidence, ...] = ()) -> MailVerdict:
        return MailVerdict("", gateway, Basis.NONE, tuple(self.facts.mx_countries), "", Law.UNKNOWN, (*shown, why))


def _slug(one: Evidence | None) -> str:
    return one.slug if one else ""


def _most(first: Sequence[Evidence], then: Sequence[Evidence]) -> str:
    """Whom most of the first evidence points to; among equals whom the rest supports, then who was met first."""
    votes, support = Counter(one.slug for one in first), Counter(one.slug for one in then)
    order = [one.slug for one in first]
    return max(votes, key=lambda slug: (votes[slug], support[slug], -order.index(slug)))
