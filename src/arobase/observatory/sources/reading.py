"""Reading a campaign's facts: profiles, criteria, services and what changed, subject by subject.

The rules read what is kept, so that a new rule needs no new look: `arobase observatory campaign read` does it again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from arobase.observatory.actions import campaigns
from arobase.observatory.models import Campaign, CampaignState, Change, Standing
from arobase.observatory.queries.follow import left_out
from arobase.observatory.queries.kept import (
    facts_of,
    findings_document,
    findings_of,
    packed,
    profile_document,
    profile_of,
)
from arobase.observatory.queries.waiting import DIFFERS
from arobase.observatory.rules.answers import Answer
from arobase.observatory.rules.browsing import Browsing
from arobase.observatory.rules.change import Campaign as Comparison
from arobase.observatory.rules.change import Snapshot, changes, compare, silences
from arobase.observatory.rules.criteria.judge import judge
from arobase.observatory.rules.criteria.presence import Presence, is_front_page_anothers
from arobase.observatory.rules.criteria.referential import Level
from arobase.observatory.rules.facts import DomainFacts, Network
from arobase.observatory.rules.layers import profile
from arobase.observatory.rules.needs import Need, told
from arobase.observatory.rules.profile import Profile
from arobase.observatory.rules.protection import protect
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.rules.services import services_of, written, zone_needs
from arobase.observatory.rules.sovereignty import index
from arobase.observatory.rules.visits import Site
from arobase.observatory.rules.watched import Watched, watched_in
from arobase.observatory.sources import shards, sites
from arobase.observatory.sources.differences import Differences
from arobase.observatory.sources.facts import NAMES, registrable, zone_of
from arobase.observatory.sources.subjects import Target
from arobase.observatory.sources.tallies import Tally

BATCH = 500
Whose = Callable[[str], Network | None]
Browsed = Callable[[str], Browsing | None]


@dataclass
class Reading:
    """What was read so far: figures over all subjects, the changes, and who was seen."""

    tally: Tally = field(default_factory=Tally)
    changes: list[Change] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Pair:
    """What an earlier campaign concluded of a subject, and what is concluded now."""

    standing: Standing
    was: Snapshot
    now: Snapshot


@dataclass
class Beside:
    """An earlier campaign, and how its verdicts compare with those that are read now: how many, which, and whose."""

    campaign: Campaign
    comparison: Comparison = field(default_factory=lambda: Comparison(0, 0))
    differences: Differences = field(default_factory=Differences)

    def add(self, pairs: Collection[Pair]) -> None:
        """Count verdicts, before and now."""
        was, more = self.comparison, compare((one.was, one.now) for one in pairs)
        self.comparison = Comparison(
            was.compared + more.compared, was.changed + more.changed, was.silent + more.silent, was.fresh + more.fresh
        )
        for one in pairs:
            self.differences.add(one.standing, changes(one.was, one.now), silences(one.was, one.now))

    @property
    def why_held(self) -> str:
        """Numbers alone: the page says what they mean. Empty where nobody need look first."""
        told = self.comparison
        return f"changed {told.changed} of {told.compared}, silent {told.silent}" if told.is_held else ""


def keep(campaign: Campaign, folder: Path, *, whose: Whose, on: date) -> int:
    """Keep a folder's facts as those of the campaign that gathered them; how many domains there are.

    whose  who announces an address, from the table of networks; None where nobody knows
    """
    visited = {one.domain: one for one in sites.read(folder)} if (folder / "sites").is_dir() else {}
    facts = (
        _facts(domain, answers, visited.get(domain), whose=whose, on=on) for domain, answers in shards.read(folder)
    )
    for batch in _batches(facts):
        campaigns.keep_facts(campaign, {one.domain: packed(one) for one in batch})
    return campaign.kept_facts.count()


def _facts(domain: str, answers: Sequence[Answer], site: Site | None, *, whose: Whose, on: date) -> DomainFacts:
    addresses = {record for one in answers if one.type in {"A", "AAAA"} for record in one.records}
    addresses |= {hop.address for way in (site.ways if site else ()) for hop in way.hops if hop.address}
    networks = {address: found for address in sorted(addresses) if (found := whose(address))}
    return DomainFacts(domain, on, {(one.name, one.type): one for one in answers}, site, networks)


def read(
    campaign: Campaign,
    targets: Iterable[Target],
    *,
    catalogue: Catalogue,
    browsed: Browsed,
    zones: Mapping[str, Sequence[str]],
    at: datetime,
    domains: int,
) -> Campaign:
    """Conclude a campaign from its own facts: what each subject stands on, and how it differs from the last time.

    What changed is told since the campaign before. Whether someone must look first is asked of the verdicts that are
    shown: those of the campaign before, or, where a campaign is read again, of its own earlier reading.
    browsed  what a browser last saw of a domain's site; None where none looked
    zones    name servers of operators' own zones, by zone
    """
    before = _before(campaign)
    since = Beside(before) if before else None
    shown = Beside(campaign.rereads) if campaign.rereads else since
    found = Reading()
    for batch in _batches(iter(targets)):
        standings = _read_batch(campaign, batch, found, catalogue=catalogue, browsed=browsed)
        if since:
            pairs = _pairs(since.campaign, standings)
            since.add(pairs)
            found.changes += [kept for one in pairs for kept in _changes(one)]
        if shown and shown is not since:
            shown.add(_pairs(shown.campaign, standings))
    if shown:
        for some in _batches(_vanished(shown.campaign, found.seen)):
            shown.add(some)
    return campaigns.conclude(
        campaign,
        at=at,
        domains=domains,
        rules=catalogue.version,
        zones={zone: told(_zone(zone, servers, catalogue)) for zone, servers in sorted(zones.items())},
        figures={**found.tally.figures(), **_differences(shown)},
        changes=found.changes,
        changed_share=float(since.comparison.changed_share) if since else None,
        held_because=_why_held(campaign, shown),
        subjects=found.seen,
    )


def _before(campaign: Campaign) -> Campaign | None:
    shown = Campaign.objects.filter(about=campaign.about, state=CampaignState.PUBLISHED)
    return shown.filter(began_at__lt=campaign.began_at).order_by("-began_at").first()


def _why_held(campaign: Campaign, shown: Beside | None) -> str:
    if campaign.rereads and not campaign.rereads.standings.exists():
        return "compared 0"  # its own earlier reading is gone: nothing says whether this one is as good
    return shown.why_held if shown else ""


def _differences(shown: Beside | None) -> dict[str, Any]:
    """What someone who must look first looks at; nothing where nobody need."""
    return {DIFFERS: shown.differences.figures(shown.campaign)} if shown and shown.why_held else {}


def _read_batch(
    campaign: Campaign, batch: Sequence[Target], found: Reading, *, catalogue: Catalogue, browsed: Browsed
) -> Sequence[Standing]:
    on = campaign.began_at.date()
    facts = facts_of(campaign, [domain for one in batch for domain in (one.web, one.mail)])
    standings = [standing(one, facts, catalogue, on, watched=_watched(browsed, one.web, on)) for one in batch]
    campaigns.keep_standings(campaign, standings)
    for one in standings:
        found.tally.add(one)
        found.seen.add(one.subject)
    return standings


def _watched(browsed: Browsed, domain: str, on: date) -> Watched | None:
    """What a browser saw of a site, where it is not too old to say anything."""
    seen = browsed(domain) if domain else None
    watched = watched_in(seen) if seen else None
    return watched if watched and watched.still_tells(on) else None


def standing(
    target: Target, facts: Mapping[str, DomainFacts], catalogue: Catalogue, on: date, *, watched: Watched | None = None
) -> Standing:
    """What a subject stands on, from the facts of its domains, and from what a browser saw of its site."""
    web, mail = facts.get(target.web), facts.get(target.mail)
    is_anothers = is_front_page_anothers(target.address, target.web, catalogue, is_shared=target.is_shared)
    watched = None if is_anothers else watched  # a browser looks at the front page too
    letters = mail or (DomainFacts(target.mail, on) if target.mail else None)  # the name alone may tell: orange.fr
    layers = profile(
        web,
        letters,
        catalogue,
        registrable=registrable,
        on=on,
        watched=watched,
        country=target.country,
        is_page_anothers=is_anothers,
    )
    presence = Presence(target.address or None, target.mail or None, web, mail, layers, is_anothers)
    judged = judge(presence, catalogue, registrable=registrable)
    protection = protect(
        web or DomainFacts(target.web, on),
        catalogue,
        registrable=registrable,
        watched=watched,
        is_page_anothers=is_anothers,
    )
    reached = index(layers)  # from outside nobody sees whether the offer in use is a qualified one: none is credited
    services = services_of(target.id, target.web, target.mail, layers, names=NAMES)
    return Standing(
        subject=target.id,
        territory_id=target.territory,
        name=target.name,
        country=target.country,
        population=target.population,
        site=target.web,
        mail=target.mail,
        profile=profile_document(layers),
        wires=written(services),
        criteria={
            "findings": findings_document((*judged.all, *protection)),
            "levels": {level.value: judged.level(level).value for level in Level},
            "watched_on": watched.on.isoformat() if watched and watched.on else None,
        },
        index=None if reached.value is None else float(reached.value),
        known_share=float(reached.known),
    )


def _pairs(earlier: Campaign, standings: Sequence[Standing]) -> list[Pair]:
    """Of those whom an earlier campaign saw too, what was and is concluded of them."""
    were = {one.subject: one for one in earlier.standings.filter(subject__in=[one.subject for one in standings])}
    return [Pair(one, _snapshot(were[one.subject]), _snapshot(one)) for one in standings if one.subject in were]


def _vanished(earlier: Campaign, seen: Collection[str]) -> Iterator[Pair]:
    """Whoever an earlier campaign saw, this one does not, and did not ask for it: their verdicts fell silent."""
    nothing = Snapshot(Profile(earlier.began_at.date()))
    were = earlier.standings.exclude(territory_id__in=left_out()).iterator(BATCH)
    return (Pair(one, _snapshot(one), nothing) for one in were if one.subject not in seen)


def _changes(pair: Pair) -> list[Change]:
    """Changes of a territory, as they are kept; none of a subject that is none."""
    territory = pair.standing.territory_id
    if territory is None:
        return []
    return [
        Change(territory_id=territory, kind=one.kind, layer=one.subject, before=list(one.before), after=list(one.after))
        for one in changes(pair.was, pair.now)
    ]


def _snapshot(standing: Standing) -> Snapshot:
    findings = findings_of(standing.criteria.get("findings", []))
    return Snapshot(profile_of(standing.profile), {one.criterion: one for one in findings})


def _zone(zone: str, servers: Sequence[str], catalogue: Catalogue) -> Need:
    return zone_needs(zone, servers, catalogue, zone_of=zone_of)


def _batches(items: Iterator[Any]) -> Iterator[list[Any]]:
    return iter(lambda: list(islice(items, BATCH)), [])
