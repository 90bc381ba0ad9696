"""What is known of one polling station: hours of turnout, the box, its bags or totals, and where its entry stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from arobase.elections.rules.states import State


@dataclass(frozen=True)
class Ballots:
    """Ballots counted together: votes in the official order of the lists, blank (« bulletins blancs ») and null."""

    votes: tuple[int, ...]
    blank: int
    null: int

    @property
    def valid(self) -> int:
        """Valid votes (« suffrages exprimés »): blank and null ballots do not count (Code électoral, L65 and L66)."""
        return sum(self.votes)

    @property
    def ballots(self) -> int:
        """All of them: valid, blank and null."""
        return self.valid + self.blank + self.null

    def __add__(self, other: "Ballots") -> "Ballots":
        votes = tuple(mine + its for mine, its in zip(self.votes, other.votes, strict=True))
        return Ballots(votes, self.blank + other.blank, self.null + other.null)


def none_of(lists: int) -> Ballots:
    """No ballot at all, for so many lists."""
    return Ballots((0,) * lists, 0, 0)


@dataclass(frozen=True)
class Bag:
    """An envelope of a hundred (« enveloppe de centaine », L65), with the entry that holds it."""

    entry: int
    content: Ballots


@dataclass(frozen=True)
class Box:
    """What the opened box shows: signatures (« émargements ») and envelopes found (« votants »)."""

    signatures: int
    envelopes: int


@dataclass(frozen=True)
class Totals:
    """A station's result typed at once, by one person."""

    box: Box
    content: Ballots


@dataclass(frozen=True)
class Count:
    """One station as it stands.

    lists      how many lists there are
    turnout    voters so far, by hour ("10:00")
    box        None until it is opened
    bags       in the order they were counted
    typed      totals by typist (1 and 2) where there are no bags
    state      where its entry stands
    reopened   its totals were complete when the desk opened them again, and nobody has typed others since
    registered voters after a court's decision of the day; None while those prepared stand
    """

    lists: int
    turnout: Mapping[str, int] = field(default_factory=dict)
    box: Box | None = None
    bags: tuple[Bag, ...] = ()
    typed: Mapping[int, Totals] = field(default_factory=dict)
    state: State = State.AWAITED
    reopened: bool = False
    registered: int | None = None

    @property
    def counted(self) -> Ballots:
        """All ballots counted so far; of totals, none before everyone who types them agrees."""
        if self.typed:
            return self.agreed.content if self.agreed else none_of(self.lists)
        return sum((bag.content for bag in self.bags), none_of(self.lists))

    @property
    def opened(self) -> Box | None:
        """The box, whichever way it was typed."""
        return self.agreed.box if self.agreed else self.box

    @property
    def agreed(self) -> Totals | None:
        """The totals on which everyone who types them agrees."""
        return next(iter(self.typed.values())) if self.typed and (self.is_final or self.reopened) else None

    @property
    def to_come(self) -> int | None:
        """Envelopes not counted yet; None while nobody knows how many there are."""
        return None if self.opened is None else self.opened.envelopes - self.counted.ballots

    @property
    def is_final(self) -> bool:
        """Whether the count is complete."""
        return self.state in {State.COUNTED, State.SIGNED}

    def is_blind(self, who: int, *, seat: int, typists: int) -> bool:
        """Whether totals that `who` typed stay hidden from a seat: until everyone who must has typed theirs."""
        return len(self.typed) < typists and who != seat


def written(count: Count) -> dict[str, Any]:
    """As JSON can keep it; `read` gives it back."""
    return {
        **({"reopened": True} if count.reopened else {}),
        "turnout": dict(count.turnout),
        "box": _box(count.box),
        "bags": [[bag.entry, *_ballots(bag.content)] for bag in count.bags],
        "typed": {str(who): [_box(one.box), _ballots(one.content)] for who, one in count.typed.items()},
        "state": count.state.value,
        **({} if count.registered is None else {"registered": count.registered}),
    }


def read(kept: Mapping[str, Any], *, lists: int) -> Count:
    """What `written` wrote, or a station of which nothing is known."""
    if not kept:
        return Count(lists)
    return Count(
        lists=lists,
        turnout=kept["turnout"],
        box=Box(*kept["box"]) if kept["box"] else None,
        bags=tuple(Bag(entry, Ballots(tuple(votes), blank, null)) for entry, votes, blank, null in kept["bags"]),
        typed={
            int(who): Totals(Box(*box), Ballots(tuple(votes), blank, null))
            for who, (box, (votes, blank, null)) in kept["typed"].items()
        },
        state=State(kept["state"]),
        reopened=kept.get("reopened", False),
        registered=kept.get("registered"),
    )


def _box(box: Box | None) -> list[int] | None:
    return None if box is None else [box.signatures, box.envelopes]


def _ballots(content: Ballots) -> list[object]:
    return [list(content.votes), content.blank, content.null]
