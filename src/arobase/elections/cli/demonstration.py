"""What `arobase demo` replays: prepared once, for the day it is started."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from arobase.elections.actions.preparing import prepare, wipe
from arobase.elections.models import Election
from arobase.elections.sources.replays import nights


def fill(at: datetime) -> int:
    """Prepare the nights of today that are missing; those of another day are forgotten. How many there are."""
    today = timezone.localdate(at)
    rehearsals = Election.objects.filter(is_rehearsal=True, made_by=None)
    for old in rehearsals.exclude(day=today):
        wipe(old.pk, by=None, at=at)
    there = set(rehearsals.values_list("code", flat=True))
    for plan in nights(settings.DATA_MIRROR, day=today):
        if plan.code not in there:
            prepare(plan, by=None, at=at)
    return rehearsals.count()
