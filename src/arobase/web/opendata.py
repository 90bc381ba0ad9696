"""Open data: a typed table written as CSV, JSON, GeoJSON or Parquet, and answered so that others can build on it.

The table says of each column its type, unit, meaning and origin; files, schema page and schema.json all come from it.
Files are written whole: the tables are some thousands of rows, and a whole file has an exact ETag.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

Row = TypeVar("Row")
Value = str | int | float | bool | None

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width signs included.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CACHE_SECONDS = 300


class Type(StrEnum):
    """Types of columns, named as in the Frictionless Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: what it is called, what it means, and how it is read from a row.

    meaning, unit, origin   translated lazily; unit is empty where there is none
    """

    name: str
    type: Type
    meaning: Any
    origin: Any
    read: Callable[[Row], Value]
    unit: Any = ""
    is_required: bool = False


@dataclass(frozen=True)
class Licence:
    """Under which terms a table is given: identifier (SPDX or Open Definition), title, address of the text."""

    name: str
    title: str
    url: str


@dataclass(frozen=True)
class Table(Generic[Row]):
    """A table of open data.

    point   longitude and latitude of a row, for GeoJSON; None where it has none
    """

    name: str
    title: Any
    description: Any
    columns: Sequence[Column[Row]]
    licence: Licence
    point: Callable[[Row], tuple[float, float] | None]

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    def record(self, row: Row) -> dict[str, Value]:
        return {column.name: column.read(row) for column in self.columns}


class BadParameter(ValueError):
    """A parameter of the address that cannot be followed: which, what it said, and what was expected."""

    def __init__(self, parameter: str, *, value: str, expected: str) -> None:
        super().__init__(f"{parameter}={value!r}: {expected}")
        self.parameter, self.value, self.expected = parameter, value, expected


def safe_cell(value: Value) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell(-1.5), safe_cell(None), safe_cell(True)
    ("'=HYPERLINK(1)", '-1.5', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
    return repr(value)


def write_csv(table: Table[Row], rows: Iterable[Row]) -> bytes:
    """RFC 4180, UTF-8 without a byte order mark, a header, cells safe for spreadsheets."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.header)
    for row in rows:
        writer.writerow(safe_cell(value) for value in table.record(row).values())
    return text.getvalue().encode()


def write_json(table: Table[Row], rows: Iterable[Row]) -> bytes:
    """An array of objects."""
    return orjson.dumps([table.record(row) for row in rows], option=orjson.OPT_APPEND_NEWLINE)


def write_geojson(table: Table[Row], rows: Iterable[Row]) -> bytes:
    """A FeatureCollection of points (RFC 7946); geometry null where no point is known."""
    features = [
        {"type": "Feature", "geometry": _geometry(table.point(row)), "properties": table.record(row)} for row in rows
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features}, option=orjson.OPT_APPEND_NEWLINE)


def _geometry(point: tuple[float, float] | None) -> dict[str, Any] | None:
    return None if point is None else {"type": "Point", "coordinates": list(point)}


def write_parquet(table: Table[Row], rows: Iterable[Row]) -> bytes:
    """Apache Parquet, typed columns, title and licence in the file's metadata."""
    import pyarrow  # slow import
    import pyarrow.parquet  # slow import

    types = {
        Type.STRING: pyarrow.string(),
        Type.INTEGER: pyarrow.int64(),
        Type.NUMBER: pyarrow.float64(),
        Type.BOOLEAN: pyarrow.bool_(),
    }
    fields = [
        pyarrow.field(column.name, types[column.type], nullable=not column.is_required) for column in table.columns
    ]
    metadata = {"title": str(table.title), "licence": table.licence.title, "licence_url": table.licence.url}
    records = [table.record(row) for row in rows]
    built = pyarrow.Table.from_pylist(records, schema=pyarrow.schema(fields, metadata=metadata))
    sink = io.BytesIO()
    pyarrow.parquet.write_table(built, sink, compression="zstd")
    return sink.getvalue()


WRITERS: Mapping[str, Callable[[Table[Any], Iterable[Any]], bytes]] = {
    "csv": write_csv,
    "json": write_json,
    "geojson": write_geojson,
    "parquet": write_parquet,
}


def download(
    request: HttpRequest,
    *,
    table: Table[Row],
    rows: Iterable[Row],
    extension: str,
    stem: str,
    schema_url: str,
    last_modified: datetime | None,
) -> HttpResponseBase:
    """The table as a file that may be fetched from any page and asked for again only if it changed.

    stem            file name without its extension
    last_modified   when the data last changed; None where that is not known
    """
    content = WRITERS[extension](table, rows)
    response = HttpResponse(content, content_type=MEDIA_TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{stem}.{extension}"'
    return _answer(request, response, content=content, last_modified=last_modified, links=_links(table, schema_url))


def document(request: HttpRequest, facts: Any, *, last_modified: datetime | None = None) -> HttpResponseBase:
    """A JSON document under the same conditions as the files."""
    content = orjson.dumps(facts, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    response = HttpResponse(content, content_type=MEDIA_TYPES["json"])
    return _answer(request, response, content=content, last_modified=last_modified, links="")


def _links(table: Table[Row], schema_url: str) -> str:
    return f'<{table.licence.url}>; rel="license", <{schema_url}>; rel="describedby"'


def _answer(
    request: HttpRequest, response: HttpResponse, *, content: bytes, last_modified: datetime | None, links: str
) -> HttpResponseBase:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    stamp = int(last_modified.timestamp()) if last_modified else None
    headers = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={CACHE_SECONDS}",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Content-Disposition",
        **({"Link": links} if links else {}),
        **({"Last-Modified": http_date(stamp)} if stamp else {}),
    }
    found = get_conditional_response(request, etag, stamp, response) or response
    for name, value in headers.items():
        found[name] = value
    return found


def refusal(error: BadParameter) -> HttpResponse:
    """400 as a problem document (RFC 9457) that names the parameter and says why."""
    problem = {
        "type": "about:blank",
        "title": _("Paramètre refusé"),
        "status": 400,
        "detail": _("« %(parameter)s » vaut « %(value)s » ; attendu : %(expected)s.")
        % {"parameter": error.parameter, "value": error.value, "expected": error.expected},
        "parameter": error.parameter,
    }
    response = HttpResponse(orjson.dumps(problem), content_type="application/problem+json", status=400)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def schema_of(table: Table[Any]) -> dict[str, Any]:
    """Facts of a table as a Frictionless Data Resource with its Table Schema."""
    return {
        "name": table.name,
        "title": str(table.title),
        "description": str(table.description),
        "licenses": [{"name": table.licence.name, "title": table.licence.title, "path": table.licence.url}],
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": column.type.value,
                    "description": str(column.meaning),
                    **({"unit": str(column.unit)} if column.unit else {}),
                    "origin": str(column.origin),
                    **({"constraints": {"required": True}} if column.is_required else {}),
                }
                for column in table.columns
            ],
            "missingValues": [""],
        },
    }
