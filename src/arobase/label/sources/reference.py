"""Laureates and totals that come with the reference data: the mirror's, else a short list of well-known ones."""

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.label.actions.awards import ensure_editions
from arobase.label.models import Edition, Import
from arobase.label.queries.places import NoTerritories
from arobase.label.queries.wording import say
from arobase.label.sources.laureates import NOT_LOADED, import_lines
from arobase.label.sources.tables import read
from arobase.label.sources.wellknown import WELL_KNOWN
from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.loading import LoadFailed
from arobase.web.files import UnreadableFile, bounded_file, decoded

LICENCE = "faits relevés dans la presse, source citée à chaque ligne"
Clock = Callable[[], datetime]


def load_laureates(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """The mirror's laureates; without them the well-known ones, marked as a sample."""
    try:
        return _load_laureates(now=now)
    except UnreadableFile as error:
        raise LoadFailed(say(error)) from error
    except NoTerritories as error:
        raise LoadFailed(say(NOT_LOADED)) from error


def _load_laureates(*, now: Clock) -> Loaded:
    path = settings.DATA_MIRROR / "label" / "laureates.csv" if settings.DATA_MIRROR else None
    if path and path.exists():
        return _load_from_mirror(bounded_file(path), now=now)
    if Import.objects.filter(origin=Import.Origin.MIRROR).exists():
        kept = Import.objects.filter(origin=Import.Origin.MIRROR).latest("received_at")
        rows = kept.lines.count()
        return Loaded(1, kept.sha256[:12], rows, LICENCE, _no_changes(), _("Miroir absent : lauréats déjà chargés."))
    recorded = import_lines(
        WELL_KNOWN,
        sha256=hashlib.sha256(repr(WELL_KNOWN).encode()).hexdigest(),
        file_name=_("lauréats connus"),
        by=None,
        at=now(),
        origin=Import.Origin.SAMPLE,
    )
    note = _(
        "Échantillon de lauréats connus, avec leurs sources. Pour compléter : AROBASE_DATA_MIRROR, puis "
        "arobase data load --only laureates, ou arobase laureates import FICHIER."
    )
    changes = {"added": recorded.awards.added, "changed": recorded.awards.changed, "removed": recorded.awards.removed}
    return Loaded(3, "2001–2026", len(WELL_KNOWN), LICENCE, changes, note)


def _load_from_mirror(content: bytes, *, now: Clock) -> Loaded:
    sha256 = hashlib.sha256(content).hexdigest()
    lines = read(content).lines
    recorded = import_lines(
        lines, sha256=sha256, file_name="laureates.csv", by=None, at=now(), origin=Import.Origin.MIRROR
    )
    changes = {"added": recorded.awards.added, "changed": recorded.awards.changed, "removed": recorded.awards.removed}
    note = _("Une partie des quelque 5 000 prix décernés depuis 1999 ; les autres s’importent avec leur fichier.")
    return Loaded(1, sha256[:12], len(lines), LICENCE, changes, note)


def load_participation(request: LoadRequest) -> Loaded:
    """Published totals by year; nothing but a note without the mirror."""
    path = settings.DATA_MIRROR / "label" / "participation.csv" if settings.DATA_MIRROR else None
    if not path or not path.exists():
        note = _("Totaux publiés par année : absents sans le miroir (AROBASE_DATA_MIRROR).")
        return Loaded(None, "", 0, LICENCE, _no_changes(), note)
    content = bounded_file(path)
    rows = list(csv.DictReader(io.StringIO(decoded(content)[0])))
    with transaction.atomic():
        ensure_editions(int(row["year"]) for row in rows)
        editions = Edition.objects.in_bulk([int(row["year"]) for row in rows])
        changed = [edition for row in rows if _tell(edition := editions[int(row["year"])], row)]
        Edition.objects.bulk_update(changed, ["rewarded", "rewarded_by_level", "totals_note", "totals_source"])
    version = hashlib.sha256(content).hexdigest()[:12]
    return Loaded(1, version, len(rows), LICENCE, {"added": 0, "changed": len(changed), "removed": 0})


def _tell(edition: Edition, row: dict[str, str]) -> bool:
    """Set an edition's totals; True when they differ from before."""
    before = (edition.rewarded, edition.rewarded_by_level, edition.totals_note, edition.totals_source)
    edition.rewarded = int(row["participants"]) if row["participants"] else None
    edition.rewarded_by_level = {str(level): int(row[f"at{level}"]) for level in range(1, 6) if row[f"at{level}"]}
    edition.totals_note, edition.totals_source = row["note"], row["source"]
    return before != (edition.rewarded, edition.rewarded_by_level, edition.totals_note, edition.totals_source)


def _no_changes() -> dict[str, int]:
    return {"added": 0, "changed": 0, "removed": 0}
