"""Results by polling station as the ministry of the Interior publishes them, in the three forms that are about.

Read line by line, for the files hold all of France; only the rows of one commune are kept, and each is added up.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arobase.elections.rules.plans import FormerResult
from arobase.elections.rules.preparing import key_of
from arobase.elections.sources.tables import Fault, plain, separator, whole
from arobase.web.files import UnreadableFile

# Columns of the wide file that are no list.
BESIDE_LISTS = {
    "insee",
    "bureau",
    "circonscription",
    "commune_libelle",
    "tour",
    "inscrits",
    "emargements",
    "votants",
    "blancs",
    "nuls",
    "exprimes",
}
# France has 70,000 stations, and the widest row (38 lists of 2024) 12,000 characters.
MOST_LINES, MOST_CHARACTERS = 300_000, 100_000
MOST_READ = 500 * 1024 * 1024  # bytes, decompressed: several times the largest of these files
# How the ministry writes departments overseas, and what their communes' codes begin with.
OVERSEAS = {"ZA", "ZB", "ZC", "ZD", "ZM", "ZS", "ZX"}
PACIFIC = {"ZN", "ZP", "ZW"}
Row = Sequence[str]
Read = TypeVar("Read")


class _Wrong(ValueError):
    """What is wrong with a row, as a sentence."""


@dataclass(frozen=True)
class Results:
    """A commune's stations by `rules.preparing.key_of`, and the lines that were left out."""

    stations: Mapping[str, FormerResult]
    faults: Sequence[Fault]


@dataclass(frozen=True)
class _Form:
    """Where a form of the file keeps what; `lists` gives names and votes as written."""

    commune: Callable[[Row], str]
    station: int
    registered: int
    voters: int
    valid: int
    lists: Callable[[Row], Iterator[tuple[str, str]]]


def read_results(file: BinaryIO, *, commune: str, poll: str) -> Results:
    """The results of one commune (INSEE code); `poll` names them. Raises UnreadableFile."""
    return Results(*_read(file, commune, lambda row, form: _result(row, form, poll)))


def read_registered(file: BinaryIO, *, commune: str) -> tuple[Mapping[str, int], Sequence[Fault]]:
    """Registered voters by station code as it is written, and lines left out; votes may be anything. As above."""
    found, faults = _read(file, commune, _registered)
    return dict(found.values()), faults


def _read(
    file: BinaryIO, commune: str, read: Callable[[Row, _Form], Read]
) -> tuple[Mapping[str, Read], Sequence[Fault]]:
    """What is read of a commune's rows, by station, and the lines that were left out. Raises UnreadableFile."""
    lines = _lines(file)
    header = next(lines, "").lstrip("\ufeff")
    rows = csv.reader(lines, delimiter=separator(header))
    form = _form(next(csv.reader([header], delimiter=separator(header)), []))
    stations: dict[str, Read] = {}
    faults: list[Fault] = []
    try:
        for row in rows:
            if not row or form.commune(row) != commune:
                continue
            try:
                code = key_of(_code(row, form))
                if code in stations:
                    raise _Wrong(_("le bureau %s est déjà là.") % row[form.station])
                stations[code] = read(row, form)
            except _Wrong as error:
                faults.append(Fault(rows.line_num + 1, str(error)))
    except csv.Error as error:
        raise UnreadableFile(gettext_noop("La ligne %(line)s n’est pas du CSV."), line=rows.line_num + 1) from error
    if not stations and not faults:
        raise UnreadableFile(gettext_noop("Aucun bureau de la commune %(code)s dans ce fichier."), code=commune)
    return stations, faults


def is_results(file: BinaryIO) -> bool:
    """Whether a file begins like one of results by station; it is read from its beginning again afterwards."""
    try:
        header = next(_lines(file), "").lstrip("\ufeff")
        _form(next(csv.reader([header], delimiter=separator(header)), []))
    except (UnreadableFile, csv.Error):
        return False
    finally:
        file.seek(0)
    return True


