"""We did the same: an initiative says which other inspired it; people follow initiatives."""

from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.initiatives.actions.initiatives import NotAllowed
from arobase.initiatives.models import Following, Initiative, Reuse, Revision
from arobase.initiatives.rules.filiation import check
from arobase.initiatives.rules.states import State


class NotPublished(ValueError):
    """Only what everyone can read inspires."""


def inspired(initiative_id: int, *, by_id: int, note: str, by: User | None, at: datetime) -> Reuse:
    """Say that an initiative was inspired by another, which is published; the second time changes nothing.

    Raises NotAllowed, NotPublished, Circle, Initiative.DoesNotExist.
    """
    with transaction.atomic():
        initiative = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative_id)
        if by is not None and not holds(by, Role.AGENT, territory_id=initiative.territory_id):
            raise NotAllowed(by.pk)
        source = Initiative.objects.get(pk=by_id)
        if source.state != State.PUBLISHED:
            raise NotPublished(by_id)
        check(Reuse.objects.values_list("inspired_by_id", "initiative_id"), source=by_id, follower=initiative_id)
        link, made = Reuse.objects.get_or_create(
            initiative=initiative, inspired_by=source, defaults={"note": note[:300], "at": at}
        )
        if made:
            Revision.objects.create(
                initiative=initiative, at=at, by=by, verb="reuse", changes={"inspired_by": [None, source.title]}
            )
        return link


def follow(initiative_id: int, *, by: User, at: datetime) -> None:
    """Put a published initiative on one's list. Raises NotPublished, Initiative.DoesNotExist."""
    initiative = Initiative.objects.get(pk=initiative_id)
    if initiative.state != State.PUBLISHED:
        raise NotPublished(initiative_id)
    Following.objects.get_or_create(user=by, initiative=initiative, defaults={"seen_at": at})


def leave(initiative_id: int, *, by: User) -> None:
    """Take an initiative off one's list."""
    Following.objects.filter(user=by, initiative_id=initiative_id).delete()


def seen(*, by: User, at: datetime) -> None:
    """One has looked at one's list."""
    Following.objects.filter(user=by).update(seen_at=at)
