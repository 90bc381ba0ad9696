"""The referential: what can be done with the digital, as services in enjeux in categories; read strictly, compared."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

WEIGHTS = range(1, 4)
VILLAGE_BELOW = 5_000  # inhabitants: a smaller commune is a candidate of the kind « village »
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
T = TypeVar("T")


class Candidate(StrEnum):
    """The kinds of candidates, each with a questionnaire of its own."""

    VILLAGE = "village"
    TOWN = "town"
    TERRITORY = "territory"


class Evidence(StrEnum):
    """How a service can be shown: an address, a document, a measure, a visit."""

    ADDRESS = "address"
    DOCUMENT = "document"
    MEASURED = "measured"
    VISIT = "visit"


def candidate_of(kind: str, population: int | None) -> Candidate:
    """The kind of candidate that a territory is.

    >>> candidate_of("commune", 4_999), candidate_of("commune", 5_000), candidate_of("epci", 900)
    (<Candidate.VILLAGE: 'village'>, <Candidate.TOWN: 'town'>, <Candidate.TERRITORY: 'territory'>)
    """
    if kind != "commune":
        return Candidate.TERRITORY
    return Candidate.VILLAGE if (population or 0) < VILLAGE_BELOW else Candidate.TOWN


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the two languages of the platform."""

    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Category:
    """One of the four parts of the label."""

    slug: str
    name: Text
    sentence: Text


@dataclass(frozen=True, slots=True)
class Enjeu:
    """What is at stake for a territory; each belongs to one category."""

    slug: str
    category: str
    name: Text
    sentence: Text


@dataclass(frozen=True, slots=True)
class Service:
    """Something a territory may offer; each answers to one enjeu.

    kinds       candidates to whom it applies
    evidence    how it can be shown
    weight      1 to 3, its share of the enjeu's points
    """

    slug: str
    enjeu: str
    name: Text
    sentence: Text
    kinds: tuple[Candidate, ...]
    evidence: tuple[Evidence, ...]
    weight: int


@dataclass(frozen=True)
class Referential:
    """All of it, checked: every slug is known and stands once."""

    version: str
    categories: tuple[Category, ...]
    enjeux: tuple[Enjeu, ...]
    services: tuple[Service, ...]

    @cached_property
    def _by_slug(self) -> Mapping[str, Service]:
        return {service.slug: service for service in self.services}

    def service(self, slug: str) -> Service:
        """A service by its slug. Raises KeyError."""
        return self._by_slug[slug]

    def knows(self, slug: str) -> bool:
        return slug in self._by_slug

    def services_for(self, candidate: Candidate) -> tuple[Service, ...]:
        """The services that apply to a kind of candidate."""
        return tuple(service for service in self.services if candidate in service.kinds)

    def enjeux_of(self, services: Iterable[str]) -> tuple[str, ...]:
        """The enjeux that some services answer to, in the referential's order; unknown services are passed over."""
        wanted = {self._by_slug[slug].enjeu for slug in services if slug in self._by_slug}
        return tuple(enjeu.slug for enjeu in self.enjeux if enjeu.slug in wanted)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: where (`services[12].enjeu`), what stands there, what was expected."""

    where: str
    found: str
    expected: str


class BadReferential(ValueError):
    """A document that is no referential; carries every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{one.where}: {one.found} (expected {one.expected})" for one in faults))
        self.faults = tuple(faults)


def parse(document: object) -> Referential:
    """A referential from the plain mapping that YAML or a spreadsheet gives. Raises BadReferential with all faults."""
    reader = _Reader()
    top = reader.mapping(document, "document")
    categories = [
        Category(reader.slug(row, at), reader.text(row, "name", at), reader.text(row, "sentence", at))
        for at, row in reader.rows(top, "categories")
    ]
    known = {one.slug for one in categories}
    enjeux = [
        Enjeu(
            reader.slug(row, at),
            reader.among(row, "category", known, at),
            reader.text(row, "name", at),
            reader.text(row, "sentence", at),
        )
        for at, row in reader.rows(top, "enjeux")
    ]
    stakes = {one.slug for one in enjeux}
    services = [
        Service(
            reader.slug(row, at),
            reader.among(row, "enjeu", stakes, at),
            reader.text(row, "name", at),
            reader.text(row, "sentence", at),
            reader.several(row, "kinds", Candidate, at),
            reader.several(row, "evidence", Evidence, at),
            reader.weight(row, at),
        )
        for at, row in reader.rows(top, "services")
    ]
    reader.once("categories", [one.slug for one in categories])
    reader.once("enjeux", [one.slug for one in enjeux])
    reader.once("services", [one.slug for one in services])
    reader.used("categories", known, {one.category for one in enjeux}, "enjeu")
    reader.used("enjeux", stakes, {one.enjeu for one in services}, "service")
    version = top.get("version")
    if not isinstance(version, str) or not version.strip():
        reader.fault("version", version, "a text such as 2026.1")
    if reader.faults:
        raise BadReferential(reader.faults)
    return Referential(str(version), tuple(categories), tuple(enjeux), tuple(services))


