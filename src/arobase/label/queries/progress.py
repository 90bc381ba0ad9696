"""How far a dossier is: its mosaic, the level that it gives by itself, and what would bring it further."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arobase.initiatives.models import Initiative
from arobase.initiatives.rules.states import State
from arobase.label.queries.dossiers import Reading
from arobase.label.rules.gains import Gain

MOST_GAINS = 6


@dataclass(frozen=True)
class Progress:
    """What the page of a dossier draws; `examples` counts published initiatives of others by service."""

    reading: Reading
    gains: Sequence[Gain]
    examples: Mapping[str, int]


def progress(reading: Reading) -> Progress:
    """How far a dossier is (one statement)."""
    best = reading.gains()[:MOST_GAINS]
    wanted = {one.service for one in best}
    others = Initiative.objects.filter(state=State.PUBLISHED).exclude(territory_id=reading.dossier.territory_id)
    examples = Counter(slug for slugs in others.values_list("services", flat=True) for slug in slugs if slug in wanted)
    return Progress(reading, best, examples)
