"""Which entry of a station's chain brought the figures that stand."""

from arobase.elections.models import Entry, Station
from arobase.elections.rules.states import Verb


def entry_that_brought(station: Station, verb: Verb, **said: int | str) -> int:
    """The sequence of the station's last entry of a verb, which says this in its payload; 0 where there is none."""
    named = {f"payload__{field}": value for field, value in said.items()}
    found = Entry.objects.filter(station=station, verb=verb.value, **named).order_by("-sequence")
    return found.values_list("sequence", flat=True).first() or 0
