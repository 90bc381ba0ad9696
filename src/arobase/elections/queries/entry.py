"""What the page of one polling station shows: its count so far, who else is there, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from arobase.accounts.models import User
from arobase.elections.models import Choice, Election, Entry, Pass, Station
from arobase.elections.queries.chain import entry_that_brought
from arobase.elections.queries.wording import count_state
from arobase.elections.rules.checks import differences
from arobase.elections.rules.counts import Bag, Ballots, Count, Totals
from arobase.elections.rules.states import TRANSITIONS, State, Verb
from arobase.territories.rules.clocks import zone_of

PRESENT = timedelta(seconds=30)


@dataclass(frozen=True)
class CountedBag:
    """A bag in the list of those counted: its place from 1, votes by list, the entry that corrected it last, or 0."""

    number: int
    bag: Bag
    corrected: int = 0


@dataclass(frozen=True)
class TypedTotals:
    """Totals that someone typed: signatures, envelopes, votes, blank, null, each with whether another differs."""

    content: Ballots
    figures: Sequence[tuple[int, bool]]


@dataclass(frozen=True)
class Desk:
    """One station as the people at its table see it.

    others   how many other devices of this station were there within half a minute
    seat     1 or 2, who this is; 0 for the town's officer
    reopened why the desk has opened the entry again, while it is; else empty
    is_aside whether it set aside what was counted
    totals   the entry that brought the totals which this person typed; 0 where there are none
    """

    election: Election
    station: Station
    choices: Sequence[Choice]
    count: Count
    bags: Sequence[CountedBag]
    others: int
    seat: int
    opens: datetime
    at: datetime
    reopened: str = ""
    is_aside: bool = False
    totals: int = 0

    @property
    def may(self) -> Mapping[str, bool]:
        """What the state allows, by verb."""
        allowed = TRANSITIONS[self.count.state]
        figures = self.at >= self.opens or self.election.is_rehearsal
        now = {verb.value: verb in allowed for verb in Verb}
        for verb in (Verb.BOX, Verb.BAG, Verb.TOTALS):
            now[verb.value] = now[verb.value] and figures
        now["bag"] = now["bag"] and not self.count.typed
        now["box"] = now["box"] and not self.count.typed
        now["totals"] = now["totals"] and not self.count.bags
        return now

    @property
    def next(self) -> int:
        """The number of the next bag."""
        return len(self.count.bags) + 1

    @property
    def is_complete(self) -> bool:
        """Whether bags add up to the envelopes, so that the station can be finished."""
        is_entered = not self.count.typed or self.count.reopened
        return self.count.to_come == 0 and self.count.state is State.COUNTING and is_entered

    @property
    def differing(self) -> frozenset[str]:
        """The fields on which two typists differ."""
        if len(self.count.typed) < 2:  # noqa: PLR2004 - two people
            return frozenset()
        return frozenset(differences(self.count.typed[1], self.count.typed[2]))

    @property
    def state_name(self) -> str:
        """Where the entry stands, in words."""
        return count_state(self.count, typists=self.election.typists)

    @property
    def typed(self) -> Sequence[tuple[int, TypedTotals]]:
        """What each person typed, with what differs: nobody sees another's figures before both are in."""
        return [
            (who, self._marked(one))
            for who, one in sorted(self.count.typed.items())
            if not self.count.is_blind(who, seat=self.seat, typists=self.election.typists)
        ]

    def _marked(self, one: Totals) -> TypedTotals:
        figures = {
            "signatures": one.box.signatures,
            "envelopes": one.box.envelopes,
            **{f"votes.{place}": votes for place, votes in enumerate(one.content.votes)},
            "blank": one.content.blank,
            "null": one.content.null,
        }
        return TypedTotals(one.content, [(figure, field in self.differing) for field, figure in figures.items()])

    @property
    def hours(self) -> Sequence[tuple[str, int | None]]:
        """Hours at which turnout is asked for, and what was given."""
        return [(hour, self.count.turnout.get(hour)) for hour in self.election.hours]

    @property
    def mark(self) -> str:
        """Changes with whatever the page shows."""
        return f"{self.station.last_entry}-{self.others}-{self.at >= self.opens}"


def desk(station: Station, *, at: datetime, by: User | Pass) -> Desk:
    """The station as it stands for whoever enters."""
    election = Election.objects.get(pk=station.election_id)
    choices = list(Choice.objects.filter(election=election))
    count = station.count(lists=len(choices))
    others = Pass.objects.filter(station=station, revoked_at=None, seen_at__gte=at - PRESENT)
    if isinstance(by, Pass):
        others = others.exclude(pk=by.pk)
    return Desk(
        election=election,
        station=station,
        choices=choices,
        count=count,
        bags=_bags(station, count),
        others=others.count(),
        seat=by.seat if isinstance(by, Pass) else 0,
        opens=datetime.combine(election.day, station.closes, tzinfo=zone_of(election.code)),
        at=at,
        **_reopened(station, count),
        totals=_own_totals(election, station, count, by),
    )


def _reopened(station: Station, count: Count) -> dict[str, Any]:
    """The reason for which the station was opened again, until it is complete once more."""
    if count.state is not State.COUNTING:
        return {}
    turns = Entry.objects.filter(station=station, verb__in=(Verb.REOPEN, Verb.FINISH, Verb.TOTALS))
    last = turns.order_by("-sequence").first()
    if last is None or last.verb != Verb.REOPEN:
        return {}
    return {"reopened": str(last.payload["why"]), "is_aside": "aside" in last.payload}


def _bags(station: Station, count: Count) -> Sequence[CountedBag]:
    corrections = Entry.objects.filter(station=station, verb=Verb.CORRECT.value).order_by("sequence")
    last = {said["entry"]: sequence for said, sequence in corrections.values_list("payload", "sequence")}
    return [CountedBag(number, bag, last.get(bag.entry, 0)) for number, bag in enumerate(count.bags, start=1)]


def _own_totals(election: Election, station: Station, count: Count, by: User | Pass) -> int:
    who = next(iter(count.typed), 0) if election.typists == 1 else by.seat if isinstance(by, Pass) else 0
    return entry_that_brought(station, Verb.TOTALS, who=who) if who in count.typed else 0
