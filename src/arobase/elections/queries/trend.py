"""The trend of a night as its page tells it: what is likely in the end, in words, or why nothing can be said yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from arobase.elections.models import Kind
from arobase.elections.queries.results import Line, Night, StationResult
from arobase.elections.rules.counts import Ballots
from arobase.elections.rules.projection import (
    Bag,
    Former,
    Outlook,
    Priors,
    Projection,
    Silence,
    Station,
    project,
)
from arobase.elections.rules.projection import Night as Projected

SHOWN = 0.03  # share from which a list is named in the trend
MOST = 6
# Kinds whose first round the town decides alone, with an absolute majority of valid votes (Code électoral, L262).
BY_MAJORITY = {Kind.MUNICIPAL, Kind.MUNICIPAL_PLM, Kind.SECTOR}


@dataclass(frozen=True)
class Likely:
    """What is likely of one list: bounds of the 90 % interval in whole percent, rounded outwards."""

    line: Line
    outlook: Outlook
    low: int
    high: int


@dataclass(frozen=True)
class Strip:
    """One list drawn on a scale of 100 units: its intervals, each where it begins and how wide it is.

    sure      90 chances in 100
    even      50 chances in 100
    counted   share of the votes counted so far
    """

    of: Likely
    sure: tuple[float, float]
    even: tuple[float, float]
    counted: float


@dataclass(frozen=True)
class Trend:
    """What the page says of the end before the end.

    likely      by likely share, the lists that matter; empty where `silence` says why
    first       of the one most likely to come first: in words
    order       the likeliest order of the first ones: in words; empty where there are only two
    majority    whether a second round is likely: in words; empty where one round decides
    basis       on how much it rests: in words
    caution     what makes it less sure than tried: in words, or empty
    """

    likely: Sequence[Likely]
    first: str
    order: str
    majority: str
    basis: str
    silence: Silence | None = None
    caution: str = ""

    @property
    def top(self) -> int:
        """The share in percent at which the drawing ends: the next ten above all that it shows."""
        highest = max(max(one.outlook.estimate.intervals[90][1], one.line.share or 0) for one in self.likely)
        return min(100, 10 * ceil(10 * highest))

    @property
    def half(self) -> float | None:
        """Where half of the votes is on the drawing, in units; None beyond its end."""
        return round(5000 / self.top, 2) if self.top > 50 else None  # noqa: PLR2004

    @property
    def strips(self) -> Sequence[Strip]:
        """The drawing, list by list."""
        return [_strip(one, self.top / 100) for one in self.likely]


def trend(night: Night, *, priors: Priors) -> Trend:
    """The trend of what is counted so far."""
    found = project(_as_projected(night), priors=priors)
    if isinstance(found, Silence):
        return Trend((), "", "", "", "", found)
    likely = [_likely(line, outlook) for line, outlook in zip(night.lines, found.outlooks, strict=True)]
    ranked = sorted(likely, key=lambda one: -one.outlook.estimate.share)
    shown = [one for one in ranked if one.outlook.estimate.share >= SHOWN][:MOST] or ranked[:1]
    return Trend(
        shown,
        _first(found, ranked),
        _order(found, night),
        _majority(found, night),
        _basis(found),
        caution="" if found.uses_former else _caution(night.stations),
    )


def _likely(line: Line, outlook: Outlook) -> Likely:
    low, high = outlook.estimate.intervals[90]
    return Likely(line, outlook, floor(100 * low), ceil(100 * high))


def _strip(one: Likely, top: float) -> Strip:
    intervals = one.outlook.estimate.intervals
    return Strip(one, _band(intervals[90], top), _band(intervals[50], top), _units(one.line.share or 0, top))


def _band(interval: tuple[float, float], top: float) -> tuple[float, float]:
    low, high = interval
    return _units(low, top), _units(high - low, top)


def _units(share: float, top: float) -> float:
    return round(100 * share / top, 2)


def _first(found: Projection, ranked: Sequence[Likely]) -> str:
    leader = max(ranked, key=lambda one: one.outlook.p_first)
    return _("%(name)s : %(chances)s d’arriver en tête.") % {
        "name": leader.line.choice.name,
        "chances": chances(leader.outlook.p_first),
    }


def _order(found: Projection, night: Night) -> str:
    likeliest = found.orders[0]
    if len(found.outlooks) < 3:  # noqa: PLR2004 - of two, the first one says it
        return ""
    return _("Ordre le plus probable\u00a0: %(names)s (%(chances)s).") % {
        "names": ", ".join(night.choices[place].name for place in likeliest.choices),
        "chances": chances(likeliest.p),
    }


def _majority(found: Projection, night: Night) -> str:
    if Kind(night.election.kind) not in BY_MAJORITY or night.election.round != 1:
        return ""
    return _("Second tour : %s.") % chances(found.p_second_round)


def _basis(found: Projection) -> str:
    counted = min(99, floor(100 * found.counted))  # a trend is told before the end only
    return ngettext(
        "Projection sur %(stations)s bureau, où %(counted)s %% des suffrages attendus sont comptés.",
        "Projection sur %(stations)s bureaux ; %(counted)s %% des suffrages attendus sont comptés.",
        found.stations,
    ) % {"stations": found.stations, "counted": counted}


def _caution(stations: Sequence[StationResult]) -> str:
    """Without a former election, in a large town whose small stations come first (docs/methodology/trend.md)."""
    if any(one.station.former for one in stations):
        return _(
            "Le résultat précédent n’est connu que pour la moitié des votants au plus, et la tendance ne s’en sert"
            " pas : l’intervalle est plus large, et moins sûr qu’il ne le dit tant que seuls de petits bureaux"
            " sont dépouillés."
        )
    return _(
        "Aucun résultat précédent n’est connu par bureau\u00a0: l’intervalle est plus large, et moins sûr qu’il ne le"
        " dit tant que seuls de petits bureaux sont dépouillés."
    )


def chances(p: float) -> str:
    """A probability in words; never certain before the end."""
    if p > 0.99:  # noqa: PLR2004
        return _("plus de 99 chances sur 100")
    if p < 0.01:  # noqa: PLR2004
        return _("moins d’une chance sur 100")
    return ngettext("%s chance sur 100", "%s chances sur 100", round(100 * p)) % round(100 * p)


def _as_projected(night: Night) -> Projected:
    return Projected(
        choices=tuple(choice.name for choice in night.choices),
        stations=tuple(_station(one) for one in night.stations),
    )


def _station(one: StationResult) -> Station:
    count, opened, former = one.count, one.count.opened, one.station.former
    contents = [bag.content for bag in count.bags] or ([one.ballots] if one.is_begun else [])
    return Station(
        id=one.station.code,
        registered=one.station.registered,
        voters=opened.envelopes if opened else None,
        bags=tuple(_bag(content) for content in contents),
        complete=count.is_final,
        previous=Former(former["registered"], former["voters"], former["votes"]) if former else None,
    )


def _bag(content: Ballots) -> Bag:
    return Bag(content.ballots, content.blank, content.null, content.votes)
