"""From a path and a query string to an answer, without request, database or event loop: what every door calls."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from typing import Any

import numpy as np
import orjson
from django.utils.translation import gettext as _
from django.utils.translation import override

from arobase.territories.api.operations import Operation, operation_of
from arobase.territories.api.parameters import TYPES, BadParameter, read
from arobase.territories.api.resources import COMMUNE, PART, Resource
from arobase.territories.models import Kind
from arobase.territories.queries.gazetteer import Gazetteer, Place
from arobase.territories.rules.search import Why

JSON = "application/json; charset=utf-8"
VERSION = version("arobase")
PROBLEM = "application/problem+json; charset=utf-8"
FRESH_FOR_S = 300
AT_A_TIME = 1000  # territories written at once, to keep memory low where all of France is asked for
KEPT_BYTES = 12_000_000
KEPT_EACH = 2_000_000
BOOSTED_AMONG = 30  # best matches among which a limited search by name puts the most populous first
BOOSTED_BY = 100_000  # inhabitants that double a score, as in the State's API


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client."""

    status: int
    content_type: str
    body: bytes
    etag: str = ""


class NotFound(LookupError):
    """No territory has this code, or nothing answers at this address; the sentence is translated."""


class Unfiltered(ValueError):
    """All contours of France at once: the sentence, translated, says what to add."""


def answer(places: Gazetteer, *, path: str, query: str, language: str, if_none_match: str = "") -> Answer:
    """The answer to GET /api/geo{path}?{query}.

    language        fr or en: of problems
    if_none_match   the header: 304 when the client has the answer already
    """
    etag = _etag(places, path, query)
    # Only answers with 200 carry an ETag: who sends this one has the answer.
    if etag in if_none_match:
        return Answer(304, JSON, b"", etag)
    try:
        if (found := operation_of(path)) is None:
            with override(language):
                raise NotFound(_("Rien à cette adresse ; la documentation est sous /api/geo."))
        operation, code = found
        body = _kept.get(etag)
        if body is None:
            body = _body(places, operation, code, query, language=language)
            _kept.keep(etag, body)
        return Answer(200, JSON, body, etag)
    except BadParameter as problem:
        return _problem(400, problem.why, language=language, parameter=problem.parameter)
    except Unfiltered as problem:
        return _problem(400, str(problem), language=language)
    except NotFound as problem:
        return _problem(404, str(problem), language=language)


def needs_contours(query: str) -> bool:
    """Whether an answer may read contours."""
    return any(name in query for name in ("contour", "lat", "lon"))


def _etag(places: Gazetteer, path: str, query: str) -> str:
    return f'W/"{blake2b(f"{VERSION}{places.version}{path}?{query}".encode(), digest_size=12).hexdigest()}"'


def _problem(status: int, why: str, *, language: str, **more: str) -> Answer:
    with override(language):
        title = _("Requête mal formée") if status == 400 else _("Introuvable")  # noqa: PLR2004 - an HTTP status
    document = {"type": "about:blank", "title": title, "status": status, "detail": why, **more}
    # The State's API says `code` and `message`; its clients go on reading them.
    return Answer(status, PROBLEM, orjson.dumps({**document, "code": status, "message": why}))


def _body(places: Gazetteer, operation: Operation, code: str, query: str, *, language: str) -> bytes:
    with override(language):
        values = read(query, known=operation.parameters, ignored=operation.ignored)
        if operation.within is not None:
            parent, criterion = operation.within
            values[criterion] = _one(places, parent, code).code
        elif operation.one:
            return orjson.dumps(
                _written([(_one(places, operation.resource, code), None)], operation, values, places)[0]
            )
        else:
            _refuse_everything_drawn(operation, values)
    found = _found(places, operation, values)
    if (limit := values.get("limit")) is not None:
        found = found[:limit]
    listed = b",".join(
        orjson.dumps(_written(found[start : start + AT_A_TIME], operation, values, places))[1:-1]
        for start in range(0, len(found), AT_A_TIME)
    )
    if values.get("format") == "geojson":
        return b'{"type":"FeatureCollection","features":[' + listed + b"]}"
    return b"[" + listed + b"]"


def _refuse_everything_drawn(operation: Operation, values: Mapping[str, Any]) -> None:
    filtered = any(operation.parameters[name].filters for name in values)
    if not filtered and (values.get("format") == "geojson" or "contour" in values.get("fields", ())):
        raise Unfiltered(
            _("GeoJSON et contours demandent au moins un critère (nom, code, codeDepartement, lat et lon…).")
        )


def _one(places: Gazetteer, resource: Resource, code: str) -> Place:
    for kind in resource.kinds if resource is not COMMUNE else (Kind.COMMUNE, Kind.ARRONDISSEMENT):
        if place := places.get(kind, code):
            return place
    raise NotFound(_("Aucun territoire n’a le code « %(code)s » à cette adresse.") % {"code": code})


# Criteria

_SAME = {
    "code": lambda place, code, places: place.code == code,
    "codePostal": lambda place, code, places: code in place.postal_codes,
    "siren": lambda place, code, places: place.siren == code,
    "codeParent": lambda place, code, places: place.parent == code,
    "ancienCode": lambda place, code, places: code in place.former_codes,
    "codeEpci": lambda place, code, places: code in {place.epci, place.code if place.kind == Kind.EPCI else ""},
    "codeDepartement": lambda place, code, places: (
        code in places.departments_of_epci.get(place.code, ()) if place.kind == Kind.EPCI else place.department == code
    ),
    "codeRegion": lambda place, code, places: (
        code in places.regions_of_epci.get(place.code, ()) if place.kind == Kind.EPCI else place.region == code
    ),
    "zone": lambda place, zones, places: place.zone in zones,
}


