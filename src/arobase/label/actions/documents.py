"""The file library of a territory."""

from datetime import datetime

from arobase.accounts.models import User
from arobase.label.models import Document

LONGEST_NAME = 200


def keep(
    territory_id: str, *, digest: str, name: str, media_type: str, size: int, by: User | None, at: datetime
) -> tuple[Document, bool]:
    """Note a stored document; the same content is kept once, under its first name. Whether it is new."""
    return Document.objects.get_or_create(
        territory_id=territory_id,
        sha256=digest,
        defaults={
            "name": name[-LONGEST_NAME:] or digest[:12],
            "media_type": media_type,
            "bytes": size,
            "added_at": at,
            "added_by": by,
        },
    )
