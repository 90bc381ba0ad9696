"""What the readers of tables share: names of columns however they are written, numbers, hours, wrong lines."""

import gzip
import re
import unicodedata
from dataclasses import dataclass
from datetime import time
from typing import BinaryIO, cast

HOUR = re.compile(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?")


@dataclass(frozen=True)
class Fault:
    """A line that is not understood, by its number in the file, and why."""

    line: int
    text: str


def plain(name: str) -> str:
    """A column's name without accents, case, spaces and signs: « N°Panneau » becomes `npanneau`."""
    apart = unicodedata.normalize("NFD", name.lower())
    return "".join(sign for sign in apart if sign.isascii() and sign.isalnum())


def whole(written: str) -> int | None:
    """A whole number as files write it, spaces between thousands allowed; None where it is none."""
    digits = "".join(written.split())
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None  # noqa: PLR2004 - a billion


def hour(written: str) -> time | None:
    """« 8:00 », « 8h », « 08h30 » or « 8 »; None where it is no hour.

    >>> hour("8h")
    datetime.time(8, 0)
    """
    found = HOUR.fullmatch(written.strip())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:  # noqa: PLR2004 - a day's hours
        return None
    return time(int(found[1]), int(found[2] or 0))


def separator(header: str) -> str:
    """What stands between the columns: the sign that the header holds most of."""
    return max(";,\t", key=header.count)


def unpacked(file: BinaryIO) -> BinaryIO:
    """A file from its beginning, decompressed where it is gzip."""
    file.seek(0)
    start = file.read(2)
    file.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=file)) if start == b"\x1f\x8b" else file
