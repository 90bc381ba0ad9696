"""What one subject stands on, as the latest campaign that is shown saw it; and how alike subjects do."""

from collections.abc import Iterable, Mapping, Sequence
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
class CriteriaMet:
    """Of the State's criteria, how many are met, of those that are known, of all."""

    met: int
    known: int
    total: int

    @property
    def share(self) -> float | None:
        """Of those that are known; None where none is."""
        return self.met / self.known if self.known else None


@dataclass(frozen=True)
class Median:
    """A median over `n`; None where there is nobody to take it from."""

    value: float | None
    n: int


@dataclass(frozen=True)
class Alike:
    """How measured territories alike do, the nearest first: each median is over those of which its figure is known."""

    territories: Sequence[Territory]
    index: Median
    met: Median


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
    rows = campaign.standings.filter(territory_id__in=near).select_related("territory").defer("profile", "wires")
    found = sorted(rows, key=lambda one: near.index(one.territory_id or ""))
    return Alike(
        [one.territory for one in found if one.territory],
        _median(one.index for one in found),
        _median(criteria_met(one).share for one in found),
    )


def _median(told: Iterable[float | None]) -> Median:
    known = [one for one in told if one is not None]
    return Median(median(known) if known else None, len(known))


def criteria_met(standing: Standing) -> CriteriaMet:
    """How many of the State's criteria a subject meets."""
    told = [one["met"] for one in standing.criteria.get("findings", []) if one["criterion"][0].isdigit()]
    return CriteriaMet(told.count(Met.MET), len(told) - told.count(Met.UNKNOWN), len(told))
