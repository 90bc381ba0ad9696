"""Open data of the atlas: files read back, columns that say what they are, refusals that say why."""

import csv
import io
import json
from itertools import product

import pyarrow.parquet
import pytest

from arobase.atlas.queries.downloads import AREAS, LAUREATES
from arobase.web.opendata import MEDIA_TYPES
from atlas.palmares import a_complete_palmares, an_award, an_edition
from builders import a_commune

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_laureates_are_the_same_in_every_format(client) -> None:
    a_complete_palmares()

    answers = {extension: client.get(f"/atlas/laureats.{extension}") for extension in MEDIA_TYPES}

    records = answers["json"].json()
    collection = answers["geojson"].json()
    table = pyarrow.parquet.read_table(io.BytesIO(answers["parquet"].content))
    assert len(records) == 5
    assert [feature["properties"] for feature in collection["features"]] == records
    assert table.to_pylist() == records
    assert [row["code"] for row in read_csv(answers["csv"].content)] == [record["code"] for record in records]
    assert {extension: answer["Content-Type"] for extension, answer in answers.items()} == MEDIA_TYPES


def test_parquet_is_typed_and_carries_its_licence(client) -> None:
    a_complete_palmares()

    table = pyarrow.parquet.read_table(io.BytesIO(client.get("/atlas/laureats.parquet").content))

    assert str(table.schema.field("year").type) == "int64"
    assert str(table.schema.field("is_sample").type) == "bool"
    assert b"Licence Ouverte" in table.schema.metadata[b"licence"]


def test_geojson_places_what_has_a_point_and_says_null_otherwise(client) -> None:
    a_complete_palmares()

    collection = client.get("/atlas/laureats.geojson?annee=2024").json()

    geometries = {feature["properties"]["code"]: feature["geometry"] for feature in collection["features"]}
    assert collection["type"] == "FeatureCollection"
    assert geometries == {
        "200084952": None,
        "76351": {"type": "Point", "coordinates": [0.1312, 49.4958]},
        "79202": None,
    }


def test_every_line_says_how_complete_its_edition_is(client) -> None:
    a_complete_palmares()
    an_edition(2025, rewarded=226)
    an_award(a_commune(), year=2025)

    rows = client.get("/atlas/laureats.json").json()

    known = {(row["year"], row["edition_known"], row["edition_total"]) for row in rows}
    assert known == {(2023, 2, 2), (2024, 3, 3), (2025, 1, 226)}


def test_filters_of_the_atlas_choose_the_lines(client) -> None:
    a_complete_palmares()

    chosen = client.get("/atlas/laureats.json?annee=2024&niveau=3,5&region=28").json()

    assert [row["territory"] for row in chosen] == ["Le Havre"]
    assert 'filename="laureats-2024.csv"' in client.get("/atlas/laureats.csv?annee=2024")["Content-Disposition"]


def test_cell_that_looks_like_a_formula_is_disarmed_in_csv_only(client) -> None:
    an_award(a_commune(), year=2024, name_as_printed='=HYPERLINK("http://example.org")', distinctions=["@SUM(A1)"])

    (line,) = read_csv(client.get("/atlas/laureats.csv").content)
    (record,) = client.get("/atlas/laureats.json").json()

    assert line["name_as_printed"] == '\'=HYPERLINK("http://example.org")'
    assert line["mention"] == "'@SUM(A1)"
    assert record["name_as_printed"] == '=HYPERLINK("http://example.org")'


def test_intercommunal_body_is_in_the_region_where_the_dynamics_count_it(client) -> None:
    a_complete_palmares()

    rows = {row["code"]: row for row in client.get("/atlas/laureats.json?annee=2024").json()}

    assert (rows["200084952"]["region"], rows["200084952"]["department"]) == ("28", "76")


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/atlas/laureats.csv?niveau=6", "niveau"),
        ("/atlas/laureats.json?annee=hier", "annee"),
        ("/atlas/laureats.json?anne=2024", "anne"),
        ("/atlas/dynamiques/region.csv?annee=1901", "annee"),
        ("/atlas/dynamiques/region.csv?tri=nom", "tri"),
    ],
)
def test_bad_parameter_is_refused_by_name_with_the_reason(client, path: str, parameter: str) -> None:
    a_complete_palmares()

    answer = client.get(path, headers=FRENCH)

    problem = json.loads(answer.content.decode().replace("\u202f", " "))
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["parameter"] == parameter
    assert f"« {parameter} » vaut" in problem["detail"] and "attendu" in problem["detail"]


def test_areas_leave_rates_empty_while_the_edition_is_not_complete(client) -> None:
    a_complete_palmares()
    an_edition(2025, rewarded=226)

    whole = read_csv(client.get("/atlas/dynamiques/region.csv?annee=2024").content)
    part = read_csv(client.get("/atlas/dynamiques/region.csv?annee=2025").content)

    assert [(row["name"], row["laureates"], row["rank"]) for row in whole] == [
        ("Grand Est", "0", "3"),
        ("Normandie", "2", "1"),
        ("Nouvelle-Aquitaine", "1", "2"),
    ]
    assert {row["per_100_communes"] for row in whole} == {"0.0", "50.0", "100.0"}
    empty = ("per_100000_inhabitants", "per_100_communes", "rank")
    assert {row[name] for row in part for name in empty} == {""}
    assert {(row["edition_known"], row["edition_total"]) for row in part} == {("0", "226")}


def test_every_family_downloads_in_every_format(client) -> None:
    a_complete_palmares()

    for family, extension in product(("region", "ancienne-region", "departement", "epci"), MEDIA_TYPES):
        assert client.get(f"/atlas/dynamiques/{family}.{extension}").status_code == 200


def test_schema_page_lists_exactly_the_columns_of_the_files(client) -> None:
    a_complete_palmares()

    page = client.get("/donnees/schema", headers=FRENCH).content.decode()
    package = client.get("/donnees/schema.json").json()
    headers = {
        "laureats": read_csv(client.get("/atlas/laureats.csv").content)[0].keys(),
        "dynamiques": read_csv(client.get("/atlas/dynamiques/region.csv").content)[0].keys(),
    }

    for table in (LAUREATES, AREAS):
        assert table.header == list(headers[table.name])
        assert all(f"<code>{name}</code>" in page for name in table.header)
    described = {one["name"]: [field["name"] for field in one["schema"]["fields"]] for one in package["resources"]}
    assert described == {name: list(header) for name, header in headers.items()}


def test_every_column_says_what_it_means_and_where_it_is_from() -> None:
    for table in (LAUREATES, AREAS):
        assert all(str(column.meaning) and str(column.origin) for column in table.columns)


def test_values_have_the_type_that_the_schema_says(client) -> None:
    a_complete_palmares()
    types = {"string": str, "integer": int, "number": float, "boolean": bool}

    for table, path in ((LAUREATES, "/atlas/laureats.json"), (AREAS, "/atlas/dynamiques/region.json?annee=2024")):
        for record, column in product(client.get(path).json(), table.columns):
            value = record[column.name]
            assert (value is None and not column.is_required) or type(value) is types[column.type.value]


def test_laureates_are_read_in_few_statements(client, django_assert_num_queries) -> None:
    a_complete_palmares()

    with django_assert_num_queries(8):
        client.get("/atlas/laureats.json")
