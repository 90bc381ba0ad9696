"""The mirror's recorded facts as sets that anyone can look at: read by our rules, shown as gathered by others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.actions import campaigns
from arobase.observatory.models import About, Campaign, CampaignState, Standing
from arobase.observatory.queries.kept import profile_document
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.layers import mailboxes
from arobase.observatory.rules.layers.reading import Reading
from arobase.observatory.rules.mail import interpret
from arobase.observatory.rules.profile import Layer, Profile
from arobase.observatory.rules.protection import Protection
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.rules.services import services_of, written
from arobase.observatory.sources.facts import NAMES, mail_facts, registrable
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.reading import standing
from arobase.observatory.sources.recorded import lines
from arobase.observatory.sources.recorded_sites import FILE, recorded_sites
from arobase.observatory.sources.subjects import Target
from arobase.observatory.sources.tallies import Tally
from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.reference import NO_CHANGES, Changes, Provenance, publish
from arobase.territories.sources.code import limited_to
from arobase.territories.sources.files import mirror, mirror_version

Clock = Callable[[], datetime]
FRANCE = "FR"
READING = 5  # raised when these files are read otherwise, so that what was loaded is read again
# What headers, requests and cookies tell. Names, mail, other ways in, links and what is declared were not recorded: no
# finding is made of what nobody looked at.
TOLD = frozenset(
    [Protection.NO_THIRD_PARTY, Protection.NO_US_THIRD_PARTY, Protection.NO_TRACKING_COOKIE, Protection.HSTS]
    + [Protection.CONTENT_POLICY, Protection.NO_SNIFFING, Protection.REFERRER]
)


@dataclass(frozen=True)
class Recording:
    """A file of the mirror, as its README tells of it: whose, of which day, under which licence."""

    name: str
    file: str
    about: About
    source: str
    licence: str
    day: datetime


SITES = Recording(
    "recorded_sites",
    f"observatory/{FILE}",
    About.PUBLIC_SITES,
    "DashLord @ 6151c15",
    "Apache-2.0",
    datetime(2026, 1, 16, tzinfo=UTC),
)
MAIL = Recording(
    "recorded_mail",
    "observatory/recorded_dns.jsonl.gz",
    About.EUROPE,
    "mxmap.it @ 93bc7b8",
    "CC BY-SA 4.0",
    datetime(2026, 7, 1, tzinfo=UTC),
)


def load_sites(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """655 French public sites as a browser saw them; none without the mirror."""
    path = mirror(SITES.file)
    if path is None:
        return Loaded(None, "", 0, "", {}, _("Sites publics relevés par d’autres : absents sans le miroir."))
    request.progress(_("sites publics relevés"), 0, 0)
    return _load(SITES, path, lambda: _sites(path), at=now())


def load_mail(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Mail of municipalities of twelve countries; of France alone where a load is limited to departments."""
    path = mirror(MAIL.file)
    if path is None:
        return Loaded(None, "", 0, "", {}, _("Messageries relevées par d’autres : absentes sans le miroir."))
    request.progress(_("messageries relevées"), 0, 0)
    countries = {FRANCE} if request.departments else None
    return _load(MAIL, path, lambda: _mail(path, countries), at=now(), note=limited_to(request.departments))


def _load(
    recording: Recording, path: Path, read: Callable[[], Iterable[Standing]], *, at: datetime, note: str = ""
) -> Loaded:
    """Read again only when the file, the rules or the limits changed."""
    version = f"{mirror_version(path)} {catalogue().version}/{READING} {note}".strip()[:80]
    shown = Campaign.objects.filter(about=recording.about, state=CampaignState.PUBLISHED, facts=version).first()
    rows = list(read()) if shown is None else []
    provenance = Provenance(
        recording.name,
        1,
        mirror_version(path),
        f"{recording.licence} ({recording.source})",
        shown.figures["n"] if shown else len(rows),
        note,
    )
    return publish(provenance, lambda: NO_CHANGES if shown else _write(recording, rows, version, at), at=at)


def _write(recording: Recording, rows: list[Standing], version: str, at: datetime) -> Changes:
    Campaign.objects.filter(about=recording.about).delete()
    campaign = campaigns.begin(
        recording.about, at=recording.day, facts=version, source=recording.source, licence=recording.licence
    )
    campaigns.keep_standings(campaign, rows)
    tally = Tally()
    for one in rows:
        tally.add(one)
    campaigns.conclude(campaign, at=at, domains=len(rows), rules=catalogue().version, zones={}, figures=tally.figures())
    return {"added": len(rows), "changed": 0, "removed": 0}


def _sites(path: Path) -> Iterator[Standing]:
    for one in recorded_sites(path):
        domain = one.facts.domain
        site = one.facts.site
        target = Target(
            domain, domain, None, FRANCE, None, site.ways[0].start if site and site.ways else "", domain, ""
        )
        found = standing(target, {domain: one.facts}, catalogue(), one.facts.on, watched=one.watched)
        told = [finding for finding in found.criteria["findings"] if finding["criterion"] in TOLD]
        found.criteria = {**found.criteria, "findings": told, "levels": {}}
        yield found


def _mail(path: Path, countries: set[str] | None) -> Iterator[Standing]:
    seen: set[str] = set()
    known = catalogue()
    for told in lines(path):
        if told["domain"] not in seen and (countries is None or told["country"] in countries):
            seen.add(told["domain"])
            yield _municipality(told, known)


def _municipality(told: dict[str, Any], known: Catalogue) -> Standing:
    domain, peer = told["domain"], told["peer"] or {}
    on = datetime.fromtimestamp(told["recorded"], UTC).date()
    profile = _profile(DomainFacts(domain, on), told["dns"], known, told["country"])
    return Standing(
        subject=domain,
        name=peer.get("name") or domain,
        country=told["country"],
        population=peer.get("population") or None,
        mail=domain,
        profile=profile_document(profile),
        wires=written(services_of(domain, "", domain, profile, names=NAMES)),
        criteria={"findings": [], "levels": {}},
    )


def _profile(domain: DomainFacts, dns: dict[str, Any], known: Catalogue, country: str) -> Profile:
    """Its mail layers; where servers stand was recorded for all exchangers together, and told where no filter is."""
    facts = mail_facts(dns)
    verdict = interpret(domain.domain, facts, known, registrable=registrable, country=country)
    layers = dict(mailboxes.layers(verdict, facts, Reading(domain, known, registrable, country)))
    if not verdict.gateway:
        mail = layers[Layer.MAIL]
        held = (replace(one, countries=tuple(verdict.countries), systems=tuple(facts.mx_systems)) for one in mail.held)
        layers[Layer.MAIL] = replace(mail, held=tuple(held))
    return Profile(domain.on, layers)
