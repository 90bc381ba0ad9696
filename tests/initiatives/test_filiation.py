"""Who inspired whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.rules.filiation import Circle, check, family, reach

# 1 inspired 2 and 3; both inspired 4; 9 inspired nobody of them.
LINKS = [(1, 2), (1, 3), (2, 4), (3, 4), (8, 9)]


def test_the_family_holds_ancestors_and_descendants_in_generations():
    links, spots = family(LINKS, 2)

    assert links == [(1, 2), (2, 4)]
    assert {spot.id: (spot.generation, spot.rank) for spot in spots} == {1: (0, 0), 2: (1, 0), 4: (2, 0)}


def test_who_inspired_nobody_stands_alone():
    assert family(LINKS, 7)[0] == []


@pytest.mark.parametrize(("source", "follower"), [(4, 1), (2, 1), (1, 1)])
def test_a_circle_is_refused(source, follower):
    with pytest.raises(Circle):
        check(LINKS, source=source, follower=follower)


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=40), st.integers(1, 12))
def test_what_passes_the_check_never_makes_a_circle_and_generations_grow_along_links(pairs, of):
    links: list[tuple[int, int]] = []
    for source, follower in pairs:
        try:
            check(links, source=source, follower=follower)
        except Circle:
            continue
        links.append((source, follower))

    kept, spots = family(links, of)
    generation = {spot.id: spot.generation for spot in spots}

    assert all(of not in reach(links, {one}) or one not in reach(links, {of}) for one in range(1, 13))
    assert all(generation[source] < generation[follower] for source, follower in kept)
    assert len({(spot.generation, spot.rank) for spot in spots}) == len(spots)


def test_a_long_line_is_drawn_without_running_out_of_stack():
    links = [(one, one + 1) for one in range(5_000)]

    assert max(spot.generation for spot in family(links, 2_500)[1]) == 5_000
