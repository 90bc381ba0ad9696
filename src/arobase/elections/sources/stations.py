"""Lists and polling stations as an agent has them: a few lines of text, a CSV table."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arobase.elections.rules.plans import LONGEST_SHORT, PlannedChoice, PlannedStation, is_code, number_key
from arobase.elections.sources.tables import Fault, hour, plain, separator, whole
from arobase.web.files import UnreadableFile

# As the database keeps them (models.Choice, models.Station).
LONGEST_NAME, LONGEST_NUMBER = 200, 5
HEADER = ("code", "inscrits", "nom", "adresse", "telephone", "ouverture", "fermeture", "tables", "lon", "lat")
LONGEST = {"code": 10, "nom": 150, "adresse": 200, "telephone": 30}
OTHER_NAMES = {"bureau": "code", "numero": "code", "codebv": "code", "tel": "telephone", "longitude": "lon"}
OTHER_NAMES |= {"latitude": "lat", "inscrit": "inscrits", "ouvre": "ouverture", "ferme": "fermeture"}
COLUMNS, OLDEST, MOST_CANDIDATES = 5, 120, 999


class _Wrong(ValueError):
    """What is wrong with a line, as a sentence."""


@dataclass(frozen=True)
class ReadChoices:
    """Lists in order, and the lines that were none."""

    choices: Sequence[PlannedChoice]
    faults: Sequence[Fault]


@dataclass(frozen=True)
class ReadStations:
    """Stations in the order of the table, and the lines that were none."""

    stations: Sequence[PlannedStation]
    faults: Sequence[Fault]


def read_choices(text: str) -> ReadChoices:
    """One list a line: `number;name;short;average age;names`, or the name alone; tabs where a spreadsheet put them."""
    choices: list[PlannedChoice] = []
    faults, seen = [], _Seen()
    for line, written in enumerate(text.splitlines(), start=1):
        if not written.strip():
            continue
        try:
            read = _choice([part.strip() for part in written.split("\t" if "\t" in written else ";")])
            choices.append(read)
            seen.check(read, line=line)
        except _Wrong as error:
            faults.append(Fault(line, str(error)))
    return ReadChoices(choices, faults)


class _Seen:
    """Numbers, names and short names of the lines so far, each with its line."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], int] = {}

    def check(self, read: PlannedChoice, *, line: int) -> None:
        """Keep what a line says. Raises _Wrong where an earlier one says the same."""
        said = {
            _("le nom « %(said)s » est là deux fois, déjà à la ligne %(line)s."): read.name,
            _("le nom court « %(said)s » est déjà celui de la ligne %(line)s."): read.shown,
            _("le numéro %(said)s est déjà celui de la ligne %(line)s."): read.number and number_key(read.number),
        }
        for sentence, value in said.items():
            first = self._lines.setdefault((sentence, value), line)
            if value and first != line:
                raise _Wrong(sentence % {"said": value, "line": first})


def _choice(parts: Sequence[str]) -> PlannedChoice:
    number, name, short, age, names = ("", parts[0], "", "", "") if len(parts) == 1 else (*parts, "", "", "")[:5]
    if any(parts[COLUMNS:]):
        raise _Wrong(_("cinq colonnes au plus : numéro, nom, nom court, âge moyen, nombre de noms."))
    if not name:
        raise _Wrong(_("le nom manque."))
    for value, longest in ((number, LONGEST_NUMBER), (name, LONGEST_NAME), (short, LONGEST_SHORT)):
        _within(value, longest)
    candidates = _whole(names, _("nombre de noms"), least=1, most=MOST_CANDIDATES) if names else None
    return PlannedChoice(name, short=short, number=number, average_age=_age(age), candidates=candidates)


def _age(written: str) -> float | None:
    if not written:
        return None
    age = _decimal(written)
    if not 18 <= age <= OLDEST:  # noqa: PLR2004 - one must be 18 to stand
        raise _Wrong(_("l’âge moyen « %s » n’est pas un âge de candidats.") % written)
    return round(age, 2)


