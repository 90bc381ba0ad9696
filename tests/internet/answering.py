"""What web servers of the test Internet say: pages, redirects, robots.txt, and everything unkind."""

import asyncio
import zlib
from collections.abc import Mapping

from internet.names import WORLD

MEGABYTE = 1_000_000
SMALL = (
    '<!doctype html><html lang="fr"><title>{host}</title><script src="/a.js"></script><a href="/m">Mentions légales</a>'
)


def site_of(host: str) -> dict:
    """What world.yaml says of a host; a small page where it says nothing."""
    for name, site in WORLD["sites"].items():
        if host in (name, *site.get("also", ()), *site.get("alias", ())):
            return site
    if host.startswith("ruse"):
        return {"to": WORLD["tricks"]["to"][int(host.removeprefix("ruse").removesuffix(".test"))]}
    return {"page": SMALL.format(host=host), "http": "page"}


def answer(site: dict, host: str, path: str, *, is_plain: bool) -> bytes:
    """What a kind server says at a path, as bytes on the wire."""
    headers = dict(site.get("headers", {}))
    if is_plain and site.get("http", "to https") == "to https" and path != "/robots.txt":
        return _wire(301, headers | {"Location": f"https://{host}{path}"})
    if path == "/robots.txt":
        return _robots(site.get("robots", 404), site.get("robots type", "text/plain"))
    if "to" in site:
        return _wire(302, headers | {"Location": site["to"]})
    return _page(site, path, headers)


def _robots(told: str | int, kind: str) -> bytes:
    if isinstance(told, int):
        return _wire(told, {})
    if "://" in told:
        return _wire(301, {"Location": told})
    return _wire(200, {"Content-Type": kind}, told)


def _page(site: dict, path: str, headers: dict[str, str]) -> bytes:
    if path == "/" and "page" in site:
        kind = {"Content-Type": site.get("type", "text/html; charset=utf-8")}
        charset = "latin-1" if "8859-1" in kind["Content-Type"] else "utf-8"
        return _wire(site.get("status", 200), headers | kind, site["page"].encode(charset))
    if said := site.get("says", {}).get(path.partition("?")[0]):
        return _wire(200, headers | {"Content-Type": said["type"]}, said["body"])
    return _wire(404, headers | {"Content-Type": "text/plain"}, "rien ici")


def _wire(status: int, headers: Mapping[str, str], body: str | bytes = b"") -> bytes:
    sent = body.encode() if isinstance(body, str) else body
    lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": str(len(sent))}.items()]
    return "\r\n".join([f"HTTP/1.1 {status} x", *lines, "", ""]).encode() + sent


async def unless_gone(writer: asyncio.StreamWriter) -> None:
    """Go on while someone listens. Raises ConnectionResetError."""
    await writer.drain()
    await asyncio.sleep(0)
    if writer.is_closing():
        raise ConnectionResetError


async def _drip(writer: asyncio.StreamWriter, _site: dict, _path: str) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"<")
        await unless_gone(writer)
        await asyncio.sleep(0.2)


async def _ten_megabytes(writer: asyncio.StreamWriter, site: dict, _path: str) -> None:
    writer.write(_wire(200, {"Content-Type": "text/html"}, site["page"] + "<p>x</p>" * (10 * MEGABYTE // 8)))
    await writer.drain()


async def _gzip_bomb(writer: asyncio.StreamWriter, site: dict, _path: str) -> None:
    """A hundred megabytes of spaces in a hundred kilobytes: one, repeated, as other sites wait while this one packs."""
    packer, unfolded = zlib.compressobj(wbits=31), (site["page"].encode(), b" " * MEGABYTE)
    page, spaces = (packer.compress(one) + packer.flush(zlib.Z_FULL_FLUSH) for one in unfolded)
    writer.write(_wire(200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, page + 100 * spaces))
    await writer.drain()


async def _endless_headers(writer: asyncio.StreamWriter, _site: dict, _path: str) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(20 * (b"X-More: " + b"x" * 8_000 + b"\r\n"))  # more than anyone takes, before others have a turn
        await unless_gone(writer)


async def _nothing(_writer: asyncio.StreamWriter, _site: dict, _path: str) -> None:
    await asyncio.sleep(60)


async def _nonsense(writer: asyncio.StreamWriter, _site: dict, _path: str) -> None:
    writer.write(b"\x00\x01 not http at all\r\n\r\n")
    await writer.drain()


async def _for_ever(writer: asyncio.StreamWriter, _site: dict, path: str) -> None:
    writer.write(_wire(302, {"Location": f"/{int(path.strip('/') or 0) + 1}", "Connection": "close"}))
    await writer.drain()


UNKIND = {
    "drip": _drip,
    "ten megabytes": _ten_megabytes,
    "gzip bomb": _gzip_bomb,
    "headers without end": _endless_headers,
    "say nothing": _nothing,
    "speak nonsense": _nonsense,
    "redirect for ever": _for_ever,
}


async def _drip_greeting(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A mail host that never comes to the end of its first word."""
    while True:
        writer.write(b"2")
        await unless_gone(writer)
        await asyncio.sleep(0.2)


async def _say_too_much(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Words that would pass for encrypted ones, if a client kept them across the handshake (CVE-2011-0411)."""
    writer.write(b"220 mx.bavard.test Essai\r\n")
    await reader.readline()
    writer.write(b"250-mx.bavard.test\r\n250 STARTTLS\r\n")
    await reader.readline()
    writer.write(b"220 ready\r\n250 injected\r\n")
    await writer.drain()


UNKIND_MAIL = {"drip": _drip_greeting, "say too much": _say_too_much}
