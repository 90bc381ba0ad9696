"""Distinctions over the years: "Territoire d'excellence numérique" after six times five arobases."""

from collections.abc import Collection, Mapping

FIVES_NEEDED, YEARS_VALID = 6, 3
EXCELLENCE = "Territoire d’excellence numérique"


def is_excellence(printed: str) -> bool:
    """Whether a distinction as printed is that one.

    >>> is_excellence("territoire d'excellence numérique")
    True
    """
    return printed.casefold().replace("'", "’") == EXCELLENCE.casefold()


def excellence(levels: Mapping[int, int | None], earlier: Collection[int] = ()) -> tuple[int, ...]:
    """The label years in which a territory becomes one of excellence: after six 5 @, and again after six more.

    levels    arobases by label year; None where not known
    earlier   label years in which it was named already, whatever the awards that are known here say

    The six need not follow one another; the six that named it once do not name it twice.

    >>> excellence({year: 5 for year in range(2010, 2024)})
    (2015, 2021)
    """
    named, fives = sorted(earlier), 0
    found = []
    for year in sorted(levels):
        if year in named:
            fives = 0
            continue
        fives += levels[year] == 5  # noqa: PLR2004 - arobases
        if fives == FIVES_NEEDED:
            found.append(year)
            fives = 0
    return tuple(sorted({*found, *named}))


def is_excellent(years: Collection[int], *, label_year: int) -> bool:
    """Whether a distinction named in one of these years holds in a label year: that one and the two after it.

    >>> [is_excellent((2020,), label_year=year) for year in (2019, 2020, 2022, 2023)]
    [False, True, True, False]
    """
    return any(year <= label_year < year + YEARS_VALID for year in years)
