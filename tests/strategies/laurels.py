"""Awards and areas: a small country of departments in two regions, whose laureates come and go."""

from hypothesis import strategies as st

from arobase.atlas.rules.dynamics import Area, Award
from arobase.territories.rules.sizes import SIZES

REGIONS = {"department:76": "region:28", "department:14": "region:28", "department:88": "region:44"}
DEPARTMENTS = tuple(Area(department, 1_000 * (place + 1), place + 1) for place, department in enumerate(REGIONS))
YEARS = (2021, 2022, 2023, 2024)


def area_of(laureate: str) -> frozenset[str]:
    """A laureate always lies in the same department and region."""
    department = sorted(REGIONS)[int(laureate) % len(REGIONS)]
    return frozenset({department, REGIONS[department]})


@st.composite
def palmares(draw: st.DrawFn) -> list[Award]:
    """Awards of four editions, one per territory and year at the most."""
    keys = draw(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(YEARS)), unique=True, max_size=30))
    return [
        Award(
            laureate=str(laureate),
            year=year,
            level=draw(st.none() | st.integers(1, 5)),
            areas=area_of(str(laureate)),
            size=SIZES[laureate % len(SIZES)],
            is_commune=laureate % 4 != 0,
        )
        for laureate, year in keys
    ]
