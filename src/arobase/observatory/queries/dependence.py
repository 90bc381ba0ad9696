"""Whom subjects depend on, as far as it is known: the graph in memory, made again when the data changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
from django.db.models import Count
from django.utils.timezone import localdate

from arobase.observatory.models import (
    About,
    Campaign,
    CampaignState,
    Correction,
    OfficialDomain,
    OptOut,
    OthersVerdict,
    Purpose,
)
from arobase.observatory.queries.follow import certificate_ends, left_out_domains
from arobase.observatory.rules.companies import law_of, national
from arobase.observatory.rules.mail import MailFacts, interpret
from arobase.observatory.rules.needs import Need, Provider, Service, names_in, of_told
from arobase.observatory.rules.outage import Flags, Graph, Indices
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Catalogue, Law
from arobase.observatory.rules.services import MAIL, SERVICES, WEB, provider, services_in
from arobase.territories.models import Kind, SourceState, Territory

READ_FROM = ("code", "domains", "mail_verdicts")
UNPEOPLED = 0.1  # share of subjects without a population from which subjects are counted, not inhabitants
SOFTWARE = frozenset({"bluemind"})  # a peer's word for a program, which a town may run itself


class Origin(StrEnum):
    """Where it is known from whom a service needs."""

    MEASURED = "measured"  # by our own campaign
    DECLARED = "declared"  # the address that the town declares is at the provider's own domain
    RECORDED = "recorded"  # our rules on facts that another project gathered
    OTHERS = "others"  # another project's verdict
    STUDY = "study"  # another project's graph, as it stands
    INVENTED = "invented"  # the test Internet


@dataclass(frozen=True, slots=True)
class Source:
    """Whose facts something is known from, and of which day; no name where they are our own."""

    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Subject:
    """Whoever depends on someone: a commune, a public body, an invented town.

    code        of a commune, empty for others; region and department are ids and codes of the ground, empty for others
    population  None where nobody gives it
    """

    id: str
    name: str
    code: str = ""
    department: str = ""
    region: str = ""
    population: int | None = None
    country: str = ""
    site: str = ""
    mail: str = ""


@dataclass(frozen=True, eq=False)
class Dependence:
    """Subjects and the graph of their services.

    slug      of the set: `communes`, …
    origins   of each service of the graph, in its order
    regions   names by id
    on        day of the facts: of our campaign, else of the latest source
    source    whose facts, where they are not ours
    sources   by origin, from whom and of which day
    laws      by subject and node where facts tell them otherwise than the catalogue: of one's own machines only they do
    certificates  by subject, the last day of its site's certificate; missing where nobody saw one
    """

    slug: str
    subjects: Sequence[Subject]
    graph: Graph
    catalogue: Catalogue
    origins: Sequence[Origin]
    regions: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    source: str = ""
    sources: Mapping[Origin, Source] = field(default_factory=dict)
    laws: Mapping[tuple[str, str], Law] = field(default_factory=dict)
    certificates: Mapping[str, date] = field(default_factory=dict)

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Number of each subject, by id."""
        return {one.id: at for at, one in enumerate(self.subjects)}

    @cached_property
    def subject_of(self) -> Indices:
        """Number of the subject of each service."""
        return np.array([self.at[one.territory] for one in self.graph.services], dtype=np.int64)

    def services_of(self, id: str) -> list[int]:
        """Numbers of the services of one subject; none of whoever is not among the subjects."""
        return np.flatnonzero(self.subject_of == self.at[id]).tolist() if id in self.at else []

    @cached_property
    def of_kind(self) -> Mapping[str, Flags]:
        """By kind of service (web, mail, names), which services of the graph are of it; those that nobody has not."""
        kinds = np.array([one.service for one in self.graph.services])
        return {kind: kinds == kind for kind in SERVICES if (kinds == kind).any()}

    @cached_property
    def populations(self) -> Indices:
        """Inhabitants of each subject, 0 where they are unknown."""
        return np.array([one.population or 0 for one in self.subjects], dtype=np.int64)

    @cached_property
    def is_peopled(self) -> Flags:
        """By subject, whether its population is known."""
        return np.array([one.population is not None for one in self.subjects], dtype=bool)

    @property
    def counts_people(self) -> bool:
        """Whether populations are known of nearly all, so that inhabitants can tell which outage hurts most."""
        return bool((~self.is_peopled).sum() <= UNPEOPLED * len(self.subjects))

    def law(self, subject: str, node: str) -> Law:
        """Whose law the holder of a node obeys, as it was told of this subject."""
        return self.laws.get((subject, node)) or self.catalogue.law(node.partition(":")[2])

    def known(self, kind: str) -> Flags:
        """By subject, whether it is known whom this service needs."""
        flags = np.zeros(len(self.subjects), dtype=bool)
        if kind in self.of_kind:
            flags[self.subject_of[self.of_kind[kind]]] = True
        return flags

    @cached_property
    def hostless(self) -> int:
        """Sites of which it is known what stands in front, and not who hosts them."""
        sites = (names for one, names in self.graph.direct() if one.service == WEB)
        wanted = (f"{Layer.HOSTING}:", f"{Layer.CDN}:")
        return sum(not any(name.startswith(wanted) for name in names) for names in sites)

    def counted(self, kind: str) -> Mapping[Origin, int]:
        """How many services of a kind are known from where."""
        if kind not in self.of_kind:
            return {}
        return Counter(self.origins[at] for at in np.flatnonzero(self.of_kind[kind]).tolist())

    def name(self, failure: str) -> str:
        """What a node or group is called, without its kind: a provider's or a group's name, else what it is."""
        kind, colon, what = failure.partition(":")
        if not colon:
            kind, what = "", failure
        if kind == "owner" and what in self.catalogue.companies:
            return self.catalogue.companies[what].name
        return self.catalogue.providers[what].name if what in self.catalogue.providers else what


