"""Whom a campaign looks at: communes with what they declare, or the rows of a list."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from arobase.observatory.models import OfficialDomain, OptOut, Purpose
from arobase.observatory.rules.declared import domain_of, domain_of_site, host_of
from arobase.observatory.rules.providers import Catalogue, Sign
from arobase.observatory.sources import lists
from arobase.observatory.sources.facts import BadFacts, ascii_domain
from arobase.territories.models import Kind, Territory

COLUMNS = {
    **dict.fromkeys(("name", "nom"), "name"),
    **dict.fromkeys(("site", "web"), "site"),
    **dict.fromkeys(("mail", "email", "courriel"), "mail"),
}


@dataclass(frozen=True)
class Target:
    """A subject and what is asked about it.

    id       of the territory, else the domain
    address  of the site as declared, empty where none is
    web      domain of the site, without `www.`
    mail     domain of the declared e-mail address, which may be a provider's own
    is_shared  whether another subject declares the same host for its site
    """

    id: str
    name: str
    territory: str | None
    country: str
    population: int | None
    address: str
    web: str
    mail: str
    is_shared: bool = False


def communes(*, departments: Collection[str] = ()) -> Iterator[Target]:
    """Today's communes with what they declare, those that asked to be left out excepted."""
    declared: dict[tuple[str, str], OfficialDomain] = {
        (one.territory_id, one.purpose): one for one in OfficialDomain.objects.filter(until__isnull=True)
    }
    sites = Counter(domain_of_site(one.host) for one in declared.values() if one.purpose == Purpose.WEB)
    left_out = set(OptOut.objects.filter(until__isnull=True).values_list("territory_id", flat=True))
    found = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True).order_by("code")
    if departments:
        found = found.filter(department__code__in=departments)
    for id, name, population in found.values_list("id", "name", "population"):
        site, mail = declared.get((id, Purpose.WEB)), declared.get((id, Purpose.MAIL))
        web = domain_of_site(site.host) if site else ""
        if id in left_out or not (site or mail):
            continue
        yield Target(
            id,
            name,
            id,
            "FR",
            population,
            site.address if site else "",
            web,
            mail.host if mail else "",
            is_shared=sites[web] > 1,
        )


def unknown_departments(codes: Collection[str]) -> set[str]:
    """Of these codes, those of which no commune of today is loaded."""
    among = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True, department__code__in=codes)
    return set(codes) - set(among.values_list("department__code", flat=True).distinct())


def listed(path: Path) -> Iterator[Target]:
    """The subjects of a list, as `rows_of` reads it, without the lines that name none."""
    sites = Counter(one.web for one in rows_of(path) if isinstance(one, Target))
    return (replace(one, is_shared=sites[one.web] > 1) for one in rows_of(path) if isinstance(one, Target))


def rows_of(path: Path) -> Iterator[Target | BadFacts]:
    """Rows of a CSV file with the columns name, site and mail (any may be empty but one of site and mail).

    Raises lists.BadList when none of the columns is there.
    """
    for row in lists.read(path, lists.Shape(COLUMNS, example="name,site,mail")):
        if isinstance(row, BadFacts):
            yield row
            continue
        site, address = row.cells.get("site", ""), row.cells.get("mail", "")
        try:
            web = domain_of_site(ascii_domain(host_of(site) or site)) if site else ""
            mail = ascii_domain(domain_of(address) or address) if address else ""
        except BadFacts as error:
            yield row.refused(error)
            continue
        if not (web or mail):
            yield row.refused(_("ni site ni adresse électronique."))
            continue
        yield Target(web or mail, row.cells.get("name") or web or mail, None, "", None, site, web, mail)


def domains(targets: Iterable[Target], catalogue: Catalogue) -> Iterator[str]:
    """Every domain to ask about, once; mail at a provider's own domain is a finding already, and not asked about."""
    seen: set[str] = set()
    for one in targets:
        own = one.mail if not catalogue.known(Sign.ADDRESSES, one.mail) else ""
        for domain in (one.web, own):
            if domain and domain not in seen:
                seen.add(domain)
                yield domain
