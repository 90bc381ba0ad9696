"""The tiles that the map of today is drawn from."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

FOLDER = "tiles"
MANIFEST = "current.json"


@dataclass(frozen=True, slots=True)
class Tiles:
    """A built file of tiles: its name without ending, of what data, when, and its size."""

    name: str
    fingerprint: str
    built_at: datetime
    size_bytes: int


def current() -> Tiles | None:
    """The tiles that serve; None while none were built."""
    path = settings.HOME / FOLDER / MANIFEST
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Tiles(kept["name"], kept["fingerprint"], datetime.fromisoformat(kept["built_at"]), kept["size_bytes"])


def file_of(name: str) -> Path | None:
    """The file of tiles of this name (letters, a dash, hexadecimal digits); None where there is none."""
    path = Path(settings.HOME) / FOLDER / f"{name}.pmtiles"
    return path if path.is_file() else None
