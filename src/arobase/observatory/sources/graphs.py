"""Graphs of services and providers as JSON files: read, checked, and told line by line where they are wrong."""

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any as Json

from arobase.observatory.rules.needs import NOTHING, All, Any, Need, Provider, Service
from arobase.observatory.rules.outage import Graph

DEEPEST = 50


class BadGraph(ValueError):
    """The file is no graph; the message says where and what was expected."""


def read_graph(path: Path) -> Graph:
    """A graph from a JSON file, plain or gzipped.

    Raises BadGraph with the place of what is wrong.
    """
    raw = path.read_bytes()
    try:
        told = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    except (ValueError, OSError, EOFError) as error:
        raise BadGraph(f"{path.name}: not JSON ({error})") from error
    if not isinstance(told, Mapping) or not isinstance(told.get("services"), list):
        raise BadGraph(f'{path.name}: expected {{"services": [..], "providers": [..]}}')
    services = [_service(one, f"services[{at}]") for at, one in enumerate(told["services"])]
    providers = [_provider(one, f"providers[{at}]") for at, one in enumerate(_list(told, "providers", path.name))]
    try:
        return Graph(services, providers)
    except ValueError as error:
        raise BadGraph(f"{path.name}: {error}") from error


def _service(told: Json, place: str) -> Service:
    return Service(
        territory=_text(told, "territory", place),
        service=_text(told, "service", place),
        needs=_need(told.get("needs"), f"{place}.needs"),
        degraded_by=tuple(_names(_list(told, "degraded_by", place), f"{place}.degraded_by")),
    )


def _provider(told: Json, place: str) -> Provider:
    return Provider(
        name=_text(told, "name", place),
        owner=_text(told, "owner", place, default=""),
        country=_text(told, "country", place, default=""),
        needs=_need(told.get("needs"), f"{place}.needs"),
    )


def _need(told: Json, place: str, depth: int = 0) -> Need:
    if told is None:
        return NOTHING
    if isinstance(told, str) and told:
        return told
    if depth > DEEPEST:
        raise BadGraph(f"{place}: nested deeper than {DEEPEST}")
    for word, kind in (("all", All), ("any", Any)):
        if isinstance(told, Mapping) and set(told) == {word} and isinstance(told[word], list):
            parts = enumerate(told[word])
            return kind(tuple(_need(part, f"{place}.{word}[{at}]", depth + 1) for at, part in parts))
    raise BadGraph(f'{place}: expected null, a name, {{"all": [..]}} or {{"any": [..]}}, not {told!r:.80}')


def _text(told: Json, key: str, place: str, *, default: str | None = None) -> str:
    value = told.get(key) if isinstance(told, Mapping) else None
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not (value or default is not None):
        raise BadGraph(f"{place}.{key}: expected a text, not {value!r:.80}")
    return value


def _list(told: Mapping[str, Json], key: str, place: str) -> list[Json]:
    value = told.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadGraph(f"{place}.{key}: expected a list, not {value!r:.80}")
    return value


def _names(told: Iterable[Json], place: str) -> Iterable[str]:
    for at, name in enumerate(told):
        if not isinstance(name, str) or not name:
            raise BadGraph(f"{place}[{at}]: expected a name, not {name!r:.80}")
        yield name