def document_of(referential: Referential) -> dict[str, Any]:
    """The plain mapping of a referential: what `parse` reads."""

    def plain(value: Any) -> Any:
        if isinstance(value, Text):
            return {"fr": value.fr, "en": value.en}
        return [str(one) for one in value] if isinstance(value, tuple) else value

    def row(one: Any) -> dict[str, Any]:
        return {field.name: plain(getattr(one, field.name)) for field in fields(one)}

    return {
        "version": referential.version,
        "categories": [row(one) for one in referential.categories],
        "enjeux": [row(one) for one in referential.enjeux],
        "services": [row(one) for one in referential.services],
    }


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two referentials: `part` is categories, enjeux or services; `field` empty for the whole."""

    part: str
    slug: str
    field: str
    before: Any
    now: Any


def difference(before: Referential, now: Referential) -> list[Change]:
    """What was removed, added and changed, field by field, in the order of the parts and slugs."""
    old, new = document_of(before), document_of(now)
    found: list[Change] = []
    for part in ("categories", "enjeux", "services"):
        was, is_now = ({row["slug"]: row for row in rows[part]} for rows in (old, new))
        for slug in sorted(was.keys() | is_now.keys()):
            if slug not in is_now or slug not in was:
                found.append(Change(part, slug, "", was.get(slug), is_now.get(slug)))
                continue
            found += [
                Change(part, slug, name, was[slug][name], is_now[slug][name])
                for name in was[slug]
                if was[slug][name] != is_now[slug][name]
            ]
    return found


class _Reader:
    """Reads leniently and remembers every fault, so that whoever writes a referential hears all at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, where: str, found: object, expected: str) -> None:
        self.faults.append(Fault(where, "nothing" if found is None else repr(found)[:80], expected))

    def mapping(self, value: object, where: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.fault(where, value, "names with values")
        return {}

    def rows(self, top: Mapping[str, Any], part: str) -> list[tuple[str, Mapping[str, Any]]]:
        rows = top.get(part)
        if not isinstance(rows, list) or not rows:
            self.fault(part, rows, "a list with at least one entry")
            return []
        return [(f"{part}[{place}]", self.mapping(row, f"{part}[{place}]")) for place, row in enumerate(rows)]

    def slug(self, row: Mapping[str, Any], at: str) -> str:
        value = row.get("slug")
        if isinstance(value, str) and _SLUG.fullmatch(value):
            return value
        self.fault(f"{at}.slug", value, "small letters, digits and hyphens")
        return ""

    def text(self, row: Mapping[str, Any], name: str, at: str) -> Text:
        value = row.get(name)
        texts = value if isinstance(value, Mapping) else {}
        for language in ("fr", "en"):
            if not isinstance(texts.get(language), str) or not texts[language].strip():
                self.fault(f"{at}.{name}.{language}", texts.get(language), "a text")
        return Text(str(texts.get("fr") or ""), str(texts.get("en") or ""))

    def among(self, row: Mapping[str, Any], name: str, known: set[str], at: str) -> str:
        value = row.get(name)
        if isinstance(value, str) and value in known:
            return value
        self.fault(f"{at}.{name}", value, f"one of the {len(known)} that the document names")
        return ""

    def several(self, row: Mapping[str, Any], name: str, kind: Callable[[str], T], at: str) -> tuple[T, ...]:
        values = row.get(name)
        if not isinstance(values, list) or not values:
            self.fault(f"{at}.{name}", values, "a list with at least one entry")
            return ()
        found = []
        for value in dict.fromkeys(map(str, values)):
            try:
                found.append(kind(value))
            except ValueError:
                self.fault(f"{at}.{name}", value, ", ".join(kind))  # type: ignore[arg-type]  # an enum lists its values
        return tuple(found)

    def weight(self, row: Mapping[str, Any], at: str) -> int:
        value = row.get("weight")
        if isinstance(value, int) and not isinstance(value, bool) and value in WEIGHTS:
            return value
        self.fault(f"{at}.weight", value, f"{WEIGHTS[0]} to {WEIGHTS[-1]}")
        return 1

    def once(self, part: str, slugs: Sequence[str]) -> None:
        for place, slug in enumerate(slugs):
            if slug and slug in slugs[:place]:
                self.fault(f"{part}[{place}].slug", slug, f"a name that {part}[{slugs.index(slug)}] does not bear")

    def used(self, part: str, known: set[str], used: set[str], by: str) -> None:
        for slug in sorted(known - used - {""}):
            self.fault(part, slug, f"at least one {by} in it")
