"""Layer 2: files of their official publishers, as `official.toml` names them. Downloads resume and are checked.

What cannot be reached costs five seconds in all, for all files together; then the next layer serves.
"""

import hashlib
import json
import socket
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from arobase.registry.registers import Progress
from arobase.territories.actions.loading import LoadFailed
from arobase.territories.sources.files import CHUNK, sha256

LOCK_FILE = Path(__file__).with_name("official.toml")
PATIENCE_S = 5.0
SLOWEST_BYTES_PER_S = 5_000
TRIES = 3
GZIP_START = b"\x1f\x8b"


class ChecksumDiffers(LoadFailed):
    """What was downloaded is not what the lock file says."""

    def __init__(self, url: str, *, what: str, expected: object, got: object) -> None:
        super().__init__(
            _(
                "%(url)s a changé : %(what)s attendu %(expected)s, reçu %(got)s. Rien n’a été chargé ; mettez à jour "
                "le fichier verrou des sources (official.toml) si le nouveau fichier est le bon."
            )
            % {"url": url, "what": what, "expected": expected, "got": got}
        )


class Unreachable(Exception):
    """A publisher that does not answer, or not with the file; says why."""


@dataclass(frozen=True)
class Source:
    """An entry of the lock file; `size` in bytes."""

    name: str
    url: str
    file: str
    version: str
    publisher: str
    licence: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Answer:
    """A file of the cache, with what is known of it."""

    path: Path
    version: str
    licence: str


@dataclass(frozen=True)
class Absent:
    """Why layer 2 did not serve, in a sentence; empty where it is switched off."""

    reason: str = ""


