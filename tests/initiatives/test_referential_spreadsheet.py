"""The referential as a spreadsheet: it comes back as it went, and whoever revises it learns which cell is wrong."""

import csv
import doctest
import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from arobase.initiatives.queries.referential import referential
from arobase.initiatives.rules.referential import BadReferential, Referential
from arobase.initiatives.sources import referential as spreadsheet
from arobase.initiatives.sources.referential import (
    COLUMNS,
    MOST_BYTES,
    MOST_ROWS,
    from_rows,
    read,
    standard_cell,
    to_rows,
    write_csv,
    write_xlsx,
)
from arobase.web.opendata import FORMULA_SIGNS
from strategies.referentials import a_referential, referentials

Writer = Callable[[Referential], bytes]
Lines = list[list[str]]


def faults_of(content: bytes) -> list[tuple[str, str]]:
    """Which cells are refused, and what was found there."""
    with pytest.raises(BadReferential) as refused:
        read(content)
    return [(problem.where, problem.found) for problem in refused.value.problems]


def lines_of(sound: Referential) -> Lines:
    """The cells of its CSV file, header included."""
    return list(csv.reader(io.StringIO(write_csv(sound).decode(), newline="")))


def as_csv(lines: Lines, *, delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue().encode()


def as_xlsx(lines: list[list[object]]) -> bytes:
    workbook, sink = Workbook(), io.BytesIO()
    for line in lines:
        workbook.worksheets[0].append(line)
    workbook.save(sink)
    return sink.getvalue()


def revised(cells: dict[str, str]) -> Lines:
    """The cells of a small referential with other ones in the named places."""
    lines = lines_of(a_referential())
    for name, text in cells.items():
        [(row, at)] = [
            (row, at) for row in range(3) for at, column in enumerate(COLUMNS) if standard_cell(row, column) == name
        ]
        lines[row + 1][at] = text
    return lines


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_our_referential_comes_back_as_it_went(write: Writer):
    assert read(write(referential())) == referential()


@given(referentials())
def test_any_referential_comes_back_from_rows_and_csv(sound: Referential):
    assert from_rows(to_rows(sound)) == sound
    assert read(write_csv(sound)) == sound


@settings(max_examples=20)
@given(referentials())
def test_any_referential_comes_back_from_xlsx(sound: Referential):
    assert read(write_xlsx(sound)) == sound


@given(referentials())
def test_no_exported_cell_is_taken_for_a_formula(sound: Referential):
    assert [cell for line in lines_of(sound) for cell in line if cell.startswith(FORMULA_SIGNS)] == []


def test_no_cell_of_the_workbook_is_a_formula():
    lines = revised({standard_cell(0, "service_name_fr"): "'=HYPERLINK(1)"})
    workbook = load_workbook(io.BytesIO(write_xlsx(read(as_csv(lines)))))

    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row]

    assert "f" not in {cell.data_type for cell in cells}
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_of_a_french_spreadsheet_is_read(delimiter: str):
    content = b"\xef\xbb\xbf" + as_csv(lines_of(a_referential()), delimiter=delimiter)

    assert read(content) == a_referential()


def test_columns_may_stand_in_another_order_and_blank_lines_between():
    lines = [line[::-1] for line in lines_of(a_referential())]

    assert read(as_csv([*lines[:2], [], *lines[2:], [""] * 4])) == a_referential()


def test_texts_that_an_earlier_row_gave_may_be_left_empty():
    lines = revised({standard_cell(1, "enjeu_name_fr"): "", standard_cell(1, "version"): ""})

    assert read(as_csv(lines)) == a_referential()


def test_wrong_cell_is_named():
    lines = revised({"S2": "5", "Q3": "village, canton", "M4": "", "L4": "conseil-filme"})

    assert sorted(faults_of(as_csv(lines))) == [
        ("L4", "conseil-filme"),
        ("M4", ""),
        ("Q3", "canton"),
        ("S2", "5"),
    ]


def test_row_that_contradicts_an_earlier_one_is_refused_with_both_cells():
    lines = revised({standard_cell(1, "enjeu_name_en"): "Debates", standard_cell(2, "version"): "2026.2"})

    with pytest.raises(BadReferential) as refused:
        read(as_csv(lines))

    assert [(one.where, one.found, one.facts["first"]) for one in refused.value.problems] == [
        (standard_cell(1, "enjeu_name_en"), "Debates", standard_cell(0, "enjeu_name_en")),
        (standard_cell(2, "version"), "2026.2", "A2"),
    ]


