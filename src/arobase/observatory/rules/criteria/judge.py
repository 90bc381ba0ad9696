"""A territory judged by the State's referential, with its levels, and by a few criteria beyond it."""

from collections.abc import Mapping
from dataclasses import dataclass

from arobase.observatory.rules.criteria.beyond import beyond_findings
from arobase.observatory.rules.criteria.finding import Finding, Met, Why, all_of
from arobase.observatory.rules.criteria.mail import mail_findings
from arobase.observatory.rules.criteria.presence import Presence, Registrable
from arobase.observatory.rules.criteria.referential import VERSION, Criterion, Level, Section, asked_for
from arobase.observatory.rules.criteria.referential import has_sovereign_ending as is_sovereign
from arobase.observatory.rules.criteria.web import web_findings
from arobase.observatory.rules.providers import Catalogue


@dataclass(frozen=True)
class Judgement:
    """What the criteria say of one territory.

    findings  of the referential, by criterion, in its order
    beyond    what the referential does not ask: the law over the mailboxes, guards of mail in transit
    version   of the referential
    """

    findings: Mapping[Criterion, Finding]
    beyond: tuple[Finding, ...]
    mail: str
    version: str = VERSION

    @property
    def all(self) -> tuple[Finding, ...]:
        return *self.findings.values(), *self.beyond

    def level(self, level: Level, section: Section | None = None) -> Met:
        """Whether a level is reached, of one part or of both; unknown where nothing fails but something is unknown."""
        asked = asked_for(level, section)
        return all_of(self.findings[one] for one in asked if not (section and self._is_excused(one)))

    def _is_excused(self, criterion: Criterion) -> bool:
        """For its own level, mail under a sovereign ending need not match a site that is missing or lacks one."""
        site_fails = self.findings[Criterion.SOVEREIGN_ENDING].met is not Met.MET
        is_candidate = self.findings[Criterion.SAME_DOMAIN].why in {Why.NO_SITE, Why.OTHER_DOMAIN, Why.NOT_MEASURED}
        return criterion is Criterion.SAME_DOMAIN and is_candidate and site_fails and is_sovereign(self.mail)


def judge(presence: Presence, catalogue: Catalogue, *, registrable: Registrable) -> Judgement:
    """Judge a territory.

    registrable  the part of a name that someone registered, by the public suffix list

    >>> from arobase.observatory.rules.providers import Catalogue
    >>> told = judge(Presence("https://ville.fr/", "orange.fr"), Catalogue([], [], version=""), registrable=str)
    >>> str(told.findings[Criterion.SOVEREIGN_ENDING].met), str(told.findings[Criterion.SAME_DOMAIN].met)
    ('met', 'not-met')
    """
    found = (
        *web_findings(presence, registrable=registrable),
        *mail_findings(presence, catalogue, registrable=registrable),
    )
    findings = {Criterion(one.criterion): one for one in found}
    return Judgement(findings, beyond_findings(presence, catalogue, registrable=registrable), presence.mail or "")
