"""Builders of what a town declares and of what was learnt of it: all in order unless a test says otherwise."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.criteria.judge import Judgement, judge
from arobase.observatory.rules.criteria.presence import Presence
from arobase.observatory.rules.facts import DomainFacts, Network
from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Law
from arobase.observatory.rules.visits import Certificate, Ending, Hop, Page, Secured, Site, Visit
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
DMARC = "v=DMARC1; p=reject; rua=mailto:dmarc@ville.fr"


def a_certificate(*, until: date = date(2027, 2, 1), problem: str = "") -> Certificate:
    return Certificate("www.ville.fr", ("ville.fr",), "Let's Encrypt", "R13", date(2026, 11, 1), until, problem)


def a_visit(start: str, final: str = "https://www.ville.fr/", *, status: int = 200, **told) -> Visit:
    """A way into a site that ends at a page."""
    told.setdefault("secured", Secured("TLSv1.3", a_certificate()) if final.startswith("https:") else None)
    return Visit(start, told.pop("ending", Ending.ANSWERED), (Hop(final, status),), **told)


def a_failure(start: str, ending: Ending) -> Visit:
    return Visit(start, ending)


def a_site(*changed: Visit, page: Page | None = None, domain: str = "ville.fr", **told) -> Site:
    """A site whose four ways lead to https with www, but for those that are changed."""
    starts = [f"{scheme}://{www}{domain}/" for scheme in ("http", "https") for www in ("", "www.")]
    others = {one.start: one for one in changed}
    ways = tuple(others.get(start) or a_visit(start, f"https://www.{domain}/") for start in starts)
    return Site(domain, AT, ways, page, **told)


RECORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ville.fr", "MX"): ("10 mx1.ville.fr", "20 mx2.ville.fr"),
    ("ville.fr", "TXT"): ("v=spf1 mx -all", "unrelated=1"),
    ("_dmarc.ville.fr", "TXT"): (DMARC,),
    ("_mta-sts.ville.fr", "TXT"): (),
    ("_smtp._tls.ville.fr", "TXT"): (),
    ("ville.fr", "CAA"): ("0 issue letsencrypt.org",),
    ("ville.fr", "AAAA"): ("2001:db8::80",),
    ("mx1.ville.fr", "A"): ("192.0.2.1",),
    ("mx2.ville.fr", "A"): ("192.0.2.2",),
}
NETWORKS = {"192.0.2.1": Network(64500, "NET", "FR"), "192.0.2.2": Network(64501, "NET", "DE")}


def some_facts(
    changed: Mapping[tuple[str, str], tuple[str, ...] | Outcome | None] | None = None,
    *,
    domain: str = "ville.fr",
    site: Site | None = None,
    networks: Mapping[str, Network] = NETWORKS,
) -> DomainFacts:
    """A domain's facts: records, how a question ended where it did not end with records, or None for not asked."""
    told = {**RECORDS, **(changed or {})}
    return DomainFacts(
        domain, DAY, {ask: _answer(ask, one) for ask, one in told.items() if one is not None}, site, networks
    )


def _answer(ask: tuple[str, str], told: tuple[str, ...] | Outcome) -> Answer:
    if isinstance(told, Outcome):
        return Answer(*ask, told)
    return Answer(*ask, Outcome.ANSWER if told else Outcome.NO_DATA, told)


def a_judgement(
    site: str | None = "https://www.ville.fr/",
    mail: str | None = "ville.fr",
    *,
    web: DomainFacts | None = None,
    letters: DomainFacts | None = None,
    profile: Profile | None = None,
) -> Judgement:
    """What the criteria say; the facts are in order unless they are given."""
    web = web or some_facts(site=a_site())
    return judge(Presence(site, mail, web, letters or some_facts(), profile), catalogue(), registrable=registrable)


def held(provider: str, law: Law = Law.EU, **told) -> Held:
    return Held(provider, law, told.pop("owner_country", {Law.EU: "FR", Law.US: "US"}.get(law, "")), **told)


def by(*holders: Held, **told) -> LayerVerdict:
    return LayerVerdict(State.FOUND, holders, **told)


def a_profile(on: date = DAY, **layers: LayerVerdict) -> Profile:
    """Layers by name, `mail_dns` for mail-dns."""
    return Profile(on, {Layer(name.replace("_", "-")): verdict for name, verdict in layers.items()})
