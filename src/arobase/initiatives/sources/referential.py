"""The referential as a file: the one in the package, and the spreadsheet in which people revise it.

A spreadsheet has one row per service, which repeats its enjeu, its category and the version; a repeated text may be
left empty after the first row that gives it. CSV and XLSX hold the same columns.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from arobase.initiatives.rules.referential import BadReferential, Problem, Referential, Text, _, as_document, parse
from arobase.web.opendata import FORMULA_SIGNS, safe_cell

FILE = Path(__file__).parents[1] / "referential.yaml"
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED_BYTES = 50 * 1024 * 1024
MOST_ROWS = 2_000
LISTS = ("kinds", "evidence")
NUMBERS = ("weight", "min_population", "max_population")
TEXTS = tuple((name, language) for name in ("name", "sentence") for language in ("fr", "en"))
GROUPS = {"category": "categories", "enjeu": "enjeux"}
COLUMNS = (
    "version",
    *(
        column
        for entry in ("category", "enjeu", "service")
        for column in (entry, *(f"{entry}_{name}_{language}" for name, language in TEXTS))
    ),
    *LISTS,
    *NUMBERS,
)
_MOST_COLUMNS = len(COLUMNS) + 10  # as far to the right as a stray cell is looked for
_MOST_SHEET_ROWS = 1_048_576  # of Excel; a file may claim more
_PATH = re.compile(r"(?P<list>[a-z]+)\[(?P<at>[0-9]+)\](?:\.(?P<field>[a-z_.]+))?(?:\[[0-9]+\])?")
_FORMULA = re.compile(r"[=＝]|[+@－＋＠-].*[(!|]")
_NUMBER = re.compile(r"[0-9]{1,9}")
# What zipfile, zlib, expat and openpyxl raise on a file that is not the workbook it claims to be.
_BROKEN_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)

Row = Mapping[str, str | int]
Cells = Sequence[str]


def to_rows(referential: Referential) -> list[dict[str, str | int]]:
    """One row per service, column → value; numbers that are not set are empty."""
    document = as_document(referential)
    categories = {one["slug"]: one for one in document["categories"]}
    enjeux = {one["slug"]: one for one in document["enjeux"]}
    rows = []
    for service in document["services"]:
        enjeu = enjeux[service["enjeu"]]
        row: dict[str, str | int] = {"version": referential.version}
        for name, entry in {"category": categories[enjeu["category"]], "enjeu": enjeu, "service": service}.items():
            row[name] = entry["slug"]
            row |= {f"{name}_{field}_{language}": entry[field][language] for field, language in TEXTS}
        row |= {name: ", ".join(service[name]) for name in LISTS}
        row |= {name: service.get(name, "") for name in NUMBERS}
        rows.append(row)
    return rows


def standard_cell(row: int, column: str) -> str:
    """The name of a cell in a spreadsheet as exported; the first service is row 0.

    >>> standard_cell(0, "version"), standard_cell(12, "weight")
    ('A2', 'S14')
    """
    return _cell_name(row + 2, COLUMNS.index(column))


def from_rows(rows: Sequence[Row], *, cell: Callable[[int, str], str] = standard_cell) -> Referential:
    """The referential that rows tell.

    cell     names the cell of a row (counted from 0) and column, for the problems
    Raises   BadReferential with all problems, each at its cell.
    """
    if not rows:
        raise _refusal("", _("au moins une ligne de service sous l’en-tête"))
    gathered = _Gathering(cell)
    for number, row in enumerate(rows):
        gathered.add(number, {name: str(row.get(name, "")).strip() for name in COLUMNS})
    try:
        found = parse(gathered.document)
    except BadReferential as error:
        raise BadReferential([*gathered.problems, *map(gathered.at_its_cell, error.problems)]) from error
    if gathered.problems:
        raise BadReferential(gathered.problems)
    return found


class _Gathering:
    """Gathers rows into the document that `parse` reads, and remembers the row in which each entry stood first."""

    def __init__(self, cell: Callable[[int, str], str]) -> None:
        self.document: dict[str, Any] = {"version": "", "categories": [], "enjeux": [], "services": []}
        self.problems: list[Problem] = []
        self._cell = cell
        self._first: dict[tuple[str, str], int] = {}  # column, slug → row
        self._rows: list[Mapping[str, str]] = []
        self._first_rows: dict[str, list[int]] = {"categories": [], "enjeux": [], "services": []}

    def add(self, number: int, row: Mapping[str, str]) -> None:
        self._rows.append(row)
        self.document["version"] = self.document["version"] or row["version"]
        self._repeats(number, 0, ["version"])
        for name, entries in GROUPS.items():
            first = self._first.setdefault((name, row[name]), number)
            columns = [f"{name}_{field}_{language}" for field, language in TEXTS]
            if first == number:
                category = {"category": row["category"]} if name == "enjeu" else {}
                self._keep(number, entries, {"slug": row[name], **category, **_texts(name, row)})
            else:
                self._repeats(number, first, ["category", *columns] if name == "enjeu" else columns)
        service: dict[str, Any] = {"slug": row["service"], "enjeu": row["enjeu"], **_texts("service", row)}
        service |= {name: [word.strip() for word in row[name].split(",")] for name in LISTS}
        service |= {
            name: int(row[name]) if _NUMBER.fullmatch(row[name]) else row[name] for name in NUMBERS if row[name]
        }
        self._keep(number, "services", service)

    def _keep(self, number: int, entries: str, entry: Mapping[str, Any]) -> None:
        self.document[entries].append(entry)
        self._first_rows[entries].append(number)

    def _repeats(self, number: int, first: int, columns: Iterable[str]) -> None:
        """Refuse what a row says otherwise than the first row that told it; empty cells repeat it."""
        for column in columns:
            told, found = self._rows[first][column], self._rows[number][column]
            if found not in ("", told):
                facts = {"first": self._cell(first, column), "text": told}
                expected = _("la même chose qu’en %(first)s (« %(text)s »)")
                self.problems.append(Problem(self._cell(number, column), found, expected, facts))

    def at_its_cell(self, problem: Problem) -> Problem:
        facts = {name: self._cell_of(text) if name == "first" else text for name, text in problem.facts.items()}
        return replace(problem, where=self._cell_of(problem.where), facts=facts)

    def _cell_of(self, path: str) -> str:
        found = _PATH.fullmatch(path)
        if not found:
            return self._cell(0, path) if path in COLUMNS else path
        entry = {"categories": "category", "enjeux": "enjeu", "services": "service"}[found["list"]]
        field = (found["field"] or "slug").replace(".", "_")
        own = f"{entry}_{field}"
        column = own if own in COLUMNS else field if field in COLUMNS else entry
        return self._cell(self._first_rows[found["list"]][int(found["at"])], column)


def _texts(name: str, row: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {
        field: {language: row[f"{name}_{field}_{language}"] for language in Text.__annotations__}
        for field in ("name", "sentence")
    }


def write_csv(referential: Referential) -> bytes:
    """RFC 4180, UTF-8, no cell that a spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_escaped(row[name]) for name in COLUMNS] for row in to_rows(referential))
    return text.getvalue().encode()


