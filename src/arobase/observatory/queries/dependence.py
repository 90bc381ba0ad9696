"""Whom communes' mail depends on, as far as it is known: the graph in memory, made again when the data changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from arobase.observatory.models import OfficialDomain, OthersVerdict, Purpose
from arobase.observatory.rules.mail import MailFacts, interpret
from arobase.observatory.rules.needs import NOTHING, Provider, Service
from arobase.observatory.rules.outage import Graph
from arobase.observatory.rules.providers import Catalogue, Law
from arobase.territories.models import Kind, SourceState, Territory

SERVICE = "mail"
READ_FROM = ("code", "domains", "mail_verdicts")
SOFTWARE = frozenset({"bluemind"})  # a peer's word for a program, which a town may run itself


class Origin(StrEnum):
    """Where a verdict comes from."""

    DECLARED = "declared"  # the address that the town declares is at the provider's own domain
    OTHERS = "others"  # another project's verdict
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Town:
    """A commune, the domain of its declared address, and whose the mailboxes are; `provider` empty where not known."""

    id: str
    code: str
    name: str
    department: str
    region: str
    population: int
    host: str
    provider: str
    origin: Origin


@dataclass(frozen=True, eq=False)
class Dependence:
    """Every commune and the graph of their mail: service number n is that of town n.

    seen_by_others  project and day of the verdicts that are not ours
    """

    towns: Sequence[Town]
    graph: Graph
    catalogue: Catalogue
    regions: Mapping[str, str]
    seen_by_others: tuple[str, date] | None

    @cached_property
    def origins(self) -> Mapping[Origin, int]:
        return Counter(one.origin for one in self.towns)

    @cached_property
    def known(self) -> int:
        """Communes of which a provider is known."""
        return self.origins.get(Origin.DECLARED, 0) + self.origins.get(Origin.OTHERS, 0)

    @cached_property
    def inhabitants(self) -> int:
        return sum(one.population for one in self.towns if one.provider)

    def name(self, failure: str) -> str:
        """What a failure is called: a provider's or a group's name, a country's code."""
        kind, colon, what = failure.partition(":")
        if not colon:
            return self.catalogue.providers[failure].name if failure in self.catalogue.providers else failure
        return self.catalogue.companies[what].name if kind == "owner" and what in self.catalogue.companies else what

    def law(self, slug: str) -> Law:
        return self.catalogue.law(slug)


_kept: dict[str, tuple[str, Dependence]] = {}


def dependence(catalogue: Catalogue) -> Dependence:
    """What is known today; read again only when a source was loaded since."""
    version = _version(catalogue)
    kept = _kept.get("now")
    if kept is None or kept[0] != version:
        kept = _kept["now"] = (version, _read(catalogue))
    return kept[1]


def forget() -> None:
    """Read again next time."""
    _kept.clear()


def _version(catalogue: Catalogue) -> str:
    loaded = SourceState.objects.filter(name__in=READ_FROM).order_by("name").values_list("name", "loaded_at")
    return f"{catalogue.version} {list(loaded)}"


def _read(catalogue: Catalogue) -> Dependence:
    hosts = dict(
        OfficialDomain.objects.filter(purpose=Purpose.MAIL, until__isnull=True).values_list("territory_id", "host")
    )
    others = {one.territory_id: one for one in OthersVerdict.objects.order_by("told_on")}
    columns = ("id", "code", "name", "department__code", "region_id", "population")
    rows = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True).order_by("code").values_list(*columns)
    towns = []
    for id, code, name, department, region, population in rows:
        host = hosts.get(id, "")
        provider, origin = whose(host, others[id].provider if id in others else "", catalogue)
        place = (department or "", region or "")
        towns.append(Town(id, code, name, *place, population or 0, host, provider, origin))
    services = [Service(one.id, SERVICE, one.provider or NOTHING) for one in towns]
    slugs = sorted({one.provider for one in towns if one.provider})
    regions = dict(Territory.objects.filter(kind__in=[Kind.REGION, Kind.COLLECTIVITY]).values_list("id", "name"))
    latest = max(((one.project, one.told_on) for one in others.values()), key=lambda seen: seen[1], default=None)
    return Dependence(
        towns, Graph(services, [_provider(slug, catalogue) for slug in slugs]), catalogue, regions, latest
    )


def whose(host: str, others: str, catalogue: Catalogue) -> tuple[str, Origin]:
    """Ours where the address tells, else another's where it names a provider that we know, and not for a namesake."""
    ours = interpret(host, MailFacts(), catalogue, registrable=str).provider if host else ""
    if ours:
        return ours, Origin.DECLARED
    if others in catalogue.providers and others not in SOFTWARE and not catalogue.is_namesake(host, others):
        return others, Origin.OTHERS
    return "", Origin.NONE


def _provider(slug: str, catalogue: Catalogue) -> Provider:
    last = catalogue.owners(slug)[-1]
    return Provider(slug, owner=last.slug, country=last.country)
