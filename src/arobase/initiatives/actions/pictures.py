"""Pictures of an initiative: added with words for those who do not see them, or taken away."""

from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.initiatives.actions.initiatives import NotAllowed
from arobase.initiatives.models import Initiative, Picture, Revision

MOST = 8


class TooManyPictures(ValueError):
    """An initiative shows a few pictures, not an album."""


class WordsNeeded(ValueError):
    """A picture says in words what it shows."""


def add_picture(
    initiative_id: int, *, sha256: str, size: tuple[int, int], alternative: str, credit: str, by: User, at: datetime
) -> Picture:
    """Show a stored picture (size: width and height in pixels); the same one again only changes its words.

    Raises NotAllowed, TooManyPictures, WordsNeeded, Initiative.DoesNotExist.
    """
    if not alternative.strip():
        raise WordsNeeded
    with transaction.atomic():
        initiative = _writable(initiative_id, by)
        if initiative.pictures.exclude(sha256=sha256).count() >= MOST:
            raise TooManyPictures
        picture, made = Picture.objects.update_or_create(
            initiative=initiative,
            sha256=sha256,
            defaults={"width": size[0], "height": size[1], "alternative": alternative[:250], "credit": credit[:150]},
        )
        if made:
            _noted(initiative, [None, alternative], by=by, at=at)
        return picture


def take_away(picture_id: int, *, by: User, at: datetime) -> Initiative:
    """Show a picture no more; its file stays for the history. Raises NotAllowed, Picture.DoesNotExist."""
    with transaction.atomic():
        picture = Picture.objects.get(pk=picture_id)
        initiative = _writable(picture.initiative_id, by)
        _noted(initiative, [picture.alternative, None], by=by, at=at)
        picture.delete()
        return initiative


def _writable(initiative_id: int, by: User) -> Initiative:
    initiative = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative_id)
    if not holds(by, Role.AGENT, territory_id=initiative.territory_id):
        raise NotAllowed(by.pk)
    return initiative


def _noted(initiative: Initiative, change: list[str | None], *, by: User, at: datetime) -> None:
    initiative.changed_at = at
    initiative.save(update_fields=["changed_at"])
    Revision.objects.create(initiative=initiative, at=at, by=by, verb="picture", changes={"picture": change})
