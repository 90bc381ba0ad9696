"""Badges as they stand, and what a check of one finds, in sentences."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from arobase.label.models import Badge
from arobase.label.rules.badges import Finding

FOUND = {
    Finding.ALTERED: _("Modifié : la signature ne correspond pas à ce que dit ce badge."),
    Finding.STRANGER: _("Émis par un autre que ce site : rien ici ne peut en répondre."),
    Finding.REVOKED: _("Retiré : ce badge a été authentique, il ne vaut plus."),
    Finding.NOT_YET: _("Authentique, mais pas encore valable."),
    Finding.EXPIRED: _("Authentique, mais échu."),
    Finding.VALID: _("Authentique et valable."),
}


def badge_of(uid: str) -> Badge | None:
    """The badge of this site with that identifier."""
    try:
        found = Badge.objects.filter(uid=UUID(uid))
    except ValueError:
        return None
    return found.select_related("award__edition__campaign", "award__territory").first()


def latest_badge(award_id: int) -> Badge | None:
    """The badge that an award has, or had last."""
    found = Badge.objects.filter(award_id=award_id).order_by("-pk")
    return found.select_related("award__edition", "award__territory").first()


def revoked_numbers() -> list[int]:
    """The places in the status list of the badges that were taken back."""
    return list(Badge.objects.filter(revoked_at__isnull=False).values_list("pk", flat=True))