class Patience:
    """Seconds that may still be lost on publishers that do not answer."""

    def __init__(self, seconds: float = PATIENCE_S) -> None:
        self.left_s = seconds

    @contextmanager
    def spent_on_failure(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        except Unreachable:
            self.left_s -= time.monotonic() - began
            raise


_patience = Patience()


def locked(path: Path = LOCK_FILE) -> dict[str, Source]:
    """The lock file's entries by name."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: Source(name=name, **entry) for name, entry in entries.items()}


def official(name: str, *, progress: Progress) -> Answer | Absent:
    """A file of layer 2, from the cache or downloaded now; Absent where that is impossible. Raises ChecksumDiffers."""
    if not settings.OFFICIAL_SOURCES:
        return Absent()
    source = locked()[name]
    try:
        path = download(source, cache=settings.HOME / "cache", patience=_patience, progress=progress)
    except Unreachable as error:
        return Absent(_("%(publisher)s ne répond pas (%(why)s).") % {"publisher": source.publisher, "why": error})
    return Answer(path, f"{source.version}, {sha256(path)[:10]}", source.licence)


def download(source: Source, *, cache: Path, patience: Patience, progress: Progress) -> Path:
    """The file in the cache, downloaded unless it is there whole; an interrupted download goes on where it stopped.

    Raises Unreachable when the publisher does not answer, answers with something else, or patience is used up;
    ChecksumDiffers when size or SHA-256 are not those of the lock file.
    """
    path = cache / source.file
    if _is_whole(path, source):
        return path
    cache.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    for last in (*[False] * (TRIES - 1), True):
        with patience.spent_on_failure():
            if patience.left_s <= 0:
                raise Unreachable(_("les sources officielles ne répondent pas"))
            _resolve(source.url, within_s=patience.left_s)
            if _fetch(source, part, timeout_s=patience.left_s, progress=progress):
                break
            if last:
                raise Unreachable(_("téléchargement interrompu ; il reprendra où il s’est arrêté"))
    _check(source, part)
    _notes(path).write_text(json.dumps({"url": source.url, "size": part.stat().st_size, "sha256": sha256(part)}))
    part.replace(path)
    _notes(part).unlink(missing_ok=True)
    return path


def _notes(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _noted(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(_notes(path).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_whole(path: Path, source: Source) -> bool:
    """Whether the cache has the file of this address, undamaged."""
    if not path.is_file():
        return False
    notes, digest = _noted(path), sha256(path)
    return notes.get("url") == source.url and notes.get("sha256") == digest and source.sha256 in {None, digest}


def _resolve(url: str, *, within_s: float) -> None:
    """Look the host up in a thread: the system's resolver takes no time-out, and may take half a minute."""
    if getproxies():
        return  # the proxy looks names up
    host, found = urlsplit(url).hostname or "", []

    def look_up() -> None:
        with suppress(OSError):  # told below: nothing was found
            found.append(socket.getaddrinfo(host, None))

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(within_s)
    if not found:
        raise Unreachable(_("adresse de %s introuvable") % host)


def _fetch(source: Source, part: Path, *, timeout_s: float, progress: Progress) -> bool:
    """Get what is still missing of a file; False when the connection broke after some of it came."""
    began = time.monotonic()
    start = part.stat().st_size if part.is_file() and _noted(part).get("url") == source.url else 0
    try:
        with (
            httpx.Client(timeout=timeout_s, follow_redirects=True) as client,
            client.stream("GET", source.url, headers=_headers(part, start)) as response,
        ):
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink(missing_ok=True)
                return False
            start = _accepted(response, source, start)
            etag = response.headers.get("etag", "")
            _notes(part).write_text(json.dumps({"url": source.url, "etag": etag}))
            return _write(response, part, start=start, began=began, progress=progress, name=source.publisher)
    except httpx.TransportError as error:
        if part.is_file() and part.stat().st_size > start:
            return False
        why = _("délai dépassé") if isinstance(error, httpx.TimeoutException) else str(error)
        raise Unreachable(why) from error
    except httpx.HTTPError as error:
        raise Unreachable(str(error)) from error


def _headers(part: Path, start: int) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity", "User-Agent": "arobase"}
    if start:
        headers["Range"] = f"bytes={start}-"
        if etag := _noted(part).get("etag"):
            headers["If-Range"] = str(etag)
    return headers


def _accepted(response: httpx.Response, source: Source, start: int) -> int:
    """Where the answer's bytes belong; Unreachable for an answer that is not the file."""
    if response.status_code not in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
        raise Unreachable(_("réponse HTTP %s") % response.status_code)
    if response.headers.get("content-type", "").startswith("text/html"):
        raise Unreachable(_("une page web au lieu du fichier"))
    if response.status_code == httpx.codes.OK:
        return 0
    return start if response.headers.get("content-range", "").startswith(f"bytes {start}-") else 0


def _write(response: httpx.Response, part: Path, *, start: int, began: float, progress: Progress, name: str) -> bool:
    expected = start + int(response.headers.get("content-length", 0))
    done = start
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        for chunk in response.iter_raw(CHUNK // 16):
            file.write(chunk)
            done += len(chunk)
            progress(_("téléchargement : %s") % name, done, expected)
            elapsed = time.monotonic() - began
            if elapsed > PATIENCE_S and (done - start) / elapsed < SLOWEST_BYTES_PER_S:
                raise Unreachable(_("trop lent"))
    return "content-length" not in response.headers or done == expected


def _check(source: Source, part: Path) -> None:
    size, digest = part.stat().st_size, hashlib.sha256()
    with part.open("rb") as file:
        beginning = file.read(len(GZIP_START))
        digest.update(beginning)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    wrong: list[tuple[str, object, object]] = []
    if source.size is not None and size != source.size:
        wrong.append((_("taille"), source.size, size))
    elif source.sha256 is not None and digest.hexdigest() != source.sha256:
        wrong.append(("SHA-256", source.sha256, digest.hexdigest()))
    if wrong:
        part.unlink()
        what, expected, got = wrong[0]
        raise ChecksumDiffers(source.url, what=what, expected=expected, got=got)
    if source.file.endswith(".gz") and beginning != GZIP_START:
        part.unlink()
        raise Unreachable(_("ce n’est pas le fichier attendu"))
