"""Open data responses: conditional, open to every page, with licence and schema; cells that no spreadsheet runs."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from arobase.web.opendata import (
    FORMULA_SIGNS,
    WRITERS,
    Column,
    Licence,
    Table,
    Type,
    download,
    safe_cell,
    schema_of,
    write_csv,
)

AT = datetime(2026, 2, 8, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    name: str
    population: int | None = None


TOWNS: Table[Town] = Table(
    name="villes",
    title="Villes",
    description="Des villes.",
    licence=Licence("etalab-2.0", "Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence"),
    point=lambda town: (0.1, 49.5) if town.population else None,
    columns=(
        Column("name", Type.STRING, "nom", "INSEE", lambda town: town.name, is_required=True),
        Column("population", Type.INTEGER, "population", "INSEE", lambda town: town.population, unit="habitants"),
    ),
)


def answered(*towns: Town, extension: str = "csv", **headers: str):
    return download(
        RequestFactory().get("/villes", headers=headers),
        table=TOWNS,
        rows=towns,
        extension=extension,
        stem="villes",
        schema_url="https://atlas.example/donnees/schema.json",
        last_modified=AT,
    )


def test_download_says_its_name_licence_schema_and_date() -> None:
    answer = answered(Town("Le Havre", 166_687))

    assert answer["Content-Disposition"] == 'attachment; filename="villes.csv"'
    assert answer["Link"] == (
        '<https://www.etalab.gouv.fr/licence>; rel="license", '
        '<https://atlas.example/donnees/schema.json>; rel="describedby"'
    )
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Last-Modified"] == "Sun, 08 Feb 2026 10:00:00 GMT"


def test_csv_is_utf8_with_crlf_and_a_header() -> None:
    assert write_csv(TOWNS, [Town("Épinal"), Town('L’"Île", là', 2)]) == (
        'name,population\r\nÉpinal,\r\n"L’""Île"", là",2\r\n'.encode()
    )


def test_file_that_did_not_change_is_not_sent_again() -> None:
    first = answered(Town("Épinal"))

    again = answered(Town("Épinal"), **{"If-None-Match": first["ETag"]})
    changed = answered(Town("Parthenay"), **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"
    assert changed.status_code == 200


@pytest.mark.parametrize("extension", list(WRITERS))
def test_empty_table_is_a_whole_file(extension: str) -> None:
    assert answered(extension=extension).content


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_cell_beginning_like_a_formula_is_prefixed(sign: str) -> None:
    assert safe_cell(f"{sign}1+1") == f"'{sign}1+1"


@given(st.lists(st.tuples(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.none() | st.integers())))
def test_csv_reads_back_whatever_the_cells_hold(cells: list[tuple[str, int | None]]) -> None:
    written = write_csv(TOWNS, [Town(name, population) for name, population in cells]).decode()

    lines = list(csv.reader(io.StringIO(written, newline="")))

    assert lines[1:] == [[safe_cell(name), safe_cell(population)] for name, population in cells]


def test_schema_says_type_unit_and_what_is_required() -> None:
    name, population = schema_of(TOWNS)["schema"]["fields"]

    assert name == {
        "name": "name",
        "type": "string",
        "description": "nom",
        "origin": "INSEE",
        "constraints": {"required": True},
    }
    assert population["unit"] == "habitants"
