"""What is known of the printed codes of a night: when they were made, and how many opened a device."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from arobase.elections.models import Election, Pass


@dataclass(frozen=True)
class Codes:
    """Codes in force; `made_at` is None while there are none."""

    made_at: datetime | None
    in_force: int
    used: int


def codes_of(election: Election) -> Codes:
    """The codes in force of a night (one statement)."""
    found = Pass.objects.filter(station__election=election, revoked_at=None).aggregate(
        made_at=Max("made_at"), in_force=Count("pk"), used=Count("used_at")
    )
    return Codes(**found)
