"""Turns: nobody is asked more often than the pause that belongs to them."""

import anyio

MOST_REMEMBERED = 20_000


class Turns:
    """When each host and address may be asked again; forgets those that have rested."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    async def wait(self, whom: str, pause_s: float) -> None:
        """Return when it is one's turn, and keep the next one waiting for `pause_s` from then."""
        now = anyio.current_time()
        turn = max(now, self._free_at.get(whom, now))
        self._free_at[whom] = turn + pause_s
        if len(self._free_at) > MOST_REMEMBERED:
            self._free_at = {one: at for one, at in self._free_at.items() if at > now}
        if turn > now:
            await anyio.sleep(turn - now)
