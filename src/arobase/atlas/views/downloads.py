"""Open data of the atlas: files of laureates and of areas, and what their columns mean."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.atlas.queries.downloads import (
    AREAS,
    CODE_LICENCE,
    LAUREATES,
    LICENCE,
    TABLES,
    area_rows,
    changed_at,
    ground_licences,
    laureate_rows,
)
from arobase.atlas.queries.dynamics import Ground, UnknownEdition, ground
from arobase.atlas.rules.areas import Family
from arobase.atlas.rules.filters import BadFilter, LaureateFilter
from arobase.atlas.views.wording import FAMILIES
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import MEDIA_TYPES, BadParameter, document, download, refusal, schema_of

ALL = "toutes"


@open_to(ANYONE)
@require_safe
def laureates(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Laureates, one line for each award; the parameters of the atlas choose which."""
    try:
        kept = LaureateFilter.from_query(dict(request.GET.lists()))
    except BadFilter as error:
        return refusal(BadParameter(error.parameter, value=error.value, expected=", ".join(error.expected)))
    return download(
        request,
        table=LAUREATES,
        rows=laureate_rows(kept),
        extension=extension,
        stem="laureats" if kept.year is None else f"laureats-{kept.year}",
        schema_url=_schema_url(request),
        last_modified=changed_at(),
    )


@open_to(ANYONE)
@require_safe
def areas(request: HttpRequest, family: str, extension: str) -> HttpResponseBase:
    """Areas of a family with their dynamics, in an edition (`annee`) or in all."""
    try:
        _only(request, known=("annee",))
        on = ground()
        year = _year(request, on=on)
        rows = area_rows(Family(family), year=year, on=on)
    except BadParameter as error:
        return refusal(error)
    except UnknownEdition as error:
        return refusal(_unknown(error))
    return download(
        request,
        table=AREAS,
        rows=rows,
        extension=extension,
        stem=f"dynamiques-{family}-{year or ALL}",
        schema_url=_schema_url(request),
        last_modified=changed_at(),
    )


@open_to(ANYONE)
@require_safe
def schema(request: HttpRequest) -> HttpResponseBase:
    """What every column of the open data means, where it comes from, and under which licence."""
    addresses = {
        LAUREATES.name: [(LAUREATES.title, [(extension, _laureates(extension)) for extension in MEDIA_TYPES])],
        AREAS.name: [
            (name, [(extension, _areas(family, extension)) for extension in MEDIA_TYPES])
            for family, name in FAMILIES.items()
        ],
    }
    context = {
        "tables": [(table, addresses[table.name]) for table in TABLES],
        "licence": LICENCE,
        "code_licence": CODE_LICENCE,
        "ground": ground_licences(),
    }
    return render(request, "atlas/schema.html", context)


@open_to(ANYONE)
@require_safe
def schema_document(request: HttpRequest) -> HttpResponseBase:
    """The same for machines: a Frictionless Data Package."""
    resources = []
    for table, paths in (
        (LAUREATES, {extension: _laureates(extension) for extension in MEDIA_TYPES}),
        (AREAS, {f"{family}.{extension}": _areas(family, extension) for family in Family for extension in MEDIA_TYPES}),
    ):
        absolute = {name: request.build_absolute_uri(path) for name, path in paths.items()}
        path = next(address for name, address in absolute.items() if name.endswith("csv"))
        facts: dict[str, Any] = {**schema_of(table), "path": path, "format": "csv", "encoding": "utf-8"}
        resources.append({**facts, "alternatives": absolute})
    package = {
        "profile": "tabular-data-package",
        "name": "arobase-atlas",
        "title": _("Atlas du label : données ouvertes"),
        "homepage": request.build_absolute_uri(reverse("schema")),
        "licenses": [{"name": LICENCE.name, "title": LICENCE.title, "path": LICENCE.url}],
        "sources": [{"title": f"{name} {version}", "licence": licence} for name, version, licence in ground_licences()],
        "resources": resources,
    }
    return document(request, package, last_modified=changed_at())


def _laureates(extension: str) -> str:
    return reverse("laureates_download", kwargs={"extension": extension})


def _areas(family: Family, extension: str) -> str:
    return reverse("areas_download", kwargs={"family": family.value, "extension": extension})


def _schema_url(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("schema_document"))


def _only(request: HttpRequest, *, known: tuple[str, ...]) -> None:
    """Refuse what would be ignored: a misspelt parameter would give other rows than those asked for."""
    for parameter, value in request.GET.items():
        if parameter not in known:
            expected = _("un de ces paramètres : %(known)s") % {"known": ", ".join(known)}
            raise BadParameter(parameter, value=str(value), expected=expected)


def _year(request: HttpRequest, *, on: Ground) -> int | None:
    value = request.GET.get("annee", "")
    if value in ("", ALL):
        return None
    year = int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else None  # noqa: PLR2004 a year
    if year is None or year not in on.editions.completeness:
        known = ", ".join(str(one) for one in on.editions.years)
        expected = _("« %(all)s » ou une édition connue : %(known)s") % {"all": ALL, "known": known}
        raise BadParameter("annee", value=value, expected=expected)
    return year


def _unknown(error: UnknownEdition) -> BadParameter:
    return BadParameter("annee", value=str(error.year), expected=_("une édition connue"))
