"""Which sources of data the platform knows, and what each of them gave at the last load."""

from dataclasses import dataclass
from typing import Any

from arobase.registry.registers import data_sources
from arobase.territories.models import SourceState

LAYERS = {1: "mirror", 2: "official", 3: "package"}


@dataclass(frozen=True, slots=True)
class Provenance:
    """A source of data: who publishes it, and what was loaded of it (nothing yet: `state` is None)."""

    name: str
    title: Any
    publisher: str
    state: SourceState | None

    @property
    def command(self) -> str:
        """What brings it in, or completes it."""
        return f"arobase data load --only {self.name}"

    @property
    def is_loaded(self) -> bool:
        """Whether any layer gave it: a source that none had leaves a state without layer, with a note."""
        return self.state is not None and self.state.layer is not None

    @property
    def changes(self) -> dict[str, int]:
        """What the last load changed, without what it left alone."""
        found = dict(self.state.changes) if self.state else {}
        return {what: number for what, number in found.items() if number}


def provenances() -> list[Provenance]:
    """All registered sources in the order of loading, then those loaded before that nobody registers any more."""
    states = {state.name: state for state in SourceState.objects.order_by("name")}
    known = [
        Provenance(offer.name, offer.title, offer.publisher, states.pop(offer.name, None)) for offer in data_sources
    ]
    return known + [Provenance(name, name, "", state) for name, state in states.items()]
