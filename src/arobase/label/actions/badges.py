"""Badges: granted with the award, kept as signed, taken back with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from arobase.accounts.models import User
from arobase.label.actions.campaigns import check_organiser
from arobase.label.models import Award, Badge

REPLACED = _("Remplacé par un autre")


class NoReason(ValueError):
    """A badge is only taken back with a reason, which its page shows."""


def grant(award: Award, *, since: datetime, until: datetime) -> Badge:
    """Give an award its badge; one that it had is taken back, because another replaces it."""
    with transaction.atomic():
        Badge.objects.filter(award=award, revoked_at__isnull=True).update(revoked_at=since, reason=REPLACED)
        return Badge.objects.create(award=award, level=award.level or 1, valid_from=since, valid_until=until)


def keep_signed(badge_id: int, signed: str) -> str:
    """Keep a badge as it was signed first; what is kept."""
    Badge.objects.filter(pk=badge_id, signed="").update(signed=signed)
    return Badge.objects.values_list("signed", flat=True).get(pk=badge_id)


def revoke(badge_id: int, *, reason: str, by: User, at: datetime) -> None:
    """Take a badge back. Raises NotAllowed, NoReason; nothing happens to one that was taken back before."""
    check_organiser(by)
    if not reason.strip():
        raise NoReason
    Badge.objects.filter(pk=badge_id, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by=by, reason=reason.strip()
    )
