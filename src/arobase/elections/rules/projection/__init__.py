"""The trend of an election night: what the first bags say of the final result, and how sure that is."""

from arobase.elections.rules.projection.answers import Estimate, Order, Outlook, Projection, Silence, Why
from arobase.elections.rules.projection.night import Bag, Former, Night, Station
from arobase.elections.rules.projection.priors import Priors
from arobase.elections.rules.projection.projecting import project

__all__ = [
    "Bag",
    "Estimate",
    "Former",
    "Night",
    "Order",
    "Outlook",
    "Priors",
    "Projection",
    "Silence",
    "Station",
    "Why",
    "project",
]
