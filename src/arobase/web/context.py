"""What the layout of every page needs."""

from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest

from arobase.registry.registers import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """The menu for this person, and the site's own address."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        prefetch_related_objects([user], "grants")  # read once for all entries of the menu
    entries = sorted((entry for entry in navigation if entry.visible(user)), key=lambda entry: entry.order)
    return {"navigation": entries, "site_url": settings.SITE_URL}
