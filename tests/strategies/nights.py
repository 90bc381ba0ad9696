"""Nights as hypothesis makes them: from nothing counted to everything, with and without a former election."""

from hypothesis import strategies as st

from arobase.elections.rules.projection import Bag, Former, Night, Station

NAMES = ("Arbre", "Barque", "Citron", "Dune")


def bags(choices: int) -> st.SearchStrategy[Bag]:
    counts = st.integers(min_value=0, max_value=60)
    votes = st.tuples(*[counts] * choices)
    return st.builds(
        lambda cast, blank, null: Bag(ballots=sum(cast) + blank + null, blank=blank, null=null, votes=cast),
        votes,
        st.integers(0, 5),
        st.integers(0, 5),
    )


def formers() -> st.SearchStrategy[Former | None]:
    votes = st.dictionaries(st.sampled_from((*NAMES, "Écluse")), st.integers(0, 300), max_size=5)
    return st.none() | votes.map(
        lambda cast: Former(registered=2 * sum(cast.values()), voters=sum(cast.values()), votes=cast)
    )


@st.composite
def nights(draw: st.DrawFn, *, complete: bool | None = None) -> Night:
    """Any night; all or none of its stations complete where that is asked for."""
    choices = NAMES[: draw(st.integers(1, len(NAMES)))]
    stations = []
    for number in range(draw(st.integers(1, 9))):
        found = tuple(draw(st.lists(bags(len(choices)), min_size=1 if complete else 0, max_size=3)))
        registered = draw(st.integers(0, 900))
        voters = draw(st.none() | st.integers(0, registered))
        stations.append(
            Station(
                id=f"{number:04}",
                registered=max(registered, sum(bag.ballots for bag in found)) if complete else registered,
                voters=None if complete else voters,
                bags=found,
                complete=complete if complete is not None else bool(found) and draw(st.booleans()),
                previous=draw(formers()),
            )
        )
    return Night(choices=choices, stations=tuple(stations))
