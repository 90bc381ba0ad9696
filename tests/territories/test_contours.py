"""Contours: dissolved without loss, simplified with common borders, measured on the ellipsoid."""

import doctest

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from arobase.territories.rules import changes, contours, former_regions, geographic_code
from arobase.territories.rules.changes import difference
from arobase.territories.rules.contours import (
    areas_km2,
    array_of,
    clean,
    dissolve,
    on_grid,
    outlines,
    path,
    points_on,
    with_gaps_filled,
)
from arobase.territories.rules.projection import frame_of
from arobase.territories.rules.topojson import arcs, shape_of

cells = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1)


def squares(corners, *, side=0.1, shift=0.0):
    return array_of(
        [
            shapely.box(2 + x * side + shift, 46 + y * side, 2 + (x + 1) * side, 46 + (y + 1) * side)
            for x, y in sorted(corners)
        ]
    )


@pytest.mark.parametrize("module", [changes, contours, geographic_code])
def test_examples_of_the_rules(module):
    assert doctest.testmod(module).failed == 0


@given(cells)
def test_dissolved_neighbours_cover_what_they_covered(corners):
    shapes = squares(corners)

    whole = dissolve(shapes)

    assert whole.is_valid
    assert whole.area == pytest.approx(shapely.area(shapes).sum())


@given(cells)
def test_neighbours_that_overlap_a_little_are_dissolved_all_the_same(corners):
    shapes = squares(corners, shift=-2e-5)

    whole = dissolve(shapes)

    assert whole.is_valid
    assert whole.area == pytest.approx(shapely.union_all(shapes).area, rel=1e-4)
    assert len(shapely.get_parts(whole)) == len(shapely.get_parts(shapely.union_all(shapes)))


def test_shapes_come_onto_the_grid_valid():
    (bow,) = on_grid(array_of([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1.000001234)])]))

    assert bow.is_valid
    assert np.array_equal(shapely.get_coordinates(bow), shapely.get_coordinates(bow).round(5))


def test_neighbours_keep_sharing_their_border_when_simplified():
    border = [(2 + 0.01 * (step % 2), 46 + step / 50) for step in range(51)]
    west = shapely.Polygon([*border, (1, 47), (1, 46)])
    east = shapely.Polygon([*border, (3, 47), (3, 46)])

    found = outlines({"a": west, "b": east}, frames={"a": frame_of("03"), "b": frame_of("03")})

    assert all(one.startswith("M") and one.endswith("z") for one in found.values())
    assert len(found["a"]) < 200  # fifty zigzags are gone


def test_largest_part_is_drawn_however_small():
    tiny = shapely.MultiPolygon([shapely.box(0, 0, 0.2, 0.2), shapely.box(5, 5, 5.1, 5.1)])

    assert path(tiny) == "M.2 0v.2h-.2v-.2z"


def test_area_of_the_whole_ellipsoid():
    """510 065 622 km²: GRS 80 in H. Moritz, Geodetic Reference System 1980 (Journal of Geodesy 74, 2000)."""
    half = shapely.box(-90, -90, 90, 90)

    assert 2 * areas_km2(array_of([half]))[0] == pytest.approx(510_065_622, rel=1e-7)


@given(cells)
def test_point_lies_on_its_shape(corners):
    whole = dissolve(squares(corners))
    ((lon, lat),) = points_on(array_of([whole]))

    assert whole.intersects(shapely.Point(lon, lat))


@given(st.dictionaries(st.integers(), st.integers()), st.dictionaries(st.integers(), st.integers()))
def test_difference_applied_gives_what_was_wanted(before, after):
    found = difference(before, after)
    kept = {key: value for key, value in before.items() if key not in found.removed}

    assert kept | {key: after[key] for key in [*found.added, *found.changed]} == after
    assert sum(difference(after, after).counts.values()) == 0


def test_topojson_arcs_run_both_ways():
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [[[0, 0], [0, 2]], [[0, 2], [2, 0], [0, -2], [-2, 0]], [[0, 2], [-2, 0], [0, -2], [2, 0]]],
    }
    known = arcs(topology)

    east = shape_of({"type": "Polygon", "arcs": [[0, 1]]}, known)
    west = shape_of({"type": "MultiPolygon", "arcs": [[[~2, ~0]]]}, known)

    assert east.equals(shapely.box(10, 20, 11, 21))
    assert west.equals(shapely.box(9, 20, 10, 21))
    assert shape_of({"type": "Point"}, known).is_empty


def test_former_regions_hold_every_department_of_the_metropole_once():
    codes = [code for region in former_regions.FORMER_REGIONS for code in region.departments]

    assert len(former_regions.FORMER_REGIONS) == 22
    assert len(codes) == len(set(codes)) == 96


def test_gap_goes_to_the_heir_with_the_longest_border():
    around = [(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    ring = squares(around)
    places = sorted(around)
    east = places.index((2, 1))

    filled = with_gaps_filled(clean(ring), heirs={east, places.index((0, 0))})

    assert dissolve(filled).area == pytest.approx(0.09)
    assert filled[east].area == pytest.approx(0.02)


def test_gap_without_heir_stays():
    around = [(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)]

    assert dissolve(with_gaps_filled(clean(squares(around)), heirs=set())).area == pytest.approx(0.08)
