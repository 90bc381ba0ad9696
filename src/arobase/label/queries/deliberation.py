"""The meeting's sheet: dossiers in its order, who leaves and comes back, what is proposed and decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from arobase.label.models import Campaign, Decision, Juror
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.jury import conflicts, handed_in, seated
from arobase.label.rules.configuration import Mention
from arobase.label.rules.deliberation import has_quorum, meeting_order, movements


@dataclass(frozen=True)
class Item:
    """A dossier in the meeting: who goes out before it, who comes back."""

    decision: Decision
    leave: Sequence[str]
    back: Sequence[str]


@dataclass(frozen=True)
class Meeting:
    """All of the meeting."""

    items: Sequence[Item]
    jurors: Sequence[Juror]
    mentions: Sequence[Mention]
    present: int
    has_quorum: bool
    movements: int
    decided: int


def meeting(campaign: Campaign) -> Meeting:
    """The meeting's sheet, doubtful dossiers keeping their place in the order."""
    jurors, dossiers = seated(campaign), handed_in(campaign)
    against = conflicts(jurors, dossiers)
    names = {one.pk: str(one) for one in jurors}
    away = {
        dossier.pk: frozenset(names[juror.pk] for juror in jurors if (dossier.pk, juror.pk) in against)
        for dossier in dossiers
    }
    found = Decision.objects.filter(dossier__in=dossiers).select_related("dossier__territory")
    decisions = {one.dossier_id: one for one in found.prefetch_related("events__by")}
    order = meeting_order({key: jurors_away for key, jurors_away in away.items() if key in decisions})
    items, out = [], frozenset[str]()
    for dossier_id in order:
        items.append(Item(decisions[dossier_id], sorted(away[dossier_id] - out), sorted(out - away[dossier_id])))
        out = away[dossier_id]
    configuration = in_force(campaign)
    present = sum(one.is_present for one in jurors)
    return Meeting(
        items,
        jurors,
        configuration.mentions,
        present,
        has_quorum(present, seated=len(jurors), share=configuration.jury.quorum),
        movements([away[one] for one in order]),
        sum(one.decision.level is not None for one in items),
    )
