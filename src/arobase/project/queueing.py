"""Requests that wait for their turn, so that a crowd is served one after another instead of all at once and slowly."""

import asyncio
from typing import Any


class Queue:
    """Lets so many requests into an application at once; the others wait in the order in which they came.

    Each request runs in a thread of its own: two hundred of them would fight for the interpreter and for SQLite's one
    writer until some give up. Slow clients hold their turn too: there are enough turns that a few of them stop nobody,
    and a proxy in front buffers (docs/operate/install.md).
    """

    def __init__(self, application: Any, *, at_once: int) -> None:
        self._application = application
        self._turns = asyncio.Semaphore(at_once)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        async with self._turns:
            await self._application(scope, receive, send)
