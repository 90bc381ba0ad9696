"""Requests that wait for their turn, so that a crowd is served one after another instead of all at once and slowly."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext


class Queue:
    """Lets so many requests into an application at once; the others wait in the order in which they came.

    A turn has a thread, which keeps its connection to the database for the request after: made anew for each, thread
    and connection would cost more than most answers. Two hundred at once would fight for the interpreter and for
    SQLite's one writer until some give up. Slow clients hold their turn too: there are enough turns that a few of them
    stop nobody, and a proxy in front buffers (docs/operate/install.md).
    """

    def __init__(self, application: Any, *, at_once: int) -> None:
        self._application = application
        # The last one used is taken first: where one is enough, one thread and one connection are all there is.
        self._turns: asyncio.LifoQueue[ThreadPoolExecutor] = asyncio.LifoQueue()
        for place in range(at_once):
            self._turns.put_nowait(ThreadPoolExecutor(1, thread_name_prefix=f"turn-{place}"))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        turn = await self._turns.get()
        try:
            async with ThreadSensitiveContext(executor=turn):
                await self._application(scope, receive, send)
        finally:
            self._turns.put_nowait(turn)
