"""The file of tiles, by ranges of bytes: what a map asks of it."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from arobase.atlas.queries.tiles import file_of
from arobase.web.access import ANYONE, open_to

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
BLOCK = 1 << 18


@open_to(ANYONE)
@require_safe
def tiles(request: HttpRequest, name: str) -> HttpResponseBase:
    """A range of the file (206), or all of it (200); 416 for a range that lies beyond it.

    The name holds the hash of the content, so that an answer may be kept for ever; it is never compressed, since
    ranges speak of the bytes of the file.
    """
    path = file_of(name)
    if path is None:
        raise Http404(name)
    size = path.stat().st_size
    etag = f'"{name}"'
    asked = request.headers.get("Range", "")
    if asked and request.headers.get("If-Range", etag) != etag:
        asked = ""
    try:
        first, last = _range(asked, size=size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {
        "Content-Type": "application/vnd.pmtiles",
        "Content-Encoding": "identity",
        "Content-Length": str(last - first + 1),
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=31536000, immutable, no-transform",
        "ETag": etag,
    }
    status = 200
    if asked:
        status, headers["Content-Range"] = 206, f"bytes {first}-{last}/{size}"
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    if last - first < BLOCK:
        return HttpResponse(b"".join(_blocks(path, first, last)), status=status, headers=headers)
    return StreamingHttpResponse(_blocks(path, first, last), status=status, headers=headers)


def _range(asked: str, *, size: int) -> tuple[int, int]:
    """First and last byte of a single range; the whole file when nothing is asked. Raises ValueError beyond it."""
    if not asked:
        return 0, size - 1
    found = RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        raise ValueError(asked)
    start, end = found.groups()
    first = int(start) if start else max(0, size - int(end))
    last = min(int(end), size - 1) if start and end else size - 1
    if first > last:
        raise ValueError(asked)
    return first, last


def _blocks(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
