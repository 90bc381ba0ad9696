"""Former polls that the mirror holds by polling station: a town chooses one, and nobody looks for a file."""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop as _

from arobase.elections.sources.ministry import Results, read_results

POLLS: Mapping[str, str] = {
    "2019-europeennes": _("européennes du 26 mai 2019"),
    "2017-legislatives-2": _("législatives, second tour, 18 juin 2017"),
    "2017-legislatives-1": _("législatives, premier tour, 11 juin 2017"),
    "2017-presidentielle-2": _("présidentielle, second tour, 7 mai 2017"),
    "2017-presidentielle-1": _("présidentielle, premier tour, 23 avril 2017"),
    "2014-europeennes": _("européennes du 25 mai 2014"),
}


class NotThere(ValueError):
    """A poll that the mirror does not hold."""


def known_polls() -> Mapping[str, str]:
    """Polls of the mirror that are there, with their French names; none without a mirror."""
    return {slug: name for slug, name in POLLS.items() if (path := _path(slug)) and path.is_file()}


def results_of(slug: str, *, commune: str) -> Results:
    """A commune's stations in a known poll. Raises NotThere, and UnreadableFile where the commune is not in it."""
    path = _path(slug)
    if slug not in POLLS or path is None or not path.is_file():
        raise NotThere(slug)
    with path.open("rb") as file:
        return read_results(file, commune=commune, poll=POLLS[slug])


def _path(slug: str) -> Path | None:
    mirror = settings.DATA_MIRROR
    return None if mirror is None else Path(mirror) / "elections" / f"{slug}_bureaux.csv.gz"
