"""Files of results: received as drafts, and recorded line by line in one transaction, as often as one likes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.label.actions.awards import Changes, derive, one_writer
from arobase.label.models import Award, Import, Line
from arobase.label.queries.wording import kept_candidate, kept_remark
from arobase.label.rules.lines import PrintedLine, ReadLine, contradicted
from arobase.label.rules.names import fold, key
from arobase.label.rules.reconciliation import PLACED

_CHUNK = 400


@dataclass(frozen=True)
class Recorded:
    """What an import changed."""

    import_id: int
    lines: Changes
    awards: Changes


def receive(content: bytes, *, file_name: str, by: User | None, at: datetime) -> Import:
    """Keep a file as a draft; the same content again is the same import."""
    draft, _created = Import.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={"file_name": file_name[:200], "received_by": by, "received_at": at, "content": content},
    )
    return draft


def discard(import_id: int) -> None:
    """Forget a draft; an import that was confirmed stays."""
    Import.objects.filter(pk=import_id, imported_at=None).delete()


def record(
    lines: Sequence[ReadLine], *, sha256: str, file_name: str, origin: str, by: User | None, at: datetime
) -> Recorded:
    """Keep the lines of a file and derive the awards, all or nothing.

    Lines known already (from this file or another that says the same) are looked at again unless a person settled
    them. The mirror's file replaces its earlier version and the sample; a sample gives way to nothing else.
    """
    with transaction.atomic():
        one_writer()
        kept, _created = Import.objects.get_or_create(
            sha256=sha256,
            defaults={"file_name": file_name[:200], "received_by": by, "received_at": at, "imported_at": at}
            | {"origin": origin},
        )
        if kept.imported_at is None:
            kept.imported_at, kept.content = at, None
            kept.save(update_fields=["imported_at", "content"])
        awards = Changes()
        gone = Changes()
        prints = {fingerprint(line.printed): line for line in reversed(lines) if line.repeats is None}
        if origin == Import.Origin.MIRROR:
            gone, awards = _drop_replaced(kept, keep=frozenset(prints))
        fresh = dict(zip(prints, compared_with_known(list(prints.values())), strict=True))
        changes, touched = _upsert(kept, fresh)
        awards += derive(touched)
        return Recorded(kept.pk, changes + gone, awards)


def fingerprint(line: PrintedLine) -> str:
    """What a line says, however it is spelt: the same for the same statement in another file."""
    cells = [line.cell("year"), key(line.cell("territory")), line.cell("code"), fold(line.cell("department"))]
    cells += [line.cell("level"), key(line.cell("mention")), key(line.cell("source"))]
    if not cells[1] and line.cell("territory"):
        cells[1] = line.cell("territory")
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def compared_with_known(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines, invalid where an award that is recorded already gives the territory another level in that year.

    A line that is itself recorded and placed is not compared: it is part of what made the award.
    """
    years = {line.year for line in lines if line.is_placed and line.year}
    recorded = Award.objects.filter(edition_id__in=years, is_sample=False, level__isnull=False)
    levels = {
        (year, territory_id): (level or 0, source)
        for year, territory_id, level, source in recorded.values_list("edition_id", "territory_id", "level", "source")
    }
    placed = Line.objects.filter(year__in=years, placed_as__isnull=False)
    known = frozenset(placed.values_list("fingerprint", flat=True)) if levels else frozenset()
    return [_compared(line, levels, known) for line in lines]


def _compared(line: ReadLine, levels: dict[tuple[int, str], tuple[int, str]], known: frozenset[str]) -> ReadLine:
    place = line.outcome.place
    if place is None or line.level is None or line.year is None or (line.year, place.id) not in levels:
        return line
    level, source = levels[line.year, place.id]
    if level == line.level or fingerprint(line.printed) in known:
        return line
    return contradicted(line, level=level, source=source)


def _drop_replaced(kept: Import, *, keep: frozenset[str]) -> tuple[Changes, Changes]:
    """Remove what the mirror's new file replaces: the sample, and lines of earlier versions that no one settled."""
    old = Line.objects.filter(source_import__origin__in=["sample", "mirror"], settled_at=None)
    doomed = [
        (pk, year, placed)
        for pk, print_, year, placed, origin in old.values_list(
            "pk", "fingerprint", "year", "placed_as_id", "source_import__origin"
        )
        if origin == "sample" or print_ not in keep
    ]
    pairs = {(year, placed) for _pk, year, placed in doomed if year and placed}
    keys = [pk for pk, _year, _placed in doomed]
    for start in range(0, len(keys), _CHUNK):
        Line.objects.filter(pk__in=keys[start : start + _CHUNK]).delete()
    Import.objects.filter(origin__in=["sample", "mirror"], lines=None).exclude(pk=kept.pk).delete()
    return Changes(removed=len(keys)), derive(pairs)


def _upsert(kept: Import, lines: dict[str, ReadLine]) -> tuple[Changes, set[tuple[int, str]]]:
    known: dict[str, Line] = {}
    prints = list(lines)
    for start in range(0, len(prints), _CHUNK):
        for row in Line.objects.filter(fingerprint__in=prints[start : start + _CHUNK]).select_related("source_import"):
            known[row.fingerprint] = row
    touched: set[tuple[int, str]] = set()
    fresh, changed = [], []
    for print_, line in sorted(lines.items(), key=lambda item: item[1].printed.number):
        wanted, old = _row(kept, print_, line), known.get(print_)
        takes_over = old is not None and _gives_way(old.source_import.origin, kept.origin)
        if old is not None and (old.settled_at is not None or _same(old, wanted)) and not takes_over:
            continue
        touched |= _pair(wanted)
        if old is None:
            fresh.append(wanted)
            continue
        touched |= _pair(old)
        if takes_over:
            old.source_import, old.number = kept, line.printed.number
        for name in _OUTCOME if old.settled_at is None else ():
            setattr(old, name, getattr(wanted, name))
        changed.append(old)
    Line.objects.bulk_create(fresh, batch_size=_CHUNK)
    Line.objects.bulk_update(changed, [*_OUTCOME, "source_import", "number"], batch_size=100)
    return Changes(len(fresh), len(changed)), touched


def _gives_way(origin: str, to: str) -> bool:
    """Whether a line that came with the reference data becomes that of an organiser's file, which then keeps it."""
    return origin != Import.Origin.FILE and to == Import.Origin.FILE


_OUTCOME = ["year", "level", "status", "problems", "candidates", "placed_as_id"]


def _same(old: Line, wanted: Line) -> bool:
    return all(getattr(old, name) == getattr(wanted, name) for name in _OUTCOME)


def _pair(line: Line) -> set[tuple[int, str]]:
    return {(line.year, line.placed_as_id)} if line.year and line.placed_as_id else set()


def _row(kept: Import, print_: str, line: ReadLine) -> Line:
    place = line.outcome.place if line.status in PLACED else None
    return Line(
        source_import=kept,
        number=line.printed.number,
        fingerprint=print_,
        printed=line.printed.cells,
        year=line.year,
        level=line.level,
        status=line.status.value,
        problems=[kept_remark(problem) for problem in line.problems],
        candidates=[kept_candidate(candidate) for candidate in line.outcome.candidates],
        placed_as_id=place.id if place else None,
    )
