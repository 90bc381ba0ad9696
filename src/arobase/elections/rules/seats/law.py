"""What the law sets for each kind of council: bonus, thresholds, number of seats; a reform adds a row.

What was read in the text itself and what is cited from memory is told in docs/methodology/seats.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from arobase.elections.rules.seats.averages import Level

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

    since            first day of voting under it; it holds until the next row of its kind
    bonus            share of the seats that goes to the winning list first (« prime majoritaire »)
    threshold        share of the valid votes from which a list shares in the seats
    articles         where the law says so
    down_below       number of seats below which the bonus is rounded down, not up (0: never)
    stays            share of the valid votes from which a list may stand in round two; None: one round only
    merges           share from which a list may join one that stands
    first_two        whether the first two lists may stand in round two where fewer reach `stays`
    level            which of two lists level in average and votes comes first
    from_inhabitants below which the commune does not share these seats among lists
    """

    kind: Kind
    since: date
    bonus: Fraction
    threshold: Fraction
    articles: str
    down_below: int = 0
    stays: Fraction | None = TEN_PERCENT
    merges: Fraction | None = FIVE_PERCENT
    first_two: bool = False
    level: Level = Level.OLDER
    from_inhabitants: int = 0

    @property
    def has_two_rounds(self) -> bool:
        """Whether a round may elect nobody."""
        return self.stays is not None


RULES = (
    Rule(
        Kind.MUNICIPAL,
        date(2014, 3, 23),
        HALF,
        FIVE_PERCENT,
        "Code électoral L260, L262, L264 (loi 2013-403 du 17 mai 2013)",
        down_below=4,
        from_inhabitants=SMALL,
    ),
    Rule(
        Kind.MUNICIPAL,
        date(2026, 3, 15),
        HALF,
        FIVE_PERCENT,
        "Code électoral L252, L260, L262, L264 (loi 2025-444 du 21 mai 2025)",
        down_below=4,
    ),
    Rule(
        Kind.MUNICIPAL_PLM,
        date(2026, 3, 15),
        QUARTER,
        FIVE_PERCENT,
        "Code électoral L262, L264, L272-4-1 (loi 2025-795 du 11 août 2025)",
    ),
    Rule(
        Kind.SECTOR,
        date(2026, 3, 15),
        HALF,
        FIVE_PERCENT,
        "Code électoral L261, L262, L264, L272 (loi 2025-795 du 11 août 2025)",
        down_below=4,
    ),
    Rule(
        Kind.COMMUNITY,
        date(2014, 3, 23),
        HALF,
        FIVE_PERCENT,
        "Code électoral L273-6, L273-8, L262",
        down_below=4,
        from_inhabitants=SMALL,
    ),
    Rule(
        Kind.REGIONAL,
        date(2004, 3, 21),
        QUARTER,
        FIVE_PERCENT,
        "Code électoral L338, L346 (loi 2003-327 du 11 avril 2003)",
        first_two=True,
    ),
    Rule(
        Kind.EUROPEAN,
        date(2019, 5, 26),
        NONE,
        FIVE_PERCENT,
        "Loi 77-729 du 7 juillet 1977, article 3 (loi 2018-509 du 25 juin 2018)",
        stays=None,
        merges=None,
        level=Level.YOUNGER,
    ),
)

# Members of a municipal council: first inhabitants of the row → seats (CGCT, L2121-2; since 23 March 2014).
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
# Names from which a list is deemed complete, and members from which a council is, below 1,000 inhabitants
# (Code électoral L252; CGCT L2121-2-1; loi 2025-444, article 5; since 15 March 2026).
DEEMED_COMPLETE: Mapping[int, int] = {0: 5, 100: 9, 500: 13}
# Members of the councils of Lyon, Marseille and Paris, each from a population that only its city has
# (loi 2025-795; CGCT L2512-3 and L2513-1; since 15 March 2026).
PLM_SIZES: Mapping[int, int] = {450_000: 73, 700_000: 111, 1_500_000: 163}
# Paris, Lyon and Marseille, whose councils have rules of their own (Code électoral, L261, L271 to L272-6).
PARIS, LYON, MARSEILLE = "75056", "69123", "13055"
PLM = frozenset({PARIS, LYON, MARSEILLE})
# French members of the European Parliament by year of election (European Council, decisions 2018/937 and 2023/2061).
EUROPEAN_SEATS: Mapping[int, int] = {2019: 79, 2024: 81}


class NoRule(ValueError):
    """The law of that year shares these seats in another way, or none that is known here.

    since   first year whose rule is known; None where the commune is too small for a sharing among lists
    """

    def __init__(self, kind: Kind, year: int, *, since: int | None) -> None:
        super().__init__(f"{kind.value} {year}")
        self.kind, self.year, self.since = kind, year, since


class SeatsUnknown(ValueError):
    """Neither the number of seats nor what sets it is given."""


def rule_of(kind: Kind, year: int, *, population: int | None = None) -> Rule:
    """The rule of an election held in a year. Raises NoRule.

    population   municipal population where known; below `from_inhabitants` there is no sharing among lists
    """
    of_kind = [rule for rule in RULES if rule.kind is kind]
    in_force = [rule for rule in of_kind if rule.since.year <= year]
    if not in_force:
        raise NoRule(kind, year, since=of_kind[0].since.year)
    if population is not None and population < in_force[-1].from_inhabitants:
        raise NoRule(kind, year, since=None)
    return in_force[-1]


def seats_of(kind: Kind, year: int, *, population: int | None) -> int:
    """How many seats there are to fill, where the law says it. Raises SeatsUnknown."""
    if kind is Kind.EUROPEAN:
        return _row(EUROPEAN_SEATS, year)
    if kind is Kind.MUNICIPAL and population is not None:
        return council_size(population)
    if kind is Kind.MUNICIPAL_PLM and population is not None:
        return _row(PLM_SIZES, population)
    raise SeatsUnknown(kind.value)


def council_size(population: int) -> int:
    """Members of the municipal council of a commune of so many inhabitants (CGCT, L2121-2).

    >>> council_size(170_000)
    59
    """
    return _row(COUNCIL_SIZES, population)


def fewest_candidates(population: int) -> int:
    """Names that a municipal list must have (L252, L260): as many as seats, two fewer below 1,000 inhabitants.

    >>> [fewest_candidates(people) for people in (80, 400, 999, 1_000)]
    [5, 9, 13, 15]
    """
    return _row(DEEMED_COMPLETE, population) if population < SMALL else council_size(population)


def may_be_incomplete(*, seats: int, population: int | None) -> bool:
    """Whether a municipal list may have fewer names than seats (L252): below 1,000 inhabitants.

    Where the population is not known, whether the council is as small as one there.

    >>> may_be_incomplete(seats=15, population=810), may_be_incomplete(seats=15, population=1_200)
    (True, False)
    """
    return population < SMALL if population is not None else seats <= council_size(SMALL - 1)


def _row(table: Mapping[int, int], value: int) -> int:
    """The row of a table whose keys are the first value that each holds for. Raises SeatsUnknown below all of them."""
    reached = [first for first in table if first <= value]
    if not reached:
        raise SeatsUnknown(str(value))
    return table[max(reached)]
