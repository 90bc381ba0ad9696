"""What happens in a browser's context while a page is watched: requests, writes, calls; values are never kept."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Page, WebSocket
from playwright.async_api import Request as Asked
from playwright.async_api import Response as Answered

from arobase.observatory.rules.browsing import Area, Cookie, FingerprintCall, Request, StorageWrite, host_of
from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources.checking_proxy import CheckingProxy
from arobase.observatory.sources.strangers import legible

PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
LONGEST = 300  # characters of an address, 100 of a name, that are kept
LONGEST_NAME = 100
KEPT = """async () => ({
  localStorage: Object.keys(localStorage), sessionStorage: Object.keys(sessionStorage),
  indexedDB: (await indexedDB.databases()).map((one) => one.name),
  cache: window.caches ? await caches.keys() : [],
})"""


@dataclass
class _Seen:
    """A request under way."""

    url: str
    kind: str
    at_s: float
    status: int | None = None
    problem: str = ""
    asked: Asked | None = None


class Watch:
    """Hears a context, from before its first page on."""

    def __init__(self, context: BrowserContext, proxy: CheckingProxy, *, most: int) -> None:
        self._context, self._proxy, self._most = context, proxy, most
        self._began = monotonic()
        self._requests: dict[int, _Seen] = {}
        self._storage: dict[tuple[str, str, str], StorageWrite] = {}
        self._calls: dict[tuple[str, str, str], FingerprintCall] = {}
        self._writers: dict[str, str] = {}
        self._dismissing: set[asyncio.Future[None]] = set()
        self._is_opening = False
        self.is_crashed = self.is_cut = False

    async def begin(self) -> None:
        """Listen; to be called before the first page."""
        name = f"_{secrets.token_hex(8)}"
        await self._context.expose_binding(name, self._told)
        await self._context.add_init_script(_script().replace("__NAME__", name))
        self._context.on("request", self._asked)
        self._context.on("response", self._answered)
        self._context.on("requestfailed", self._failed)
        self._context.on("dialog", lambda dialog: self._run(dialog.dismiss()))
        self._context.on("page", self._met)

    async def new_page(self) -> Page:
        """A page that is watched, the only one open."""
        self._is_opening = True
        for old in self._context.pages:
            await old.close()
        page = await self._context.new_page()
        self._is_opening = False
        page.on("websocket", self._opened)
        page.on("crash", self._crashed)
        return page

    def _met(self, page: Page) -> None:
        if not self._is_opening:  # what opens by itself is not followed
            self._run(page.close())

    def now_s(self) -> float:
        """Seconds since the visit began."""
        return round(monotonic() - self._began, 3)

    def _run(self, waiting: Any) -> None:
        task = asyncio.ensure_future(_quietly(waiting))
        self._dismissing.add(task)
        task.add_done_callback(self._dismissing.discard)

    def _crashed(self, _page: Page) -> None:
        self.is_crashed = True

    def _asked(self, request: Asked) -> None:
        if urlsplit(request.url).scheme not in PORTS:
            return
        if len(self._requests) >= self._most:
            self.is_cut = True
            return
        self._requests[id(request)] = _Seen(request.url, request.resource_type, self.now_s(), asked=request)

    def _opened(self, socket: WebSocket) -> None:
        if len(self._requests) < self._most:
            self._requests[id(socket)] = _Seen(socket.url, "websocket", self.now_s())

    def _answered(self, response: Answered) -> None:
        if seen := self._requests.get(id(response.request)):
            seen.status = response.status

    def _failed(self, request: Asked) -> None:
        if seen := self._requests.get(id(request)):
            seen.problem = request.failure or "failed"

    def _told(self, source: dict[str, Any], told: Any) -> None:
        """What the script in the page says. The page could say it too: nothing is taken for more than a text."""
        if not isinstance(told, dict):
            return
        what, api, key, by = (legible(str(told.get(part, ""))[:LONGEST]) for part in ("what", "api", "key", "by"))
        key, by, host = key[:LONGEST_NAME], host_of(by), host_of(source["frame"].url)
        if len(self._storage) + len(self._calls) + len(self._writers) >= self._most:
            self.is_cut = True
        elif what == "storage" and api in list(Area):
            self._storage.setdefault((api, key, host), StorageWrite(Area(api), key, host, by, self.now_s()))
        elif what == "cookie":
            self._writers.setdefault(key, by)
        elif what == "fingerprint":
            called = self._calls.get((api, host, by))
            self._calls[api, host, by] = (
                replace(called, times=called.times + 1) if called else FingerprintCall(api, host, by, self.now_s())
            )

    async def requests(self) -> tuple[Request, ...]:
        """Every request so far in order, then connections that no request accounts for."""
        seen = list(self._requests.values())
        sizes = await asyncio.gather(*(_size(one) for one in seen))
        found = [self._request(one, size) for one, size in zip(seen, sizes, strict=True)]
        accounted = {(host_of(one.url), _port(one.url)) for one in seen}
        for made in self._proxy.connections:
            if (made.host, made.port) not in accounted:
                accounted.add((made.host, made.port))
                problem = "" if made.ending is Ending.ANSWERED else made.ending.value
                url = f"//{made.host}:{made.port}"
                found.append(Request(made.host, url, "connection", None, made.bytes, round(made.at_s, 3), problem))
        return tuple(found)

    def _request(self, seen: _Seen, size: int) -> Request:
        host = host_of(seen.url)
        ending = self._proxy.ending_of(host, _port(seen.url))
        is_turned = seen.status is None and ending not in {None, Ending.ANSWERED}
        problem = str(ending) if is_turned else seen.problem
        url = seen.url.partition("#")[0].partition("?")[0][:LONGEST]
        return Request(host, url, seen.kind, seen.status, size, seen.at_s, problem)

    async def cookies(self, *, now: float) -> tuple[Cookie, ...]:
        """What the browser holds; `now` in Unix seconds."""
        return tuple(
            Cookie(
                name=legible(one["name"][:LONGEST_NAME]),
                domain=one["domain"].lstrip("."),
                path=legible(one["path"]),
                secure=one["secure"],
                http_only=one["httpOnly"],
                same_site=one.get("sameSite", ""),
                lifetime_s=None if one["expires"] < 0 else max(0, round(one["expires"] - now)),
                by=self._writers.get(legible(one["name"][:LONGEST_NAME]), ""),
            )
            for one in await self._context.cookies()
        )

    async def storage(self, page: Page) -> tuple[StorageWrite, ...]:
        """What was seen written, and what is there at the end although nobody was seen writing it."""
        for frame in page.frames:
            host = host_of(frame.url)
            try:
                kept = await frame.evaluate(KEPT) if host else {}
            except Error:  # a frame without storage of its own, or gone
                continue
            for area, keys in kept.items():
                for key in (legible(str(one)[:LONGEST_NAME]) for one in keys[: self._most]):
                    self._storage.setdefault((area, key, host), StorageWrite(Area(area), key, host, "", None))
        return tuple(self._storage.values())

    def fingerprints(self) -> tuple[FingerprintCall, ...]:
        """The calls that were seen."""
        return tuple(self._calls.values())


@cache
def _script() -> str:
    return (files("arobase.observatory") / "watching.js").read_text(encoding="utf-8")


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or PORTS[parts.scheme]


async def _size(seen: _Seen) -> int:
    """Bytes of an answer with its head, as they came over the network; 0 where that is not known."""
    if seen.asked is None or seen.status is None:
        return 0
    try:
        async with asyncio.timeout(1):
            told = await seen.asked.sizes()
    except (Error, TimeoutError):
        return 0
    return max(0, told["responseBodySize"]) + max(0, told["responseHeadersSize"])


async def _quietly(waiting: Any) -> None:
    with suppress(Error):  # it went away by itself
        await waiting
