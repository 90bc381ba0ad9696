"""Files as people have them: UTF-8 or Windows-1252, read within bounds of size."""

import re
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_noop as _

MOST_BYTES = 20 * 1024 * 1024
REPLACED = "\ufffd"
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")


class UnreadableFile(ValueError):
    """A file that cannot be read at all: a French message and the facts that say where and why."""

    def __init__(self, text: str, **facts: str | int) -> None:
        self.text, self.facts = text, facts
        super().__init__(text % facts)


def bounded(stream: BinaryIO) -> bytes:
    """All bytes of a stream. Raises UnreadableFile as soon as there are more than MOST_BYTES."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            _("Le fichier dépasse %(most)s Mo : importez-le en plusieurs parties."), most=MOST_BYTES // 1024 // 1024
        )
    return content


def bounded_file(path: Path) -> bytes:
    """All bytes of a file, as `bounded`. Raises UnreadableFile also when it cannot be opened."""
    try:
        with path.open("rb") as file:
            return bounded(file)
    except OSError as error:
        raise UnreadableFile(
            _("Le fichier « %(path)s » ne peut pas être lu : %(reason)s."),
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding; what cannot be read, and NUL, becomes U+FFFD in its place.

    A file that is not UTF-8 as a whole is Windows-1252 unless it holds letters that are plainly UTF-8.

    >>> decoded("Épinal".encode("cp1252"))
    ('Épinal', 'windows-1252')
    >>> decoded("Épinal, Mérignac".encode()[:-12])
    ('Épinal', 'utf-8')
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").replace("\0", REPLACED), "utf-16"
    encoding = "utf-8"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = "utf-8" if content.startswith(b"\xef\xbb\xbf") or _MULTIBYTE.search(content) else "windows-1252"
        text = content.decode("utf-8-sig" if encoding == "utf-8" else "cp1252", errors="replace")
    return text.replace("\0", REPLACED), encoding
