"""Pushes the figures to whoever follows (server-sent events): one look at the database serves all of a process.

Each process looks at the heads of the chains every 200 ms while someone follows; what changed is drawn once and the
same bytes go to all. No broker is needed, and any number of processes and machines work over one database.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import orjson
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection, connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from arobase.elections.models import Election
from arobase.elections.views.live import mark_of, parts
from arobase.web.access import ANYONE, open_to

logger = logging.getLogger(__name__)
Looked = TypeVar("Looked")
LOOK_S = 0.2
QUIET_S = 15.0  # a comment is sent when nothing happened for so long: proxies close what is silent
RETRY_MS = 3000


@dataclass
class Channel:
    """One election in one language, followed by some in this process."""

    number: int
    language: str
    followers: int = 0
    mark: str | None = None
    event: bytes = b""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    watcher: "asyncio.Task[None] | None" = None


_looker = ThreadPoolExecutor(1, thread_name_prefix="elections-looker")
_channels: dict[tuple[asyncio.AbstractEventLoop, int, str], Channel] = {}


@open_to(ANYONE)
@require_safe
async def stream(request: HttpRequest, number: int) -> HttpResponseBase:
    """Events `figures` with the part of the page that changed; their id is the head of the chain."""
    language = translation.get_language() or "fr"
    if not await sync_to_async(_is_there)(number):
        return HttpResponse(status=404)
    last = request.headers.get("Last-Event-ID", "")
    answer = StreamingHttpResponse(_events(number, language, last), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["Content-Encoding"] = "identity"  # compressed, an event would wait for the next one
    answer["X-Accel-Buffering"] = "no"
    return answer


async def _events(number: int, language: str, last: str) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    channel = _channels.setdefault((loop, number, language), Channel(number, language))
    channel.followers += 1
    if channel.watcher is None or channel.watcher.done():
        channel.mark, channel.event = None, b""  # of those who followed before: maybe not to be shown any more
        channel.watcher = loop.create_task(_watch(channel))
    try:
        yield b"retry: %d\n\n" % RETRY_MS
        seen: str | None = None
        while True:
            if channel.mark is not None and channel.mark != seen:
                seen = channel.mark
                if seen != last:
                    yield channel.event
                last = ""
                continue
            if not await _changes(channel, seen):
                yield b": ...\n\n"
    finally:
        channel.followers -= 1


async def _changes(channel: Channel, seen: str | None) -> bool:
    """Wait for a change; False when nothing happened for a while."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(QUIET_S), channel.changed:
            await channel.changed.wait_for(lambda: channel.mark != seen)
            return True
    return False


async def _watch(channel: Channel) -> None:
    """Look while someone follows, and tell all of them at once."""
    try:
        while channel.followers:
            await _look(channel)
            await asyncio.sleep(LOOK_S)
    finally:
        channel.watcher = None  # whoever comes while this one ends needs another
        await _by_looker(connections.close_all)


async def _look(channel: Channel) -> None:
    try:
        fresh = await _by_looker(_drawn, channel.number, channel.language, channel.mark)
    except Exception:  # whatever it was, those who follow would be told nothing any more
        logger.exception("The figures of election %s could not be read", channel.number)
        fresh = None
    if fresh is not None:
        async with channel.changed:
            channel.mark, channel.event = fresh
            channel.changed.notify_all()


async def _by_looker(work: Callable[..., Looked], *given: object) -> Looked:
    """What the one thread of this process that looks at the database brings, over its one connection."""
    return await asyncio.get_running_loop().run_in_executor(_looker, work, *given)


def _is_there(number: int) -> bool:
    if not connection.in_atomic_block:  # in front of Django nobody else looks whether the connection still holds
        close_old_connections()
    return Election.objects.filter(pk=number).exists()


def _drawn(number: int, language: str, seen: str | None) -> tuple[str, bytes] | None:
    """What is new since, as the event to send; None when nothing is, or the rehearsal was wiped."""
    close_old_connections()
    election = Election.objects.filter(pk=number).first()
    if election is None:
        return None
    mark = mark_of(election)
    if mark == seen:
        return None
    with translation.override(language):
        shown = {"sequence": election.head_sequence, "figures": parts(election, mark)["figures"]}
    return mark, b"id: %s\nevent: figures\ndata: %s\n\n" % (mark.encode(), orjson.dumps(shown))
