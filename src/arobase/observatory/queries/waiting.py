"""Campaigns that wait until someone has looked, and what differs in them from what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arobase.observatory.models import Campaign, CampaignState
from arobase.observatory.queries.follow import left_out
from arobase.observatory.rules.change import Change, Kind

DIFFERS = "differs"  # among a campaign's figures (sources/differences.py)


@dataclass(frozen=True)
class Differing:
    """A subject of which something differs; `territory` is the id of a commune, empty for others."""

    subject: str
    name: str
    territory: str
    changes: Sequence[Change]
    silent: Sequence[str]


@dataclass(frozen=True)
class Waiting:
    """A held campaign, and what differs in it from the campaign `since`.

    changed  verdicts that differ, by layer or criterion
    silent   verdicts that were known and are not any more, likewise
    moves    the changes, the most frequent first, each with how many subjects it is of
    first    some of the subjects
    """

    campaign: Campaign
    since: Campaign | None
    changed: Mapping[str, int]
    silent: Mapping[str, int]
    moves: Sequence[tuple[Change, int]]
    first: Sequence[Differing]

    @property
    def is_told(self) -> bool:
        """Whether something is there to look at: a campaign that an older release held has nothing kept."""
        return bool(self.changed or self.silent)


def waiting() -> list[Waiting]:
    """Every campaign that waits, the latest first."""
    held = Campaign.objects.filter(state=CampaignState.HELD).order_by("-began_at", "-pk")
    return [differences_of(one) for one in held]


def differences_of(campaign: Campaign) -> Waiting:
    """What differs in a campaign from the one that was shown when it was read."""
    told: Mapping[str, Any] = campaign.figures.get(DIFFERS, {})
    hidden = set(left_out())
    return Waiting(
        campaign,
        Campaign.objects.filter(pk=told.get("since", 0)).first(),
        told.get("changed", {}),
        told.get("silent", {}),
        [(_change(*row), n) for *row, n in told.get("moves", [])],
        [
            Differing(
                one["subject"],
                one["name"],
                one["territory"] or "",
                [_change(*row) for row in one["changes"]],
                one["silent"],
            )
            for one in told.get("first", [])
            if one["territory"] not in hidden
        ],
    )


def _change(kind: str, subject: str, before: Sequence[str], after: Sequence[str]) -> Change:
    return Change(Kind(kind), subject, tuple(before), tuple(after))
