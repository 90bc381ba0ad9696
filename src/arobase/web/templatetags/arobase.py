"""Components of every page, available in all templates without {% load %}."""

from typing import Any

from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.translation import get_language, to_locale

from arobase.web.dates import day

register = template.Library()


@register.inclusion_tag("web/components/rings.html")
def rings(level: int | None) -> dict[str, Any]:
    """Five rings, filled by level (1–5); the value as text for a screen reader; None: level not known."""
    drawn = [{"filled": level is not None and place < level, "x": 13 * place} for place in range(5)]
    return {"level": level, "rings": drawn}


@register.filter
def percent(share: float | None) -> str:
    """A share between 0 and 1 as a percentage with one decimal at most, in the active language; a dash for None."""
    if share is None:
        return "–"
    return str(format_percent(share, format="#,##0.#\u202f%", locale=to_locale(get_language() or "fr")))


register.filter("day", lambda when: day(when) if when else "")


@register.filter
def points(difference: float | None) -> str:
    """A difference of percentages with its sign and one decimal, in the active language; a dash for None."""
    if difference is None:
        return "–"
    tenths = round(difference, 1) + 0.0  # never minus zero
    return str(format_decimal(tenths, format="+#,##0.0;−#,##0.0", locale=to_locale(get_language() or "fr")))
