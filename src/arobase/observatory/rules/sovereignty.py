"""The index of a profile: how far what a territory stands on obeys European law, layer by layer.

Index = sum of weight × value over the layers that are known, divided by the sum of their weights. Weights and values
are a choice of ours, printed layer by layer on the page of whoever has a profile (views/formula.py), and argued for in
docs/methodology/sovereignty.md.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Law

VERSION = "2026-11.2"

# Points out of 100. Mail, site and names are what a town cannot work without and what all its residents' data pass
# through; third parties on the page see visits, and can be left from one day to the next.
WEIGHTS: Mapping[Layer, int] = MappingProxyType(
    {
        Layer.MAIL: 24,
        Layer.GATEWAY: 6,
        Layer.HOSTING: 18,
        Layer.CDN: 8,
        Layer.DNS: 12,
        Layer.MAIL_DNS: 4,
        Layer.CA: 4,
        Layer.OFFICE: 4,
        Layer.ANALYTICS: 4,
        Layer.CAPTCHA: 2,
        Layer.CONSENT: 2,
        Layer.CHAT: 2,
        Layer.FONTS: 2,
        Layer.MAPS: 2,
        Layer.VIDEO: 2,
        Layer.SOCIAL: 2,
        Layer.LIBRARIES: 2,
    }
)


class Rank(StrEnum):
    """What a layer's holder comes to."""

    QUALIFIED = "qualified"  # European law, and an offer on ANSSI's list of SecNumCloud services
    EUROPEAN = "european"
    ADEQUATE = "adequate"
    FOREIGN = "foreign"
    FREE = "free"  # nobody else: nothing on the page, or no third party at all


VALUES: Mapping[Rank, Fraction] = MappingProxyType(
    {
        Rank.FREE: Fraction(1),
        Rank.QUALIFIED: Fraction(1),
        Rank.EUROPEAN: Fraction(9, 10),
        Rank.ADEQUATE: Fraction(1, 2),
        Rank.FOREIGN: Fraction(0),
    }
)
# Layers that a page may do without: where there is a site, nothing there is the best that can be. Elsewhere nothing is
# no service, or no link in the chain, and leaves the formula with its weight.
DISPENSABLE = frozenset(
    {
        Layer.ANALYTICS,
        Layer.CAPTCHA,
        Layer.CONSENT,
        Layer.CHAT,
        Layer.FONTS,
        Layer.MAPS,
        Layer.VIDEO,
        Layer.SOCIAL,
        Layer.LIBRARIES,
    }
)
LEAST_KNOWN = Fraction(3, 5)  # of the weight: below it there is no index

_OF_LAW = {Law.EU: Rank.EUROPEAN, Law.ADEQUATE: Rank.ADEQUATE, Law.US: Rank.FOREIGN, Law.OTHER: Rank.FOREIGN}


@dataclass(frozen=True)
class Part:
    """A layer in the formula; without a rank it is not known, and counts neither way."""

    layer: Layer
    weight: int
    rank: Rank | None

    @property
    def value(self) -> Fraction | None:
        return VALUES[self.rank] if self.rank else None


@dataclass(frozen=True)
class Index:
    """How far a territory's layers obey European law.

    value   from 0 to 1; None where too little is known for a figure
    known   share of the weight that is known, from 0 to 1
    parts   in the order of the table of weights; layers that do not apply are left out
    """

    value: Fraction | None
    known: Fraction
    parts: tuple[Part, ...]
    version: str = VERSION

    @property
    def is_told(self) -> bool:
        """Whether enough is known for a figure."""
        return self.value is not None


def index(profile: Profile, *, qualified: Collection[str] = ()) -> Index:
    """The index of a profile.

    qualified  slugs of providers with a SecNumCloud-qualified offer (`secnumcloud` in the catalogue)

    >>> from datetime import date
    >>> none = index(Profile(date(2026, 11, 23)))
    >>> none.value, none.known
    (None, Fraction(0, 1))
    """
    has_site = profile.layer(Layer.HOSTING).state is not State.NONE
    read = [(layer, weight, profile.layer(layer)) for layer, weight in WEIGHTS.items()]
    parts = tuple(
        Part(layer, weight, _rank(verdict, qualified))
        for layer, weight, verdict in read
        if verdict.state is not State.NONE or (has_site and layer in DISPENSABLE)
    )
    whole = sum(part.weight for part in parts)
    valued = [(part.weight, part.value) for part in parts if part.value is not None]
    known = sum(weight for weight, _value in valued)
    share = Fraction(known, whole) if whole else Fraction(0)
    if not known or share < LEAST_KNOWN:
        return Index(None, share, parts)
    return Index(sum((weight * value for weight, value in valued), Fraction(0)) / known, share, parts)


def _rank(verdict: LayerVerdict, qualified: Collection[str]) -> Rank | None:
    """A layer is worth its weakest holder, for each of them sees what passes."""
    if verdict.state is State.NONE:
        return Rank.FREE
    if verdict.state is State.UNKNOWN or not verdict.held:
        return None
    ranks = [_of_holder(one, qualified) for one in verdict.held]
    told = [one for one in ranks if one]
    worst = min(told, key=lambda one: VALUES[one], default=None)
    return worst if len(told) == len(ranks) or worst is Rank.FOREIGN else None


def _of_holder(one: Held, qualified: Collection[str]) -> Rank | None:
    rank = _OF_LAW.get(one.law)
    return Rank.QUALIFIED if rank is Rank.EUROPEAN and one.provider in qualified else rank
