"""Which territories resemble one another."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.territories.rules import similarity
from arobase.territories.rules.similarity import (
    PopulationUnknown,
    Profile,
    Reason,
    population_range,
    similar,
)

profiles = st.builds(
    Profile,
    id=st.integers(1, 10_000).map(lambda number: f"commune:{number:05}"),
    kind=st.sampled_from(["commune", "epci"]),
    population=st.one_of(st.none(), st.integers(0, 3_000_000)),
    region=st.sampled_from(["", "region:28", "region:75"]),
    overseas=st.booleans(),
    form=st.sampled_from(["", "CC", "CA"]),
)
populated = profiles.filter(lambda profile: bool(profile.population))


def test_a_town_resembles_its_like_in_its_own_region_first():
    parthenay = Profile("commune:79202", "commune", 10_140, "region:75", form="CC")
    near = Profile("commune:88160", "commune", 10_200, "region:44", form="CC")
    same_region = Profile("commune:17010", "commune", 9_000, "region:75", form="CA")
    too_large = Profile("commune:76351", "commune", 166_687, "region:75", form="CC")

    found = similar(parthenay, [near, same_region, too_large], at_most=6)

    assert [likeness.id for likeness in found] == ["commune:17010", "commune:88160"]
    assert found[0].reasons == (Reason.SAME_REGION, Reason.SAME_SITUATION)
    assert found[1].reasons == (Reason.SAME_SITUATION, Reason.SAME_FORM)


def test_overseas_towns_resemble_overseas_towns_before_others():
    les_abymes = Profile("commune:97101", "commune", 52_000, "region:01", overseas=True)
    metropole = Profile("commune:34172", "commune", 52_000, "region:76")
    reunion = Profile("commune:97414", "commune", 55_000, "region:04", overseas=True)

    assert [found.id for found in similar(les_abymes, [metropole, reunion], at_most=2)] == [
        "commune:97414",
        "commune:34172",
    ]


def test_an_unknown_population_is_refused_by_name():
    with pytest.raises(PopulationUnknown, match="commune:98411"):
        similar(Profile("commune:98411", "commune", None), [], at_most=3)


@given(populated, st.lists(profiles, max_size=30), st.integers(0, 8))
def test_the_similar_are_of_the_same_kind_near_and_never_oneself(of, among, at_most):
    lowest, highest = population_range(of.population, kind=of.kind)

    found = similar(of, among, at_most=at_most)

    kinds = {profile.id: set() for profile in among}
    for profile in among:
        kinds[profile.id].add(profile.kind)
    assert len(found) <= at_most
    assert all(lowest <= likeness.population <= highest for likeness in found)
    assert all(of.kind in kinds[likeness.id] and likeness.id != of.id for likeness in found)


@given(populated, st.lists(profiles, max_size=30, unique_by=lambda profile: profile.id), st.randoms())
def test_the_order_of_entry_does_not_matter(of, among, rng):
    shuffled = list(among)
    rng.shuffle(shuffled)

    assert similar(of, among, at_most=30) == similar(of, shuffled, at_most=30)


@given(st.sampled_from(["commune", "epci"]), st.integers(1, 3_000_000), st.integers(1, 3_000_000))
def test_to_be_near_is_mutual(kind, one, other):
    def near(population, to):
        lowest, highest = population_range(to, kind=kind)
        return lowest <= population <= highest

    assert near(one, other) == near(other, one)


def test_the_examples_of_the_docs_hold():
    assert doctest.testmod(similarity).failed == 0
