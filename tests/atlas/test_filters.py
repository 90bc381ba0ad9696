"""The parameters that the atlas and its open data share: read, kept, written, refused."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.atlas.rules.filters import KINDS, BadFilter, LaureateFilter
from arobase.territories.rules.sizes import SIZES

FILTERS = st.builds(
    LaureateFilter,
    year=st.none() | st.integers(1998, 2100),
    levels=st.frozensets(st.integers(0, 5)),
    kinds=st.frozensets(st.sampled_from(sorted(KINDS))),
    population=st.frozensets(st.sampled_from(SIZES)),
    region=st.sampled_from(["", "28", "76"]),
    department=st.sampled_from(["", "2A", "971"]),
    mention=st.sampled_from(["", "mention spéciale"]),
    q=st.sampled_from(["", "Le Havre & Cie"]),
)
HAVRE = {
    "year": 2024,
    "level": None,
    "kind": "commune",
    "size": "100000-et-plus",
    "region": "28",
    "department": "76",
    "distinctions": ["Territoire d’excellence numérique"],
    "names": ["Le Havre"],
}


@given(FILTERS)
def test_filter_written_as_address_reads_back_as_itself(kept: LaureateFilter) -> None:
    assert LaureateFilter.from_query(parse_qs(kept.to_query())) == kept


def test_empty_filter_keeps_everything() -> None:
    assert LaureateFilter().keeps(**HAVRE)


@pytest.mark.parametrize(
    ("query", "is_kept"),
    [
        ({"annee": ["2024"], "region": ["28"], "type": ["commune"], "population": ["100000-et-plus"]}, True),
        ({"q": ["HAVRE"], "mention": ["excellence numerique"], "departement": ["76"]}, True),
        ({"niveau": ["0"]}, True),
        ({"niveau": ["4,5"]}, False),
        ({"annee": ["2023"]}, False),
        ({"type": ["epci"]}, False),
        ({"q": ["Parthenay"]}, False),
    ],
)
def test_filter_keeps_what_answers_every_parameter(query: dict[str, list[str]], is_kept: bool) -> None:
    assert LaureateFilter.from_query(query).keeps(**HAVRE) is is_kept


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("annee", "20240"),
        ("annee", "²⁰²⁴"),
        ("niveau", "6"),
        ("type", "canton"),
        ("population", "beaucoup"),
        ("region", "Normandie"),
        ("q", "a" * 101),
        ("anne", "2024"),
    ],
)
def test_parameter_that_cannot_be_followed_is_named(parameter: str, value: str) -> None:
    with pytest.raises(BadFilter) as refused:
        LaureateFilter.from_query({parameter: [value]})

    assert refused.value.parameter == parameter