def _found(places: Gazetteer, operation: Operation, values: Mapping[str, Any]) -> list[tuple[Place, float | None]]:
    """The territories that meet all criteria, with their score in a search by name."""
    criteria = dict(values)
    if operation.resource.zones and "zone" not in criteria and operation.within is None:
        criteria["zone"] = operation.resource.zones
    kinds = _kinds(operation, criteria)
    meeting = [(name, _SAME[name]) for name in criteria if name in _SAME]
    if "nom" in criteria and not meeting and "lat" not in criteria:
        return _by_name(places, criteria, kinds=kinds, among=None)
    narrowed = _narrowed(places, kinds, criteria)
    found = [
        place
        for place in narrowed
        if place.kind in kinds and all(meets(place, criteria[name], places) for name, meets in meeting)
    ]
    if "nom" not in criteria:
        return [(place, None) for place in found]
    return _by_name(places, criteria, kinds=kinds, among=found)


def _kinds(operation: Operation, criteria: Mapping[str, Any]) -> frozenset[str]:
    if operation.resource is COMMUNE:
        return frozenset(TYPES[type] for type in criteria.get("type", ("commune-actuelle",)))
    if operation.resource is PART and "type" in criteria:
        return frozenset(TYPES[type] for type in criteria["type"])
    return frozenset(operation.resource.kinds)


def _narrowed(places: Gazetteer, kinds: frozenset[str], criteria: Mapping[str, Any]) -> Iterable[Place]:
    """A short list that holds all territories that meet the criteria."""
    if "lat" in criteria:
        return places.at(lon=criteria["lon"], lat=criteria["lat"])
    if "code" in criteria:
        return [place for kind in kinds if (place := places.get(kind, criteria["code"]))]
    if "codePostal" in criteria:
        return places.by_postal_code(criteria["codePostal"])
    if kinds == {Kind.COMMUNE}:
        for name, belonging in (("codeEpci", "epci"), ("codeDepartement", "department"), ("codeRegion", "region")):
            if name in criteria:
                return places.communes_of(belonging, criteria[name])
    if len(kinds) == 1:
        return places.of_kind[next(iter(kinds))]
    return sorted((place for kind in kinds for place in places.of_kind[kind]), key=lambda place: place.code)


def _by_name(
    places: Gazetteer, criteria: Mapping[str, Any], *, kinds: frozenset[str], among: Sequence[Place] | None
) -> list[tuple[Place, float | None]]:
    mask = None
    if among is not None:
        mask = np.zeros(len(places.places), bool)
        mask[[places.position[place.id] for place in among]] = True
    boosted = "boost" in criteria
    limit = criteria.get("limit")
    if boosted and limit is not None:
        limit = max(limit, BOOSTED_AMONG)
    hits = places.search.search(criteria["nom"], limit=limit, kinds=kinds, among=mask)
    scored = [
        (places.places[hit.position], _boosted(hit.score, hit.subject.population, hit.why) if boosted else hit.score)
        for hit in hits
        if hit.why not in {Why.CODE, Why.POSTAL_CODE}
    ]
    if boosted:
        scored.sort(key=lambda pair: -pair[1])
    return [(place, round(score, 4)) for place, score in scored]


def _boosted(score: float, population: int, why: Why) -> float:
    """A score raised by population; not where only the spelling is near: Lyon is not an answer to “Lys”."""
    return score if why == Why.SPELLING else score * (1 + population / BOOSTED_BY)


# Writing


def _written(
    found: Sequence[tuple[Place, float | None]], operation: Operation, values: Mapping[str, Any], places: Gazetteer
) -> list[dict[str, Any]]:
    resource = operation.resource
    names = list(dict.fromkeys(("nom", "code", *values["fields"]))) if "fields" in values else list(resource.default)
    drawn = values.get("format") == "geojson"
    if drawn:
        names = [name for name in names if name not in resource.geometries]
    readers = [(name, resource.fields[name][0]) for name in names if name != "_score"]
    geometry = resource.fields[values.get("geometry", resource.geometries[0])][0] if drawn else None
    written = []
    for place, score in found:
        fields = {name: value for name, reader in readers if (value := reader(place, places)) is not None}
        if score is not None:
            fields["_score"] = score
        if geometry is not None:
            fields = {"type": "Feature", "properties": fields, "geometry": geometry(place, places)}
        written.append(fields)
    return written


class _KeptBodies:
    """The bodies asked for last, by their ETag, within a fixed number of bytes."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, etag: str) -> bytes | None:
        with self._lock:
            if etag in self._bodies:
                self._bodies.move_to_end(etag)
            return self._bodies.get(etag)

    def keep(self, etag: str, body: bytes) -> None:
        if len(body) > KEPT_EACH:
            return
        with self._lock:
            if etag not in self._bodies:
                self._bodies[etag] = body
                self._bytes += len(body)
            while self._bytes > KEPT_BYTES:
                self._bytes -= len(self._bodies.popitem(last=False)[1])


_kept = _KeptBodies()
