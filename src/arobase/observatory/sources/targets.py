"""Lists of domains to look at: any CSV file with a column of domains or sites, or nothing but one domain a line."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from arobase.observatory.sources import lists
from arobase.observatory.sources.facts import BadFacts, ascii_domain
from arobase.observatory.sources.seen import Seen
from arobase.observatory.sources.subjects import domain_of_site

COLUMNS = {
    **dict.fromkeys(("domain", "domains", "domainname", "domaine", "domaines", "nomdedomaine"), "domain"),
    **dict.fromkeys(("site", "siteweb", "siteinternet", "website", "url"), "site"),
}


def domains(path: Path) -> Iterator[str | BadFacts]:
    """Each domain of a list once, in the order of its first line; a line that names none as the error that says so.

    A list without a header is one of domains where exactly one cell of its first line is a domain.
    Raises lists.BadList when no column is known.
    """
    seen = Seen()
    for row in lists.read(path, SHAPE):
        if isinstance(row, BadFacts):
            yield row
            continue
        try:
            domain = _named(row.cells)
        except BadFacts as error:
            yield row.refused(error)
            continue
        if seen.is_new(domain):
            yield domain


def _named(cells: Mapping[str, str]) -> str:
    """The domain of a row: as it stands, else that of its site. Raises BadFacts."""
    site = cells.get("site", "")
    if cells.get("domain") or not site:
        return domain_in(cells.get("domain", ""))
    return domain_of_site(domain_in(site))


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


def is_domain(cell: str) -> bool:
    """Whether a cell names a domain."""
    try:
        domain_in(cell)
    except BadFacts:
        return False
    return True


SHAPE = lists.Shape(COLUMNS, example="domain;nom", unnamed=lists.Unnamed("domain", is_domain))


def lines(path: Path) -> int:
    """How many lines a list has, its header apart, for a bar of progress: an upper bound. Raises lists.BadList."""
    with path.open("rb") as file:
        return max(0, sum(1 for _line in file) - lists.first_row(path, SHAPE))
