"""Random services and providers that need each other by AND and OR, cycles included."""

from hypothesis import strategies as st

from arobase.observatory.rules.needs import NOTHING, All, Any, Need, Provider, Service

NAMES = "abcdef"
COUNTRIES = ["FR", "US", ""]

needs: st.SearchStrategy[Need] = st.recursive(
    st.sampled_from(NAMES),
    lambda parts: st.one_of(
        st.lists(parts, max_size=3).map(lambda some: All(tuple(some))),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: Any(tuple(some))),
    ),
    max_leaves=6,
)


@st.composite
def providers(draw: st.DrawFn) -> list[Provider]:
    """Some of the names as providers, the others are only needed."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return [
        Provider(
            name,
            owner=draw(st.sampled_from(["big", "small", ""])),
            country=draw(st.sampled_from(COUNTRIES)),
            needs=draw(st.one_of(st.just(NOTHING), needs)),
        )
        for name in names
    ]


@st.composite
def services(draw: st.DrawFn) -> list[Service]:
    """A few services, some of them softened by providers."""
    count = draw(st.integers(1, 5))
    soft = st.lists(st.sampled_from(NAMES), max_size=2).map(tuple)
    return [Service(f"town{at}", "web", draw(needs), draw(soft)) for at in range(count)]
