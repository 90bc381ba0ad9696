"""When communes merged, split and changed their names: INSEE's file of movements, from the mirror or from INSEE."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.reference import Provenance, publish, write_dated_links, write_fields
from arobase.territories.models import Kind, Territory
from arobase.territories.rules.movements import History, Movement, NotMovements, parse
from arobase.territories.sources.code import joined, undated
from arobase.territories.sources.files import BrokenFile, csv_rows, mirror, mirror_version
from arobase.territories.sources.official import Absent, official

Clock = Callable[[], datetime]
LICENCE = "Licence Ouverte 2.0 (INSEE)"


def load(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Date the links between former communes and today's; where no layer has the file, links stay undated."""
    request.progress(_("mouvements des communes"), 0, 0)
    if path := mirror("territories/mvtcommune.csv"):
        layer, version, licence = 1, mirror_version(path), LICENCE
    else:
        answer = official("movements", progress=request.progress)
        if isinstance(answer, Absent):
            return Loaded(None, "", 0, LICENCE, {}, joined(_missing(), answer.reason))
        layer, path, version, licence = 2, answer.path, answer.version, answer.licence
    found = _movements(path)
    communes = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True)
    history = History(found, today=dict(communes.values_list("code", "name")))
    links, days = history.links(), history.first_days()
    first = {f"commune:{code}": (day,) for code, day in days.items()}
    return publish(
        Provenance("movements", layer, version, licence, len(found)),
        lambda: write_dated_links(links),
        lambda: write_fields(("valid_from",), first, clear=communes.values_list("id", flat=True)),
        at=now(),
    )


def _missing() -> str:
    return _(
        "Le fichier des mouvements de l’INSEE manque : %(links)s liens entre communes d’avant et d’aujourd’hui "
        "restent sans date. Connectez la machine à Internet (ou déposez territories/mvtcommune.csv dans le miroir), "
        "puis lancez « arobase data load --only movements »."
    ) % {"links": undated()}


def _movements(path: Path) -> list[Movement]:
    try:
        return parse(csv_rows(path))
    except NotMovements as error:
        problem = _("ligne %(line)s : %(why)s") % {"line": error.line, "why": error.problem}
        raise BrokenFile(path, problem) from error
