"""Awards derived from the lines that are placed; beside them stand those that a campaign published (`outcomes`)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from arobase.label.models import Award, Edition, Line
from arobase.label.queries.received import BY_CAMPAIGN
from arobase.label.rules.editions import EDITION_FACTS
from arobase.label.rules.lines import Statement, merge

_CHUNK = 400
_LOCK = 0x6C6162656C  # "label": one writer of awards at a time on PostgreSQL; SQLite has one writer anyway


@dataclass(frozen=True)
class Changes:
    """How many rows came, changed and went."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(self.added + other.added, self.changed + other.changed, self.removed + other.removed)


def one_writer() -> None:
    """Wait until no other transaction writes awards; held until the end of this one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def ensure_editions(years: Iterable[int]) -> None:
    """Make the editions of these years, with what is known of them."""
    facts = {fact.label_year: fact for fact in EDITION_FACTS}
    fresh = []
    for year in set(years):
        fact = facts.get(year)
        fresh.append(
            Edition(
                label_year=year,
                number=fact.number if fact else None,
                ceremony_on=fact.ceremony_on if fact else None,
                facts_source=f"{fact.source} ; {fact.note}".removesuffix(" ; ") if fact else "",
            )
        )
    Edition.objects.bulk_create(fresh, ignore_conflicts=True)


def derive(pairs: Iterable[tuple[int, str]]) -> Changes:
    """Make the awards of (year, territory id) what their lines say; one that no line says any more goes."""
    by_year: dict[int, set[str]] = defaultdict(set)
    for year, territory_id in pairs:
        by_year[year].add(territory_id)
    ensure_editions(by_year)
    total = Changes()
    for year, territories in by_year.items():
        ordered = sorted(territories)
        for start in range(0, len(ordered), _CHUNK):
            total += _derive(year, ordered[start : start + _CHUNK])
    return total


def _derive(year: int, territories: list[str]) -> Changes:
    said: dict[str, list[Line]] = defaultdict(list)
    lines = Line.objects.filter(year=year, placed_as_id__in=territories).select_related("source_import")
    for line in lines.order_by("source_import_id", "number"):
        said[line.placed_as_id or ""].append(line)
    known = {award.territory_id: award for award in Award.objects.filter(edition_id=year, territory_id__in=territories)}
    fresh, changed, gone = [], [], []
    for territory_id in territories:
        award = known.get(territory_id)
        if award and award.placed_by == BY_CAMPAIGN:
            continue  # what a jury decided here stands, whatever a file says of it
        if territory_id not in said:
            gone += [award.pk] if award else []
            continue
        wanted = _award(year, territory_id, said[territory_id])
        if award is None:
            fresh.append(wanted)
        elif _differ(award, wanted):
            wanted.pk = award.pk
            changed.append(wanted)
    Award.objects.bulk_create(fresh)
    Award.objects.bulk_update(changed, _DERIVED)
    Award.objects.filter(pk__in=gone).delete()
    return Changes(len(fresh), len(changed), len(gone))


_DERIVED = ["level", "distinctions", "name_as_printed", "source", "is_sample", "placed_by"]


def _differ(award: Award, wanted: Award) -> bool:
    return any(getattr(award, name) != getattr(wanted, name) for name in _DERIVED)


def _award(year: int, territory_id: str, lines: list[Line]) -> Award:
    lines = sorted(lines, key=lambda line: (line.settled_at is not None, str(line.settled_at)))
    merged = merge([_statement(line) for line in lines])
    first = lines[0]
    return Award(
        edition_id=year,
        territory_id=territory_id,
        level=merged.level,
        distinctions=list(merged.distinctions),
        name_as_printed=merged.printed[:200],
        source=merged.source,
        is_sample=merged.is_sample,
        placed_by="settled" if first.settled_at else first.status,
    )


def _statement(line: Line) -> Statement:
    return Statement(
        level=line.level,
        mention=line.printed.get("mention", "").strip(),
        source=line.printed.get("source", "").strip(),
        printed=line.printed.get("territory", "").strip() or line.printed.get("code", "").strip(),
        is_sample=line.source_import.origin == "sample",
        by_person=line.settled_at is not None,
    )
