"""What one subject stands on, as the latest campaign that is shown saw it; and how alike subjects do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

from arobase.observatory.models import About, Campaign, Standing
from arobase.observatory.queries.dependence import Dependence, Origin, published
from arobase.observatory.queries.follow import left_out, left_out_domains
from arobase.observatory.queries.kept import findings_of, profile_of
from arobase.observatory.rules.criteria.finding import Finding, Met
from arobase.observatory.rules.cuts import Cut, minimal_cuts
from arobase.observatory.rules.needs import Need
from arobase.observatory.rules.profile import Profile
from arobase.territories.models import Territory
from arobase.territories.queries.pages import similar_territories

ALIKE = 12
LARGEST_CUT = 2  # providers that must fail together; larger sets are rarely worth a line


@dataclass(frozen=True)
class Seen:
    """A subject's standing, read."""

    standing: Standing
    campaign: Campaign

    @cached_property
    def profile(self) -> Profile:
        return profile_of(self.standing.profile)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return findings_of(self.standing.criteria.get("findings", []))

    @property
    def watched_on(self) -> date | None:
        """The day on which a browser watched its page; None where none did."""
        told = self.standing.criteria.get("watched_on")
        return date.fromisoformat(told) if told else None

    @cached_property
    def levels(self) -> Mapping[str, Met]:
        """Whether the referential's levels are reached."""
        return {level: Met(met) for level, met in self.standing.criteria.get("levels", {}).items()}


@dataclass(frozen=True)
class Alike:
    """How territories alike do: medians over `n` of them that were measured."""

    n: int
    index: float | None
    met: float | None


@dataclass(frozen=True)
class WeakPoints:
    """The smallest sets of providers whose failure breaks a service, and from where it is known what it needs."""

    service: str
    cuts: Sequence[Cut]
    origin: Origin


def seen(subject: str, about: About) -> Seen | None:
    """What is known of a subject; None where it was never looked at, or asked not to be."""
    campaign = published(about)
    if campaign is None or subject in (left_out() if about is About.COMMUNES else left_out_domains()):
        return None
    standing = campaign.standings.filter(subject=subject).first()
    return Seen(standing, campaign) if standing else None


def weak_points(subject: str, on: Dependence) -> list[WeakPoints]:
    """By service that is known of a subject, what breaks it, up to LARGEST_CUT providers together."""
    needs_of: Mapping[str, Need] = {one.name: one.needs for one in on.graph.providers}
    return [
        WeakPoints(
            on.graph.services[at].service,
            minimal_cuts(on.graph.services[at].needs, needs_of, at_most=LARGEST_CUT),
            on.origins[at],
        )
        for at in on.services_of(subject)
    ]


def alike(territory: Territory, campaign: Campaign) -> Alike:
    """How measured territories like this one do."""
    among = set(campaign.standings.exclude(territory=territory).values_list("territory_id", flat=True)) - {None}
    near = similar_territories(territory, among=among, at_most=ALIKE)
    rows = list(campaign.standings.filter(territory_id__in=near).values_list("index", "criteria"))
    indices = [index for index, _criteria in rows if index is not None]
    return Alike(
        len(rows),
        median(indices) if indices else None,
        median([share_met(criteria.get("findings", [])) for _index, criteria in rows]) if rows else None,
    )


def share_met(findings: Sequence[Mapping[str, str]]) -> float:
    """Of the State's criteria that are known, the share that is met."""
    known = [one["met"] for one in findings if one["criterion"][0].isdigit() and one["met"] != Met.UNKNOWN]
    return known.count(Met.MET) / len(known) if known else 0.0
