"""What is said of static files beyond what the library says."""

from collections.abc import MutableMapping

STATIONS_WORKER = "/build/elections/offline."  # hashed after it


def headers_of(headers: MutableMapping[str, str], _path: str, url: str) -> None:
    """Let the worker that keeps a polling station's page look after pages, which lie outside of its own folder."""
    if STATIONS_WORKER in url:
        headers["Service-Worker-Allowed"] = "/elections/"
