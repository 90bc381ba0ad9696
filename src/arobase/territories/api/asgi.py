"""The geographic API in front of Django: the same answers, without the sessions and cookies that it never uses."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from arobase.territories.api.views import answered, headers_of

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
PREFIX = "/api/geo/"
DOCUMENTATION = frozenset({"/api/geo/openapi.json"})


class GeoApi:
    """Answers GET and HEAD below /api/geo/ itself, and hands everything else on to the application behind it."""

    def __init__(self, behind: Any) -> None:
        self.behind = behind

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if not _is_ours(scope):
            await self.behind(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = await answered(
            path=scope["path"].removeprefix("/api/geo"),
            query=scope["query_string"].decode("latin-1"),
            language=_language(headers),
            if_none_match=headers.get(b"if-none-match", b"").decode("latin-1"),
        )
        sent = [(name.lower().encode(), value.encode()) for name, value in headers_of(given).items()]
        if settings.SECURE_HSTS_SECONDS and _is_secure(scope, headers):
            sent.append((b"strict-transport-security", _strict_transport().encode()))
        sent.append((b"content-length", str(len(given.body)).encode()))
        await send({"type": "http.response.start", "status": given.status, "headers": sent})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else given.body})


def _is_ours(scope: Mapping[str, Any]) -> bool:
    if scope["type"] != "http" or not scope["path"].startswith(PREFIX) or scope["method"] not in {"GET", "HEAD"}:
        return False
    headers = dict(scope["headers"])
    if scope["path"] in DOCUMENTATION or (settings.SECURE_SSL_REDIRECT and not _is_secure(scope, headers)):
        return False  # Django redirects to https
    host = headers.get(b"host", b"").decode("latin-1")
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _is_secure(scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> bool:
    """Whether the client came by https, as SECURE_PROXY_SSL_HEADER tells it."""
    if settings.SECURE_PROXY_SSL_HEADER is None:
        return bool(scope.get("scheme") == "https")
    name, value = settings.SECURE_PROXY_SSL_HEADER
    return headers.get(name.removeprefix("HTTP_").replace("_", "-").lower().encode()) == value.encode()


def _strict_transport() -> str:
    more = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    more += "; preload" if settings.SECURE_HSTS_PRELOAD else ""
    return f"max-age={settings.SECURE_HSTS_SECONDS}{more}"


def _language(headers: Mapping[bytes, bytes]) -> str:
    for tag, _weight in parse_accept_lang_header(headers.get(b"accept-language", b"").decode("latin-1")):
        try:
            return get_supported_language_variant(tag)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
