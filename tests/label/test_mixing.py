"""Readings exchanged to mix sizes: nothing else may get worse."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arobase.label.rules.mixing import mixed, sameness

DOSSIERS, JURORS = tuple("abcdefgh"), tuple("wxyz")


@st.composite
def cases(draw: st.DrawFn):
    """An assignment of two readers each, with fits on a coarse grid, conflicts and readings that must stay."""
    pairs = []
    for dossier in DOSSIERS:
        pairs += [(dossier, juror) for juror in draw(st.permutations(JURORS))[:2]]
    fit = np.array(
        draw(st.lists(st.lists(st.sampled_from([0.25, 0.5, 1.0]), min_size=4, max_size=4), min_size=8, max_size=8))
    )
    sizes = {dossier: draw(st.sampled_from(["small", "middle", "large"])) for dossier in DOSSIERS}
    free = [(dossier, juror) for dossier in DOSSIERS for juror in JURORS if (dossier, juror) not in pairs]
    barred = frozenset(draw(st.lists(st.sampled_from(free), max_size=6)))
    kept = frozenset(draw(st.lists(st.sampled_from(pairs), max_size=4)))
    return pairs, {"sizes": sizes, "dossiers": DOSSIERS, "jurors": JURORS, "fit": fit, "barred": barred, "kept": kept}


@given(cases())
def test_sizes_are_never_less_mixed_and_nothing_else_is_worse(case):
    pairs, facts = case

    found = mixed(pairs, **facts)

    assert sameness(found, facts["sizes"]) <= sameness(pairs, facts["sizes"])
    assert Counter(dossier for dossier, _juror in found) == Counter(dossier for dossier, _juror in pairs)
    assert Counter(juror for _dossier, juror in found) == Counter(juror for _dossier, juror in pairs)
    assert len(set(found)) == len(found) and not facts["barred"] & set(found) and facts["kept"] <= set(found)

    def fit_of(dossier, chosen):
        return sum(facts["fit"][DOSSIERS.index(one), JURORS.index(juror)] for one, juror in chosen if one == dossier)

    assert all(abs(fit_of(one, found) - fit_of(one, pairs)) < 1e-9 for one in DOSSIERS)


def test_two_jurors_who_fit_alike_share_small_and_large():
    sizes = {"a": "small", "b": "small", "c": "large", "d": "large"}
    pairs = [("a", "x"), ("b", "x"), ("c", "y"), ("d", "y")]

    found = mixed(
        pairs,
        sizes=sizes,
        dossiers=tuple("abcd"),
        jurors=("x", "y"),
        fit=np.full((4, 2), 0.5),
        barred=frozenset(),
        kept=frozenset(),
    )

    assert sameness(found, sizes) == 4 < sameness(pairs, sizes) == 8
