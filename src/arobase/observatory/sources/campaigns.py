"""A whole campaign: ask name servers, visit sites, ask about the operators' own zones, then read what was found.

Stopped anywhere, the same command goes on where it stopped: facts are on disk by shard, and a campaign that runs is
taken up again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from arobase.observatory.actions import campaigns
from arobase.observatory.models import About, Campaign
from arobase.observatory.rules.answers import Answer
from arobase.observatory.rules.companies import names_a_host
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.sources import browsed, reading, shards, sites
from arobase.observatory.sources.announcers import Announcers
from arobase.observatory.sources.facts import zone_of
from arobase.observatory.sources.subjects import Target, domains

MOST_ROUNDS = 5  # of zones that are named in other zones
Targets = Callable[[], Iterable[Target]]
Zones = Mapping[str, Sequence[str]]


class AlreadyRuns(RuntimeError):
    """A campaign of this set runs already, or is being read."""


class NoTargets(ValueError):
    """A campaign over nobody would replace what is shown by nothing."""


class NoFacts(LookupError):
    """What a campaign gathered is neither in its folder nor anywhere else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class Collector(Protocol):
    """How facts are gathered: by which engine, from which resolvers, with which manners.

    Every method leaves its facts below `folder` and does not gather again what is there.
    """

    def ask(self, domains: Iterable[str], folder: Path) -> None:
        """Ask name servers about domains."""

    def visit(self, domains: Iterable[str], folder: Path) -> None:
        """Visit their sites."""

    def ask_zones(self, zones: Sequence[str], folder: Path) -> Zones:
        """Name servers of zones."""


class Listener(Protocol):
    """Told which part of the work begins."""

    def __call__(self, step: str, count: int) -> None: ...


def home_of(home: Path) -> Path:
    """Where the observatory keeps what no campaign alone has seen."""
    return home / "observatory"


def folder_of(home: Path, campaign: Campaign) -> Path:
    """Where the facts of a campaign are kept."""
    return home_of(home) / "campaigns" / campaign.facts


def run(
    about: About,
    targets: Targets,
    *,
    home: Path,
    collector: Collector,
    catalogue: Catalogue,
    announcers: Callable[[Path], Announcers],
    now: Callable[[], datetime],
    tell: Listener,
    departments: Collection[str] = (),
) -> Campaign:
    """Run a campaign to its end, or take up the one that was stopped.

    targets      gives the subjects, more than once
    announcers   tells, of the folder of a campaign's facts, who announces the addresses in it
    departments  codes of those that the subjects are limited to
    Raises       NoTargets, before anything is begun.
    """
    if next(iter(targets()), None) is None:
        raise NoTargets(about)
    at = now()
    campaign = campaigns.begin(about, at=at, facts=f"{about}-{at:%Y%m%dT%H%M%S}", departments=departments)
    folder = folder_of(home, campaign)
    wanted = list(domains(targets(), catalogue))
    # What is there is not gathered again, though a list that changed meanwhile falls into other shards.
    unasked = _without(set(shards.names_in(folder / "facts")), wanted)
    tell("names", len(unasked))
    collector.ask(unasked, folder)
    unvisited = _without(set(shards.names_in(folder / "sites")), wanted)
    tell("sites", len(unvisited))
    collector.visit(unvisited, folder)
    zones = _zones(folder, collector, tell)
    tell("facts", len(wanted))
    who = announcers(folder)
    campaigns.keep_announcers(campaign, who.told)
    kept = reading.keep(campaign, folder, whose=who.of, on=campaign.began_at.date())
    return _read(campaign, targets, home=home, catalogue=catalogue, zones=zones, at=now(), count=kept, tell=tell)


def _without(there: Collection[str], wanted: Sequence[str]) -> Sequence[str]:
    return [one for one in wanted if one not in there]


@contextmanager
def alone(about: About, *, home: Path) -> Iterator[None]:
    """One run of a set at a time on this machine. Raises AlreadyRuns."""
    home_of(home).mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home_of(home) / f"{about}.lock", timeout=0):
            yield
    except Timeout as error:
        raise AlreadyRuns(about) from error


