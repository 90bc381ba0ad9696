"""What changed for a territory between two looks, and whether so much changed that a person must look first.

A verdict that becomes known, or unknown, is no change: only two known verdicts can differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from arobase.observatory.rules.criteria.finding import Finding, Met
from arobase.observatory.rules.profile import Layer, LayerVerdict, Profile, State

MOST_CHANGED = Fraction(5, 100)
REACHABLE = "1.3"


@dataclass(frozen=True)
class Snapshot:
    """What was concluded of one territory from the facts of one day; findings by criterion."""

    profile: Profile
    findings: Mapping[str, Finding] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return self.profile.on


class Kind(StrEnum):
    """What sort of change it is."""

    MOVED = "moved"  # a layer from some holders to others
    BEGUN = "begun"  # a layer that nobody held is held
    ENDED = "ended"  # the contrary
    DARK = "dark"  # the site was reachable, and is not
    BACK = "back"
    WON = "won"  # a criterion
    LOST = "lost"


@dataclass(frozen=True)
class Change:
    """One change: of a layer (`mail`) or of a criterion (`2.5`), with the holders before and after."""

    kind: Kind
    subject: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def changes(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """What changed, layers first, each in the order of its list; nothing where either side is unknown."""
    layers = (_of_layer(one, before.profile.layer(one), after.profile.layer(one)) for one in Layer)
    shared = [one for one in after.findings if one in before.findings]
    criteria = (_of_criterion(before.findings[one], after.findings[one]) for one in shared)
    return tuple(one for one in (*layers, *criteria) if one)


def _of_layer(layer: Layer, before: LayerVerdict, after: LayerVerdict) -> Change | None:
    if not (_is_known(before) and _is_known(after)):
        return None
    left, entered = _holders(before), _holders(after)
    if left == entered:
        return None
    kind = Kind.MOVED if left and entered else Kind.BEGUN if entered else Kind.ENDED
    return Change(kind, layer, left, entered)


def _of_criterion(before: Finding, after: Finding) -> Change | None:
    if before.met is after.met or Met.UNKNOWN in {before.met, after.met}:
        return None
    is_won = after.met is Met.MET
    if after.criterion == REACHABLE:
        return Change(Kind.BACK if is_won else Kind.DARK, after.criterion)
    return Change(Kind.WON if is_won else Kind.LOST, after.criterion)


def _is_known(verdict: LayerVerdict) -> bool:
    return verdict.state is State.NONE or (verdict.state is State.FOUND and bool(verdict.held))


def _holders(verdict: LayerVerdict) -> tuple[str, ...]:
    """Who holds a layer: a set, for the order in which name servers are listed says nothing."""
    return tuple(sorted({one.provider for one in verdict.held})) if verdict.state is State.FOUND else ()


@dataclass(frozen=True)
class Campaign:
    """How the verdicts of two campaigns compare.

    compared  known in both
    changed   of these, how many differ
    silent    known before, unknown now: not a change, and a sign that something went wrong with the looking
    fresh     unknown before, known now
    """

    compared: int
    changed: int
    silent: int = 0
    fresh: int = 0

    @property
    def changed_share(self) -> Fraction:
        """Of the verdicts known in both."""
        return Fraction(self.changed, self.compared) if self.compared else Fraction(0)

    @property
    def silent_share(self) -> Fraction:
        """Of the verdicts known before."""
        known = self.compared + self.silent
        return Fraction(self.silent, known) if known else Fraction(0)

    @property
    def is_held(self) -> bool:
        """Whether nothing may be published until someone looked: more than 5 % changed, or fell silent."""
        return self.changed_share > MOST_CHANGED or self.silent_share > MOST_CHANGED


def compare(pairs: Iterable[tuple[Snapshot, Snapshot]]) -> Campaign:
    """Two campaigns over the territories that both looked at; every layer and every criterion is one verdict.

    >>> compare([]).is_held
    False
    """
    compared = changed = silent = fresh = 0
    for before, after in pairs:
        for was, is_now, differs in _verdicts(before, after):
            compared += was and is_now
            changed += differs
            silent += was and not is_now
            fresh += is_now and not was
    return Campaign(compared, changed, silent, fresh)


def silences(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """Layers and criteria that were known and are not any more."""
    layers = [one for one in Layer if _is_known(before.profile.layer(one)) and not _is_known(after.profile.layer(one))]
    told = [code for code, one in before.findings.items() if _is_told(one) and not _is_told(after.findings.get(code))]
    return (*layers, *told)


def _verdicts(before: Snapshot, after: Snapshot) -> Sequence[tuple[bool, bool, bool]]:
    """For each verdict: known before, known after, different."""
    layers = [(before.profile.layer(one), after.profile.layer(one), one) for one in Layer]
    criteria = [(before.findings.get(one), after.findings.get(one)) for one in {*before.findings, *after.findings}]
    return [
        *((_is_known(was), _is_known(now), _of_layer(one, was, now) is not None) for was, now, one in layers),
        *((_is_told(was), _is_told(now), bool(was and now and _of_criterion(was, now))) for was, now in criteria),
    ]


def _is_told(finding: Finding | None) -> bool:
    return finding is not None and finding.met is not Met.UNKNOWN
