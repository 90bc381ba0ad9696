"""An edition in numbers, for anyone, once it is published."""

import csv
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.initiatives.queries.referential import referential, said
from arobase.label.models import Campaign
from arobase.label.queries.statistics import Statistics, statistics
from arobase.label.rules.states import CampaignState
from arobase.label.rules.statistics import Row
from arobase.territories.rules.sizes import SIZES
from arobase.territories.views.phrases import SIZE_NAMES
from arobase.web.access import ANYONE, open_to

WIDTH = 100.0


@open_to(ANYONE)
@require_safe
def edition_statistics(request: HttpRequest, year: int) -> HttpResponse:
    """What was handed in and received, by kind, size and region."""
    seen = _seen(year)
    whole = seen.whole[0].number if seen.whole else 0
    context = {
        "seen": seen,
        "number": whole,
        "tables": [(title, [_drawn(row, name) for row, name in rows]) for title, rows in _tables(seen)],
        "enjeux": sorted(
            (
                (said(one.name), seen.enjeux.get(one.slug, 0), round(WIDTH * seen.enjeux.get(one.slug, 0) / whole))
                for one in referential().enjeux
                if whole
            ),
            key=lambda one: (-one[1], one[0]),
        ),
    }
    return render(request, "label/statistics.html", context)


@open_to(ANYONE)
@require_safe
def statistics_file(request: HttpRequest, year: int) -> HttpResponse:
    """The same as CSV."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="bilan-{year}.csv"'
    answer.write("\ufeff")
    rows = csv.writer(answer)
    rows.writerow(["edition", "grouping", "group", "dossiers", "level_1", "level_2", "level_3", "level_4", "level_5"])
    for title, table in _tables(_seen(year)):
        for row, name in table:
            rows.writerow([year, title, name, row.number, *row.levels])
    return answer


def _seen(year: int) -> Statistics:
    published = Campaign.objects.filter(state__in=[CampaignState.PUBLISHED, CampaignState.ARCHIVED])
    return statistics(get_object_or_404(published, pk=year))


def _tables(seen: Statistics) -> Sequence[tuple[str, list[tuple[Row, str]]]]:
    order = list(SIZES)
    sizes = sorted(seen.sizes, key=lambda row: order.index(row.group))
    return (
        (_("Tous"), [(row, _("Tous les dossiers")) for row in seen.whole]),
        (_("Par candidat"), [(row, row.group) for row in seen.kinds]),
        (_("Par taille"), [(row, str(SIZE_NAMES[row.group])) for row in sizes]),
        (_("Par région"), [(row, row.group or _("hors région")) for row in seen.regions]),
    )


def _drawn(row: Row, name: str) -> dict[str, Any]:
    """A row with the places of its five parts along a bar of WIDTH."""
    parts, start = [], 0.0
    for level, count in enumerate(row.levels, 1):
        width = WIDTH * count / row.number
        parts.append((level, count, f"{start:.2f}", f"{width:.2f}"))
        start += width
    return {"name": name, "row": row, "parts": parts, "mean": formats.number_format(float(row.mean), 1)}
