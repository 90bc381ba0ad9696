"""The official geographic code, from npm's @etalab/decoupage-administratif (layer 3, locked with the front end)."""

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.loading import LoadFailed
from arobase.territories.actions.reference import Provenance, publish, write_territories, write_undated_links
from arobase.territories.models import Succession
from arobase.territories.rules.geographic_code import Code, Entry, entries, links, vintage
from arobase.territories.sources.files import MissingPackage, named, npm, npm_version, read_json

PACKAGE = "@etalab/decoupage-administratif"
LICENCE = "Licence Ouverte 2.0 (INSEE, DGCL, La Poste)"
Clock = Callable[[], datetime]


class UnknownDepartment(LoadFailed):
    """A partial load was asked for a department that the code does not have."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(_("Département inconnu : %s. Attendu : un code comme 48, 2A, 971 ou 988.") % ", ".join(codes))


def load(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Load all territories and the undated links from former codes to today's communes."""
    if npm(PACKAGE, "data/communes.json") is None:
        raise MissingPackage(PACKAGE)
    folder = settings.PACKAGES / PACKAGE / "data"
    names = ("communes", "departements", "regions", "epci")
    files = []
    for done, name in enumerate(names):
        request.progress(_("code officiel géographique"), done, len(names))
        files.append(read_json(folder / f"{name}.json"))
    with named(folder):
        code = Code(*files)
        found, former = entries(code), links(code)
    request.progress(_("code officiel géographique"), len(names), len(names))
    found = _limited(found, request.departments)
    kept = {entry.id for entry in found}
    former = [link for link in former if link.successor in kept]
    version = npm_version(PACKAGE)
    provenance = Provenance(
        "code", 3, f"COG {vintage(version)} ({version})", LICENCE, len(found), note=limited_to(request.departments)
    )
    return publish(
        provenance,
        lambda: write_territories(found, departments=request.departments, vanished_on=date(vintage(version), 1, 1)),
        lambda: write_undated_links(former, departments=request.departments),
        at=now(),
    )


def _limited(found: list[Entry], departments: frozenset[str]) -> list[Entry]:
    """Of a partial load: communes and their parts of the departments, and all that is not a commune."""
    if not departments:
        return found
    known = {entry.code for entry in found if entry.kind in {"department", "collectivity"}}
    if unknown := sorted(departments - known):
        raise UnknownDepartment(unknown)
    wanted = {f"{kind}:{code}" for code in departments for kind in ("department", "collectivity")}
    small = {"commune", "delegated", "associated", "arrondissement"}
    return [entry for entry in found if entry.kind not in small or entry.department in wanted]


def limited_to(departments: frozenset[str]) -> str:
    """The note of a partial load."""
    return _("Dernier chargement limité à : %s.") % ", ".join(sorted(departments)) if departments else ""


def joined(*notes: str) -> str:
    return " ".join(note for note in notes if note)


def undated() -> int:
    """How many links from former codes still lack their date."""
    return Succession.objects.filter(on__isnull=True).count()
