"""What the law sets for each kind of council: bonus, thresholds, number of seats; a reform adds a row.

Articles marked in docs/methodology/seats.md as uncertain are cited there from memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

HALF, QUARTER, NONE = Fraction(1, 2), Fraction(1, 4), Fraction(0)
FIVE_PERCENT, TEN_PERCENT = Fraction(5, 100), Fraction(10, 100)
SMALL = 1000  # inhabitants, below which lists were not the rule before 2026


class Kind(StrEnum):
    """Councils whose seats are shared among lists."""

    MUNICIPAL = "municipal"
    MUNICIPAL_PLM = "municipal_plm"
    SECTOR = "sector"
    COMMUNITY = "community"
    REGIONAL = "regional"
    EUROPEAN = "european"


@dataclass(frozen=True)
class Rule:
    """How a council's seats are shared.

    since      first year of the elections it holds for; `until` the last one, None while it is in force
    bonus      share of the seats that goes to the winning list first (« prime majoritaire »)
    down_below number of seats below which the bonus is rounded down, not up (0: never)
    threshold  share of the valid votes from which a list shares in the seats
    stays      share from which a list may stand in round two; `merges`: may join one that does; None: one round only
    articles   where the law says so
    """

    kind: Kind
    since: int
    bonus: Fraction
    threshold: Fraction
    articles: str
    until: int | None = None
    down_below: int = 0
    stays: Fraction | None = TEN_PERCENT
    merges: Fraction | None = FIVE_PERCENT
    from_inhabitants: int = 0

    @property
    def has_two_rounds(self) -> bool:
        """Whether a round may elect nobody."""
        return self.stays is not None


RULES = (
    Rule(
        Kind.MUNICIPAL,
        2026,
        HALF,
        FIVE_PERCENT,
        "Code électoral L260, L262, L264 (loi 2025-444 du 21 mai 2025)",
        down_below=4,
    ),
    Rule(
        Kind.MUNICIPAL,
        2014,
        HALF,
        FIVE_PERCENT,
        "Code électoral L260, L262, L264 (loi 2013-403 du 17 mai 2013)",
        until=2025,
        down_below=4,
        from_inhabitants=SMALL,
    ),
    Rule(
        Kind.MUNICIPAL_PLM,
        2026,
        QUARTER,
        FIVE_PERCENT,
        "Code électoral L261, L272-1 et suivants (loi 2025-795 du 11 août 2025)",
    ),
    Rule(
        Kind.SECTOR,
        2026,
        HALF,
        FIVE_PERCENT,
        "Code électoral L272-1 et suivants (loi 2025-795 du 11 août 2025)",
        down_below=4,
    ),
    Rule(Kind.COMMUNITY, 2014, HALF, FIVE_PERCENT, "Code électoral L273-8, L262", down_below=4),
    Rule(Kind.REGIONAL, 2004, QUARTER, FIVE_PERCENT, "Code électoral L338, L346"),
    Rule(
        Kind.EUROPEAN,
        2019,
        NONE,
        FIVE_PERCENT,
        "Loi 77-729 du 7 juillet 1977, article 3 (loi 2018-509 du 25 juin 2018)",
        stays=None,
        merges=None,
    ),
)

# Members of a municipal council by population: first inhabitants of the row → seats (CGCT, L2121-2).
COUNCIL_SIZES: Mapping[int, int] = {
    0: 7,
    100: 11,
    500: 15,
    1_500: 19,
    2_500: 23,
    3_500: 27,
    5_000: 29,
    10_000: 33,
    20_000: 35,
    30_000: 39,
    40_000: 43,
    50_000: 45,
    60_000: 49,
    80_000: 53,
    100_000: 55,
    150_000: 59,
    200_000: 61,
    250_000: 65,
    300_000: 69,
}
# French members of the European Parliament by year of election (European Council, decisions 2018/937 and 2023/2061).
EUROPEAN_SEATS: Mapping[int, int] = {2019: 79, 2024: 81}


class NoRule(ValueError):
    """The law of that year shares these seats in another way, or none that is known here."""

    def __init__(self, kind: Kind, year: int) -> None:
        super().__init__(f"{kind.value} {year}")
        self.kind, self.year = kind, year


class SeatsUnknown(ValueError):
    """Neither the number of seats nor what sets it is given."""


def rule_of(kind: Kind, year: int, *, population: int | None = None) -> Rule:
    """The rule in force. Raises NoRule."""
    for rule in RULES:
        if rule.kind is kind and rule.since <= year <= (rule.until or year):
            if population is not None and population < rule.from_inhabitants:
                break
            return rule
    raise NoRule(kind, year)


def seats_of(kind: Kind, year: int, *, population: int | None) -> int:
    """How many seats there are to fill, where the law says it. Raises SeatsUnknown."""
    if kind is Kind.EUROPEAN and (known := [year_ for year_ in EUROPEAN_SEATS if year_ <= year]):
        return EUROPEAN_SEATS[max(known)]
    if kind is Kind.MUNICIPAL and population is not None:
        return council_size(population)
    raise SeatsUnknown(kind.value)


def council_size(population: int) -> int:
    """Members of the municipal council of a commune of so many inhabitants (CGCT, L2121-2).

    >>> council_size(170_000)
    59
    """
    return COUNCIL_SIZES[max(first for first in COUNCIL_SIZES if first <= population)]
