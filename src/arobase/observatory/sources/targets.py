"""Lists of domains to look at: any CSV file with a `domain` column."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from arobase.observatory.sources import lists
from arobase.observatory.sources.facts import BadFacts, ascii_domain
from arobase.observatory.sources.seen import Seen
from arobase.observatory.sources.subjects import domain_of_site

COLUMNS = dict.fromkeys(("domain", "domains", "domaine", "domaines", "nomdedomaine"), "domain")


def domains(path: Path) -> Iterator[str | BadFacts]:
    """Each domain of a list once, in the order of its first line; a line that names none as the error that says so.

    Raises lists.BadList when there is no `domain` column.
    """
    seen = Seen()
    for row in lists.read(path, COLUMNS, example="domain;nom"):
        if isinstance(row, BadFacts):
            yield row
            continue
        try:
            domain = domain_in(row.cells.get("domain", ""))
        except BadFacts as error:
            yield row.refused(error)
            continue
        if seen.is_new(domain):
            yield domain


def domain_in(cell: str) -> str:
    """The domain that a cell names: itself, or that of a site whose address it is. Raises BadFacts.

    >>> domain_in("Ville.FR"), domain_in("https://www.ville.fr/accueil")
    ('ville.fr', 'ville.fr')
    """
    if "/" not in cell:
        return ascii_domain(cell)
    try:
        site = urlsplit(cell if "//" in cell else f"//{cell}")
        host = site.hostname if site.scheme in {"", "http", "https"} else ""
    except ValueError:  # an open bracket
        host = ""
    return domain_of_site(ascii_domain(host)) if host else ascii_domain(cell)


def lines(path: Path) -> int:
    """How many lines follow the header, for a bar of progress: an upper bound of the domains."""
    with path.open("rb") as file:
        return max(0, sum(1 for _line in file) - 1)
