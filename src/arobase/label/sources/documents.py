"""Documents that show what a dossier says: read within bounds, known by what they hold and not by their name."""

import io
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_noop as _
from PIL import Image, UnidentifiedImageError

from arobase.label.models import Document
from arobase.web.files import UnreadableFile

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
PDF = "application/pdf"
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def store(stream: BinaryIO) -> tuple[str, str, int]:
    """Keep a document under what it holds: SHA-256, media type, bytes. Raises UnreadableFile."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            _("Le document dépasse %(most)s Mo : réduisez-le d’abord."), most=MOST_BYTES // 1024 // 1024
        )
    media_type = PDF if content.startswith(b"%PDF-") else _picture_type(content)
    digest = sha256(content).hexdigest()
    place = path_of(digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_suffix(".new")
        fresh.write_bytes(content)
        fresh.replace(place)
    return digest, media_type, len(content)


def path_of(digest: str) -> Path:
    """Where a document is kept."""
    return Path(settings.MEDIA_ROOT) / "documents" / digest[:2] / digest


def opened(document: Document) -> BinaryIO:
    """The document's bytes. Raises FileNotFoundError."""
    return path_of(document.sha256).open("rb")


def _picture_type(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnreadableFile(
                    _("L’image compte plus de %(most)s millions de points : réduisez-la d’abord."),
                    most=MOST_PIXELS // 1_000_000,
                )
            picture.verify()
            return PICTURES[str(picture.format)]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(
            _("Ce fichier n’est ni un PDF ni une image JPEG, PNG ou WebP lisible, quoi que dise son nom.")
        ) from error
