"""Dynamics of the label: areas beside one another, and one page for each that can be shared."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arobase.atlas.queries.dynamics import (
    SLUGS,
    AreaPage,
    AreaRow,
    Ground,
    Laureate,
    Order,
    UnknownArea,
    UnknownEdition,
    area_page,
    ground,
    overview,
)
from arobase.atlas.rules.areas import Family
from arobase.atlas.rules.dynamics import Flows, Partial, Place
from arobase.atlas.views import charts, wording
from arobase.territories.models import Kind
from arobase.territories.rules.names import intercommunal_name, typeset
from arobase.web.access import ANYONE, open_to
from arobase.web.charts.rings import LineOfAt

ALL = "toutes"
ROWS = 100
LAUREATES = 60
_YEAR_DIGITS = 4
COLUMNS = {
    Order.NAME: gettext_lazy("Territoire"),
    Order.LAUREATES: gettext_lazy("Lauréats"),
    Order.PER_INHABITANTS: gettext_lazy("Pour 100 000 habitants"),
    Order.PER_COMMUNES: gettext_lazy("Communes lauréates pour 100 communes"),
    Order.INHABITANTS: gettext_lazy("Habitants"),
    Order.COMMUNES: gettext_lazy("Communes"),
}
RATES = (Order.PER_INHABITANTS, Order.PER_COMMUNES)


@dataclass(frozen=True)
class Head:
    """The head of a column: its address sorts the table."""

    name: Any
    url: str
    is_sorted: bool


@dataclass(frozen=True)
class Line:
    """A laureate in the list of an area; `slug` and its code lead to its territory page."""

    laureate: Laureate
    name: str
    slug: str
    line: LineOfAt
    in_words: str


@open_to(ANYONE)
def dynamics(request: HttpRequest) -> HttpResponse:
    """Areas of a family beside one another, with what is known of every edition."""
    family = _choice(request, "type", choices=Family, default=Family.REGION)
    order = _choice(request, "tri", choices=Order, default=Order.LAUREATES)
    on = ground()
    year = _year(request, on=on)
    try:
        shown = overview(family, year=year, order=order, on=on)
    except UnknownEdition as error:
        raise BadRequest(_unknown_edition(error)) from error
    page = _page(request, of=len(shown.rows))
    state = {"type": family.value, "annee": _said(year), "tri": order.value}
    context = {
        "shown": shown,
        "family_name": wording.FAMILIES[family],
        "sentence": wording.overview_sentence(shown),
        "completeness": wording.completeness_sentence(year, missing=shown.missing),
        "families": [
            (name, one == family, _address({**state, "type": one.value})) for one, name in wording.FAMILIES.items()
        ],
        "heads": [
            Head(name, _address({**state, "tri": one.value}), one == order)
            for one, name in COLUMNS.items()
            if shown.missing is None or one not in RATES
        ],
        "rows": [_row(row) for row in shown.rows[(page - 1) * ROWS : page * ROWS]],
        "pages": _pages(len(shown.rows), state=state, page=page),
        "state": state,
        "years": _years(on, year=year),
        "editions_chart": charts.editions_chart(shown.editions),
        "multiples": charts.areas_chart(shown),
        "levels": charts.levels(shown.nation),
        "sizes": charts.sizes(shown.nation),
        "flows": _flows(shown.flows),
        "query": urlencode({"annee": _said(year)}),
    }
    return render(request, "atlas/dynamics.html", context)


@open_to(ANYONE)
def area(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """One area: what the press says of it, then its editions, its laureates and its data."""
    on = ground()
    year = _year(request, on=on)
    try:
        page = area_page(kind, code, year=year, on=on)
    except UnknownArea as error:
        raise Http404(_("Aucun territoire « %(slug)s » n’a le code %(code)s.") % vars(error)) from error
    except UnknownEdition as error:
        raise BadRequest(_unknown_edition(error)) from error
    one = page.dynamics
    listed = page.laureates[:LAUREATES]
    lines = charts.lines(listed, years=on.editions.years)
    context = {
        "page": page,
        "name": wording.name(page.area),
        "where": wording.where(page.area),
        "sentence": wording.area_sentence(page),
        "completeness": wording.completeness_sentence(year, missing=page.missing),
        "per_inhabitants": wording.rate(one.per_inhabitants),
        "per_communes": wording.rate(one.per_communes),
        "place": _place(one.place),
        "population": "–" if one.area.population is None else wording.number(one.area.population),
        "is_complete": page.missing is None,
        "family_name": wording.FAMILIES[page.family],
        "family_url": _address({"type": page.family.value, "annee": _said(year)}),
        "years": _years(on, year=year),
        "chart": charts.area_chart(page),
        "levels": charts.levels(one.counts),
        "sizes": charts.sizes(one.counts),
        "flows": _flows(one.flows),
        "lines": [_line(laureate, lines[laureate.id]) for laureate in listed],
        "unlisted": len(page.laureates) - len(listed),
        "url": request.build_absolute_uri(charts.area_url(page.area) + f"?{urlencode({'annee': _said(year)})}"),
        "query": urlencode({"annee": _said(year)}),
        "laureates_query": _laureates_query(page, year=year),
    }
    return render(request, "atlas/dynamics_area.html", context)


def _choice(request: HttpRequest, parameter: str, *, choices: Any, default: Any) -> Any:
    value = request.GET.get(parameter) or default.value
    try:
        return choices(value)
    except ValueError as error:
        known = ", ".join(choice.value for choice in choices)
        raise BadRequest(
            _("« %(parameter)s » vaut « %(value)s » ; attendu : %(known)s.")
            % {"parameter": parameter, "value": value, "known": known}
        ) from error


def _year(request: HttpRequest, *, on: Ground) -> int | None:
    """The edition asked for; the latest complete one where none is, and all of them while none is complete."""
    value = request.GET.get("annee", "")
    if not value:
        return on.default_year()
    if value == ALL:
        return None
    if not (value.isascii() and value.isdigit() and len(value) == _YEAR_DIGITS):
        raise BadRequest(
            _("« annee » vaut « %(value)s » ; attendu : une année, par exemple 2024, ou « %(all)s ».")
            % {"value": value, "all": ALL}
        )
    return int(value)


def _unknown_edition(error: UnknownEdition) -> str:
    return _("« annee » : l’atlas ne connaît pas d’édition %(year)s.") % {"year": error.year}


def _page(request: HttpRequest, *, of: int) -> int:
    value = request.GET.get("page") or "1"
    last = max(1, -(-of // ROWS))
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= last):
        raise BadRequest(
            _("« page » vaut « %(value)s » ; attendu : un nombre de 1 à %(last)s.") % {"value": value, "last": last}
        )
    return int(value)


def _pages(rows: int, *, state: dict[str, str], page: int) -> list[tuple[int, bool, str]]:
    last = -(-rows // ROWS)
    if last <= 1:
        return []
    return [
        (number, number == page, _address({**state, "page": str(number)}) + "#tableau") for number in range(1, last + 1)
    ]


def _said(year: int | None) -> str:
    return ALL if year is None else str(year)


def _laureates_query(page: AreaPage, *, year: int | None) -> str:
    """What chooses the laureates of an area among all; empty where no parameter of the atlas does."""
    if page.family not in (Family.REGION, Family.DEPARTMENT):
        return ""
    return urlencode({"annee": _said(year), page.family.value: page.area.code})


def _address(state: dict[str, str]) -> str:
    return f"{reverse('dynamics')}?{urlencode(state)}"


def _years(on: Ground, *, year: int | None) -> list[tuple[str, Any, bool]]:
    """Options of the year selector, each with what is known of it."""
    options: list[tuple[str, Any, bool]] = [(ALL, _("Toutes les éditions"), year is None)]
    for edition in reversed(on.totals):
        missing = on.editions.why_not(edition.year)
        label = f"{edition.year} ({_('complète') if missing is None else wording.partial(missing)})"
        options.append((str(edition.year), label, edition.year == year))
    return options


def _row(row: AreaRow) -> dict[str, Any]:
    one = row.dynamics
    return {
        "name": wording.name(row.area),
        "url": charts.area_url(row.area),
        "laureates": one.counts.laureates,
        "place": one.place if isinstance(one.place, Place) else None,
        "per_inhabitants": wording.rate(one.per_inhabitants),
        "per_communes": wording.rate(one.per_communes),
        "inhabitants": "–" if one.area.population is None else wording.number(one.area.population),
        "communes": wording.number(one.area.communes),
    }


def _line(laureate: Laureate, line: LineOfAt) -> Line:
    kind = Kind(laureate.kind)
    name = intercommunal_name(laureate.name) if kind == Kind.EPCI else typeset(laureate.name)
    return Line(laureate, name, SLUGS[kind], line, charts.editions_in_words(laureate))


def _place(place: Place | Partial) -> str:
    if isinstance(place, Partial):
        return wording.partial(place)
    facts = {"rank": place.rank, "among": place.among, "tied": place.tied}
    if place.tied > 1:
        return _("%(rank)s sur %(among)s, ex æquo à %(tied)s") % facts
    return _("%(rank)s sur %(among)s") % facts


def _flows(flows: Flows | Partial | None) -> dict[str, Any] | None:
    """Flows as rows of a table, or why they are not given; None where there is no edition before."""
    if flows is None:
        return None
    if isinstance(flows, Partial):
        return {"missing": wording.partial(flows)}
    split = isinstance(flows.newcomers, int)
    rows = [
        (_("Nouveaux"), _("jamais lauréats auparavant"), flows.newcomers if split else None),
        (_("De retour"), _("lauréats d’une édition plus ancienne"), flows.returning if split else None),
        (_("Entrés"), _("absents de l’édition précédente"), None if split else flows.entered),
        (_("Promus"), _("à un niveau plus élevé"), flows.promoted),
        (_("Maintenus"), _("au même niveau"), flows.kept),
        (_("Abaissés"), _("à un niveau moins élevé"), flows.lowered),
        (_("Niveau inconnu"), _("présents deux fois, un niveau n’est pas précisé"), flows.unstated or None),
        (_("Absents"), _("lauréats de l’édition précédente seulement"), flows.absent),
    ]
    return {
        "before": str(flows.before),
        "year": str(flows.year),
        "rows": [row for row in rows if row[2] is not None],
        "newcomers_missing": None if split else wording.partial(flows.newcomers),  # type: ignore[arg-type]  # by `split`
    }
