"""The three forms in which the ministry publishes results by polling station, told apart by their header."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop

from arobase.elections.sources.tables import plain
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
# How the ministry writes departments overseas, and what their communes' codes begin with.
OVERSEAS = {"ZA", "ZB", "ZC", "ZD", "ZM", "ZS", "ZX"}
PACIFIC = {"ZN", "ZP", "ZW"}
# What a list, a department's pair or an answer is called, the best name first; a candidate has a first and a last name.
WHOLE = (
    "Libellé Etendu Liste",
    "Libellé de liste",
    "Liste",
    "Libellé Abrégé Liste",
    "Libellé abrégé de liste",
    "Binôme",
    "Réponse",
)
NAMES = (*WHOLE, "Nom", "Nom candidat", "Prénom", "Prénom candidat")
BEGINS_A_LIST = ("npanneau", "npan", "nliste", "codenuance", "nuance", "binome", "sexe", "nom", "voix")
STATIONS = ("codedubvote", "codebvote")  # until 2022; the second in 2020
Row = Sequence[str]


class NoHeader(UnreadableFile):
    """A line that is the header of no known form."""


@dataclass(frozen=True)
class Form:
    """Where a form of the file keeps what; `lists` gives names and votes as written.

    has_names   whether a column tells who stands; without one the votes are of nobody
    """

    commune: Callable[[Row], str]
    station: int
    registered: int
    voters: int
    valid: int
    lists: Callable[[Row], Iterator[tuple[str, str]]]
    has_names: bool = True


def form_of(names: Row) -> Form:
    """Which of the forms a header belongs to. Raises NoHeader; UnreadableFile where it lacks a column."""
    known = {plain(name): place for place, name in reversed(list(enumerate(names)))}
    if {"insee", "bureau", "inscrits", "votants", "exprimes"} <= known.keys():
        return _wide(names, known)
    if "voix1" in known and "codebv" in known:
        return _numbered(known)
    if "voix" in known and (station := next((name for name in STATIONS if name in known), None)):
        return _repeated(names, known, station)
    raise NoHeader(
        gettext_noop(
            "Aucune des premières lignes n’est celle d’un fichier connu de résultats par bureau de vote :"
            " il y faut le code de la commune, le bureau (« Code BV » ou « Code du b.vote »), Inscrits, Votants,"
            " Exprimés et les voix."
        )
    )


def _wide(names: Row, known: Mapping[str, int]) -> Form:
    """insee,bureau,…,inscrits,votants,exprimes, then one column a list."""
    lists = [(place, name) for place, name in enumerate(names) if name not in BESIDE_LISTS]

    def votes(row: Row) -> Iterator[tuple[str, str]]:
        return ((name, row[place] if place < len(row) else "") for place, name in lists)

    return Form(
        lambda row: cell(row, known["insee"]).zfill(5),
        known["bureau"],
        known["inscrits"],
        known["votants"],
        known["exprimes"],
        votes,
    )


def _numbered(known: Mapping[str, int]) -> Form:
    """Since 2024: columns of each list end in its number, « Voix 1 »; rows with fewer lists leave the rest empty."""
    numbers = sorted(int(name[4:]) for name in known if re.fullmatch(r"voix\d+", name))

    def votes(row: Row) -> Iterator[tuple[str, str]]:
        for number in numbers:
            columns = {name: known.get(plain(f"{name} {number}")) for name in NAMES}
            cells = {name: cell(row, place) for name, place in columns.items() if place is not None}
            if written := cell(row, known[f"voix{number}"]):
                yield _list_name(cells) or str(number), written

    names = {plain(f"{name} {number}") for number in numbers for name in NAMES}
    return replace(_ministry(known, "codebv", votes), has_names=bool(names & known.keys()))


def _repeated(names: Row, known: Mapping[str, int], station: str) -> Form:
    """Until 2022: the columns of the first list, then the same again for each other one, without a header."""
    first = min(known[name] for name in BEGINS_A_LIST if name in known)
    length = len(names) - first
    group = {plain(name): place for place, name in enumerate(names[first:])}

    def votes(row: Row) -> Iterator[tuple[str, str]]:
        for start in range(first, len(row), length):
            cells = row[start : start + length]
            if written := cell(cells, group["voix"]):
                named = {name: cell(cells, group[plain(name)]) for name in NAMES if plain(name) in group}
                yield _list_name(named) or str((start - first) // length + 1), written

    has_names = any(plain(name) in group for name in NAMES)
    return replace(_ministry(known, station, votes), has_names=has_names)


def _ministry(known: Mapping[str, int], station: str, votes: Callable[[Row], Iterator[tuple[str, str]]]) -> Form:
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
    return Form(
        lambda row: insee(cell(row, department), cell(row, commune)), known[station], registered, voters, valid, votes
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


def _list_name(cells: Mapping[str, str]) -> str:
    for name in WHOLE:
        if cells.get(name):
            return cells[name]
    first = cells.get("Prénom") or cells.get("Prénom candidat") or ""
    last = cells.get("Nom") or cells.get("Nom candidat") or ""
    return f"{first} {last}".strip()


def cell(row: Row, place: int) -> str:
    return row[place].strip() if place < len(row) else ""