def test_enjeu_in_two_categories_is_refused():
    cells = {standard_cell(2, "enjeu"): "debats"}

    assert (standard_cell(2, "category"), "savoirs") in faults_of(as_csv(revised(cells)))


def test_slug_taken_twice_names_the_cell_that_had_it_first():
    with pytest.raises(BadReferential) as refused:
        read(as_csv(revised({standard_cell(2, "service"): "conseil-filme"})))

    [problem] = refused.value.problems
    assert (problem.where, problem.facts["first"]) == (standard_cell(2, "service"), standard_cell(0, "service"))


@pytest.mark.parametrize("formula", ["=1+1", "+SUM(A1)", "-2|cmd", "@SUM(A1)", " =1", "＝1"])
def test_formula_in_csv_is_refused(formula: str):
    assert faults_of(as_csv(revised({"B3": formula}))) == [("B3", formula)]


def test_formula_in_a_workbook_is_refused_even_where_it_looks_like_a_value():
    lines: list[list[object]] = [list(line) for line in lines_of(a_referential())]
    lines[1][COLUMNS.index("weight")] = "=1+2"
    lines[2][COLUMNS.index("service_name_fr")] = "#REF!"

    assert faults_of(as_xlsx(lines)) == [
        (standard_cell(0, "weight"), "=1+2"),
        (standard_cell(1, "service_name_fr"), "#REF!"),
    ]


def test_header_without_a_column_or_with_an_unknown_one_is_refused():
    lines = lines_of(a_referential())
    lines[0][COLUMNS.index("weight")] = "poids"

    assert faults_of(as_csv(lines)) == [(f"{standard_cell(0, 'weight')[:-1]}1", "poids"), ("A1", "")]


def test_cell_outside_the_columns_is_refused():
    lines = lines_of(a_referential())
    lines[2] += ["", "à revoir"]

    assert faults_of(as_csv(lines)) == [("W3", "à revoir")]
    assert faults_of(as_xlsx([list(line) for line in lines])) == [("W3", "à revoir")]


def test_file_with_too_many_bytes_or_rows_is_refused():
    lines = lines_of(a_referential())

    assert faults_of(b"a" * (MOST_BYTES + 1)) == [("", str(MOST_BYTES + 1))]
    assert faults_of(as_csv(lines + [lines[1]] * MOST_ROWS)) == [("", str(MOST_ROWS + 2))]
    assert faults_of(as_xlsx([[cell] for cell in range(MOST_ROWS + 2)])) == [("", str(MOST_ROWS + 2))]


def test_bomb_of_a_workbook_is_refused_before_it_is_opened():
    sink = io.BytesIO(write_xlsx(a_referential()))
    with zipfile.ZipFile(sink, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/media/void", bytes(51 * 1024**2))
    assert len(sink.getvalue()) < MOST_BYTES

    [(where, found)] = faults_of(sink.getvalue())

    assert (where, int(found) > 51 * 1024**2) == ("", True)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_workbook_cut_short_is_refused(kept: float):
    content = write_xlsx(a_referential())

    assert faults_of(content[: int(len(content) * kept)]) == [("", "BadZipFile")]


def test_workbook_whose_sheet_expands_without_end_is_refused():
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    sheet = f"<!DOCTYPE worksheet [<!ENTITY l0 'ha'>{laughs}]><worksheet>&l9;</worksheet>"
    source, sink = zipfile.ZipFile(io.BytesIO(write_xlsx(a_referential()))), io.BytesIO()
    with source, zipfile.ZipFile(sink, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, sheet if name.endswith("sheet1.xml") else source.read(name))

    assert faults_of(sink.getvalue()) == [("", "ValueError")]  # defusedxml reads no entities at all


@pytest.mark.parametrize("content", [b"", b"\n\n", as_csv([list(COLUMNS)]), b'"open', "é".encode("cp1252")])
def test_file_that_holds_no_table_is_refused_whole(content: bytes):
    assert [where for where, _found in faults_of(content)] == [""]


def test_examples_hold():
    assert doctest.testmod(spreadsheet).failed == 0
