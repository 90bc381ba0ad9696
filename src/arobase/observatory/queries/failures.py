"""What people call the things that can fail: by key or name, in any of our languages, without case and accents."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from babel import Locale
from django.conf import settings
from rapidfuzz import fuzz, process

from arobase.observatory.queries.dependence import Dependence
from arobase.observatory.rules.services import LAYERS, PLACE, SYSTEM
from arobase.territories.rules.spelling import folded

COUNTRY = "country"
ALSO_CALLED = {"US": ("USA",), "GB": ("UK",)}
NEAR = 75  # of 100: below, two names have little in common (rapidfuzz's weighted ratio)


def called(text: str, on: Dependence) -> list[str]:
    """What a person may mean by this, the likeliest first; empty where nothing is called so.

    A key is what it says. Of one name, a provider comes before a group, a country's law before its soil, and both
    before a layer of a provider.
    """
    keys = [name for name in on.graph.failures if name.casefold() == text.casefold()]
    return list(dict.fromkeys([*keys, *_by_name(on).get(folded(text), ())]))


def near(text: str, on: Dependence, *, at_most: int) -> list[str]:
    """What is called nearly so, the nearest first."""
    names = _by_name(on)
    found = process.extract(folded(text), names.keys(), scorer=fuzz.WRatio, limit=at_most, score_cutoff=NEAR)
    return list(dict.fromkeys(names[name][0] for name, _score, _at in found))


@lru_cache(maxsize=8)
def _by_name(on: Dependence) -> Mapping[str, Sequence[str]]:
    """Failures by what they are called, the likeliest first; read once for each state of the data."""
    named: dict[str, list[str]] = {}
    for failure in sorted(on.graph.failures, key=_unlikely):
        for name in dict.fromkeys(map(folded, _names(failure, on))):
            if name:
                named.setdefault(name, []).append(failure)
    return named


def _unlikely(failure: str) -> int:
    """How seldom a thing is meant by its name alone: 0 for a provider."""
    kind, colon, _what = failure.partition(":")
    if not colon:
        return 0
    order = ("owner", COUNTRY, PLACE)
    return 1 + (order.index(kind) if kind in order else len(order) + (kind not in LAYERS))


def _names(failure: str, on: Dependence) -> Iterator[str]:
    kind, _colon, what = failure.partition(":")
    yield on.name(failure)
    if kind in {COUNTRY, PLACE}:
        for language, _title in settings.LANGUAGES:
            yield Locale.parse(language, sep="-").territories.get(what, what)
        yield from ALSO_CALLED.get(what, ())
    if kind == SYSTEM:
        yield f"AS{what}"
