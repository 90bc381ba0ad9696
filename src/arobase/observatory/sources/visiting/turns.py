"""Turns: nobody is asked more often than the pause that belongs to them."""

from typing import Protocol

import anyio

MOST_REMEMBERED = 20_000


class Book:
    """When each host and address may be asked again; forgets those that have rested."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def reserve(self, whom: str, pause_s: float, *, now: float) -> float:
        """Seconds until it is one's turn; the next one's comes `pause_s` later.

        >>> book = Book()
        >>> [book.reserve("ville.fr", 1.0, now=10.0), book.reserve("ville.fr", 1.0, now=10.25)]
        [0.0, 0.75]
        """
        turn = max(now, self._free_at.get(whom, now))
        self._free_at[whom] = turn + pause_s
        if len(self._free_at) > MOST_REMEMBERED:
            self._free_at = {one: at for one, at in self._free_at.items() if at > now}
        return turn - now


class Turns(Protocol):
    """Who keeps turns: the process itself, or one for all processes."""

    async def wait(self, whom: str, pause_s: float) -> None:
        """Return when it is one's turn, and keep the next one waiting for `pause_s` from then."""


class OwnTurns:
    """Turns of a process that visits alone."""

    def __init__(self) -> None:
        self._book = Book()

    async def wait(self, whom: str, pause_s: float) -> None:
        """Return when it is one's turn, and keep the next one waiting for `pause_s` from then."""
        wait_s = self._book.reserve(whom, pause_s, now=anyio.current_time())
        if wait_s:
            await anyio.sleep(wait_s)
