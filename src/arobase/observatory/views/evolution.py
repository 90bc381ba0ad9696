"""How a set stands from campaign to campaign: laws layer by layer, criteria met, the index."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.observatory.models import Campaign, CampaignState
from arobase.observatory.queries import criteria_phrases
from arobase.observatory.rules.criteria.referential import Criterion
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Law
from arobase.observatory.views.sets import SET, said_of, set_of, sets
from arobase.observatory.views.wording import law_name, layer_name
from arobase.web.access import ANYONE, open_to
from arobase.web.charts.bars import Series, StackedBars, stacked_bars
from arobase.web.dates import day

DRAWN = (Layer.MAIL, Layer.DNS, Layer.HOSTING, Layer.CDN)
COLOURS = {Law.EU: "level-5", Law.US: "level-3", Law.ADEQUATE: "level-2", Law.OTHER: "level-1", Law.UNKNOWN: "level-0"}
MOST = 52  # campaigns: a year of weeks


@open_to(ANYONE)
@require_safe
def evolution(request: HttpRequest) -> HttpResponse:
    """Series over the published campaigns of a set."""
    on = set_of(request)
    shown = Campaign.objects.filter(about=on.slug, state=CampaignState.PUBLISHED).order_by("-began_at")[:MOST]
    campaigns = list(reversed(shown))
    context = {
        **said_of(on),
        "sets": sets(),
        "set_name": SET,
        "campaigns": campaigns,
        "charts": [_laws(layer, campaigns) for layer in _drawn(campaigns)],
        "criteria": [_criterion(one, campaigns) for one in Criterion],
    }
    return render(request, "observatory/evolution.html", context)


def _drawn(campaigns: list[Campaign]) -> list[Layer]:
    """Layers of which something is known, once there are two campaigns to compare."""
    figures = [one.figures.get("layers", {}) for one in campaigns]
    known = [layer for layer in DRAWN if any(row.get(str(layer), {}).get("known") for row in figures)]
    return known if len(campaigns) > 1 else []


def _laws(layer: Layer, campaigns: list[Campaign]) -> StackedBars:
    counted = [one.figures.get("layers", {}).get(str(layer), {}).get("laws", {}) for one in campaigns]
    return stacked_bars(
        f"laws-{layer}",
        title=layer_name(layer),
        description=_(
            "Nombre de sujets par droit dont relève le prestataire ou un de ses propriétaires, à chaque campagne."
        ),
        columns=[day(one.began_at) for one in campaigns],
        column_name=_("Campagne"),
        series=[Series(COLOURS[law], law_name(law), [row.get(str(law), 0) for row in counted]) for law in Law],
        total_name=_("Ensemble"),
    )


def _criterion(criterion: Criterion, campaigns: list[Campaign]) -> dict[str, Any]:
    """Met of known, campaign by campaign."""
    rows = [one.figures.get("criteria", {}).get(str(criterion), {}) for one in campaigns]
    return {
        "code": str(criterion),
        "title": criteria_phrases.title(criterion),
        "told": [(row.get("met", 0), row.get("met", 0) + row.get("not-met", 0)) for row in rows],
    }
