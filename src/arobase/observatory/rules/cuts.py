"""Exact minimal sets of providers whose failure breaks one service: the minimal cut sets of its AND/OR tree."""

from collections.abc import Collection, Mapping

from arobase.observatory.rules.needs import All, Need

Cut = frozenset[str]


def minimal_cuts(need: Need, needs_of: Mapping[str, Need], *, at_most: int) -> list[Cut]:
    """Every smallest set of providers whose own failure leaves the need unmet, up to `at_most` providers each.

    needs_of  what each provider needs in turn; a provider that is not there needs nothing
    at_most   size of the largest set looked for; larger ones are left out
    Returns   sets that contain no other, the smallest first, then by name

    A provider met again on the way down explains nothing new: a loss is always explained by a tree without repeats
    (fault-tree analysis, top-down expansion; NUREG-0492, chapter XI), so that cycles end by themselves.

    >>> minimal_cuts("site", {"site": "host", "host": "dns", "dns": "host"}, at_most=1)
    [frozenset({'dns'}), frozenset({'host'}), frozenset({'site'})]
    """
    found = _cuts(need, needs_of, frozenset(), at_most)
    return sorted(found, key=lambda cut: (len(cut), sorted(cut)))


def _cuts(need: Need, needs_of: Mapping[str, Need], above: frozenset[str], at_most: int) -> set[Cut]:
    if isinstance(need, str):
        if need in above or not at_most:
            return set()
        below = _cuts(needs_of[need], needs_of, above | {need}, at_most) if need in needs_of else set()
        return _smallest({frozenset({need}), *below})
    families = [_cuts(part, needs_of, above, at_most) for part in need.parts]
    if isinstance(need, All):
        return _smallest(set().union(*families))
    joined: set[Cut] = {frozenset()}
    for family in families:
        joined = _smallest({one | two for one in joined for two in family if len(one | two) <= at_most})
    return joined


def _smallest(cuts: Collection[Cut]) -> set[Cut]:
    """Without those that contain another."""
    kept: list[Cut] = []
    for cut in sorted(cuts, key=len):
        if not any(smaller <= cut for smaller in kept):
            kept.append(cut)
    return set(kept)