def read_again(
    campaign: Campaign,
    targets: Targets,
    *,
    home: Path,
    catalogue: Catalogue,
    announcers: Callable[[Path], Announcers],
    now: Callable[[], datetime],
    tell: Listener,
) -> Campaign:
    """Read a campaign's own facts by the rules of today, asking nobody; what is shown stays until it is concluded.

    Raises NotReadable, NoFacts, NoTargets; nothing has changed then.
    """
    if next(iter(targets()), None) is None:
        raise NoTargets(campaign.about)
    folder = folder_of(home, campaign)
    told = _put_back(campaigns.check_readable(campaign).gathered_by, folder, announcers)
    taken = campaigns.take_up(campaign)
    if told is not None:
        campaigns.keep_announcers(taken, told)
    zones, count = known_zones(folder), taken.domains
    return _read(taken, targets, home=home, catalogue=catalogue, zones=zones, at=now(), count=count, tell=tell)


def _put_back(campaign: Campaign, folder: Path, announcers: Callable[[Path], Announcers]) -> Mapping[str, Any] | None:
    """Keep a campaign's facts in the database again; who told whose addresses are. None where they are there.

    Raises NoFacts.
    """
    if campaign.domains and not (folder / "facts").is_dir():
        raise NoFacts(folder)
    if campaign.kept_facts.count() == campaign.domains:
        return None
    who = announcers(folder)
    reading.keep(campaign, folder, whose=who.of, on=campaign.began_at.date())
    return who.told


def _read(
    campaign: Campaign,
    targets: Targets,
    *,
    home: Path,
    catalogue: Catalogue,
    zones: Zones,
    at: datetime,
    count: int,
    tell: Listener,
) -> Campaign:
    """Read a campaign's facts by the rules of today and conclude."""
    tell("reading", count)
    seen = partial(browsed.latest, [folder_of(home, campaign), home_of(home)])
    return reading.read(campaign, targets(), catalogue=catalogue, browsed=seen, zones=zones, at=at, domains=count)


def _zones(folder: Path, collector: Collector, tell: Listener) -> Zones:
    """The zones that hosts are named in, those that their name servers are named in, and so on."""
    found: dict[str, Sequence[str]] = {}
    ahead = {zone for domain, answers in shards.read(folder) for zone in _named(domain, answers)} | _led_to(folder)
    for _round in range(MOST_ROUNDS):
        fresh = sorted(ahead - found.keys())
        if not fresh:
            break
        tell("zones", len(fresh))
        told = collector.ask_zones(fresh, folder / "zones")
        found |= {zone: told.get(zone, ()) for zone in fresh}
        ahead = {zone_of(server) for zone in fresh for server in found[zone]}
    return found


def _led_to(folder: Path) -> set[str]:
    """Zones of others in which the hosts are named to which sites lead."""
    ends = {(site.domain, urlsplit(way.final).hostname or "") for site in sites.read(folder) for way in site.ways}
    return {zone for domain, end in ends if names_a_host(end) and (zone := zone_of(end)) != zone_of(domain)}


def _named(domain: str, answers: Iterable[Answer]) -> Iterator[str]:
    """Zones of others in which a domain's name servers, mail exchangers and aliases are named."""
    own, told = zone_of(domain), list(answers)
    servers = [one for one in told if one.type == "NS" and f".{domain}".endswith(f".{one.name}")]
    exchangers = [one for one in told if (one.name, one.type) == (domain, "MX")]
    hosts = [record.rpartition(" ")[2].rstrip(".").lower() for one in (*servers, *exchangers) for record in one.records]
    aliased = {domain, f"www.{domain}", *hosts}
    aliases = [alias.rstrip(".").lower() for one in told if one.name in aliased for alias in one.aliases]
    yield from (zone for host in (*hosts, *aliases) if names_a_host(host) and (zone := zone_of(host)) != own)


def known_zones(folder: Path) -> Zones:
    """Zones that were asked about before, with their name servers."""
    return {
        zone: [record for one in answers if (one.name, one.type) == (zone, "NS") for record in one.records]
        for zone, answers in shards.read(folder / "zones")
    }
