"""Whether a site lets robots see its first page (robots.txt, RFC 9309)."""

import zlib

import httpx

from arobase.observatory.sources.visiting.asking import Body
from arobase.observatory.sources.visiting.robots import rules_in

LARGEST = 512_000  # bytes read; the standard asks for 500 kibibytes at least
MOST_REDIRECTS = 5
WAIT_S = 10.0
SERVER_ERROR = 500


async def may_visit(url: str, *, proxy: str, agent: str) -> bool:
    """Whether a page may be visited, by the robots.txt of its host. Where nobody answers the visit itself will tell.

    proxy  through which it is asked for, since a stranger's redirect may lead anywhere
    """
    timeout = httpx.Timeout(WAIT_S)
    try:
        async with (
            httpx.AsyncClient(
                proxy=proxy, trust_env=False, timeout=timeout, follow_redirects=True, max_redirects=MOST_REDIRECTS
            ) as client,
            client.stream("GET", httpx.URL(url).join("/robots.txt"), headers=_headers(agent)) as answer,
        ):
            if answer.status_code >= SERVER_ERROR:
                return False  # section 2.3.1.4
            if not answer.is_success:
                return True  # section 2.3.1.3
            body = Body(LARGEST)
            body.packed_as(answer.headers.get("content-encoding", "").strip().lower())
            async for chunk in answer.aiter_raw():
                if body.add(chunk):
                    break
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, zlib.error):
        return True
    return bool(rules_in(bytes(body.text)).can_fetch(url, agent))


def _headers(agent: str) -> dict[str, str]:
    return {"User-Agent": agent, "Accept-Encoding": "gzip"}