def write_xlsx(referential: Referential) -> bytes:
    """The same table as a workbook of one sheet, its header kept in sight."""
    from openpyxl import Workbook  # slow import

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("referential")
    sheet.freeze_panes = "A2"
    sheet.append(COLUMNS)
    for row in to_rows(referential):
        sheet.append([row[name] if isinstance(row[name], int) else _escaped(row[name]) for name in COLUMNS])
    sink = io.BytesIO()
    workbook.save(sink)
    return sink.getvalue()


def read(content: bytes) -> Referential:
    """The referential in a spreadsheet, CSV or XLSX. Raises BadReferential, naming cells."""
    if len(content) > MOST_BYTES:
        raise _refusal(f"{len(content)}", _("un fichier de %(most)s Mo au plus"), most=str(MOST_BYTES // 1024**2))
    lines = list(_xlsx_lines(content) if content.startswith(b"PK\x03\x04") else _csv_lines(content))
    if not lines:
        raise _refusal("", _("une ligne d’en-tête avec les colonnes : %(columns)s"), columns=", ".join(COLUMNS))
    (header_number, header), *body = lines
    columns = _columns(header, number=header_number)
    problems = [
        Problem(_cell_name(number, at), text, _("une cellule vide hors des colonnes de l’en-tête"))
        for number, cells in body
        for at, text in enumerate(cells)
        if text and at not in columns.values()
    ]
    if problems:
        raise BadReferential(problems)
    rows = [{name: cells[at] if at < len(cells) else "" for name, at in columns.items()} for _number, cells in body]
    return from_rows(rows, cell=lambda row, column: _cell_name(body[row][0], columns[column]))


def _columns(header: Cells, *, number: int) -> dict[str, int]:
    """Column → place in the header. Raises BadReferential when one is missing, unknown, or there twice."""
    expected = _("chacune une fois, les colonnes : %(columns)s")
    facts = {"columns": ", ".join(COLUMNS)}
    problems = [
        Problem(_cell_name(number, at), name, expected, facts)
        for at, name in enumerate(header)
        if name and (name not in COLUMNS or name in header[:at])
    ]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        facts = {"columns": ", ".join(missing)}
        problems.append(Problem(_cell_name(number, 0), "", _("aussi les colonnes : %(columns)s"), facts))
    if problems:
        raise BadReferential(problems)
    return {name: at for at, name in enumerate(header) if name}


def _csv_lines(content: bytes) -> Iterator[tuple[int, Cells]]:
    """Number and cells of each line that is not blank."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = content[error.start : error.start + 20].decode("cp1252", errors="replace")
        raise _refusal(found, _("un fichier CSV en UTF-8, ou un fichier XLSX")) from error
    header = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    problems = []
    lines: list[tuple[int, Cells]] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            _bound(number)
            problems += [_formula(number, at, cell) for at, cell in enumerate(cells) if _FORMULA.match(cell.strip())]
            lines.append((number, [_unescaped(cell.strip()) for cell in cells]))
    except csv.Error as error:
        raise _refusal(str(error), _("un fichier CSV dont chaque guillemet ouvert est refermé")) from error
    if problems:
        raise BadReferential(problems)
    yield from ((number, cells) for number, cells in lines if any(cells))


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, Cells]]:
    """Number and cells of each row of the first sheet that is not blank."""
    from openpyxl import load_workbook  # slow import
    from openpyxl.cell.read_only import EMPTY_CELL  # slow import

    problems: list[Problem] = []
    lines: list[tuple[int, Cells]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # zipfile gives no more of a member than it declares, so that declared sizes can be trusted.
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            most = str(MOST_UNPACKED_BYTES // 1024**2)
            raise _refusal(str(unpacked), _("un classeur de %(most)s Mo au plus une fois décompressé"), most=most)
        # Not `data_only`: that would show the last result of a formula in place of the formula.
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        held = 0
        sheet_rows = workbook.worksheets[0].iter_rows(max_row=_MOST_SHEET_ROWS, max_col=_MOST_COLUMNS)
        for number, cells in enumerate(sheet_rows, 1):
            if all(cell is EMPTY_CELL for cell in cells):
                continue  # a row that the file does not hold
            held += 1
            _bound(held)
            problems += [_formula(number, at, cell.value) for at, cell in enumerate(cells) if cell.data_type in "fe"]
            lines.append((number, [_unescaped(_shown(cell.value)) for cell in cells]))
    except BadReferential:
        raise
    except _BROKEN_WORKBOOK as error:
        raise _refusal(
            type(error).__name__, _("un classeur XLSX lisible, dont la première feuille est la table")
        ) from error
    if problems:
        raise BadReferential(problems)
    yield from ((number, cells) for number, cells in lines if any(cells))


def _bound(number: int) -> None:
    if number > MOST_ROWS + 1:
        raise _refusal(str(number), _("%(most)s lignes au plus sous l’en-tête, vides comprises"), most=str(MOST_ROWS))


def _formula(number: int, at: int, value: object) -> Problem:
    text = value if isinstance(value, str) else str(getattr(value, "text", value))
    return Problem(_cell_name(number, at), text[:80], _("une valeur, et non une formule de tableur ou son erreur"))


def _shown(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _escaped(value: str | int) -> str:
    """A cell that no spreadsheet takes for a formula, and from which `_unescaped` gives the text again.

    >>> _escaped("@ccueil"), _unescaped("'@ccueil"), _unescaped(_escaped("'=1"))
    ("'@ccueil", '@ccueil', "'=1")
    """
    if isinstance(value, int):
        return safe_cell(value)
    bare = value.lstrip("'")
    return value[: len(value) - len(bare)] + safe_cell(bare)


def _unescaped(text: str) -> str:
    is_escaped = text.startswith("'") and text.lstrip("'").startswith(FORMULA_SIGNS)
    return text[1:] if is_escaped else text


def _cell_name(row: int, at: int) -> str:
    """The name of a cell from its row, counted from 1, and its place in the row, counted from 0.

    >>> _cell_name(14, 0), _cell_name(2, 25), _cell_name(2, 26)
    ('A14', 'Z2', 'AA2')
    """
    letters = ""
    at += 1
    while at:
        at, letter = divmod(at - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def _refusal(found: str, expected: str, **facts: str) -> BadReferential:
    """A file that cannot be read at all."""
    return BadReferential([Problem("", found, expected, facts)])
