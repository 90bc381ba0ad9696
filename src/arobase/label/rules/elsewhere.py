"""Laureates outside the French geographic code: facts of the label's history, each with its source."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """A laureate that is no territory of France.

    key       key of its name
    where     where it lies
    years     editions in which it is known as a laureate
    source    who says so
    """

    key: str
    name: str
    where: str
    years: tuple[int, ...]
    source: str


ELSEWHERE = (
    Elsewhere(
        key="bromont",
        name="Bromont",
        where="Québec, Canada",
        years=(2005, 2006),
        source="lagazettedescommunes.com 2006",
    ),
)
