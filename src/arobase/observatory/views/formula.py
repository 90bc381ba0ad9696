"""The index's formula with a subject's own figures: weight, value and product by layer, so that anyone can redo it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from arobase.observatory.queries.standings import Seen
from arobase.observatory.rules.sovereignty import LEAST_KNOWN, VALUES, VERSION, Part, Rank, index
from arobase.observatory.views.wording import layer_name


@dataclass(frozen=True)
class PartRow:
    """A layer in the formula; without a value it is not known, and counts neither way."""

    name: str
    weight: int
    rank: str
    value: float | None
    product: float | None


@dataclass(frozen=True)
class Formula:
    """The formula worked out by today's rules.

    weight  of the layers that are known, of `whole`, that of the layers that apply
    value   what it comes to; None where too little is known
    told    the figure that was kept when the campaign was read: another where the rules have changed since
    """

    parts: Sequence[PartRow]
    total: float
    weight: int
    whole: int
    value: float | None
    told: float | None
    least: float
    values: Sequence[tuple[str, float]]
    version: str

    @property
    def is_as_told(self) -> bool:
        """Whether the rules of today come to the figure that is shown."""
        if self.value is None or self.told is None:
            return self.value is self.told
        return abs(self.value - self.told) < 1e-9  # noqa: PLR2004 - the same fraction, once kept as a float


def formula_of(found: Seen) -> Formula:
    """The formula of a subject's index."""
    made = index(found.profile)
    known = [part for part in made.parts if part.value is not None]
    return Formula(
        [_row(part) for part in made.parts],
        float(sum((part.weight * (part.value or 0) for part in known), Fraction(0))),
        sum(part.weight for part in known),
        sum(part.weight for part in made.parts),
        None if made.value is None else float(made.value),
        found.standing.index,
        float(LEAST_KNOWN),
        [(rank_name(rank), float(value)) for rank, value in VALUES.items()],
        VERSION,
    )


def _row(part: Part) -> PartRow:
    value = part.value
    return PartRow(
        layer_name(part.layer),
        part.weight,
        rank_name(part.rank) if part.rank else "",
        None if value is None else float(value),
        None if value is None else float(part.weight * value),
    )


def rank_name(rank: Rank) -> str:
    """What a layer's holder comes to, in words."""
    return {
        Rank.FREE: _("personne d’autre"),
        Rank.QUALIFIED: _("droit européen, offre qualifiée SecNumCloud"),
        Rank.EUROPEAN: _("droit européen"),
        Rank.ADEQUATE: _("droit au niveau de protection adéquat"),
        Rank.FOREIGN: _("droit américain ou autre"),
    }[rank]
