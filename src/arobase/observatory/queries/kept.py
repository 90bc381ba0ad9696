"""Facts and profiles as they are kept: JSON documents, read back as what they were."""

import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from arobase.observatory.models import Campaign, KeptFacts
from arobase.observatory.rules.answers import Answer
from arobase.observatory.rules.criteria.finding import Finding
from arobase.observatory.rules.facts import DomainFacts, Network
from arobase.observatory.rules.profile import Profile
from arobase.observatory.rules.visits import Site

BATCH = 500


@dataclass(frozen=True)
class _Document:
    """A domain's facts without the questions, which their answers repeat."""

    domain: str
    on: date
    answers: tuple[Answer, ...]
    site: Site | None
    networks: dict[str, Network]


_FACTS = TypeAdapter(_Document)
_PROFILE = TypeAdapter(Profile)
_FINDINGS = TypeAdapter(tuple[Finding, ...])


def packed(facts: DomainFacts) -> bytes:
    """Facts as kept: compressed JSON.

    >>> unpacked(packed(DomainFacts("ville.example.fr", date(2025, 11, 18)))).domain
    'ville.example.fr'
    """
    document = _Document(facts.domain, facts.on, tuple(facts.answers.values()), facts.site, dict(facts.networks))
    return zlib.compress(_FACTS.dump_json(document))


def unpacked(document: bytes) -> DomainFacts:
    """Facts that `packed` wrote."""
    told = _FACTS.validate_json(zlib.decompress(document))
    answers = {(one.name, one.type): one for one in told.answers}
    return DomainFacts(told.domain, told.on, answers, told.site, told.networks)


def profile_document(profile: Profile) -> dict[str, object]:
    """A profile as JSON."""
    document: dict[str, object] = _PROFILE.dump_python(profile, mode="json")
    return document


def profile_of(document: object) -> Profile:
    """The profile that `profile_document` wrote."""
    return _PROFILE.validate_python(document)


def findings_document(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Findings as JSON."""
    document: list[dict[str, object]] = _FINDINGS.dump_python(tuple(findings), mode="json")
    return document


def findings_of(document: object) -> tuple[Finding, ...]:
    """The findings that `findings_document` wrote."""
    return _FINDINGS.validate_python(document)


def facts_of(campaign: Campaign, domains: Collection[str]) -> dict[str, DomainFacts]:
    """What a campaign gathered about these domains, and no other campaign; those it never asked about are missing."""
    wanted = sorted(set(domains) - {""})
    parts = (wanted[at : at + BATCH] for at in range(0, len(wanted), BATCH))
    gathered = KeptFacts.objects.filter(campaign=campaign.gathered_by)
    rows = (row for part in parts for row in gathered.filter(domain__in=part))
    return {row.domain: unpacked(bytes(row.document)) for row in rows}