_kept: dict[str, tuple[str, Dependence]] = {}


def dependence(catalogue: Catalogue, about: About = About.COMMUNES) -> Dependence:
    """What is known today of a set of subjects; read again only when something was loaded or published since."""
    version = _version(catalogue, about)
    kept = _kept.get(about)
    if kept is None or kept[0] != version:
        read = _communes if about is About.COMMUNES else _others
        kept = _kept[about] = (version, read(catalogue, about))
    return kept[1]


def forget() -> None:
    """Read again next time."""
    _kept.clear()


def published(about: About) -> Campaign | None:
    """The latest campaign that is shown."""
    return Campaign.objects.filter(about=about, state=CampaignState.PUBLISHED).order_by("-began_at").first()


def _version(catalogue: Catalogue, about: About) -> str:
    """What the reading rests on: sources, campaigns, corrections and requests to be left out."""
    loaded = SourceState.objects.filter(name__in=READ_FROM).values_list("name", "loaded_at")
    shown = Campaign.objects.filter(about__in={about, About.EUROPE}, state=CampaignState.PUBLISHED)
    marks = sorted(
        [
            *loaded,
            *((f"{one_about} {id}", ended) for one_about, id, ended in shown.values_list("about", "id", "ended_at")),
        ]
    )
    asked = OptOut.objects.aggregate(n=Count("pk"), ended=Count("until"))
    corrected = Correction.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f"{catalogue.version} {marks} {asked} {corrected}"


