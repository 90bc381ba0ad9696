"""A crowd in front of the pages: served in turns, by threads that stay, without one request seeing another's state."""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import translation

from arobase.project.queueing import Queue

HTTP = {"type": "http"}


def served(application: Any, *, requests: int, at_once: int, together: bool) -> None:
    async def steps() -> None:
        queue = Queue(application, at_once=at_once)
        asked = [queue(HTTP, None, None) for _ in range(requests)]
        if together:
            await asyncio.gather(*asked)
        for one in asked if not together else []:
            await one

    asyncio.run(steps())


def test_no_more_are_served_at_once_than_there_are_turns_and_nobody_is_forgotten():
    within, most, done = 0, 0, 0

    async def application(*_request: Any) -> None:
        nonlocal within, most, done
        within += 1
        most = max(most, within)
        await asyncio.sleep(0.002)
        within, done = within - 1, done + 1

    served(application, requests=100, at_once=5, together=True)

    assert (most, done) == (5, 100)


def test_one_after_another_they_are_served_by_one_thread_and_one_connection():
    threads = set()

    async def application(*_request: Any) -> None:
        threads.add(await sync_to_async(threading.get_ident)())

    served(application, requests=20, at_once=5, together=False)

    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_what_waits_in_one_turn_does_not_stop_the_others():
    opened = threading.Event()
    order = []

    async def application(*_request: Any) -> None:
        if not order:
            order.append("waits")
            assert await sync_to_async(opened.wait)(60)
            order.append("waited")
        else:
            order.append("passes")
            await sync_to_async(opened.set)()

    served(application, requests=2, at_once=2, together=True)

    assert order == ["waits", "passes", "waited"]


def test_the_language_of_one_request_is_not_that_of_the_next():
    seen = []

    def view() -> None:
        seen.append(translation.get_language())
        translation.activate("en")

    async def application(*_request: Any) -> None:
        await sync_to_async(view)()

    served(application, requests=3, at_once=1, together=True)

    assert seen == ["fr", "fr", "fr"]


def test_a_turn_is_free_again_after_a_failure():
    async def application(*_request: Any) -> None:
        raise OSError("The disk is full")

    async def steps() -> None:
        queue = Queue(application, at_once=1)
        for _ in range(3):
            with pytest.raises(OSError, match="full"):
                await queue(HTTP, None, None)

    asyncio.run(steps())
