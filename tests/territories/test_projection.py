"""The printed map: places fall where Lambert-93 says, inside the frame of their department."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.territories.rules import projection
from arobase.territories.rules.projection import (
    CANVAS,
    FRAMES,
    LAMBERT_93,
    SEMI_MAJOR_AXIS_M,
    UnknownFrame,
    frame_of,
    project,
)

inside = st.floats(0.0, 1.0)


def test_examples_of_the_manual():
    assert doctest.testmod(projection).failed == 0


def test_the_origin_of_lambert_93_has_the_coordinates_of_the_decree():
    assert LAMBERT_93.metres(np.array([[3.0, 46.5]])) == pytest.approx(np.array([[700_000.0, 6_600_000.0]]))


@pytest.mark.parametrize("parallel", [44.0, 49.0])
def test_standard_parallels_keep_their_length(parallel):
    ends = LAMBERT_93.metres(np.array([[3.0, parallel], [3.0001, parallel]]))

    sine = np.sin(np.radians(parallel))
    circle = SEMI_MAJOR_AXIS_M * np.cos(np.radians(parallel)) / np.sqrt(1 - (projection.ECCENTRICITY * sine) ** 2)
    assert np.hypot(*(ends[1] - ends[0])) == pytest.approx(circle * np.radians(0.0001), rel=1e-6)


@given(lon=st.floats(-5, 9.5), lat=st.floats(41.5, 51))
def test_angles_are_kept(lon, lat):
    here, east, north = LAMBERT_93.metres(np.array([[lon, lat], [lon + 1e-4, lat], [lon, lat + 1e-4]]))

    along, up = east - here, north - here
    assert abs(np.dot(along, up)) < 1e-5 * np.hypot(*along) * np.hypot(*up)


@given(place=st.sampled_from(FRAMES), east=inside, north=inside)
def test_what_a_frame_shows_lies_in_its_box(place, east, north):
    west, south, right, top = place.bounds
    x, y = project(west + east * (right - west), south + north * (top - south), frame=place)

    left, above, width, height = place.box
    assert left <= x <= left + width
    assert above <= y <= above + height


@given(place=st.sampled_from(FRAMES), at=inside, low=st.floats(0.0, 0.4), high=st.floats(0.6, 1.0))
def test_north_is_up(place, at, low, high):
    west, south, east, north = place.bounds
    lon = west + at * (east - west)
    span = north - south

    if place.code != "984":  # a hundred degrees of longitude: the cone turns
        assert project(lon, south + low * span, frame=place)[1] > project(lon, south + high * span, frame=place)[1]


def test_frames_lie_on_the_canvas_and_apart():
    boxes = [frame.box for frame in FRAMES]

    for left, top, width, height in boxes:
        assert left >= 0
        assert top >= 0
        assert left + width <= CANVAS[0]
        assert top + height <= CANVAS[1]
    for place, (left, top, width, height) in enumerate(boxes):
        for other_left, other_top, other_width, other_height in boxes[place + 1 :]:
            apart = left + width <= other_left or other_left + other_width <= left
            assert apart or top + height <= other_top or other_top + other_height <= top


@pytest.mark.parametrize(
    ("department", "frame"), [("76", "metropole"), ("2A", "metropole"), ("971", "971"), ("988", "988")]
)
def test_frame_of_a_department(department, frame):
    assert frame_of(department).code == frame


def test_frame_of_a_department_overseas_that_is_none():
    with pytest.raises(UnknownFrame):
        frame_of("979")
