"""What the live pages show of a night: ranked lists, turnout against last time, stations, their map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from arobase.elections.models import Election
from arobase.elections.queries.comparing import Before, TurnoutBefore, compared, turnout_before
from arobase.elections.queries.council import Council, council
from arobase.elections.queries.results import Line, Night, StationResult, embargo_of, night_of
from arobase.elections.queries.trend import Trend, trend
from arobase.elections.rules.outlines import Drawing, draw
from arobase.elections.rules.projection import Priors
from arobase.web.templatetags.arobase import percent

FEW, MANY, SMALL = 5, 12, 0.02  # lists shown in any case; lists from which small ones are folded; their share


@dataclass(frozen=True)
class Turnout:
    """Turnout at an hour ("" for the closing): share of the registered voters of the stations that gave it."""

    hour: str
    share: float
    voters: int
    stations: int


@dataclass(frozen=True)
class Row:
    """A station in the list: who leads there (None while nothing is counted, or where two are level)."""

    result: StationResult
    leader: Line | None
    turnout: float | None

    @property
    def css(self) -> str:
        """Classes of the map: the leader's colour, or what is missing."""
        if self.leader:
            return self.leader.css + ("" if self.result.count.is_final else " partial")
        return "awaited"


@dataclass(frozen=True)
class Shape:
    """A station on the map: the path of its outline, or (where that is empty) the middle of its disc."""

    row: Row
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Live:
    """A night as its page shows it at one moment; under embargo only turnout is there.

    until     when the embargo ends; None where none holds
    trend     what is likely in the end; None where it is not asked for, is known, or nothing is counted
    silence   why there is no trend yet, in words
    record    how the trend did on nights of the past, in words
    """

    night: Night
    at: datetime
    until: datetime | None
    trend: Trend | None = None
    silence: str = ""
    record: str = ""

    @property
    def election(self) -> Election:
        return self.night.election

    @property
    def until_said(self) -> str:
        return until_said(self.election, self.until) if self.until else ""

    @cached_property
    def turnout(self) -> Sequence[Turnout]:
        """By hour, then at the closing."""
        hours = [Turnout(hour, voters / of, voters, n) for hour, (voters, of, n) in self.night.by_hour.items() if of]
        voters, registered, stations = self.night.voters
        return [*hours, Turnout("", voters / registered, voters, stations)] if registered else hours

    @cached_property
    def rows(self) -> Sequence[Row]:
        return [_row(one, self.night) for one in self.night.stations]

    @property
    def headline(self) -> str:
        """The answer in one sentence, with its n."""
        night = self.night
        first = night.ranking[0]
        facts = {
            "first": first.choice.name,
            "share": percent(first.share),
            "valid": number_format(night.ballots.valid),
            "final": len(night.final),
            "stations": len(night.stations),
            "begun": len(night.begun) - len(night.final),
        }
        if night.is_final:
            return _("Compte complet. %(first)s : %(share)s des %(valid)s suffrages exprimés.") % facts
        return (
            _(
                "%(first)s : %(share)s des %(valid)s suffrages exprimés comptés jusqu’ici. Bureaux complets : %(final)s"
                " sur %(stations)s ; en cours : %(begun)s."
            )
            % facts
        )

    @property
    def counted_at(self) -> datetime | None:
        """When something was last entered of the stations that are counted or being counted."""
        return max((one.station.last_at for one in self.night.begun if one.station.last_at), default=None)

    @property
    def tally(self) -> Sequence[Line]:
        """Lists by votes: those that matter, where there are many."""
        ranking = self.night.ranking
        shown = [one for place, one in enumerate(ranking) if place < FEW or (one.share or 0) >= SMALL]
        return shown if len(ranking) > MANY else ranking

    @property
    def others(self) -> Sequence[Line]:
        """The lists that `tally` leaves out."""
        return self.night.ranking[len(self.tally) :]

    @cached_property
    def council(self) -> Council | None:
        """Seats, once everything is counted."""
        return council(self.night)

    @cached_property
    def before(self) -> Before | None:
        """The first round, or last time, beside this night."""
        return compared(self.night)

    @cached_property
    def turnout_before(self) -> TurnoutBefore | None:
        """Last time's turnout at the closing, of the stations that can be compared."""
        return turnout_before(self.night)

    @property
    def leading(self) -> Sequence[Line]:
        """Lists that lead somewhere, in official order: the legend of the map."""
        places = {row.leader.choice.place for row in self.rows if row.leader}
        return [line for line in self.night.lines if line.choice.place in places]

    @cached_property
    def map(self) -> Drawing | None:
        """Outlines by station code, and the points of those without one."""
        stations = [one.station for one in self.night.stations]
        points = {one.code: (one.lon, one.lat) for one in stations if one.lon is not None and one.lat is not None}
        return draw({one.code: one.outline for one in stations}, points)

    @cached_property
    def shapes(self) -> Sequence[Shape]:
        """Stations that are on the map; discs last, for an outline would hide them."""
        if self.map is None:
            return []
        paths, discs, rows = self.map.paths, self.map.discs, {row.result.station.code: row for row in self.rows}
        outlined = [Shape(rows[code], path, 0, 0) for code, path in paths.items()]
        return [*outlined, *(Shape(rows[code], "", *middle) for code, middle in discs.items())]


def until_said(election: Election, until: datetime) -> str:
    """When the embargo ends, on the town's clock: the hour, with its day where that is not the poll's."""
    here = until.astimezone(election.clock)
    return date_format(here, "H:i" if here.date() == election.day else "l j F H:i")


def live(election: Election, *, at: datetime, priors: Priors | None = None) -> Live:
    """The night at this moment of the server's clock; with its trend where `priors` are given."""
    night, until = night_of(election), embargo_of(election, at=at)
    wants_trend = priors is not None and until is None and night.ballots.valid and not night.is_final
    return Live(night, at, until, trend(night, priors=priors) if wants_trend and priors else None)


def _row(result: StationResult, night: Night) -> Row:
    opened = result.count.opened
    registered = result.station.registered
    return Row(result, _leader(result, night), opened.envelopes / registered if opened and registered else None)


def _leader(result: StationResult, night: Night) -> Line | None:
    votes = result.ballots.votes
    most = max(votes, default=0)
    if not most or votes.count(most) > 1:
        return None
    place = votes.index(most)
    return Line(night.choices[place], most, most / result.ballots.valid)
