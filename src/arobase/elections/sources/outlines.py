"""Outlines of polling stations as GeoJSON: a town's own file, or the State's, which holds a department or all France.

Read feature by feature, for the State's file of all France holds 650 MB; only those of one commune are kept.
"""

import codecs
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from django.utils.translation import gettext_noop

from arobase.elections.rules.preparing import key_of
from arobase.elections.sources.tables import unpacked
from arobase.web.files import UnreadableFile

Outlines = Mapping[str, Mapping[str, Any]]
DIGITS = 5  # decimals of a degree
CHUNK, MOST_FEATURE = 1024 * 1024, 32 * 1024 * 1024  # bytes read at once; characters of one feature
FEATURES = re.compile(r'"features"\s*:\s*\[')
# A town's own name for a station's code, and those of the State's « contours des bureaux de vote ».
STATION, NUMBER, WHOLE, COMMUNE = "bureau", "numeroBureauVote", "codeBureauVote", "codeCommune"


def read_outlines(file: BinaryIO, *, commune: str, most: int | None = None) -> Outlines:
    """Outlines of a commune (INSEE code) by `rules.preparing.key_of`, compressed or not.

    A feature that does not tell its commune is the commune's. Raises UnreadableFile; of more than `most` bytes, too.
    """
    found: dict[str, Mapping[str, Any]] = {}
    is_elsewhere = False
    try:
        for one in _features(file, most):
            properties, geometry = one.get("properties") or {}, one["geometry"]
            code = _code(properties)
            if code is None or geometry is None:
                continue
            if _commune(properties) not in {"", commune}:
                is_elsewhere = True
                continue
            depth = {"Polygon": 1, "MultiPolygon": 2}[geometry["type"]]
            drawn = _drawn(geometry["coordinates"], depth)
            found[key_of(code)] = {"type": geometry["type"], "coordinates": drawn}
    except UnreadableFile:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(gettext_noop("Ce n’est pas un GeoJSON d’objets surfaciques.")) from error
    if not found and is_elsewhere:
        raise UnreadableFile(
            gettext_noop("Aucun contour de la commune %(code)s dans ce fichier\u00a0: il en a d’autres."), code=commune
        )
    if not found:
        raise UnreadableFile(
            gettext_noop(
                "Aucun contour n’a de propriété «\u202fbureau\u202f», «\u202fnumeroBureauVote\u202f»"
                " ou «\u202fcodeBureauVote\u202f»\u00a0: elle porte le code du bureau."
            )
        )
    return found


def _code(properties: Mapping[str, Any]) -> str | None:
    """The station's code; `28033_0001` is 0001 of the commune 28033."""
    for name in (STATION, NUMBER, WHOLE):
        if properties.get(name) is not None:
            return str(properties[name]).rpartition("_")[2]
    return None


def _commune(properties: Mapping[str, Any]) -> str:
    """The commune that a feature tells, empty where it tells none."""
    told = properties.get(COMMUNE) or str(properties.get(WHOLE) or "").rpartition("_")[0]
    return str(told).zfill(5) if told else ""


def _features(file: BinaryIO, most: int | None) -> Iterator[Any]:
    """The features one by one, so that no more than a few are held. Raises ValueError, UnreadableFile."""
    texts = _texts(file, most)
    text = next(texts, "")
    while (start := FEATURES.search(text)) is None:
        text += _next(texts, text)
    place, decoder = start.end(), json.JSONDecoder()
    while True:
        place = _past(text, place)
        if text[place : place + 1] == "]":
            return
        try:
            one, place = decoder.raw_decode(text, place)
        except json.JSONDecodeError:  # nothing there, or it goes on in what is not read yet
            text = text[place:]
            text, place = text + _next(texts, text), 0
        else:
            yield one


def _past(text: str, place: int) -> int:
    """Where the next feature begins: after spaces and a comma."""
    while text[place : place + 1] in {" ", ",", "\n", "\r", "\t"}:
        place += 1
    return place


def _next(texts: Iterator[str], text: str) -> str:
    """More text, as much again as there is, for what begins in `text` and does not end there. Raises ValueError."""
    if len(text) > MOST_FEATURE:
        raise ValueError(len(text))
    more = ""
    while len(more) <= len(text) and (one := next(texts, "")):
        more += one
    if not more:
        raise ValueError(text[:40])
    return more


def _texts(file: BinaryIO, most: int | None) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    opened, read = unpacked(file), 0
    while chunk := opened.read(CHUNK):
        read += len(chunk)
        if most is not None and read > most:
            raise UnreadableFile(
                gettext_noop(
                    "Ce GeoJSON dépasse %(most)s Mo\u00a0: prenez celui du département, ou demandez à qui tient le"
                    " site de le lire (arobase elections outlines)."
                ),
                most=most // 1024 // 1024,
            )
        if text := decoder.decode(chunk):
            yield text


def _drawn(told: Any, depth: int) -> Sequence[Any]:
    """Rings within rings as they will be drawn, each of four points or more. Raises ValueError."""
    if not isinstance(told, list) or not told:
        raise ValueError(told)
    if depth:
        return [_drawn(one, depth - 1) for one in told]
    if len(told) <= 3:  # noqa: PLR2004 - a ring comes back to its first point
        raise ValueError(told)
    return [_place(point) for point in told]


def _place(told: Any) -> Sequence[float]:
    """A point to a metre: what a file says more of it is of no use in a drawing."""
    if not isinstance(told, list) or len(told) < 2 or not all(type(one) in {int, float} for one in told[:2]):  # noqa: PLR2004 - two coordinates
        raise ValueError(told)
    lon, lat = told[:2]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004 - degrees
        raise ValueError(told)
    return [round(lon, DIGITS), round(lat, DIGITS)]


def written_outlines(outlines: Mapping[str, Mapping[str, Any]]) -> str:
    """The outlines as GeoJSON, which `read_outlines` reads again."""
    features = [
        {"type": "Feature", "properties": {STATION: code}, "geometry": geometry} for code, geometry in outlines.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
