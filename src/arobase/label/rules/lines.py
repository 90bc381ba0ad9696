"""What a line of results says: year, level, and whether it repeats or contradicts an earlier one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from arobase.label.rules.names import key
from arobase.label.rules.places import Gazetteer
from arobase.label.rules.reconciliation import PLACED, Candidate, Outcome, Printed, Status, reconcile
from arobase.label.rules.remarks import Remark, _

FIRST_YEAR = 1998
LAST_YEAR = 2100
HIGHEST_LEVEL = 5
_LEVEL = re.compile(r"^(?:(?P<number>\d+)(?:[.,]0)?\s*(?:@|arobases?)?|(?P<rings>@+))$", re.I)
_FORMULA = re.compile(r"^=|^[+@-].*[(!|]")


@dataclass(frozen=True)
class PrintedLine:
    """A line as it was read.

    number      of the line in the file; the header is 1
    cells       column → text: year, territory, code, department, level, mention, source
    unreadable  what the file itself makes impossible to read in this line
    """

    number: int
    cells: dict[str, str]
    unreadable: Remark | None = None

    def cell(self, column: str) -> str:
        return self.cells.get(column, "").strip()


@dataclass(frozen=True)
class ReadLine:
    """A line understood: who, when, how many @, and what is to be said about it.

    problems     sentences for a person; a placed line may have one (a repetition)
    repeats      number of the line that says the same already
    """

    printed: PrintedLine
    outcome: Outcome
    year: int | None
    level: int | None
    problems: tuple[Remark, ...] = ()
    repeats: int | None = None

    @property
    def status(self) -> Status:
        return self.outcome.status

    @property
    def is_placed(self) -> bool:
        return self.status in PLACED


class Unreadable(ValueError):
    """A cell that does not hold what its column is for; carries the remark that says so."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.text % remark.facts)
        self.remark = remark


def year_of(text: str) -> int:
    """The year of the label.

    >>> year_of(" 2009 ")
    2009
    """
    text = text.strip()
    if not text:
        raise Unreadable(Remark(_("L’année manque.")))
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        facts = {"year": text, "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise Unreadable(
            Remark(_("« %(year)s » n’est pas une année du label (attendu : un nombre de %(first)s à %(last)s)."), facts)
        )
    return int(text)