def written(results: Mapping[str, FormerResult], *, commune: str) -> str:
    """The results as a wide file, which `read_results` reads again."""
    lists = list(dict.fromkeys(name for one in results.values() for name in one.votes))
    kept = io.StringIO()
    table = csv.writer(kept, lineterminator="\n")
    table.writerow(["insee", "bureau", "inscrits", "votants", "exprimes", *lists])
    for code, one in results.items():
        votes = [one.votes.get(name, 0) for name in lists]
        table.writerow([commune, code, one.registered, one.voters, sum(votes), *votes])
    return kept.getvalue()


def _lines(file: BinaryIO) -> Iterator[str]:
    """Lines of text, one at a time, UTF-8 or Windows-1252, compressed or not."""
    start = file.read(2)
    file.seek(0)
    opened: BinaryIO = gzip.GzipFile(fileobj=file) if start == b"\x1f\x8b" else file  # type: ignore[assignment]
    number = total = 0
    try:
        while line := opened.readline(MOST_CHARACTERS):
            number, total = number + 1, total + len(line)
            is_endless = len(line) == MOST_CHARACTERS and not line.endswith(b"\n")
            if is_endless or number > MOST_LINES or total > MOST_READ:
                raise UnreadableFile(gettext_noop("La ligne %(line)s est trop longue, ou de trop."), line=number)
            yield _text(line).replace("\0", "")
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(
            gettext_noop("Le fichier compressé est abîmé après la ligne %(line)s."), line=number
        ) from error


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _form(names: Row) -> _Form:
    """Which of the forms a header belongs to. Raises UnreadableFile."""
    known = {plain(name): place for place, name in reversed(list(enumerate(names)))}
    if {"insee", "bureau", "inscrits", "votants", "exprimes"} <= known.keys():
        return _wide(names, known)
    if "voix1" in known and "codebv" in known:
        return _numbered(known)
    if "codedubvote" in known and "voix" in known:
        return _repeated(names, known)
    raise UnreadableFile(
        gettext_noop(
            "La première ligne n’est celle d’aucun fichier connu de résultats par bureau de vote :"
            " il y faut le code de la commune, le bureau (« Code BV » ou « Code du b.vote »), Inscrits, Votants,"
            " Exprimés et les voix."
        )
    )


def _wide(names: Row, known: Mapping[str, int]) -> _Form:
    """insee,bureau,…,inscrits,votants,exprimes, then one column a list."""
    lists = [(place, name) for place, name in enumerate(names) if name not in BESIDE_LISTS]

    def votes(row: Row) -> Iterator[tuple[str, str]]:
        return ((name, row[place] if place < len(row) else "") for place, name in lists)

    return _Form(
        lambda row: _cell(row, known["insee"]).zfill(5),
        known["bureau"],
        known["inscrits"],
        known["votants"],
        known["exprimes"],
        votes,
    )


def _numbered(known: Mapping[str, int]) -> _Form:
    """Since 2024: columns of each list end in its number, « Voix 1 »; rows with fewer lists leave the rest empty."""
    numbers = sorted(int(name[4:]) for name in known if re.fullmatch(r"voix\d+", name))

    def votes(row: Row) -> Iterator[tuple[str, str]]:
        for number in numbers:
            columns = {name: known.get(plain(f"{name} {number}")) for name in NAMES}
            cells = {name: _cell(row, place) for name, place in columns.items() if place is not None}
            if written := _cell(row, known[f"voix{number}"]):
                yield _list_name(cells) or str(number), written

    return _ministry(known, "codebv", votes)


