"""What a check of an address found, kept beside what was known of it."""

from datetime import datetime

from django.db import transaction

from arobase.initiatives.models import LinkCheck
from arobase.initiatives.rules.links import Link, LinkState, after_check


def note_check(address: str, *, outcome: str, status: int | None, is_nameless: bool, at: datetime) -> LinkCheck:
    """Keep what a check found."""
    with transaction.atomic():
        found = LinkCheck.objects.select_for_update().filter(address=address).first()
        known = Link(LinkState(found.state), found.failing_since, found.failures) if found else None
        now = after_check(known, status, at=at, is_nameless=is_nameless)
        made, _is_new = LinkCheck.objects.update_or_create(
            address=address,
            defaults={
                "state": now.state,
                "status": status,
                "outcome": outcome,
                "checked_at": at,
                "failing_since": now.failing_since,
                "failures": now.failures,
            },
        )
        return made
