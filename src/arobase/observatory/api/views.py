"""The doors of the observatory's API. Everything is open to anyone and read only; conditions as for the open files."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.observatory.api import documents, operations
from arobase.observatory.api.openapi import described
from arobase.observatory.api.operations import OPERATIONS, Operation
from arobase.observatory.api.parameters import FAILS, LAYER, NAMED, PAGE, SERVICE, SET, SIZE, Values, read
from arobase.observatory.models import About
from arobase.observatory.queries.concentration import concentrations
from arobase.observatory.queries.dependence import Dependence, dependence, published
from arobase.observatory.queries.failures import called
from arobase.observatory.queries.holders import holders
from arobase.observatory.queries.outages import outage as outage_of
from arobase.observatory.queries.standings import seen
from arobase.observatory.rules.outage import UnknownFailure
from arobase.observatory.sources import study
from arobase.observatory.sources.providers import catalogue
from arobase.territories.models import Kind, Territory
from arobase.web.access import ANYONE, open_to
from arobase.web.opendata import BadParameter, document, refusal

Row = TypeVar("Row")
Given = Callable[[Values], dict[str, Any]]


class Missing(LookupError):
    """Nothing is there under this address; the sentence is translated."""


@open_to(ANYONE)
@require_safe
def commune(request: HttpRequest, code: str) -> HttpResponseBase:
    """What a commune stands on."""

    def given(_values: Values) -> dict[str, Any]:
        found = Territory.objects.filter(kind=Kind.COMMUNE, code=code, valid_to__isnull=True).first()
        if found is None:
            raise Missing(_("Aucune commune d’aujourd’hui n’a le code %(code)s.") % {"code": code})
        on = dependence(catalogue())
        return {**documents.origin_of(on), **documents.commune(found, seen(found.pk, About.COMMUNES), on)}

    return _answered(request, operations.COMMUNE, given)


@open_to(ANYONE)
@require_safe
def site(request: HttpRequest, domain: str) -> HttpResponseBase:
    """What a subject of another set stands on."""

    def given(values: Values) -> dict[str, Any]:
        on, name = _set(values), domain.lower()
        found = seen(name, About(on.slug)) if on.slug in About.values else None
        if found is None or on.slug == About.COMMUNES:
            raise Missing(_("Aucune campagne de ce jeu n’a vu %(domain)s.") % {"domain": domain})
        told = {"id": name, "name": found.standing.name, **documents.standing(found, on)}
        return {**documents.origin_of(on), **told}

    return _answered(request, operations.SITE, given)


@open_to(ANYONE)
@require_safe
def providers(request: HttpRequest) -> HttpResponseBase:
    """Providers, by how many depend on them."""

    def given(values: Values) -> dict[str, Any]:
        on = _set(values)
        rows = documents.providers(on, layer=values["couche"])
        return {**documents.origin_of(on), **_paged(rows, values, lambda some: some)}

    return _answered(request, operations.PROVIDERS, given)


@open_to(ANYONE)
@require_safe
def provider(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Who depends on a provider."""

    def given(values: Values) -> dict[str, Any]:
        on = _set(values)
        layers = holders(on).get(slug)
        if layers is None:
            raise Missing(_("Personne dans ce jeu ne dépend de %(slug)s, ou il n’existe pas.") % {"slug": slug})
        wanted = {name: numbers for name, numbers in layers.items() if values["couche"] in {None, name}}
        rows = documents.dependents(wanted, on)
        told = {**documents.named(slug, on.catalogue), "law": str(on.catalogue.law(slug))}
        paged = _paged(rows, values, lambda some: [documents.dependent(*one, on) for one in some])
        return {**documents.origin_of(on), **told, **paged}

    return _answered(request, operations.PROVIDER, given)


@open_to(ANYONE)
@require_safe
def concentration(request: HttpRequest) -> HttpResponseBase:
    """How much of each layer rests on how few, in a set as a whole and in its regions."""

    def given(values: Values) -> dict[str, Any]:
        on = _set(values)
        rows = [one for one in concentrations(on) if values[LAYER.name] in {None, str(one.layer)}]
        paged = _paged(rows, values, lambda some: [documents.concentration(one, on) for one in some])
        return {**documents.origin_of(on), **paged}

    return _answered(request, operations.CONCENTRATION, given)


@open_to(ANYONE)
@require_safe
def outage(request: HttpRequest) -> HttpResponseBase:
    """What goes dark when those that the address names fail."""

    def given(values: Values) -> dict[str, Any]:
        on = _set(values)
        named = called(values[NAMED.name], on)[:1] or [values[NAMED.name]]
        failures = list(dict.fromkeys(one for one in [*values[FAILS.name], *named] if one))
        expected = _("au moins un prestataire, owner:… ou country:… que la page des pannes propose")
        if not failures:
            raise BadParameter(FAILS.name, value="", expected=expected)
        try:
            shown = outage_of(failures, on, kind=values[SERVICE.name])
        except UnknownFailure as error:
            raise BadParameter(FAILS.name, value=error.name, expected=expected) from error
        numbers = [*((at, True) for at in shown.lost), *((at, False) for at in shown.degraded)]

        def losses(some: Sequence[tuple[int, bool]]) -> list[dict[str, Any]]:
            return [
                documents.loss(one)
                for is_lost in (True, False)
                for one in shown.losses([at for at, lost in some if lost is is_lost], is_lost=is_lost)
            ]

        return {**documents.origin_of(on), **documents.outage(shown), **_paged(numbers, values, losses)}

    return _answered(request, operations.OUTAGE, given)


@open_to(ANYONE)
@require_safe
def openapi(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document."""
    return document(request, described())


@open_to(ANYONE)
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """How to use the API, with an example of each address."""
    return render(request, "observatory/api.html", {"operations": OPERATIONS})


def _set(values: Values) -> Dependence:
    slug = values[SET.name]
    if slug == study.SLUG:
        if found := study.study():
            return found
        raise Missing(_("Ce jeu n’est pas chargé ici."))
    return dependence(catalogue(), About(slug))


def _paged(rows: Sequence[Row], values: Values, told: Callable[[Sequence[Row]], Sequence[Any]]) -> dict[str, Any]:
    """One page of rows, how many there are in all, and where the next page is; past the end the page is empty."""
    page, size = values[PAGE.name], values[SIZE.name]
    some = rows[(page - 1) * size : page * size]
    return {
        "total": len(rows),
        "page": page,
        "per_page": size,
        "next_page": page + 1 if page * size < len(rows) else None,
        "rows": told(some),
    }


def _answered(request: HttpRequest, operation: Operation, given: Given) -> HttpResponseBase:
    try:
        values = read(request.GET, operation.parameters)
        told = given(values)
    except BadParameter as error:
        return refusal(error)
    except Missing as error:
        return _missing(str(error))
    campaign = published(About(told["set"])) if told["set"] in About.values else None
    return document(request, told, last_modified=campaign.ended_at if campaign and _is_alone(told) else None)


def _is_alone(told: dict[str, Any]) -> bool:
    """Whether the answer rests on a campaign alone: communes also declare, correct, and ask to be left out."""
    return told["set"] != About.COMMUNES.value


def _missing(why: str) -> HttpResponse:
    problem = {"type": "about:blank", "title": _("Introuvable"), "status": 404, "detail": why}
    response = HttpResponse(orjson.dumps(problem), content_type="application/problem+json", status=404)
    response["Access-Control-Allow-Origin"] = "*"
    return response
