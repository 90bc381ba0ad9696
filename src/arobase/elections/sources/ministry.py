"""Results by polling station as the ministry of the Interior publishes them (`ministry_forms`).

Read line by line, for the files hold all of France; only the rows of one commune are kept, and each is added up.
"""

import csv
import io
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arobase.elections.rules.plans import FormerResult
from arobase.elections.rules.preparing import key_of
from arobase.elections.sources.ministry_forms import Form, NoHeader, Row, cell, form_of
from arobase.elections.sources.tables import Fault, separator, unpacked, whole
from arobase.web.files import UnreadableFile

# France has 70,000 stations, and the widest row (38 lists of 2024) 12,000 characters.
MOST_LINES, MOST_CHARACTERS = 300_000, 100_000
MOST_ABOVE = 10  # lines, the header among them
MOST_READ = 500 * 1024 * 1024  # bytes, decompressed: several times the largest of these files
Read = TypeVar("Read")


class _Wrong(ValueError):
    """What is wrong with a row, as a sentence."""


@dataclass(frozen=True)
class Results:
    """A commune's stations by `rules.preparing.key_of`, and the lines that were left out."""

    stations: Mapping[str, FormerResult]
    faults: Sequence[Fault]


def read_results(file: BinaryIO, *, commune: str, poll: str) -> Results:
    """The results of one commune (INSEE code); `poll` names them. Raises UnreadableFile."""
    return Results(*_read(file, commune, lambda row, form: _result(row, form, poll)))


def read_registered(file: BinaryIO, *, commune: str) -> tuple[Mapping[str, int], Sequence[Fault]]:
    """Registered voters by station code as it is written, and lines left out; votes may be anything. As above."""
    found, faults = _read(file, commune, _registered)
    return dict(found.values()), faults


def _read(
    file: BinaryIO, commune: str, read: Callable[[Row, Form], Read]
) -> tuple[Mapping[str, Read], Sequence[Fault]]:
    """What is read of a commune's rows, by station, and the lines that were left out. Raises UnreadableFile."""
    lines = _lines(file)
    form, delimiter, above = _header(lines)
    rows = csv.reader(lines, delimiter=delimiter)
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
                faults.append(Fault(above + rows.line_num, str(error)))
    except csv.Error as error:
        raise UnreadableFile(gettext_noop("La ligne %(line)s n’est pas du CSV."), line=above + rows.line_num) from error
    if not stations and not faults:
        raise UnreadableFile(gettext_noop("Aucun bureau de la commune %(code)s dans ce fichier."), code=commune)
    return stations, faults


def is_results(file: BinaryIO) -> bool:
    """Whether a file begins like one of results by station; it is read from its beginning again afterwards."""
    try:
        _header(_lines(file))
    except (UnreadableFile, csv.Error):
        return False
    finally:
        file.seek(0)
    return True


def _header(lines: Iterator[str]) -> tuple[Form, str, int]:
    """The form, what separates its cells, and the header's line: older files have a title above it.

    Raises   UnreadableFile where none of the first lines is a header, or it lacks a column.
    """
    unknown = UnreadableFile(gettext_noop("Ce fichier est vide."))
    for number, line in enumerate(islice(lines, MOST_ABOVE), start=1):
        delimiter = separator(line)
        try:
            return form_of(next(csv.reader([line.lstrip("\ufeff")], delimiter=delimiter), [])), delimiter, number
        except NoHeader as error:
            unknown = error
    raise unknown


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
    opened = unpacked(file)
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


def _code(row: Row, form: Form) -> str:
    code = cell(row, form.station)
    if not code:
        raise _Wrong(_("le bureau n’a pas de numéro."))
    return code


def _registered(row: Row, form: Form) -> tuple[str, int]:
    return _code(row, form), _number(cell(row, form.registered), "Inscrits")


def _result(row: Row, form: Form, poll: str) -> FormerResult:
    """One station, added up. Raises _Wrong; UnreadableFile where nobody has a name."""
    if not form.has_names:
        raise UnreadableFile(
            gettext_noop(
                "Aucune colonne de ce fichier ne nomme les listes ni les candidats\u00a0:"
                " il y faut «\u202fLibellé de liste\u202f», «\u202fNom\u202f», «\u202fBinôme\u202f»"
                " ou «\u202fRéponse\u202f»."
            )
        )
    registered, voters, valid = (
        _number(cell(row, place), name)
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
