"""Layer 2 against a real server on loopback: downloads resume, are checked, and cost five seconds at most."""

import gzip
import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest

from arobase.territories.sources.official import (
    Absent,
    ChecksumDiffers,
    Patience,
    Source,
    Unreachable,
    download,
    locked,
    official,
)

CONTENT = gzip.compress(bytes(range(256)) * 4000, mtime=0) + bytes(200_000)


class Publisher(http.server.ThreadingHTTPServer):
    """Serves CONTENT in the way that the path says, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.ranges: list[str | None] = []
        self.closing = threading.Event()

    def source(self, manner: str, **facts) -> Source:
        url = f"http://127.0.0.1:{self.server_port}/{manner}"
        return Source("contours", url, "file.gz", "2025", "IGN", "Licence Ouverte", **facts)


class Answering(http.server.BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        getattr(self, self.path.strip("/").replace("-", "_"))(asked)

    def _send(self, content: bytes, *, status=200, length=None, kind="application/gzip", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.send_header("ETag", '"one"')
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def whole(self, _asked: str | None) -> None:
        self._send(CONTENT)

    def breaks_off(self, asked: str | None) -> None:
        if asked is None:
            self._send(CONTENT[:90_000], length=len(CONTENT))
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        self._send(CONTENT[start:], status=206, Content_Range=f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")

    def breaks_off_and_starts_again(self, asked: str | None) -> None:
        if asked is None:
            self._send(CONTENT[:90_000], length=len(CONTENT))
        else:
            self._send(CONTENT)

    def always_breaks_off(self, asked: str | None) -> None:
        self._send(CONTENT[:1000], length=len(CONTENT))

    def refuses_ranges(self, asked: str | None) -> None:
        if asked:
            self._send(b"", status=416)
        else:
            self._send(CONTENT)

    def missing(self, _asked: str | None) -> None:
        self._send(b"", status=404)

    def broken(self, _asked: str | None) -> None:
        self._send(b"", status=500)

    def portal(self, _asked: str | None) -> None:
        self._send(b"<p>Connectez-vous</p>", kind="text/html")

    def hangs(self, _asked: str | None) -> None:
        self.server.closing.wait(20)

    def hangs_half_way(self, _asked: str | None) -> None:
        self._send(CONTENT[:1000], length=len(CONTENT))
        self.wfile.flush()
        self.server.closing.wait(20)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Publisher]:
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def publisher():
    with running() as server:
        yield server


def fetch(source, cache, *, patience=None):
    return download(source, cache=cache, patience=patience or Patience(), progress=lambda *_: None)


def test_file_comes_into_the_cache_and_is_asked_for_once(publisher, tmp_path):
    first = fetch(publisher.source("whole"), tmp_path)
    again = fetch(publisher.source("whole"), tmp_path)

    assert first == again
    assert first.read_bytes() == CONTENT
    assert publisher.ranges == [None]
    assert json.loads((tmp_path / "file.gz.json").read_text())["sha256"] == sha256(CONTENT).hexdigest()


def test_interrupted_download_goes_on_where_it_stopped(publisher, tmp_path):
    assert fetch(publisher.source("breaks-off"), tmp_path).read_bytes() == CONTENT
    first, second = publisher.ranges
    assert first is None
    assert 0 < int(str(second).removeprefix("bytes=").removesuffix("-")) <= 90_000


def test_server_without_ranges_sends_all_again(publisher, tmp_path):
    assert fetch(publisher.source("breaks-off-and-starts-again"), tmp_path).read_bytes() == CONTENT


def test_remainder_that_the_server_cannot_give_is_dropped(publisher, tmp_path):
    source = publisher.source("refuses-ranges")
    (tmp_path / "file.gz.part").write_bytes(CONTENT + b"too much")
    (tmp_path / "file.gz.part.json").write_text(json.dumps({"url": source.url}))

    assert fetch(source, tmp_path).read_bytes() == CONTENT


def test_remainder_of_another_address_is_not_gone_on_with(publisher, tmp_path):
    (tmp_path / "file.gz.part").write_bytes(b"of another file")
    (tmp_path / "file.gz.part.json").write_text(json.dumps({"url": "http://127.0.0.1/other"}))

    assert fetch(publisher.source("whole"), tmp_path).read_bytes() == CONTENT
    assert publisher.ranges == [None]


def test_damaged_file_of_the_cache_is_fetched_again(publisher, tmp_path):
    fetch(publisher.source("whole"), tmp_path).write_bytes(CONTENT[:-1])

    assert fetch(publisher.source("whole"), tmp_path).read_bytes() == CONTENT


def test_truncated_each_time_is_said_and_kept_for_next_time(publisher, tmp_path):
    with pytest.raises(Unreachable):
        fetch(publisher.source("always-breaks-off"), tmp_path)

    assert not (tmp_path / "file.gz").exists()
    assert (tmp_path / "file.gz.part").exists()


@pytest.mark.parametrize("facts", [{"sha256": "0" * 64}, {"size": 3}])
def test_file_that_is_not_the_locked_one_is_refused(publisher, tmp_path, facts):
    with pytest.raises(ChecksumDiffers):
        fetch(publisher.source("whole", **facts), tmp_path)

    assert [path.name for path in tmp_path.glob("file.gz*") if path.suffix != ".json"] == []


def test_locked_file_is_accepted(publisher, tmp_path):
    facts = {"sha256": sha256(CONTENT).hexdigest(), "size": len(CONTENT)}

    assert fetch(publisher.source("whole", **facts), tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("manner", ["missing", "broken", "portal"])
def test_answer_that_is_not_the_file(publisher, tmp_path, manner):
    with pytest.raises(Unreachable):
        fetch(publisher.source(manner), tmp_path)

    assert not (tmp_path / "file.gz").exists()


@pytest.mark.parametrize("manner", ["hangs", "hangs-half-way"])
def test_publishers_that_hang_cost_their_patience_once(publisher, tmp_path, manner):
    patience = Patience(0.6)
    with pytest.raises(Unreachable):
        fetch(publisher.source(manner), tmp_path, patience=patience)
    asked = len(publisher.ranges)

    for _again in range(3):
        with pytest.raises(Unreachable):
            fetch(publisher.source(manner), tmp_path, patience=patience)

    assert patience.left_s <= 0
    assert len(publisher.ranges) == asked


def test_closed_port_is_unreachable(tmp_path):
    with running() as server:
        source = server.source("whole")

    with pytest.raises(Unreachable):
        fetch(source, tmp_path)


def test_name_that_does_not_resolve_is_unreachable(tmp_path):
    source = Source("contours", "http://nowhere.invalid/file.gz", "file.gz", "2025", "IGN", "")
    began = time.monotonic()

    with pytest.raises(Unreachable):
        fetch(source, tmp_path, patience=Patience(1))

    assert time.monotonic() - began < 10


def test_switched_off_asks_nobody(settings):
    settings.OFFICIAL_SOURCES = False

    assert official("contours", progress=lambda *_: None) == Absent()


def test_lock_file_names_what_the_loaders_ask_for():
    assert {"movements", "contours"} <= set(locked())
    assert all(source.url.startswith("https://") for source in locked().values())
