"""A real Chromium that visits a site as somebody new: nothing clicked, then all refused, then all accepted.

Everything it asks for goes through a proxy of ours that reaches public addresses only.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from playwright.async_api import Browser, BrowserContext, ElementHandle, Error, Page, async_playwright

from arobase.observatory.rules.browsing import Browsing, Moment, Phase, Reply
from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources.checking_proxy import Bounds, CheckingProxy, Reach
from arobase.observatory.sources.consent import FoundBanner, find_banner
from arobase.observatory.sources.robots import may_visit
from arobase.observatory.sources.watching import Watch

ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # No name is asked for here, only by the proxy: what bypassed it would find nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
THROUGH_PROXY = "<-loopback>"  # the browser's own exceptions for loopback do not hold
CLICK_S = 3.0
LAST_S = 2.0
NOBODY = frozenset({Ending.NO_NAME, Ending.REFUSED, Ending.TIMEOUT})
PORT = {"https": 443, "http": 80}
WAYS = tuple(PORT)  # tried in this order
Clock = Callable[[], datetime]
Given = TypeVar("Given")


@dataclass(frozen=True)
class Manner:
    """How to browse.

    chromium  path of the browser
    agent     who visits, with a way to reach them: added to the browser's own name
    is_sandboxed  False only where Chromium's sandbox cannot run, such as for root
    settle_s  how long a page is watched once it is loaded
    look_s    between two looks for a banner
    phase_s   the longest that one visit may take
    requests  the most that one visit may ask for
    trusted   for tests: SHA-256 of the public keys (base64) whose certificates are taken as good
    """

    chromium: str
    agent: str
    is_sandboxed: bool = True
    settle_s: float = 4.0
    look_s: float = 0.25
    phase_s: float = 60.0
    requests: int = 2_000
    bounds: Bounds = field(default_factory=Bounds)
    reach: Reach = field(default_factory=Reach)
    trusted: tuple[str, ...] = ()


class ChromiumFailed(RuntimeError):
    """The browser does not start; carries what it said."""


@asynccontextmanager
async def running_chromium(manner: Manner) -> AsyncIterator[Browser]:
    """The browser, which reaches nothing but through the proxy of a visit. Raises ChromiumFailed."""
    with TemporaryDirectory(prefix="arobase-chromium-") as profile:
        _prefer(Path(profile))
        async with async_playwright() as playwright, CheckingProxy(bounds=Bounds(connections=0, bytes=0)) as nowhere:
            try:
                kept = await playwright.chromium.launch_persistent_context(
                    profile,
                    executable_path=manner.chromium,
                    args=[*ARGUMENTS, *_trusting(manner.trusted)],
                    chromium_sandbox=manner.is_sandboxed,
                    proxy={"server": nowhere.url, "bypass": THROUGH_PROXY},
                )
            except Error as error:
                raise ChromiumFailed(error.message) from error
            try:
                if kept.browser is None:
                    raise ChromiumFailed("no browser behind its profile")
                yield kept.browser
            finally:
                with suppress(Error):
                    await kept.close()


def _trusting(keys: Sequence[str]) -> list[str]:
    return [f"--ignore-certificate-errors-spki-list={','.join(keys)}"] if keys else []


def _prefer(profile: Path) -> None:
    """Take cookies of third parties as an ordinary window does: visits are private ones, which would refuse them."""
    place = profile / "Default" / "Preferences"
    place.parent.mkdir()
    place.write_text(json.dumps({"profile": {"cookie_controls_mode": 0}}), encoding="utf-8")


async def browse(domain: str, browser: Browser, *, manner: Manner, now: Clock) -> Browsing:
    """What a browser sees of a domain's site; never raises for what the site does.

    domain  in lower case and ASCII
    """
    at = now()
    is_welcome = await _within(_is_welcome(domain, manner), manner.phase_s)
    if not is_welcome:
        return Browsing(domain, at, Phase(Moment.BEFORE, Ending.TIMEOUT if is_welcome is None else Ending.FORBIDDEN))
    before = await _visit(domain, Moment.BEFORE, browser, manner, now)
    if before.banner is None:
        return Browsing(domain, at, before)
    ways = _ways(before)
    refused = await _visit(domain, Moment.REFUSED, browser, manner, now, ways=ways)
    accepted = await _visit(domain, Moment.ACCEPTED, browser, manner, now, ways=ways)
    return Browsing(domain, at, before, refused, accepted)


async def _is_welcome(domain: str, manner: Manner) -> bool:
    """Whether robots.txt lets us see the site, asked for over a proxy of its own, so that visits do not show it."""
    async with CheckingProxy(reach=manner.reach, bounds=manner.bounds) as proxy:
        asked = (may_visit(f"{scheme}://{domain}/", proxy=proxy.url, agent=manner.agent) for scheme in PORT)
        return all(await asyncio.gather(*asked))


def _ways(phase: Phase) -> tuple[str, ...]:
    """The scheme by which a site was entered: the first that answered."""
    return tuple(one.url.partition(":")[0] for one in phase.requests if one.status is not None)[:1] or WAYS


async def _visit(
    domain: str, moment: Moment, browser: Browser, manner: Manner, now: Clock, *, ways: tuple[str, ...] = WAYS
) -> Phase:
    """One visit with a browser that was never anywhere."""
    async with CheckingProxy(reach=manner.reach, bounds=manner.bounds) as proxy:
        context = await _new_context(browser, proxy, manner)
        try:
            return await _Visit(domain, moment, context, proxy, manner, ways=ways).made(now)
        finally:
            await _within(context.close(), min(LAST_S, manner.phase_s))


async def _new_context(browser: Browser, proxy: CheckingProxy, manner: Manner) -> BrowserContext:
    major = browser.version.partition(".")[0]
    return await browser.new_context(
        proxy={"server": proxy.url, "bypass": THROUGH_PROXY},
        user_agent=f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{major}.0.0.0 Safari/537.36 {manner.agent}",
        locale="fr-FR",
        timezone_id="Europe/Paris",
        viewport={"width": 1280, "height": 900},
        accept_downloads=False,
    )


class _Visit:
    """One visit under way: what it came to so far stands in its fields, whatever ends it."""

    def __init__(
        self,
        domain: str,
        moment: Moment,
        context: BrowserContext,
        proxy: CheckingProxy,
        manner: Manner,
        *,
        ways: tuple[str, ...],
    ) -> None:
        self._ways = ways
        self._domain, self._moment, self._manner, self._proxy = domain, moment, manner, proxy
        self._watch = Watch(context, proxy, most=manner.requests)
        self._page: Page | None = None
        self._ending, self._reply = Ending.TIMEOUT, Reply.NOT_GIVEN
        self._replied_at_s: float | None = None
        self._found: FoundBanner | None = None
        self._asked_again: bool | None = None
        self._is_done = False

    async def made(self, now: Clock) -> Phase:
        """The visit, from its first request to its last."""
        await self._watch.begin()
        await _within(self._go(), self._manner.phase_s)
        page, last_s = self._page, min(LAST_S, self._manner.phase_s)
        stored = await _within(self._watch.storage(page), last_s) if page else None
        return Phase(
            moment=self._moment,
            ending=self._ending,
            final=_without_query(page.url) if page and self._ending is Ending.ANSWERED else "",
            reply=self._reply,
            replied_at_s=self._replied_at_s,
            asked_again=self._asked_again,
            is_crashed=self._watch.is_crashed,
            is_cut=self._watch.is_cut or self._proxy.is_full or (self._ending is Ending.ANSWERED and not self._is_done),
            banner=self._found.banner if self._found else None,
            requests=await self._watch.requests(),
            cookies=await _within(self._watch.cookies(now=now().timestamp()), last_s) or (),
            storage=stored or (),
            fingerprints=self._watch.fingerprints(),
        )

    async def _go(self) -> None:
        self._ending, page = await self._arrive()
        if self._ending is not Ending.ANSWERED:
            return
        self._found = await self._settled(page, until_found=self._moment is not Moment.BEFORE)
        if self._moment is not Moment.BEFORE:
            await self._answer(page)
        self._is_done = True

    async def _arrive(self) -> tuple[Ending, Page]:
        """Open the site, over TLS first. The ending is that of the way on which somebody answered, if any."""
        endings = []
        for scheme in self._ways:
            # A page of its own each: the browser's page of errors may come late, and interrupt the second way.
            self._page = page = await self._watch.new_page()
            endings.append(await self._opened(page, scheme))
            if endings[-1] is Ending.ANSWERED:
                break
        return next((one for one in reversed(endings) if one not in NOBODY), endings[0]), page

    async def _opened(self, page: Page, scheme: str) -> Ending:
        try:
            await page.goto(f"{scheme}://{self._domain}/", wait_until="commit", timeout=self._manner.phase_s * 500)
        except Error as error:
            turned = self._proxy.ending_of(self._domain, PORT[scheme])
            return _why(error.message) if turned in {None, Ending.ANSWERED} else turned or Ending.UNREADABLE
        return Ending.ANSWERED

    async def _settled(self, page: Page, *, until_found: bool = False) -> FoundBanner | None:
        """Wait until the page is loaded and then some more, looking for a banner; the banner as first seen."""
        loaded = asyncio.ensure_future(_loaded(page))
        found: FoundBanner | None = None
        until_s = float("inf")
        try:
            while self._watch.now_s() < until_s and not self._watch.is_crashed:
                found = found or await find_banner(page)
                if found and until_found:
                    break
                await asyncio.sleep(self._manner.look_s)
                if loaded.done():
                    until_s = min(until_s, self._watch.now_s() + self._manner.settle_s)
        finally:
            loaded.cancel()
        return found

    async def _answer(self, page: Page) -> None:
        """Click, watch, load the page again as that visitor, watch."""
        if self._found is None:
            self._reply = Reply.NO_BANNER
            return
        button = self._found.refuse if self._moment is Moment.REFUSED else self._found.accept
        if button is None:
            self._reply = Reply.NOT_OFFERED
            return
        at_s = self._watch.now_s()
        if not await _clicked(button):
            self._reply = Reply.NOT_TAKEN
            return
        self._reply, self._replied_at_s = Reply.GIVEN, at_s
        await self._settled(page)
        try:
            await page.reload(wait_until="commit")
        except Error:  # the page is gone: what it did so far is told
            return
        self._asked_again = await self._settled(page) is not None


async def _clicked(button: ElementHandle) -> bool:
    try:
        await button.click(timeout=CLICK_S * 1000)
    except Error:
        return False
    return True


async def _loaded(page: Page) -> None:
    with suppress(Error):  # it goes elsewhere, or away
        await page.wait_for_load_state("load", timeout=0)


async def _within(waiting: Awaitable[Given], seconds: float) -> Given | None:
    """What comes of it in time; None where nothing does, or the page went away."""
    try:
        async with asyncio.timeout(seconds):
            return await waiting
    except (TimeoutError, Error):
        return None


def _why(message: str) -> Ending:
    """What Chromium's word for a failed visit means."""
    known = {"ERR_CERT": Ending.TLS, "ERR_SSL": Ending.TLS, "TOO_MANY_REDIRECTS": Ending.REDIRECTS}
    known |= {"Timeout": Ending.TIMEOUT, "TIMED_OUT": Ending.TIMEOUT}
    return next((ending for word, ending in known.items() if word in message), Ending.UNREADABLE)


def _without_query(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]
