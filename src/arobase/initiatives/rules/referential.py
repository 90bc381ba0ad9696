"""The referential: services that a territory can offer, by enjeu and category; how one is read, and how two differ.

What a category, an enjeu and a service are is told in docs/methodology/referential.md.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

LONGEST_SLUG = 60
LONGEST_NAME = 120
LONGEST_SENTENCE = 300
HEAVIEST = 3
MOST_PEOPLE = 100_000_000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9]{4}\.[0-9]{1,4}")
_SHOWN = 80  # characters of a refused value that are quoted
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}  # Unicode categories


def _(message: str) -> str:
    """Mark a message for translation without translating it."""
    return message


class CandidateKind(StrEnum):
    """Who may apply: a commune below 5,000 inhabitants, another commune, or an EPCI, department or region."""

    VILLAGE = "village"
    TOWN = "town"
    TERRITORY = "territory"


VILLAGE_BELOW = 5_000  # inhabitants


def candidate_of(kind: str, population: int | None) -> CandidateKind:
    """The kind of candidate that a territory is; a commune of unknown population is held for a town.

    >>> [candidate_of("commune", 4_999).value, candidate_of("commune", 5_000).value, candidate_of("epci", 900).value]
    ['village', 'town', 'territory']
    """
    if kind != "commune":
        return CandidateKind.TERRITORY
    return CandidateKind.VILLAGE if population is not None and population < VILLAGE_BELOW else CandidateKind.TOWN


class Evidence(StrEnum):
    """How a jury can tell that a service exists: its address, a document, what is measured from outside, a visit."""

    ADDRESS = "address"
    DOCUMENT = "document"
    MEASURED = "measured"
    VISIT = "visit"


@dataclass(frozen=True)
class Text:
    """The same words in French and in English."""

    fr: str
    en: str


@dataclass(frozen=True)
class Category:
    """One of the great purposes of a digital policy."""

    slug: str
    name: Text
    sentence: Text


@dataclass(frozen=True)
class Enjeu:
    """What is at stake within a category, given by its slug."""

    slug: str
    category: str
    name: Text
    sentence: Text


@dataclass(frozen=True)
class Service:
    """Something concrete that a territory offers, within the enjeu of that slug.

    weight                           1 to 3: what it counts for against the others
    min_population, max_population   inhabitants, both included; None where there is no bound
    """

    slug: str
    enjeu: str
    name: Text
    sentence: Text
    kinds: frozenset[CandidateKind]
    evidence: frozenset[Evidence]
    weight: int
    min_population: int | None = None
    max_population: int | None = None

    def concerns(self, kind: CandidateKind, *, population: int | None) -> bool:
        """Whether such a candidate may be asked for it; an unknown population lies within all bounds."""
        if kind not in self.kinds:
            return False
        return population is None or (self.min_population or 0) <= population <= (self.max_population or MOST_PEOPLE)


Entry = Category | Enjeu | Service
SERVICE_FIELDS = tuple(one.name for one in fields(Service))


@dataclass(frozen=True)
class Referential:
    """A sound referential; enjeux stand in the order of their categories, services in the order of their enjeux."""

    version: str
    categories: tuple[Category, ...]
    enjeux: tuple[Enjeu, ...]
    services: tuple[Service, ...]

    @cached_property
    def _categories(self) -> Mapping[str, Category]:
        return {one.slug: one for one in self.categories}

    @cached_property
    def _enjeux(self) -> Mapping[str, Enjeu]:
        return {one.slug: one for one in self.enjeux}

    @cached_property
    def _services(self) -> Mapping[str, Service]:
        return {one.slug: one for one in self.services}

    def service(self, slug: str) -> Service:
        """The service of that slug. Raises UnknownService."""
        if slug not in self._services:
            raise UnknownService(slug, version=self.version)
        return self._services[slug]

    def services_for(self, kind: CandidateKind, population: int | None) -> tuple[Service, ...]:
        """The services that concern a candidate; without a known population, whatever their bounds."""
        return tuple(one for one in self.services if one.concerns(kind, population=population))

    def enjeu_of(self, service: Service) -> Enjeu:
        """The enjeu that a service of this referential belongs to."""
        return self._enjeux[service.enjeu]

    def category_of(self, enjeu: Enjeu) -> Category:
        """The category that an enjeu of this referential belongs to."""
        return self._categories[enjeu.category]


class UnknownService(LookupError):
    """No service of that slug in that version of the referential."""

    def __init__(self, slug: str, *, version: str) -> None:
        super().__init__(f"{slug}: no such service in the referential {version}")
        self.slug, self.version = slug, version


@dataclass(frozen=True)
class Problem:
    """Something that makes a referential unsound.

    where      path in the document (`services[12].enjeu`) or cell of the spreadsheet (`S14`); empty for the whole
    found      what stands there, as text; empty where nothing does
    expected   French message with %(name)s places, translated where it is shown
    facts      what the places stand for
    """

    where: str
    found: str
    expected: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        expected = f"«\u202f{self.found}\u202f»\u202f; attendu\u202f: {self.expected % self.facts}"
        return f"{self.where}\u202f: {expected}" if self.where else expected


class BadReferential(ValueError):
    """Everything that is wrong with a referential, in the order of reading."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def parse(document: object) -> Referential:
    """Read a referential from plain mappings, lists, texts and numbers, such as `yaml.safe_load` gives.

    Raises   BadReferential with all problems that are found.
    """
    reading = _Reading()
    top = reading.fields(document, where="", known=("version", "categories", "enjeux", "services"))
    version = top.get("version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        reading.refuse("version", version, _("une version de la forme « 2026.1 », entre guillemets"))
    categories = [
        reading.category(one, where=f"categories[{at}]") for at, one in reading.items(top, "categories", where="")
    ]
    reading.places = {"category": {one.slug for one in categories}}
    enjeux = [reading.enjeu(one, where=f"enjeux[{at}]") for at, one in reading.items(top, "enjeux", where="")]
    reading.places["enjeu"] = {one.slug for one in enjeux}
    services = [reading.service(one, where=f"services[{at}]") for at, one in reading.items(top, "services", where="")]
    for at, category in enumerate(categories):
        if category.slug and category.slug not in {one.category for one in enjeux}:
            reading.refuse(f"categories[{at}]", category.slug, _("au moins un enjeu dans cette catégorie"))
    for at, enjeu in enumerate(enjeux):
        if enjeu.slug and enjeu.slug not in {one.enjeu for one in services}:
            reading.refuse(f"enjeux[{at}]", enjeu.slug, _("au moins un service dans cet enjeu"))
    if reading.problems:
        raise BadReferential(reading.problems)
    return _in_order(str(version), categories, enjeux, services)


def _in_order(
    version: str, categories: Sequence[Category], enjeux: Sequence[Enjeu], services: Sequence[Service]
) -> Referential:
    category_ranks = {one.slug: rank for rank, one in enumerate(categories)}
    enjeux = sorted(enjeux, key=lambda one: category_ranks[one.category])
    enjeu_ranks = {one.slug: rank for rank, one in enumerate(enjeux)}
    services = sorted(services, key=lambda one: enjeu_ranks[one.enjeu])
    return Referential(version, tuple(categories), tuple(enjeux), tuple(services))


Word = TypeVar("Word", CandidateKind, Evidence)


class _Reading:
    """Reads on after a problem, so that one reading finds them all; an empty value stands for what is refused."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.places: dict[str, set[str]] = {}
        self._first: dict[tuple[str, str], str] = {}  # list, slug → where it stood first

    def refuse(self, where: str, found: object, expected: str, **facts: str) -> None:
        shown = "" if found is None else str(found) if isinstance(found, str | int | float) else type(found).__name__
        self.problems.append(Problem(where, shown[:_SHOWN], expected, facts))

    def fields(self, value: object, *, where: str, known: Sequence[str]) -> Mapping[str, object]:
        if not isinstance(value, Mapping):
            self.refuse(where, value, _("des champs parmi : %(known)s"), known=", ".join(known))
            return {}
        for name in value:
            if name not in known:
                path = f"{where}.{str(name)[:_SHOWN]}".lstrip(".")
                self.refuse(path, name, _("des champs parmi : %(known)s"), known=", ".join(known))
        return {name: value[name] for name in known if name in value}

    def items(self, found: Mapping[str, object], name: str, *, where: str) -> Iterator[tuple[int, object]]:
        value = found.get(name)
        if not isinstance(value, list) or not value:
            self.refuse(f"{where}.{name}".lstrip("."), value, _("une liste qui n’est pas vide"))
            return
        yield from enumerate(value)

    def category(self, value: object, *, where: str) -> Category:
        found = self.fields(value, where=where, known=("slug", "name", "sentence"))
        return Category(self._slug(found, where=where), *self._texts(found, where=where))

    def enjeu(self, value: object, *, where: str) -> Enjeu:
        found = self.fields(value, where=where, known=("slug", "category", "name", "sentence"))
        slug = self._slug(found, where=where)
        return Enjeu(slug, self._place(found, "category", where=where), *self._texts(found, where=where))

    def service(self, value: object, *, where: str) -> Service:
        found = self.fields(value, where=where, known=SERVICE_FIELDS)
        slug = self._slug(found, where=where)
        enjeu = self._place(found, "enjeu", where=where)
        name, sentence = self._texts(found, where=where)
        least = self._number(found, "min_population", where=where, least=0, most=MOST_PEOPLE)
        most = self._number(found, "max_population", where=where, least=0, most=MOST_PEOPLE)
        if least is not None and most is not None and least > most:
            expected = _("une population maximale au moins égale à la minimale (%(least)s)")
            self.refuse(f"{where}.max_population", most, expected, least=str(least))
        return Service(
            slug=slug,
            enjeu=enjeu,
            name=name,
            sentence=sentence,
            kinds=self._words(found, "kinds", CandidateKind, where=where),
            evidence=self._words(found, "evidence", Evidence, where=where),
            weight=self._number(found, "weight", where=where, least=1, most=HEAVIEST, is_required=True) or 1,
            min_population=least,
            max_population=most,
        )

    def _slug(self, found: Mapping[str, object], *, where: str) -> str:
        slug = found.get("slug")
        if not isinstance(slug, str) or not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
            expected = _("minuscules sans accent, chiffres et traits d’union, %(most)s au plus : « conseil-filme »")
            self.refuse(f"{where}.slug", slug, expected, most=str(LONGEST_SLUG))
            return ""
        first = self._first.setdefault((where.split("[", maxsplit=1)[0], slug), where)
        if first != where:
            self.refuse(f"{where}.slug", slug, _("une seule fois cet identifiant, déjà pris en %(first)s"), first=first)
        return slug

    def _place(self, found: Mapping[str, object], name: str, *, where: str) -> str:
        """The one category or enjeu in which something stands."""
        slug = found.get(name)
        if not isinstance(slug, str) or slug not in self.places[name]:
            known = ", ".join(sorted(self.places[name] - {""}))
            self.refuse(f"{where}.{name}", slug, _("un seul parmi : %(known)s"), known=known)
            return ""
        return slug

    def _texts(self, found: Mapping[str, object], *, where: str) -> tuple[Text, Text]:
        name = self._text(found.get("name"), where=f"{where}.name", most=LONGEST_NAME)
        return name, self._text(found.get("sentence"), where=f"{where}.sentence", most=LONGEST_SENTENCE)

    def _text(self, value: object, *, where: str, most: int) -> Text:
        found = self.fields(value, where=where, known=("fr", "en"))
        texts = {}
        for language in ("fr", "en") if isinstance(value, Mapping) else ():
            text = found.get(language)
            texts[language] = text.strip() if isinstance(text, str) else ""
            if not 1 <= len(texts[language]) <= most or any(map(_is_invisible, texts[language])):
                expected = _("un texte d’une ligne, de 1 à %(most)s caractères, en français (fr) et en anglais (en)")
                self.refuse(f"{where}.{language}", text, expected, most=str(most))
        return Text(texts.get("fr", ""), texts.get("en", ""))

    def _words(self, found: Mapping[str, object], name: str, words: type[Word], *, where: str) -> frozenset[Word]:
        value = found.get(name)
        known = [str(word) for word in words]
        expected = _("une liste, chaque valeur une fois, parmi : %(known)s")
        if not isinstance(value, list) or not value:
            self.refuse(f"{where}.{name}", value, expected, known=", ".join(known))
            return frozenset()
        for at, word in enumerate(value):
            if not isinstance(word, str) or word not in known or word in value[:at]:
                self.refuse(f"{where}.{name}[{at}]", word, expected, known=", ".join(known))
        return frozenset(words(word) for word in value if isinstance(word, str) and word in known)

    def _number(
        self, found: Mapping[str, object], name: str, *, where: str, least: int, most: int, is_required: bool = False
    ) -> int | None:
        value = found.get(name)
        if value is None and not is_required:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            expected = _("un nombre entier de %(least)s à %(most)s")
            self.refuse(f"{where}.{name}", value, expected, least=str(least), most=str(most))
            return None
        return value


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE


def as_document(referential: Referential) -> dict[str, Any]:
    """The plain mapping that `parse` reads as this referential."""
    return {
        "version": referential.version,
        "categories": [_document(one) for one in referential.categories],
        "enjeux": [_document(one) for one in referential.enjeux],
        "services": [_document(one) for one in referential.services],
    }


def _document(entry: Entry) -> dict[str, Any]:
    return {name: _plain(value) for name, value in vars(entry).items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, Text):
        return {"fr": value.fr, "en": value.en}
    if isinstance(value, frozenset):
        return [str(word) for words in (CandidateKind, Evidence) for word in words if word in value]
    return value


@dataclass(frozen=True)
class FieldChange:
    """A field of an entry, such as `name.fr` or `weight`, and what it said; empty where it said nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """An entry that stays under its slug and says something else."""

    before: Entry
    after: Entry
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Difference:
    """What a revision does to the entries: categories, then enjeux, then services. Their order does not count."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def difference(before: Referential, after: Referential) -> Difference:
    """What was added, removed and changed, field by field, between two referentials. An entry is known by its slug."""
    old, new = _entries(before), _entries(after)
    return Difference(
        added=tuple(entry for key, entry in new.items() if key not in old),
        removed=tuple(entry for key, entry in old.items() if key not in new),
        changed=tuple(
            Change(old[key], entry, _field_changes(old[key], entry))
            for key, entry in new.items()
            if key in old and old[key] != entry
        ),
    )


def _entries(referential: Referential) -> dict[tuple[type[Entry], str], Entry]:
    entries: tuple[Entry, ...] = (*referential.categories, *referential.enjeux, *referential.services)
    return {(type(one), one.slug): one for one in entries}


def _field_changes(before: Entry, after: Entry) -> tuple[FieldChange, ...]:
    old, new = _told(before), _told(after)
    return tuple(FieldChange(name, old[name], new[name]) for name in old if old[name] != new[name])


def _told(entry: Entry) -> dict[str, str]:
    """Each field of an entry as text, the languages of a text apart."""
    told: dict[str, str] = {}
    for name, value in vars(entry).items():
        plain = _plain(value)
        if isinstance(plain, dict):
            told |= {f"{name}.{language}": text for language, text in plain.items()}
        else:
            told[name] = ", ".join(plain) if isinstance(plain, list) else "" if plain is None else str(plain)
    return told