def _others(catalogue: Catalogue, about: About) -> Dependence:
    """Subjects of a campaign that are no communes of the ground: what the campaign says of them."""
    campaign = published(about)
    if campaign is None:
        return Dependence(about, (), Graph((), ()), catalogue, ())
    origin = Origin.INVENTED if about is About.TRIAL else Origin.RECORDED if campaign.source else Origin.MEASURED
    columns = ("subject", "name", "country", "population", "site", "mail", "wires")
    subjects, services = [], list[Service]()
    shown = campaign.standings.exclude(subject__in=left_out_domains()).order_by("subject")
    for id, name, country, people, site, mail, wires in shown.values_list(*columns):
        place = {"region": country} if about is About.EUROPE else {}
        subjects.append(Subject(id, name, population=people, country=country, site=site, mail=mail, **place))
        services += services_in(id, wires)
    seats = _seats(services, {one.id: one.country for one in subjects}, catalogue)
    graph = _graph(services, catalogue, _zones(campaign), seats)
    origins = [origin] * len(services)
    regions = {one.region: one.region for one in subjects if one.region}
    day = campaign.began_at.date()
    sources = {origin: Source(campaign.source, day)}
    laws, ends = _laws(services, catalogue), certificate_ends(shown)
    return Dependence(about, subjects, graph, catalogue, origins, regions, day, campaign.source, sources, laws, ends)


def _communes(catalogue: Catalogue, about: About) -> Dependence:
    """All communes of today: what our campaign measured, else what addresses, recorded facts or others tell of mail."""
    campaign = published(about)
    measured = _wires(campaign) if campaign else {}
    left_out = set(OptOut.objects.filter(until__isnull=True).values_list("territory_id", flat=True))
    known_mail = _mail_otherwise(catalogue)
    subjects, services, origins = [], list[Service](), list[Origin]()
    for one in _towns():
        subjects.append(one)
        if one.id in left_out:
            continue
        own = services_in(one.id, measured.get(one.id, []))
        services += own
        origins += [Origin.MEASURED] * len(own)
        if one.id in known_mail and all(service.service != MAIL for service in own):
            service, origin = known_mail[one.id]
            services.append(replace(service, territory=one.id))
            origins.append(origin)
    regions = dict(Territory.objects.filter(kind__in=[Kind.REGION, Kind.COLLECTIVITY]).values_list("id", "name"))
    seats = _seats(services, {one.id: one.country for one in subjects}, catalogue)
    graph = _graph(services, catalogue, _zones(campaign) if campaign else {}, seats)
    day = campaign.began_at.date() if campaign else None
    ends = certificate_ends(campaign.standings.exclude(subject__in=left_out)) if campaign else {}
    laws = _laws(services, catalogue)
    return Dependence(about, subjects, graph, catalogue, origins, regions, day, "", _sources(day), laws, ends)


def _laws(services: Iterable[Service], catalogue: Catalogue) -> dict[tuple[str, str], Law]:
    """What services tell of laws that the catalogue does not: nearly all say the same, and are not kept twice."""
    by_node = {node: catalogue.law(node.partition(":")[2]) for one in services for node in one.laws}
    return {
        (one.territory, node): law for one in services for node, law in one.laws.items() if law is not by_node[node]
    }


def _sources(measured_on: date | None) -> dict[Origin, Source]:
    """From whom what is known of communes is known, and of which day."""
    found = {Origin.MEASURED: Source("", measured_on)} if measured_on else {}
    if directory := SourceState.objects.filter(name="domains").first():
        found[Origin.DECLARED] = Source(directory.version, localdate(directory.loaded_at))
    if recorded := published(About.EUROPE):
        found[Origin.RECORDED] = Source(recorded.source, recorded.began_at.date())
    if others := OthersVerdict.objects.order_by("-told_on").first():
        found[Origin.OTHERS] = Source(others.project, others.told_on)
    return found


def _towns() -> Iterator[Subject]:
    hosts: dict[str, dict[str, str]] = {purpose: {} for purpose in Purpose.values}
    current = OfficialDomain.objects.filter(until__isnull=True)
    for id, purpose, host in current.values_list("territory_id", "purpose", "host"):
        hosts[purpose][id] = host
    columns = ("id", "name", "code", "department__code", "region_id", "population")
    rows = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True).order_by("code").values_list(*columns)
    for id, name, code, department, region, people in rows:
        yield Subject(
            id,
            name,
            code,
            department or "",
            region or "",
            people,
            "FR",
            hosts[Purpose.WEB].get(id, ""),
            hosts[Purpose.MAIL].get(id, ""),
        )


