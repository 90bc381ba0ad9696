"""A picture that someone sends: decoded, turned upright, made smaller, and written anew without anything else it held.

What is kept is named by its content, in AROBASE_HOME/media/initiatives; place, camera and date (EXIF) are gone.
"""

import hashlib
import io
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1_600
SMALL_SIDE = 480
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 80


class BadPicture(ValueError):
    """A file that is no picture we take; `why` is `missing`, `too large`, `no picture`, `too many pixels`."""

    def __init__(self, why: str, **facts: int | str) -> None:
        super().__init__(why)
        self.why, self.facts = why, facts


@dataclass(frozen=True, slots=True)
class Written:
    """A picture as it is kept."""

    sha256: str
    width: int
    height: int


def store(stream: BinaryIO, *, folder: Path) -> Written:
    """Read a picture, write it anew in two sizes. Raises BadPicture; the same picture twice is written once."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadPicture("too large", most=MOST_BYTES // 1024 // 1024)
    image = _decoded(content)
    large, small = _reduced(image, LONGEST_SIDE), _reduced(image, SMALL_SIDE)
    data = _webp(large)
    sha256 = hashlib.sha256(data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{sha256}-petite.webp", _webp(small))
    _write(folder / f"{sha256}.webp", data)
    return Written(sha256, large.width, large.height)


def _decoded(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise BadPicture("too many pixels", most=MOST_PIXELS // 1_000_000)
                upright = ImageOps.exif_transpose(image)
                return upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise BadPicture("too many pixels", most=MOST_PIXELS // 1_000_000) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        if isinstance(error, BadPicture):
            raise
        raise BadPicture("no picture") from error


def _reduced(image: Image.Image, longest: int) -> Image.Image:
    smaller = image.copy()
    smaller.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return smaller


def _webp(image: Image.Image) -> bytes:
    clean = Image.frombytes(image.mode, image.size, image.tobytes())  # pixels, and nothing that came with them
    sink = io.BytesIO()
    clean.save(sink, "WEBP", quality=QUALITY)
    return sink.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, whoever else writes the same."""
    if path.exists():
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".picture-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)
