"""What is known of the editions of the label: number, year and day of the ceremony, each fact with its source."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class EditionFact:
    """A number or a ceremony of an edition, and who says so; None where the source does not tell."""

    label_year: int
    source: str
    number: int | None = None
    ceremony_on: date | None = None
    note: str = ""


EDITION_FACTS = (
    EditionFact(
        2008,
        number=10,
        ceremony_on=date(2008, 11, 24),
        source="banquedesterritoires « Palmarès des dixièmes labels »",
    ),
    EditionFact(
        2009,
        ceremony_on=date(2009, 12, 15),
        source="banquedesterritoires « Record : seize communes »",
        note="aussi appelée label 2010",
    ),
    EditionFact(2021, number=22, source="banquedesterritoires « nouvelles mentions du 22e label »"),
)
