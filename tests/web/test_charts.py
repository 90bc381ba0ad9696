"""Charts: marks where the numbers put them, and the same numbers as a table."""

from xml.etree import ElementTree

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from arobase.web.charts.bars import HEIGHT, Series, StackedBars, stacked_bars
from arobase.web.charts.multiples import shares, small_multiples
from arobase.web.charts.rings import line_of_at
from arobase.web.charts.scales import labelled, nice_ticks


def a_chart(*, upper: list[int], lower: list[int], expected: list[int | None] | None = None) -> StackedBars:
    return stacked_bars(
        "essai",
        title="Labels par édition",
        description="Un essai.",
        columns=[str(2000 + place) for place in range(len(lower))],
        column_name="Édition",
        series=[Series("level-5", "5 arobases", lower), Series("level-1", "1 arobase", upper)],
        total_name="connus",
        expected=expected or (),
        expected_name="publié" if expected else "",
    )


def test_bars_stack_from_the_ground_to_their_total() -> None:
    chart = a_chart(lower=[2], upper=[3], expected=[10])

    (bar,) = chart.bars
    low, high = bar.boxes
    assert low.y + low.height == chart.ground
    assert round(high.y + high.height, 2) == low.y
    assert bar.outline is not None and bar.outline.height == 2 * (low.height + high.height)
    assert chart.table.header == ("Édition", "5 arobases", "1 arobase", "connus", "publié")
    assert chart.table.rows == (("2000", "2", "3", "5", "10"),)


@given(st.lists(st.integers(0, 5000), max_size=30))
def test_bars_stay_in_their_drawing_and_compare_truly(values: list[int]) -> None:
    chart = a_chart(lower=values, upper=[0] * len(values))

    for bar, value in zip(chart.bars, values, strict=True):
        height = sum(box.height for box in bar.boxes)
        assert 0 <= height <= HEIGHT
        assert abs(height - value * (chart.ground - chart.ticks[-1].y) / chart.ticks[-1].value) < 0.02


@given(st.integers(0, 10**7))
def test_scale_begins_at_nought_and_reaches_the_highest(highest: int) -> None:
    ticks = nice_ticks(highest)

    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 6


def test_axis_writes_its_last_label_and_few_others() -> None:
    assert sum(labelled([str(year) for year in range(1999, 2027)], most=7)) == 7
    assert labelled([], most=7) == ()


def test_bars_are_drawn_as_svg_that_a_screen_reader_can_name() -> None:
    html = render_to_string("web/charts/bars.html", {"chart": a_chart(lower=[1, 2], upper=[0, 4], expected=[None, 9])})

    figure = ElementTree.fromstring(html)
    drawing = figure.find("svg")
    assert drawing is not None
    assert drawing.attrib["aria-labelledby"] == "essai-title essai-desc"
    assert (drawing.findtext("title"), drawing.findtext("desc")) == ("Labels par édition", "Un essai.")
    assert len([element for element in drawing.iter("rect") if element.attrib["class"] == "expected"]) == 1
    assert not [element for element in figure.iter() if "style" in element.attrib]


def test_small_multiples_share_one_scale() -> None:
    chart = small_multiples(
        "petits",
        title="Labels",
        description="",
        columns=["2023", "2024"],
        name_of_rows="Territoire",
        rows=[("Normandie", "/28", "5", [1, 4]), ("Occitanie", "/76", "2", [0, 2])],
    )

    normandy, occitanie = chart.smalls
    assert normandy.boxes[1].height == 2 * occitanie.boxes[0].height
    assert chart.table.rows == (("Normandie", "1", "4"), ("Occitanie", "0", "2"))


def test_bar_list_gives_the_largest_the_whole_width() -> None:
    assert [share.width for share in shares({"Haut": ("level-5", 4), "Bas": ("level-1", 1)})] == [100, 25]
    assert [share.width for share in shares({"Haut": ("level-5", 0)})] == [0]


def test_line_of_at_tells_no_award_from_one_whose_level_is_not_stated() -> None:
    line = line_of_at({2023: None, 2024: 4}, years=[2022, 2023, 2024], says="2024 (4 @)")

    assert [mark.is_award for mark in line.marks] == [False, True, True]
    drawing = ElementTree.fromstring(render_to_string("web/charts/rings.html", {"line": line}))
    assert drawing.attrib["aria-label"] == "2024 (4 @)"
    assert [text.text for text in drawing.iter("text")] == ["@", "?", "@", "4"]