def level_of(text: str) -> int | None:
    """The number of @, None where the line does not state it.

    >>> level_of("4"), level_of("@@@"), level_of("5 @"), level_of("")
    (4, 3, 5, None)
    """
    text = text.strip()
    if not text:
        return None
    found = _LEVEL.match(text)
    level = (int(found["number"]) if found["number"] else len(found["rings"])) if found else 0
    if not 1 <= level <= HIGHEST_LEVEL:
        raise Unreadable(Remark(_("« %(level)s » n’est pas un niveau du label (attendu : 1 à 5 @)."), {"level": text}))
    return level


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute a cell instead of showing it.

    >>> is_formula("=cmd|' /C calc'!A0"), is_formula("+SUM(A1)"), is_formula("@@@"), is_formula("Épinal")
    (True, True, False, False)
    """
    return bool(_FORMULA.match(text.strip()))


class Reader:
    """Understands the lines of a file one after the other, remembering what was said before.

    gazetteer    the places that lines may mean
    """

    def __init__(self, *, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._outcomes: dict[Printed, Outcome] = {}
        self._awards: dict[tuple[int, str], tuple[int, int]] = {}  # year, place → line, level
        self._said: dict[tuple[object, ...], int] = {}

    def read(self, line: PrintedLine) -> ReadLine:
        problems: list[Remark] = [line.unreadable] if line.unreadable else []
        year = level = None
        try:
            year = year_of(line.cell("year"))
        except Unreadable as error:
            problems.append(error.remark)
        try:
            level = level_of(line.cell("level"))
        except Unreadable as error:
            problems.append(error.remark)
        for column, text in line.cells.items():
            if is_formula(text):
                facts = {"column": column}
                problems.append(Remark(_("La colonne « %(column)s » contient une formule de tableur."), facts))
        if problems:
            candidates = self._who_may_be_meant(line, year)
            return ReadLine(line, Outcome(Status.INVALID, candidates=candidates), year, level, tuple(problems))
        outcome = self._outcome(line, year)
        if outcome.status is Status.INVALID:
            said = (outcome.problem,) if outcome.problem else ()
            return ReadLine(line, replace(outcome, problem=None), year, level, said)
        problems = [outcome.problem] if outcome.problem else []
        understood = ReadLine(line, replace(outcome, problem=None), year, level, tuple(problems))
        return self._compared(self._repeated(understood))

    def _who_may_be_meant(self, line: PrintedLine, year: int | None) -> tuple[Candidate, ...]:
        """For the person who will settle a line that is impossible in another respect."""
        if line.unreadable or is_formula(line.cell("territory")):
            return ()
        outcome = self._outcome(line, year)
        return outcome.candidates or own_candidate(outcome)

    def _outcome(self, line: PrintedLine, year: int | None) -> Outcome:
        asked = Printed(line.cell("territory"), line.cell("code"), line.cell("department"), year)
        if asked not in self._outcomes:
            self._outcomes[asked] = reconcile(asked, gazetteer=self._gazetteer)
        return self._outcomes[asked]

    def _repeated(self, line: ReadLine) -> ReadLine:
        said = what_is_said(line)
        earlier = self._said.setdefault(said, line.printed.number)
        if earlier == line.printed.number:
            return line
        remark = Remark(_("Même contenu que la ligne %(line)s : comptée une fois."), {"line": str(earlier)})
        return replace(line, problems=(*line.problems, remark), repeats=earlier)

    def _compared(self, line: ReadLine) -> ReadLine:
        place = line.outcome.place
        if place is None or line.level is None or line.year is None:
            return line
        number, level = self._awards.setdefault((line.year, place.id), (line.printed.number, line.level))
        if level == line.level:
            return line
        return contradicted(line, level=level, line_number=number)


def contradicted(line: ReadLine, *, level: int, line_number: int | None = None, source: str = "") -> ReadLine:
    """The line made invalid: a line before it, or a source that is recorded, gives another level for the same year."""
    name = line.outcome.place.name if line.outcome.place else line.printed.cell("territory")
    facts: dict[str, str | int] = {"name": name, "year": str(line.year), "level": str(line.level)}
    facts |= {"earlier": str(level), "line": str(line_number), "source": source or "?"}
    text = _("%(name)s, %(year)s : %(level)s @ ici, %(earlier)s @ déjà enregistré (%(source)s).")
    if line_number is not None:
        text = _("%(name)s, %(year)s : %(level)s @ ici, %(earlier)s @ à la ligne %(line)s.")
    candidates = line.outcome.candidates or own_candidate(line.outcome)
    return replace(
        line, outcome=Outcome(Status.INVALID, candidates=candidates), problems=(*line.problems, Remark(text, facts))
    )


def own_candidate(outcome: Outcome) -> tuple[Candidate, ...]:
    """The place of an outcome as the candidate that a person may confirm."""
    place = outcome.place
    if place is None:
        return ()
    return (Candidate(place.id, place.code, place.name, Remark(_("le territoire dont parle la ligne"))),)


def what_is_said(line: ReadLine) -> tuple[object, ...]:
    """What makes two lines the same statement: year, who, level, mention and source, however they are spelt."""
    who = (
        line.outcome.place.id
        if line.outcome.place
        else (key(line.printed.cell("territory")), line.printed.cell("code"))
    )
    return (line.year, who, line.level, key(line.printed.cell("mention")), key(line.printed.cell("source")))


@dataclass(frozen=True)
class Statement:
    """What a placed line says of a territory in a year. `by_person`: someone decided, later decisions come later."""

    level: int | None
    mention: str
    source: str
    printed: str
    is_sample: bool = False
    by_person: bool = False


@dataclass(frozen=True)
class Merged:
    """What a territory received in a year, from all that is said of it."""

    level: int | None
    distinctions: tuple[str, ...]
    source: str
    printed: str
    is_sample: bool


def merge(statements: Sequence[Statement]) -> Merged:
    """Level, distinctions and sources together.

    The level is the latest that a person decided, else the first that is stated; distinctions and sources are kept
    once each, in their order; a sample only where every statement is.
    """
    decided = [one.level for one in statements if one.by_person and one.level is not None]
    stated = [one.level for one in statements if one.level is not None]
    return Merged(
        level=decided[-1] if decided else (stated[0] if stated else None),
        distinctions=_once(one.mention for one in statements),
        source=" ; ".join(_once(one.source for one in statements)),
        printed=statements[0].printed,
        is_sample=all(one.is_sample for one in statements),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
