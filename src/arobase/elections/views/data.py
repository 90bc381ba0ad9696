"""Open data of a night: stations as counted, one line a station and list."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from arobase.elections.models import Choice, Election
from arobase.elections.queries import exports
from arobase.elections.queries.live import Live, live, until_said
from arobase.elections.queries.results import StationResult, night_of
from arobase.elections.views.audiences import OFFICERS
from arobase.elections.views.live import found
from arobase.territories.models import Territory
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import Column, Licence, Table, Type, document, download, safe_cell, schema_of

FRESH_S = 5


@dataclass(frozen=True)
class Votes:
    """Votes of a list in a station."""

    election: Election
    result: StationResult
    choice: Choice
    votes: int


_COUNTED = gettext_lazy("saisi au bureau, ou tiré au sort d’un autre scrutin s’il s’agit d’une répétition")
_SETUP = gettext_lazy("préparé par la commune")


def _box(row: Votes, name: str) -> int | None:
    opened = row.result.count.opened
    return None if opened is None else int(getattr(opened, name))


TABLE = Table[Votes](
    "results",
    gettext_lazy("Résultats par bureau de vote"),
    gettext_lazy("Voix de chaque liste dans chaque bureau, comme comptées jusqu’ici."),
    (
        Column("commune", Type.STRING, gettext_lazy("Code de la commune"), "INSEE", lambda row: row.election.code),
        Column("jour", Type.STRING, gettext_lazy("Jour du vote"), _SETUP, lambda row: row.election.day.isoformat()),
        Column("tour", Type.INTEGER, gettext_lazy("Tour"), _SETUP, lambda row: row.election.round),
        Column("bureau", Type.STRING, gettext_lazy("Bureau"), _SETUP, lambda row: row.result.station.code),
        Column("etat", Type.STRING, gettext_lazy("État de la saisie"), _COUNTED, lambda row: row.result.count.state),
        Column("inscrits", Type.INTEGER, gettext_lazy("Inscrits"), _SETUP, lambda row: row.result.station.registered),
        Column("emargements", Type.INTEGER, gettext_lazy("Émargements"), _COUNTED, lambda row: _box(row, "signatures")),
        Column("votants", Type.INTEGER, gettext_lazy("Enveloppes"), _COUNTED, lambda row: _box(row, "envelopes")),
        Column("comptes", Type.INTEGER, gettext_lazy("Comptés"), _COUNTED, lambda row: row.result.ballots.ballots),
        Column("blancs", Type.INTEGER, gettext_lazy("Blancs"), _COUNTED, lambda row: row.result.ballots.blank),
        Column("nuls", Type.INTEGER, gettext_lazy("Nuls"), _COUNTED, lambda row: row.result.ballots.null),
        Column("exprimes", Type.INTEGER, gettext_lazy("Exprimés"), _COUNTED, lambda row: row.result.ballots.valid),
        Column("numero", Type.STRING, gettext_lazy("Numéro du panneau"), _SETUP, lambda row: row.choice.number),
        Column("liste", Type.STRING, gettext_lazy("Liste, candidat ou réponse"), _SETUP, lambda row: row.choice.name),
        Column("voix", Type.INTEGER, gettext_lazy("Voix"), _COUNTED, lambda row: row.votes, is_required=True),
        Column("repetition", Type.BOOLEAN, gettext_lazy("Répétition"), _SETUP, lambda row: row.election.is_rehearsal),
    ),
    Licence(
        "etalab-2.0",
        "Licence Ouverte / Open Licence 2.0 (Etalab)",
        "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
    ),
    lambda _row: None,
)


@open_to(ANYONE)
@require_safe
def results(request: HttpRequest, number: int, extension: str) -> HttpResponseBase:
    """The file; under embargo, when it will be there (451, RFC 7725)."""
    election = found(number)
    shown = live(election, at=timezone.now())
    if shown.until is not None:
        return _held(election, shown.until, at=shown.at)
    answer = download(
        request,
        table=TABLE,
        rows=list(_lines(shown)),
        extension=extension,
        stem=f"resultats-{election.code}-{election.day}",
        schema_url=request.build_absolute_uri(reverse("election_schema")),
        last_modified=None,
    )
    answer["Cache-Control"] = f"public, max-age={FRESH_S}"
    return answer


@open_to(ANYONE)
@require_safe
def nist(request: HttpRequest, number: int) -> HttpResponseBase:
    """The report of NIST SP 1500-100; under embargo, when it will be there."""
    election = found(number)
    shown = live(election, at=timezone.now())
    if shown.until is not None:
        return _held(election, shown.until, at=shown.at)
    generated = (election.changed_at or election.made_at).isoformat(timespec="seconds")
    report = exports.nist(shown.night, generated=generated, issuer=election.place)
    answer = document(request, report, last_modified=None)
    answer["Cache-Control"] = f"public, max-age={FRESH_S}"
    return answer


@open_to(ANYONE)
@require_safe
def ministry(request: HttpRequest, number: int) -> HttpResponseBase:
    """Complete stations in the columns of the ministry's file; under embargo, when it will be there."""
    election = found(number)
    shown = live(election, at=timezone.now())
    if shown.until is not None:
        return _held(election, shown.until, at=shown.at)
    text = io.StringIO()
    department = _department(election.code)
    csv.writer(text, delimiter=";").writerows(
        [safe_cell(cell) for cell in row] for row in exports.ministry(shown.night, department=department)
    )
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="bureaux-{election.code}-{election.day}.csv"'
    answer["Cache-Control"] = f"public, max-age={FRESH_S}"
    return answer


@open_to(OFFICERS)
@require_safe
@never_cache
def prefecture(request: HttpRequest, number: int) -> HttpResponse:
    """What the town sends to its prefecture, from the first complete station on: to its own officer, at any hour."""
    election = found(number)
    if election.kind not in exports.PREFECTURE:
        raise Http404(_("La forme de ce fichier n’est connue que pour les élections municipales."))
    text = io.StringIO()
    rows = exports.prefecture(night_of(election), department=_department(election.code)[0])
    csv.writer(text, delimiter=";").writerows([safe_cell(cell) for cell in row] for row in rows)
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = "-".join(
        [*(["repetition"] if election.is_rehearsal else []), "prefecture", election.code, str(election.day)]
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}-tour-{election.round}.csv"'
    return answer


@open_to(ANYONE)
@require_safe
def schema(request: HttpRequest) -> HttpResponseBase:
    """Columns, sources and licence."""
    return document(request, schema_of(TABLE))


def _department(commune: str) -> tuple[str, str]:
    """Code and name of a commune's department; the code alone where the ground does not hold it."""
    code = commune[:3] if commune.startswith(("97", "98")) else commune[:2]
    found = Territory.objects.filter(pk=f"department:{code}").first()
    return code, found.name if found else ""


def _lines(shown: Live) -> Iterator[Votes]:
    for result in shown.night.stations:
        for choice, votes in zip(shown.night.choices, result.ballots.votes, strict=True):
            yield Votes(shown.election, result, choice, votes)


def _held(election: Election, until: datetime, *, at: datetime) -> HttpResponse:
    text = _("Rien des résultats n’est public avant %(until)s (Code électoral, article L52-2).") % {
        "until": until_said(election, until)
    }
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer.status_code = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS
    answer["Retry-After"] = str(max(1, int((until - at).total_seconds()) + 1))
    answer["Cache-Control"] = "no-store"
    return answer
