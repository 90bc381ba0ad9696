"""Which laureates are looked at: the parameters that the atlas, its list and its open data share."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from arobase.territories.rules.sizes import SIZES
from arobase.territories.rules.spelling import words

ALL = "toutes"
FIRST_YEAR, LAST_YEAR = 1998, 2100
LEVELS = ("1", "2", "3", "4", "5")
UNSTATED = "0"  # in an address: a level that no source states
KINDS = {
    "commune": frozenset({"commune", "delegated", "associated", "arrondissement"}),
    "epci": frozenset({"epci"}),
    "departement": frozenset({"department", "collectivity"}),
    "region": frozenset({"region"}),
}
PARAMETERS = ("annee", "niveau", "type", "population", "region", "departement", "mention", "q")
LONGEST = 100


class BadFilter(ValueError):
    """A parameter that cannot be followed: which, what it said, and what it may say."""

    def __init__(self, parameter: str, *, value: str, expected: Sequence[str]) -> None:
        super().__init__(f"{parameter}={value!r}, expected {', '.join(expected)}")
        self.parameter, self.value, self.expected = parameter, value, tuple(expected)


@dataclass(frozen=True)
class LaureateFilter:
    """What is asked for; empty everywhere: all laureates.

    year          of the label; None for all
    levels        1–5, and 0 for an unstated one
    kinds         keys of KINDS
    population    slugs of size classes (rules.sizes)
    region, department   official codes
    mention, q    what a distinction, and the name, must contain; accents and case do not count

    >>> LaureateFilter.from_query({"annee": ["2024"], "niveau": ["5", "4"]}).to_query()
    'annee=2024&niveau=4&niveau=5'
    """

    year: int | None = None
    levels: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    population: frozenset[str] = frozenset()
    region: str = ""
    department: str = ""
    mention: str = ""
    q: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> "LaureateFilter":
        """Read the parameters of an address; values may repeat or stand separated by commas.

        Raises BadFilter for a parameter that is unknown or says what it cannot.
        """
        for parameter in query:
            if parameter not in PARAMETERS:
                raise BadFilter(parameter, value=_first(query, parameter), expected=PARAMETERS)
        return cls(
            year=_year(query),
            levels=frozenset(int(level) for level in _several(query, "niveau", known=(*LEVELS, UNSTATED))),
            kinds=_several(query, "type", known=tuple(KINDS)),
            population=_several(query, "population", known=SIZES),
            region=_code(query, "region", example="28"),
            department=_code(query, "departement", example="2A"),
            mention=_text(query, "mention"),
            q=_text(query, "q"),
        )

    def to_query(self) -> str:
        """The address's query string, always in the same order."""
        pairs: list[tuple[str, str]] = [("annee", str(self.year))] if self.year is not None else []
        pairs += [("niveau", str(level)) for level in sorted(self.levels)]
        pairs += [("type", kind) for kind in sorted(self.kinds)]
        pairs += [("population", size) for size in SIZES if size in self.population]
        texts = {"region": self.region, "departement": self.department, "mention": self.mention, "q": self.q}
        return urlencode(pairs + [(name, text) for name, text in texts.items() if text])

    def keeps(
        self,
        *,
        year: int,
        level: int | None,
        kind: str,
        size: str,
        region: str | None,
        department: str | None,
        distinctions: Collection[str],
        names: Collection[str],
    ) -> bool:
        """Whether an award is among those asked for; kind is one of territories.models.Kind."""
        return (
            (self.year is None or year == self.year)
            and (not self.levels or (level or 0) in self.levels)
            and (not self.kinds or any(kind in KINDS[chosen] for chosen in self.kinds))
            and (not self.population or size in self.population)
            and (not self.region or region == self.region)
            and (not self.department or department == self.department)
            and _contains(distinctions, self.mention)
            and _contains(names, self.q)
        )


def _contains(texts: Collection[str], part: str) -> bool:
    wanted = " ".join(words(part))
    return not part or any(wanted in " ".join(words(text)) for text in texts)


def _first(query: Mapping[str, Sequence[str]], parameter: str) -> str:
    return next(iter(query.get(parameter, ())), "").strip()


def _year(query: Mapping[str, Sequence[str]]) -> int | None:
    value = _first(query, "annee")
    if value in ("", ALL):
        return None
    if value.isascii() and value.isdigit() and FIRST_YEAR <= int(value[:5]) <= LAST_YEAR:
        return int(value)
    raise BadFilter("annee", value=value, expected=(ALL, f"{FIRST_YEAR}–{LAST_YEAR}"))


def _several(query: Mapping[str, Sequence[str]], parameter: str, *, known: Sequence[str]) -> frozenset[str]:
    said = [part.strip() for value in query.get(parameter, ()) for part in value.split(",")]
    for value in said:
        if value and value not in known:
            raise BadFilter(parameter, value=value, expected=known)
    return frozenset(value for value in said if value)


def _code(query: Mapping[str, Sequence[str]], parameter: str, *, example: str) -> str:
    value = _first(query, parameter).upper()
    if value and not (value.isascii() and value.isalnum() and len(value) in (2, 3)):
        raise BadFilter(parameter, value=value, expected=(example,))
    return value


def _text(query: Mapping[str, Sequence[str]], parameter: str) -> str:
    value = _first(query, parameter)
    if len(value) > LONGEST:
        raise BadFilter(parameter, value=value[:LONGEST], expected=(f"≤ {LONGEST}",))
    return value