def read_stations(text: str) -> ReadStations:
    """A table with a header, `;` or `,` between its columns. Raises UnreadableFile."""
    lines = text.lstrip("\ufeff").strip("\r\n ").splitlines(keepends=True)
    if not lines:
        return ReadStations([], [])
    rows = csv.reader(lines, delimiter=separator(lines[0]))
    names = [OTHER_NAMES.get(plain(name), plain(name)) for name in next(rows)]
    if not {"code", "inscrits"} <= set(names):
        raise UnreadableFile(gettext_noop("La première ligne doit nommer les colonnes, dont « code » et « inscrits »."))
    stations, faults = [], []
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                try:
                    stations.append(_station(dict(zip(names, map(str.strip, row), strict=False))))
                except _Wrong as error:
                    faults.append(Fault(rows.line_num, str(error)))
    except csv.Error as error:
        raise UnreadableFile(gettext_noop("La ligne %(line)s n’est pas du CSV."), line=rows.line_num) from error
    return ReadStations(stations, faults)


def _station(cells: Mapping[str, str]) -> PlannedStation:
    for name, longest in LONGEST.items():
        _within(cells.get(name, ""), longest)
    lon, lat = _degrees(cells, "lon", 180), _degrees(cells, "lat", 90)
    if (lon is None) != (lat is None):
        raise _Wrong(_("lon et lat vont ensemble."))
    return PlannedStation(
        code=_code(cells.get("code", "")),
        registered=_whole(cells.get("inscrits", ""), "inscrits", least=1),
        name=cells.get("nom", ""),
        address=cells.get("adresse", ""),
        phone=cells.get("telephone", ""),
        tables=_whole(cells.get("tables") or "1", "tables", least=1, most=99),
        opens=_hour(cells.get("ouverture") or "8:00"),
        closes=_hour(cells.get("fermeture") or "18:00"),
        lon=lon,
        lat=lat,
    )


def _code(written: str) -> str:
    """A station's code goes into addresses, as it stands."""
    if not written:
        raise _Wrong(_("le code manque."))
    if not is_code(written):
        raise _Wrong(_("le code « %s » : lettres, chiffres et tirets seulement.") % written)
    return written


def _whole(written: str, name: str, *, least: int, most: int = 1_000_000) -> int:
    number = whole(written)
    if number is None or not least <= number <= most:
        raise _Wrong(
            _("%(name)s : « %(text)s » n’est pas un nombre entier de %(least)s à %(most)s.")
            % {"name": name, "text": written[:40], "least": least, "most": f"{most:_}".replace("_", "\u202f")}
        )
    return number


def _hour(written: str) -> time:
    if (found := hour(written)) is None:
        raise _Wrong(_("« %s » n’est pas une heure ; écrivez 8:00.") % written[:40])
    return found


def _degrees(cells: Mapping[str, str], name: str, most: int) -> float | None:
    if not (written := cells.get(name, "")):
        return None
    if not -most <= (degrees := _decimal(written)) <= most:
        raise _Wrong(
            _("%(name)s : %(text)s n’est pas entre -%(most)s et %(most)s.")
            % {"name": name, "text": written[:40], "most": most}
        )
    return degrees


def _decimal(written: str) -> float:
    try:
        return float(written.replace(",", "."))
    except ValueError as error:
        raise _Wrong(_("« %s » n’est pas un nombre.") % written[:40]) from error


def _within(written: str, longest: int) -> None:
    if len(written) > longest:
        raise _Wrong(_("« %(text)s… » : %(longest)s signes au plus.") % {"text": written[:40], "longest": longest})


def written_stations(stations: Sequence[PlannedStation]) -> str:
    """The stations as a table that `read_stations` reads again."""
    kept = io.StringIO()
    table = csv.writer(kept, delimiter=";", lineterminator="\n")
    table.writerow(HEADER)
    for one in stations:
        hours = (f"{one.opens:%H:%M}", f"{one.closes:%H:%M}")
        place = ["" if degrees is None else degrees for degrees in (one.lon, one.lat)]
        table.writerow([one.code, one.registered, one.name, one.address, one.phone, *hours, one.tables, *place])
    return kept.getvalue()


def written_choices(choices: Sequence[PlannedChoice]) -> str:
    """Lists as lines that `read_choices` reads again; a name with a semicolon or a tab would be two columns."""
    return "\n".join(_written(one) for one in choices)


def _written(one: PlannedChoice) -> str:
    short = "" if one.short == one.name[:LONGEST_SHORT] else one.short
    age = "" if one.average_age is None else f"{one.average_age:g}".replace(".", ",")
    names = "" if one.candidates is None else str(one.candidates)
    cells = [cell.replace(";", ",").replace("\t", " ") for cell in (one.number, one.name, short, age, names)]
    return ";".join(cells).rstrip(";") if any((one.number, short, age, names)) else cells[1]