def _mail_otherwise(catalogue: Catalogue) -> dict[str, tuple[Service, Origin]]:
    """By territory, its mail where our campaign does not say so: the surest origin."""
    mail = OfficialDomain.objects.filter(purpose=Purpose.MAIL, until__isnull=True).values_list("territory_id", "host")
    verdicts = OthersVerdict.objects.order_by("told_on").values_list("territory_id", "domain", "provider")
    others = {(id, domain): slug for id, domain, slug in verdicts}  # of another domain than today's they say nothing
    recorded = _recorded_mail()
    found: dict[str, tuple[Service, Origin]] = {}
    for id, host in mail:
        slug, origin = whose(host, others.get((id, host), ""), catalogue)
        if origin is not Origin.DECLARED and host in recorded:
            found[id] = (recorded[host], Origin.RECORDED)
        elif origin is not None:
            found[id] = (Service(id, MAIL, f"{MAIL}:{slug}"), origin)
    return found


@dataclass(frozen=True)
class Recorded:
    """What the mail of one domain needs by our rules on facts that another project recorded: whose, of which day."""

    needs: Need
    source: str
    on: date


def recorded_mail(host: str) -> Recorded | None:
    """What is recorded of a domain's mail; None where nothing is."""
    campaign = published(About.EUROPE)
    wires = campaign and campaign.standings.filter(country="FR", subject=host).values_list("wires", flat=True).first()
    if not (campaign and wires):
        return None
    needs = [one.needs for one in services_in(host, wires) if one.service == MAIL]
    return Recorded(needs[0], campaign.source, campaign.began_at.date()) if needs else None


def _recorded_mail() -> dict[str, Service]:
    """By domain, its mail by our rules on facts that another project recorded in France."""
    campaign = published(About.EUROPE)
    if campaign is None:
        return {}
    rows = campaign.standings.filter(country="FR").values_list("subject", "wires")
    return {
        domain: service for domain, wires in rows for service in services_in(domain, wires) if service.service == MAIL
    }


def whose(host: str, others: str, catalogue: Catalogue) -> tuple[str, Origin | None]:
    """Ours where the address tells, else another's where it names a provider that we know, and not for a namesake."""
    ours = interpret(host, MailFacts(), catalogue, registrable=str).provider if host else ""
    if ours:
        return ours, Origin.DECLARED
    if others in catalogue.providers and others not in SOFTWARE and not catalogue.is_namesake(host, others):
        return others, Origin.OTHERS
    return "", None


def _wires(campaign: Campaign) -> dict[str, list[list[object]]]:
    return dict(campaign.standings.values_list("subject", "wires"))


def _zones(campaign: Campaign) -> dict[str, Need]:
    return {zone: of_told(needs) for zone, needs in campaign.zones.items()}


def _seats(services: Iterable[Service], countries: Mapping[str, str], catalogue: Catalogue) -> dict[str, str]:
    """By node of someone in no list, the country whose law a subject tells of it: its own, of its own machines.

    countries  by subject
    """
    found: dict[str, str] = {}
    for one in services:
        for node, law in one.laws.items():
            what = node.partition(":")[2]
            if what not in catalogue.providers and node not in found:
                seat = catalogue.state_of(what) or countries.get(one.territory, "") or national(what)
                if law_of(seat) is law:
                    found[node] = seat
    return found


def _graph(
    services: Sequence[Service], catalogue: Catalogue, zones: Mapping[str, Need], seats: Mapping[str, str]
) -> Graph:
    """The services with every provider that they need, and those that these need in turn.

    seats  countries of those of whom the catalogue tells none
    """
    nodes: dict[str, Provider] = {}
    ahead = [name for one in services for name in (*names_in(one.needs), *one.degraded_by)]
    while ahead:
        fresh = [provider(name, catalogue, zones) for name in dict.fromkeys(ahead) if name not in nodes]
        nodes |= {one.name: one for one in fresh}
        ahead = [name for one in fresh for name in names_in(one.needs)]
    return Graph(services, [replace(one, country=one.country or seats.get(one.name, "")) for one in nodes.values()])
