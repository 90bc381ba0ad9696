"""Imports and the lines that wait, as the organiser's pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from arobase.label.models import Import, Line
from arobase.label.queries.wording import remark_of, say
from arobase.label.rules.lines import ReadLine

_COLUMNS = ("year", "territory", "code", "department", "level", "mention", "source")


@dataclass(frozen=True)
class CandidateShown:
    """A territory that may be meant, in the reader's words."""

    id: str
    code: str
    name: str
    why: str


@dataclass(frozen=True)
class LineShown:
    """A line of a table: what is printed, what became of it, why. `pk` is None in a preview."""

    pk: int | None
    number: int
    name: str
    printed: dict[str, str]
    status: str
    label: str
    code: str
    problems: tuple[str, ...]
    candidates: tuple[CandidateShown, ...]
    settled: bool = False
    placed_as: str = ""
    set_aside_because: str = ""


def imports() -> QuerySet[Import]:
    """All imports, latest first, with `waiting`: how many of their lines wait."""
    waiting = Count("lines", filter=Q(lines__settled_at=None) & ~Q(lines__status__in=["exact", "historical"]))
    return Import.objects.defer("content").select_related("received_by").annotate(waiting=waiting, total=Count("lines"))


def waiting_lines() -> QuerySet[Line]:
    """Lines that a person has yet to settle, in the order of their files."""
    return (
        Line.objects.filter(settled_at=None)
        .exclude(status__in=["exact", "historical"])
        .select_related("placed_as")
        .order_by("source_import_id", "number", "pk")
    )


def settled_lines() -> QuerySet[Line]:
    """Lines that a person settled, latest first."""
    return Line.objects.filter(settled_at__isnull=False).select_related("placed_as").order_by("-settled_at", "pk")


def lines_of(import_id: int, *, status: str = "") -> QuerySet[Line]:
    lines = Line.objects.filter(source_import_id=import_id).select_related("placed_as").order_by("number", "pk")
    return lines.filter(status=status) if status in Line.Status.values else lines


def counts_of(import_id: int) -> dict[str, int]:
    """How many lines of an import have each status."""
    counts = Line.objects.filter(source_import_id=import_id).order_by().values_list("status").annotate(Count("pk"))
    return dict(counts)


def shown(line: Line) -> LineShown:
    """A kept line in the reader's words."""
    return LineShown(
        pk=line.pk,
        number=line.number,
        name=_name(line.printed),
        printed=_cells(line.printed),
        status=line.status,
        label=line.get_status_display(),
        code=line.placed_as.code if line.placed_as else "",
        problems=tuple(say(remark_of(problem)) for problem in line.problems),
        candidates=tuple(
            CandidateShown(kept["id"], kept["code"], kept["name"], say(remark_of(kept["why"])))
            for kept in line.candidates
        ),
        settled=line.settled_at is not None,
        placed_as=line.placed_as.name if line.placed_as else "",
        set_aside_because=line.set_aside_because,
    )


def previewed(lines: Sequence[ReadLine]) -> list[LineShown]:
    """Lines of a draft in the reader's words."""
    return [_previewed(line) for line in lines]


def _previewed(line: ReadLine) -> LineShown:
    place = line.outcome.place
    return LineShown(
        pk=None,
        number=line.printed.number,
        name=_name(line.printed.cells),
        printed=_cells(line.printed.cells),
        status=line.status.value,
        label=str(Line.Status(line.status.value).label),
        code=line.outcome.code or "",
        problems=tuple(say(problem) for problem in line.problems),
        candidates=tuple(
            CandidateShown(found.id, found.code, found.name, say(found.why)) for found in line.outcome.candidates
        ),
        placed_as=place.name if place else "",
    )


def _name(cells: dict[str, str]) -> str:
    """By what a line is called on a page: the territory as printed, else its code."""
    return cells.get("territory", "").strip() or cells.get("code", "").strip() or "—"


def _cells(cells: dict[str, str]) -> dict[str, str]:
    """All columns that a line may have, empty where it says nothing."""
    return {column: cells.get(column, "") for column in _COLUMNS}
