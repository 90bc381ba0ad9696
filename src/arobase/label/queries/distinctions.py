"""Distinctions over the years, from all awards that are known here."""

from arobase.label.models import Award
from arobase.label.rules.distinctions import YEARS_VALID, excellence, is_excellence, is_excellent


def becomes_excellent(territory_id: str, label_year: int, level: int) -> bool:
    """Whether a level received in an edition makes a territory one of excellence."""
    levels, named = _known(territory_id)
    return label_year in excellence({**levels, label_year: level}, [year for year in named if year < label_year])


def excellent_until(territory_id: str, *, label_year: int) -> int | None:
    """The last label year in which a territory is one of excellence, as seen from one; None where it is not."""
    levels, named = _known(territory_id)
    years = excellence({year: level for year, level in levels.items() if year <= label_year}, named)
    held = [year + YEARS_VALID - 1 for year in years if is_excellent([year], label_year=label_year)]
    return max(held, default=None)


def _known(territory_id: str) -> tuple[dict[int, int | None], list[int]]:
    awards = list(Award.objects.filter(territory_id=territory_id))
    named = [one.edition_id for one in awards if any(is_excellence(name) for name in one.distinctions)]
    return {one.edition_id: one.level for one in awards}, named
