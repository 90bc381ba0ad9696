"""robots.txt (RFC 9309): asked once an origin and visit, before anything else."""

import codecs

import httpx
from protego import Protego

from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources.visiting.asking import Asking, Told, Unreached, Wanted
from arobase.observatory.sources.visiting.manners import TOKEN

MOST_REDIRECTS = 5  # section 2.3.1.2


def rules_in(body: bytes) -> Protego:
    """The rules of a robots.txt (RFC 9309, section 2.3); a mark of UTF-8 at its start is no part of the first one."""
    return Protego.parse(body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace"))


class Robots:
    """What the sites of one visit let a robot see."""

    def __init__(self, asking: Asking, *, most: int) -> None:
        self._asking = asking
        self._wanted = Wanted(most, whatever_its_type=True)  # what it forbids holds whatever its server calls it
        self._rules: dict[str, Protego | None] = {}

    async def allow(self, url: httpx.URL) -> bool:
        """Whether we may ask for an address. Raises Unreached when the server says nothing (section 2.3.1.4)."""
        place = str(url.join("/robots.txt"))
        if place not in self._rules:
            self._rules[place] = await self._read(httpx.URL(place))
        rules = self._rules[place]
        return rules is None or rules.can_fetch(str(url), TOKEN)

    async def _read(self, place: httpx.URL) -> Protego | None:
        """The rules; None where there are none. Server errors (5xx) forbid everything.

        Another host's silence forbids everything too, and says nothing of how the page's own host answers.
        """
        own = place.host
        for _hop in range(MOST_REDIRECTS + 1):
            try:
                told = await self._asking.ask(place, self._wanted)
                if not told.onwards:
                    return _rules(told)
            except Unreached as error:
                raise error if place.host == own else Unreached(Ending.FORBIDDEN) from error
            try:
                place = place.join(told.onwards)
            except (httpx.InvalidURL, ValueError):
                return None
        return None


def _rules(told: Told) -> Protego | None:
    if told.status >= 500:  # noqa: PLR2004 - a class of status, RFC 9110 section 15
        return rules_in(b"User-agent: *\nDisallow: /")
    if told.ending is not Ending.ANSWERED:
        raise Unreached(told.ending, told.secured)
    if not 200 <= told.status < 300:  # noqa: PLR2004 - a class of status, RFC 9110 section 15
        return None
    return rules_in(told.body)
