"""Dossiers over the package's referential: candidates, actions, scorings and exemptions of every kind."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from arobase.initiatives.queries.referential import referential
from arobase.initiatives.rules.referential import CandidateKind
from arobase.initiatives.rules.sheets import Maturity
from arobase.label.rules.scoring import Action, Exemption, Proof, Scoring

CLOSING = date(2026, 10, 31)
SLUGS = sorted(one.slug for one in referential().services)
kinds = st.sampled_from(CandidateKind)
populations = st.none() | st.integers(0, 2_500_000)
days = st.none() | st.integers(-4_000, 800).map(lambda n: CLOSING + timedelta(days=n))


@st.composite
def actions(draw: st.DrawFn) -> Action:
    """Any action, whether it counts or not."""
    return Action(
        id=draw(st.integers(1, 50)),
        services=tuple(draw(st.lists(st.sampled_from(SLUGS), max_size=4, unique=True))),
        proof=draw(st.sampled_from(Proof)),
        started_on=draw(days),
        ended_on=draw(days),
        maturity=draw(st.sampled_from(Maturity)),
        is_kept=draw(st.booleans()),
        is_withdrawn=draw(st.booleans()),
    )


@st.composite
def scorings(draw: st.DrawFn) -> Scoring:
    """Any sound scoring: points of categories summing to 100, proofs that never weigh less than weaker ones."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    categories = {one.slug: Fraction(n) for one, n in zip(referential().categories, parts, strict=True)}
    worth = sorted(draw(st.lists(st.fractions(0, 1, max_denominator=20), min_size=3, max_size=3)))
    exemptions = draw(
        st.lists(
            st.builds(
                Exemption,
                services=st.frozensets(st.sampled_from(SLUGS), min_size=1, max_size=40),
                kinds=st.frozensets(kinds),
                below=st.none() | st.integers(1, 100_000),
            ),
            max_size=2,
        )
    )
    full_at = draw(st.fractions(Fraction(1, 20), 1, max_denominator=20))
    return Scoring(categories, full_at, dict(zip(Proof, worth, strict=True)), tuple(exemptions))
