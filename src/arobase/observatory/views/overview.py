"""How a set of subjects stands as a whole: the front page of the observatory."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arobase.observatory.models import About
from arobase.observatory.queries.declarations import declarations
from arobase.observatory.queries.dependence import Dependence
from arobase.observatory.queries.overview import Reach, Share, overview
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Law
from arobase.observatory.views.outages import query_of
from arobase.observatory.views.sets import SET, said_of, set_of, sets
from arobase.observatory.views.wording import failure_name, law_name, layer_name, owner_name, subjects_named
from arobase.web.access import ANYONE, open_to
from arobase.web.charts.multiples import shares

MOST_PROVIDERS = 100


@open_to(ANYONE)
@require_safe
def observatory(request: HttpRequest) -> HttpResponse:
    """Whom a set depends on, and the failures that would hurt most."""
    on = set_of(request)
    seen = overview(on)
    providers, worst = ([_row(one, on) for one in some] for some in (seen.providers[:MOST_PROVIDERS], seen.worst))
    context = {
        **said_of(on),
        "sets": sets(),
        "set_name": SET,
        "has_file": on.slug in About.values and bool(seen.known),
        "known_of": subjects_named(on.slug, seen.known),
        "first": next(iter(providers or worst), None),
        "known_subjects": seen.known,
        "worst": worst,
        "providers": providers,
        "more_providers": max(0, len(seen.providers) - MOST_PROVIDERS),
        "declared": declarations(on) if on.slug == About.COMMUNES else None,
        "layers": [_layer(seen.shares[layer], on) for layer in Layer if layer in seen.shares],
    }
    return render(request, "observatory/observatory.html", context)


def _row(one: Reach, on: Dependence) -> dict[str, Any]:
    owners = on.catalogue.owners(one.failure)
    return {
        "reach": one,
        "name": failure_name(one.failure, on),
        "subjects": subjects_named(on.slug, one.towns),
        "law": law_name(one.law),
        "owner": owner_name(owners[-1]) if owners else "",
        "query": query_of(on, [one.failure]),
    }


def _layer(one: Share, on: Dependence) -> dict[str, Any]:
    return {
        "name": layer_name(one.layer),
        "slug": one.layer,
        "share": one,
        "subjects": subjects_named(on.slug, one.known),
        "laws": shares({law_name(law): (f"law-{law.lower()}", one.by_law.get(law, 0)) for law in Law}),
        "largest": [
            (on.name(node), n, query_of(on, [node]) if on.graph.can_fail(node) else "")
            for what, n in one.largest
            for node in [f"{one.layer}:{what}"]
        ],
    }
