"""Secrets that a home makes for itself; imported by the settings, so without Django."""

import secrets
from collections.abc import Callable
from pathlib import Path


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """What a file holds that only its owner may read; made by the first process that asks, the same for all."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = written(path, make())
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass  # another process made it in the same moment: theirs counts
        finally:
            fresh.unlink()
    return path.read_bytes()


def written(path: Path, content: bytes) -> Path:
    """A fresh file beside a path, readable by its owner alone, to be put in its place."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    return fresh
