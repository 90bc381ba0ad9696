"""Reports as the organiser, the jury and anyone see them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from arobase.initiatives.models import Report


def waiting_reports() -> QuerySet[Report]:
    """What nobody answered yet, the oldest first."""
    return Report.objects.filter(state=Report.State.WAITING).select_related("initiative__territory")


def upheld(initiative_id: int) -> QuerySet[Report]:
    """What the organiser found to be untrue in an initiative, with the reason."""
    return Report.objects.filter(initiative=initiative_id, state=Report.State.UPHELD)


def reported(initiative_ids: Iterable[int]) -> Mapping[int, int]:
    """How many reports wait or were upheld, by initiative."""
    open_ = Report.objects.filter(initiative__in=list(initiative_ids)).exclude(state=Report.State.DISMISSED)
    return Counter(open_.values_list("initiative_id", flat=True))