def _repeated(names: Row, known: Mapping[str, int]) -> _Form:
    """Until 2022: the columns of the first list, then the same again for each other one, without a header."""
    first = min(known[name] for name in BEGINS_A_LIST if name in known)
    length = len(names) - first
    group = {plain(name): place for place, name in enumerate(names[first:])}

    def votes(row: Row) -> Iterator[tuple[str, str]]:
        for start in range(first, len(row), length):
            cells = row[start : start + length]
            if written := _cell(cells, group["voix"]):
                named = {name: _cell(cells, group[plain(name)]) for name in NAMES if plain(name) in group}
                yield _list_name(named) or str((start - first) // length + 1), written

    return _ministry(known, "codedubvote", votes)


BEGINS_A_LIST = ("npanneau", "npan", "nliste", "codenuance", "sexe", "nom", "voix")


def _ministry(known: Mapping[str, int], station: str, votes: Callable[[Row], Iterator[tuple[str, str]]]) -> _Form:
    department = known.get("codedudepartement", known.get("codedepartement"))
    commune = known.get("codedelacommune", known.get("codecommune"))
    counted = [known.get(name) for name in ("inscrits", "votants", "exprimes")]
    if department is None or commune is None or None in counted:
        raise UnreadableFile(
            gettext_noop(
                "Il manque une colonne : code du département, code de la commune, Inscrits, Votants ou Exprimés."
            )
        )
    registered, voters, valid = (place for place in counted if place is not None)
    return _Form(
        lambda row: insee(_cell(row, department), _cell(row, commune)), known[station], registered, voters, valid, votes
    )


def insee(department: str, commune: str) -> str:
    """The commune's code, from the ministry's department and number in it.

    >>> insee("1", "4"), insee("ZA", "101"), insee("ZN", "818"), insee("2A", "4"), insee("76", "76351")
    ('01004', '97101', '98818', '2A004', '76351')
    """
    if len(commune) == 5:  # noqa: PLR2004 - already whole
        return commune.upper()
    if department in OVERSEAS:
        return f"97{commune.zfill(3)}"
    if department in PACIFIC:
        return f"98{commune.zfill(3)}"
    if len(department) == 3:  # noqa: PLR2004 - 971
        return f"{department}{commune[-2:].zfill(2)}"
    return f"{department.upper().zfill(2)}{commune.zfill(3)}"


# What a list is called, the best name first; a candidate has a first and a last name.
NAMES = (
    "Libellé Etendu Liste",
    "Libellé de liste",
    "Liste",
    "Libellé Abrégé Liste",
    "Libellé abrégé de liste",
    "Nom",
    "Nom candidat",
    "Prénom",
    "Prénom candidat",
    "Réponse",
)
LISTS = NAMES[:5]


def _list_name(cells: Mapping[str, str]) -> str:
    for name in (*LISTS, "Réponse"):
        if cells.get(name):
            return cells[name]
    first = cells.get("Prénom") or cells.get("Prénom candidat") or ""
    last = cells.get("Nom") or cells.get("Nom candidat") or ""
    return f"{first} {last}".strip()


def _code(row: Row, form: _Form) -> str:
    code = _cell(row, form.station)
    if not code:
        raise _Wrong(_("le bureau n’a pas de numéro."))
    return code


def _registered(row: Row, form: _Form) -> tuple[str, int]:
    return _code(row, form), _number(_cell(row, form.registered), "Inscrits")


def _result(row: Row, form: _Form, poll: str) -> FormerResult:
    """One station, added up. Raises _Wrong."""
    registered, voters, valid = (
        _number(_cell(row, place), name)
        for place, name in ((form.registered, "Inscrits"), (form.voters, "Votants"), (form.valid, "Exprimés"))
    )
    votes: dict[str, int] = {}
    for name, written_votes in form.lists(row):
        if name in votes:
            raise _Wrong(_("« %s » est là deux fois.") % name)
        votes[name] = _number(written_votes, name)
    if (total := sum(votes.values())) != valid:
        raise _Wrong(_("les voix font %(total)s, mais %(valid)s exprimés.") % {"total": total, "valid": valid})
    if not valid <= voters <= registered:
        raise _Wrong(
            _("%(valid)s exprimés, %(voters)s votants, %(registered)s inscrits : ils ne peuvent que croître.")
            % {"valid": valid, "voters": voters, "registered": registered}
        )
    return FormerResult(poll, registered, voters, votes)


def _number(text: str, name: str) -> int:
    number = whole(text)
    if number is None:
        raise _Wrong(_("%(name)s : « %(text)s » n’est pas un nombre entier.") % {"name": name, "text": text[:40]})
    return number


def _cell(row: Row, place: int) -> str:
    return row[place].strip() if place < len(row) else ""
