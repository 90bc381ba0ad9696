"""The charts of the dynamics: awards by year, by size, small multiples, lines of @."""

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from arobase.atlas.queries.dynamics import AreaPage, EditionTotals, Laureate, Named, Overview
from arobase.atlas.rules.dynamics import LEVELS, Counts, count
from arobase.atlas.views import wording
from arobase.territories.views.phrases import SIZE_NAMES
from arobase.web.charts.bars import Series, StackedBars, stacked_bars
from arobase.web.charts.multiples import Share, SmallMultiples, shares, small_multiples
from arobase.web.charts.rings import LineOfAt, line_of_at

SMALLS = 24


def area_url(area: Named) -> str:
    return reverse("dynamics_area", kwargs={"kind": area.slug, "code": area.code})


def _series(counts: Sequence[Counts]) -> list[Series]:
    """Levels from the ground up: the highest below, where lengths compare best; unstated on top."""
    series = [
        Series(
            f"level-{level}",
            ngettext("%(level)s arobase", "%(level)s arobases", level) % {"level": level},
            [one.by_level[level] for one in counts],
        )
        for level in reversed(LEVELS)
    ]
    return [*series, Series("level-0", _("niveau non précisé"), [one.by_level[None] for one in counts])]


def _every_year(editions: Iterable[int]) -> list[int]:
    """Also the years between that had no edition, as far as is known: an axis of time must not skip any."""
    held = list(editions)
    return list(range(min(held), max(held) + 1)) if held else []


def editions_chart(editions: Sequence[EditionTotals]) -> StackedBars:
    """All France: what the atlas holds of each edition, within the outline of what was published."""
    by_year = {edition.year: edition for edition in editions}
    years = _every_year(by_year)
    counts = [by_year[year].counts if year in by_year else count(()) for year in years]
    known = sum(edition.counts.awards for edition in editions)
    totals = [edition.total for edition in editions if edition.total is not None]
    facts = {
        "known": wording.number(known),
        "totals": wording.number(sum(totals)),
        "count": len(totals),
        "editions": len(editions),
    }
    return stacked_bars(
        "editions",
        title=_("Labels connus de l’atlas et totaux publiés, par édition"),
        description=_(
            "%(known)s labels connus pour %(editions)s éditions ; les totaux publiés de %(count)s d’entre elles "
            "en font %(totals)s."
        )
        % facts,
        columns=[str(year) for year in years],
        column_name=_("Édition"),
        series=_series(counts),
        total_name=_("connus"),
        expected=[by_year[year].total if year in by_year else None for year in years],
        expected_name=_("total publié"),
    )


def area_chart(page: AreaPage) -> StackedBars:
    """One area: awards by edition and level."""
    years = _every_year(page.by_year)
    known = sum(counts.awards for counts in page.by_year.values())
    return stacked_bars(
        "labels",
        title=_("Labels connus %(where)s, par édition et niveau") % {"where": wording.where(page.area)},
        description=ngettext("%(known)s label connu en tout.", "%(known)s labels connus en tout.", known)
        % {"known": wording.number(known)},
        columns=[str(year) for year in years],
        column_name=_("Édition"),
        series=_series([page.by_year.get(year, count(())) for year in years]),
        total_name=_("connus"),
    )


def areas_chart(shown: Overview) -> SmallMultiples | None:
    """The areas with the most awards, on one scale; None where no award is known."""
    awards = {area_id: sum(counts.awards for counts in by_year.values()) for area_id, by_year in shown.by_year.items()}
    named = {row.area.id: row.area for row in shown.rows}
    ranked = sorted(awards, key=lambda area_id: (-awards[area_id], named[area_id].name))[:SMALLS]
    if not ranked:
        return None
    years = _every_year(edition.year for edition in shown.editions)
    rows = [
        (
            wording.name(named[area_id]),
            area_url(named[area_id]),
            wording.number(awards[area_id]),
            [shown.by_year[area_id][year].awards if year in shown.by_year[area_id] else 0 for year in years],
        )
        for area_id in ranked
    ]
    highest = max(value for *_named, values in rows for value in values)
    return small_multiples(
        "multiples",
        title=_("Labels connus par édition"),
        description=_("Même échelle partout : la plus haute barre vaut %(highest)s.") % {"highest": highest},
        columns=[str(year) for year in years],
        name_of_rows=_("Territoire"),
        rows=rows,
    )


def sizes(counts: Counts) -> tuple[Share, ...]:
    """Awards by population class of the laureate; classes that only say "other" are left out when empty."""
    needed = list(SIZE_NAMES)[:6]
    return shares(
        {
            str(name): ("level-5", counts.by_size[slug])
            for slug, name in SIZE_NAMES.items()
            if slug in needed or counts.by_size[slug]
        }
    )


def levels(counts: Counts) -> tuple[Share, ...]:
    """Awards by level, the highest first."""
    return shares({series.name: (series.css, series.values[0]) for series in _series([counts])})


def lines(laureates: Iterable[Laureate], *, years: Sequence[int]) -> Mapping[str, LineOfAt]:
    """The line of @ of each laureate."""
    every = _every_year(years)
    return {one.id: line_of_at(one.levels, years=every, says=editions_in_words(one)) for one in laureates}


def editions_in_words(laureate: Laureate) -> str:
    """« 2024 (5 @), 2023 (niveau non précisé) », the latest first."""
    return ", ".join(
        _("%(year)s (%(level)s @)") % {"year": year, "level": level}
        if level
        else _("%(year)s (niveau non précisé)") % {"year": year}
        for year, level in sorted(laureate.levels.items(), reverse=True)
    )
