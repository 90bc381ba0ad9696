"""Pages that a crowd asks for in the same moment: drawn once for all who would be shown the same."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from io import BytesIO
from re import Pattern
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import parse_cookie
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_request

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Headers = Sequence[tuple[bytes, bytes]]
TOLD = (b"host", b"x-forwarded-proto")  # of a request's headers, what an answer may depend on as it is
PERSONAL = (b"no-store", b"private")
MOST_KEPT, MOST_BYTES = 256, 2_000_000
OF_BODY = (b"content-length", b"content-encoding", b"content-type")


@dataclass(frozen=True)
class Asked:
    """What an answer depends on: two requests that ask the same are answered with the same bytes."""

    path: str
    language: str
    compressed: bool
    told: Headers

    def scope(self, of: Mapping[str, Any]) -> dict[str, Any]:
        """The request that asks just this, of the server that got `of`."""
        encoding = b"gzip" if self.compressed else b"identity"
        headers = [*self.told, (b"accept-language", self.language.encode()), (b"accept-encoding", encoding)]
        return {**of, "query_string": b"", "headers": headers}


@dataclass(frozen=True)
class Snapshot:
    """An answer as it was at a moment, and until when it is shown (seconds of the monotonic clock)."""

    status: int
    headers: Headers
    body: bytes
    until: float

    @property
    def etag(self) -> str:
        return dict(self.headers).get(b"etag", b"").decode("latin-1")

    @property
    def is_for_all(self) -> bool:
        """Whether it was made for nobody in particular."""
        headers = dict(self.headers)
        is_personal = any(word in headers.get(b"cache-control", b"") for word in PERSONAL)
        return b"set-cookie" not in headers and not is_personal and len(self.body) <= MOST_BYTES


class Snapshots:
    """Answers those who bring no session from what was drawn for another, for so many seconds.

    Nothing but what an answer is kept by reaches the application: whoever asks first cannot colour what others see.
    Requests that bring a cookie other than the language's, a query, or a method other than GET go through.

    addresses   paths whose answers are the same for everybody without a session
    """

    def __init__(self, behind: Any, *, addresses: Pattern[str], seconds: float) -> None:
        self._behind, self._addresses, self._seconds = behind, addresses, seconds
        self._kept: dict[Asked, Snapshot] = {}
        self._drawing: dict[Asked, asyncio.Task[Snapshot]] = {}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        asked = _asked(scope) if self._is_shared(scope) else None
        shown = await self._of(asked, scope) if asked else None
        if shown is None or not shown.is_for_all:
            await self._behind(scope, receive, send)
            return
        if _knows(scope, shown.etag):
            shown = replace(shown, status=HTTPStatus.NOT_MODIFIED, headers=_without_body(shown.headers), body=b"")
        await send({"type": "http.response.start", "status": shown.status, "headers": shown.headers})
        await send({"type": "http.response.body", "body": shown.body})

    def _is_shared(self, scope: Mapping[str, Any]) -> bool:
        return (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and not scope["query_string"]
            and self._addresses.fullmatch(scope["path"]) is not None
        )

    async def _of(self, asked: Asked, scope: Mapping[str, Any]) -> Snapshot:
        """The answer kept; else the one being drawn, which whoever asks meanwhile waits for too."""
        kept = self._kept.get(asked)
        if kept is not None and time.monotonic() < kept.until:
            return kept
        drawing = self._drawing.get(asked)
        if drawing is None:
            drawing = self._drawing[asked] = asyncio.create_task(self._draw(asked, scope))
            drawing.add_done_callback(lambda _done: self._drawing.pop(asked, None))
        return await asyncio.shield(drawing)  # who leaves takes nothing from those who wait

    async def _draw(self, asked: Asked, scope: Mapping[str, Any]) -> Snapshot:
        began = time.monotonic()
        parts: list[Mapping[str, Any]] = []

        async def taken(message: Mapping[str, Any]) -> None:
            parts.append(message)

        await self._behind(asked.scope(scope), _Nothing(), taken)
        start = next(one for one in parts if one["type"] == "http.response.start")
        body = b"".join(one.get("body", b"") for one in parts if one["type"] == "http.response.body")
        headers = [(name.lower(), value) for name, value in start["headers"]]
        shown = Snapshot(start["status"], headers, body, until=began + self._seconds)
        self._keep(asked, shown)
        return shown

    def _keep(self, asked: Asked, shown: Snapshot) -> None:
        if shown.status >= HTTPStatus.BAD_REQUEST:  # of addresses that lead nowhere there is no end
            return
        now = time.monotonic()
        self._kept = {one: kept for one, kept in self._kept.items() if now < kept.until}
        if len(self._kept) < MOST_KEPT:
            self._kept[asked] = shown


class _Nothing:
    """What a request without a body brings, then silence: nobody in particular is there who could leave."""

    def __init__(self) -> None:
        self._is_read = False

    async def __call__(self) -> dict[str, Any]:
        if self._is_read:
            await asyncio.Event().wait()
        self._is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}


def _asked(scope: Mapping[str, Any]) -> Asked | None:
    """What is asked for; None where it is asked for somebody."""
    headers = dict(scope["headers"])
    cookies = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    if parse_cookie(cookies).keys() - {settings.LANGUAGE_COOKIE_NAME}:
        return None
    language = get_language_from_request(ASGIRequest(scope, BytesIO()))
    told = tuple((name, headers[name]) for name in TOLD if name in headers)
    return Asked(scope["path"], language, b"gzip" in headers.get(b"accept-encoding", b""), told)


def _knows(scope: Mapping[str, Any], etag: str) -> bool:
    """Whether who asks has these very bytes already (weak comparison: RFC 9110, 13.1.2)."""
    asked = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
    known = {one.removeprefix("W/") for one in parse_etags(asked)} if asked else set()
    return bool(etag) and not known.isdisjoint({etag.removeprefix("W/"), "*"})


def _without_body(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name not in OF_BODY]
