"""Whose dossier it is: its territory's agents; anyone else is told that there is none."""

from typing import cast

from django.http import Http404, HttpRequest

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.label.models import Dossier


def own_dossier(request: HttpRequest, dossier_id: int) -> Dossier:
    """A dossier of a territory that this person acts for. Raises Http404."""
    found = (
        Dossier.objects.select_related("campaign__edition", "territory__department", "submitted_by")
        .prefetch_related("extensions")
        .filter(pk=dossier_id)
        .first()
    )
    if found is None or not holds(cast(User, request.user), Role.AGENT, territory_id=found.territory_id):
        raise Http404
    return found
