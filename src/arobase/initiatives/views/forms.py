"""The form of an initiative read as a sheet, and a sheet written as a form.

Lists are written one per line, parts separated by semicolons: a list of that kind is quicker typed than clicked, and
works without scripts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from arobase.initiatives.queries.wording import LABELS
from arobase.initiatives.rules.sheets import Partner, Place, Sheet, Software
from arobase.territories.models import Territory

TEXTS = (
    "title",
    "summary",
    "audience",
    "address",
    "results",
    "contact_name",
    "contact_email",
    "maturity",
    "doer",
    "cost",
    "effort",
)
_CODE = re.compile(r"^(?P<name>.*?)\s*\((?P<code>[0-9][0-9AB][0-9]{3}|[0-9]{9})\)$")


@dataclass
class Typed:
    """What someone typed: the sheet as far as it could be read, what could not, and every text as it was."""

    sheet: Sheet
    values: Mapping[str, Any]
    unread: dict[str, str] = field(default_factory=dict)


def typed(form: QueryDict) -> Typed:
    """Read a form; days and numbers that cannot be read go to `unread`, with a sentence."""
    unread: dict[str, str] = {}
    texts = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS}
    values = {**form.dict(), **texts, "services": form.getlist("services")}
    sheet = Sheet(
        **texts,
        started_on=_day(form, "started_on", unread),
        ended_on=_day(form, "ended_on", unread),
        services=tuple(dict.fromkeys(form.getlist("services"))),
        places=tuple(_places(form.get("places", ""), unread)),
        partners=tuple(_partners(form.get("partners", ""))),
        software=tuple(Software(*parts) for parts in _lines(form.get("software", ""), most=3)),
    )
    return Typed(sheet, values, unread)


def values_of(sheet: Sheet) -> dict[str, Any]:
    """What a form shows of a sheet."""
    return {
        **{name: getattr(sheet, name) for name in TEXTS},
        "started_on": sheet.started_on.isoformat() if sheet.started_on else "",
        "ended_on": sheet.ended_on.isoformat() if sheet.ended_on else "",
        "services": list(sheet.services),
        "places": "\n".join(_joined(one.label, one.lat, one.lon) for one in sheet.places),
        "partners": "\n".join(_partner_line(one) for one in sheet.partners),
        "software": "\n".join(_joined(one.name, one.licence, one.supplier) for one in sheet.software),
    }


def _day(form: QueryDict, name: str, unread: dict[str, str]) -> date | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    for pattern in (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"):
        if found := re.fullmatch(pattern, text):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
    unread[name] = _("%(field)s : « %(value)s » n’est pas un jour ; attendu : 2026-10-31 ou 31/10/2026.") % {
        "field": LABELS[name],
        "value": text,
    }
    return None


def _lines(text: str, *, most: int) -> list[list[str]]:
    """The lines of a list, each cut at semicolons into `most` parts at most; empty lines say nothing."""
    cut = [[part.strip() for part in line.split(";", most - 1)] for line in text.splitlines() if line.strip(" ;")]
    return [parts for parts in cut if parts[0]]


def _places(text: str, unread: dict[str, str]) -> list[Place]:
    found = []
    for parts in _lines(text, most=3):
        try:
            lat, lon = (float(part.replace(",", ".")) for part in parts[1:3]) if len(parts) == 3 else (None, None)  # noqa: PLR2004
        except ValueError:
            unread["places"] = _(
                "Lieux : « %(value)s » ; attendu : Médiathèque ; 49,49 ; 0,11 (latitude, longitude)."
            ) % {"value": " ; ".join(parts)}
            continue
        found.append(Place(parts[0], lon, lat))
    return found


def _partners(text: str) -> list[Partner]:
    """Partners one per line; a code in parentheses says which territory it is."""
    read = [_CODE.match(parts[0]) or parts[0] for parts in _lines(text, most=1)]
    codes = [one["code"] for one in read if isinstance(one, re.Match)]
    known = dict(Territory.objects.filter(code__in=codes, kind__in=["commune", "epci"]).values_list("code", "pk"))
    return [
        Partner(one["name"], known.get(one["code"], "")) if isinstance(one, re.Match) else Partner(one) for one in read
    ]


def _partner_line(partner: Partner) -> str:
    code = partner.territory.partition(":")[2]
    return f"{partner.name} ({code})" if code else partner.name


def _joined(*parts: object) -> str:
    texts = [str(part) if part is not None else "" for part in parts]
    while texts and not texts[-1]:
        texts.pop()
    return " ; ".join(texts)
