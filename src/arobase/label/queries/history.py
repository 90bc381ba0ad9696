"""The history of the label on a territory's page: a line of @ by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from arobase.label.models import Edition
from arobase.label.queries.awards import AwardShown, awards_of
from arobase.label.queries.distinctions import excellent_until


@dataclass(frozen=True)
class YearShown:
    """What was received in one year, by the territory itself and through its intercommunal body."""

    year: int
    awards: tuple[AwardShown, ...]


def history_panel(territory_id: str) -> Mapping[str, Any] | None:
    """What the panel draws; None for a territory that was never a laureate, itself or through its body."""
    awards = awards_of(territory_id)
    if not awards:
        return None
    years = sorted({award.year for award in awards})
    shown = [YearShown(year, tuple(award for award in awards if award.year == year)) for year in years]
    own = [award for award in awards if not award.via]
    return {
        "years": shown,
        "own_count": len(own),
        "best": max((award.level for award in own if award.level), default=None),
        "first": years[0],
        "last": years[-1],
        "is_sample": any(award.is_sample for award in awards),
        "excellent_until": excellent_until(territory_id, label_year=_label_year()),
    }


def _label_year() -> int:
    """The latest label year of which an award is known: distinctions are counted in label years, not in days."""
    return Edition.objects.filter(awards__isnull=False).aggregate(last=Max("label_year"))["last"] or 0
