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
from arobase.observatory.models import Campaign, CampaignState, Change, LatestFacts, Standing
from arobase.observatory.queries.follow import left_out
from arobase.observatory.queries.kept import (
    findings_document,
    findings_of,
    latest,
    packed,
    profile_document,
    profile_of,
)
from arobase.observatory.rules.answers import Answer
from arobase.observatory.rules.browsing import Browsing
from arobase.observatory.rules.change import Campaign as Comparison
from arobase.observatory.rules.change import Snapshot, changes, compare
from arobase.observatory.rules.criteria.judge import judge
from arobase.observatory.rules.criteria.presence import Presence
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
from arobase.observatory.sources.facts import NAMES, registrable, zone_of
from arobase.observatory.sources.subjects import Target
from arobase.observatory.sources.tallies import Tally

BATCH = 500
Whose = Callable[[str], Network | None]
Browsed = Callable[[str], Browsing | None]


@dataclass
class Reading:
    """What was read so far: figures over all subjects, the comparison with the campaign before, and the changes."""

    tally: Tally = field(default_factory=Tally)
    changes: list[Change] = field(default_factory=list)
    compared: int = 0
    changed: int = 0
    silent: int = 0
    seen: set[str] = field(default_factory=set)

    @property
    def comparison(self) -> Comparison:
        return Comparison(self.compared, self.changed, self.silent)


def keep(campaign: Campaign, folder: Path, *, whose: Whose, on: date) -> int:
    """Make a folder's facts the latest ones of their domains; how many there are.

    whose  who announces an address, from the table of networks; None where nobody knows
    """
    visited = {one.domain: one for one in sites.read(folder)} if (folder / "sites").is_dir() else {}
    facts = (
        _facts(domain, answers, visited.get(domain), whose=whose, on=on) for domain, answers in shards.read(folder)
    )
    for batch in _batches(facts):
        campaigns.keep_facts(campaign, {one.domain: packed(one) for one in batch})
    return LatestFacts.objects.filter(campaign=campaign).count()


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
    """Conclude a campaign from the latest facts: what each subject stands on, and how it differs from the last time.

    browsed  what a browser last saw of a domain's site; None where none looked
    zones    name servers of operators' own zones, by zone
    """
    before = _before(campaign)
    found = Reading()
    for batch in _batches(iter(targets)):
        _read_batch(campaign, batch, before, found, catalogue=catalogue, browsed=browsed)
    if before:
        found.silent += _vanished(before, found.seen)
    comparison = found.comparison
    return campaigns.conclude(
        campaign,
        at=at,
        domains=domains,
        rules=catalogue.version,
        zones={zone: told(_zone(zone, servers, catalogue)) for zone, servers in sorted(zones.items())},
        figures=found.tally.figures(),
        changes=found.changes,
        changed_share=float(comparison.changed_share) if before else None,
        held_because=_why_held(comparison) if before else "",
        subjects=found.seen,
    )


def _before(campaign: Campaign) -> Campaign | None:
    shown = Campaign.objects.filter(about=campaign.about, state=CampaignState.PUBLISHED)
    return shown.filter(began_at__lt=campaign.began_at).order_by("-began_at").first()


def _why_held(comparison: Comparison) -> str:
    """Numbers alone: the page says what they mean."""
    if not comparison.is_held:
        return ""
    return f"changed {comparison.changed} of {comparison.compared}, silent {comparison.silent}"


def _read_batch(
    campaign: Campaign,
    batch: Sequence[Target],
    before: Campaign | None,
    found: Reading,
    *,
    catalogue: Catalogue,
    browsed: Browsed,
) -> None:
    facts, on = latest([domain for one in batch for domain in (one.web, one.mail)]), campaign.began_at.date()
    standings = [standing(one, facts, catalogue, on, watched=_watched(browsed, one.web, on)) for one in batch]
    campaigns.keep_standings(campaign, standings)
    for one in standings:
        found.tally.add(one)
        found.seen.add(one.subject)
    if before:
        _compare(before, standings, found)


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
    letters = mail or (DomainFacts(target.mail, on) if target.mail else None)  # the name alone may tell: orange.fr
    layers = profile(web, letters, catalogue, registrable=registrable, on=on, watched=watched, country=target.country)
    presence = Presence(target.address or None, target.mail or None, web, mail, layers)
    judged = judge(presence, catalogue, registrable=registrable)
    protection = protect(web or DomainFacts(target.web, on), catalogue, registrable=registrable, watched=watched)
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


def _compare(before: Campaign, standings: Sequence[Standing], found: Reading) -> None:
    earlier = {
        one.subject: one for one in before.standings.filter(subject__in=[standing.subject for standing in standings])
    }
    for one in standings:
        if one.subject not in earlier:
            continue
        pair = (_snapshot(earlier[one.subject]), _snapshot(one))
        counted = compare([pair])
        found.compared += counted.compared
        found.changed += counted.changed
        found.silent += counted.silent
        if one.territory_id:
            found.changes += _changes(one.territory_id, *pair)


def _vanished(before: Campaign, seen: Collection[str]) -> int:
    """Verdicts on whoever the campaign before saw, this one does not, and did not ask for it: they fell silent."""
    nothing = Snapshot(Profile(before.began_at.date()))
    earlier = before.standings.exclude(territory_id__in=left_out()).iterator(BATCH)
    return sum(compare([(_snapshot(one), nothing)]).silent for one in earlier if one.subject not in seen)


def _changes(territory: str, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for one in changes(before, after):
        yield Change(
            territory_id=territory,
            kind=one.kind.value,
            layer=one.subject,
            before=list(one.before),
            after=list(one.after),
        )


def _snapshot(standing: Standing) -> Snapshot:
    findings = findings_of(standing.criteria.get("findings", []))
    return Snapshot(profile_of(standing.profile), {one.criterion: one for one in findings})


def _zone(zone: str, servers: Sequence[str], catalogue: Catalogue) -> Need:
    return zone_needs(zone, servers, catalogue, zone_of=zone_of)


def _batches(items: Iterator[Any]) -> Iterator[list[Any]]:
    return iter(lambda: list(islice(items, BATCH)), [])
