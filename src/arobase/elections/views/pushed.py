"""Followers of a night, in front of Django: it would keep a thread and a database connection for each of them."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils import translation

from arobase.elections.views.stream import stream

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
STREAM = re.compile(r"/elections/0*([0-9]{1,18})/flux")  # never left to Django, whose turn it would hold
FOLLOWED = re.compile(  # what a crowd asks for again and again, the same for all of it
    r"/elections/[0-9]{1,9}(/ecran|/integrer|/direct/(figures|stations|map)|/bureaux/[^/]+"
    r"|/resultats\.(csv|json|parquet)|/nist\.json|/ministere\.csv)?"
)


class Pushed:
    """Answers /elections/N/flux with its view, and hands everything else on to the application behind it."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        found = STREAM.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or not _is_ours(request := ASGIRequest(scope, BytesIO())):
            await self._behind(scope, receive, send)
            return
        with translation.override(translation.get_language_from_request(request)):
            answer = await stream(request, number=int(found[1]))
        await send({"type": "http.response.start", "status": answer.status_code, "headers": _headers(request, answer)})
        if not isinstance(answer, StreamingHttpResponse) or request.method == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        telling, leaving = asyncio.create_task(_tell(answer, send)), asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            telling.cancel()
            leaving.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)


def _is_ours(request: ASGIRequest) -> bool:
    """Whether nothing else is to be said first: to a wrong host, or to someone who came without https."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return request.method in {"GET", "HEAD"} and (request.is_secure() or not settings.SECURE_SSL_REDIRECT)


def _headers(request: ASGIRequest, answer: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    said: Mapping[str, str] = {**answer.headers, "X-Content-Type-Options": "nosniff"}
    if request.is_secure() and settings.SECURE_HSTS_SECONDS:
        said = {**said, "Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}"}
    return [(name.lower().encode(), value.encode()) for name, value in said.items()]


async def _tell(answer: StreamingHttpResponse, send: Send) -> None:
    async for part in answer:
        await send({"type": "http.response.body", "body": part, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
