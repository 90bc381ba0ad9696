"""Components of every page, available in all templates without {% load %}."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("web/components/rings.html")
def rings(level: int | None) -> dict[str, Any]:
    """Five rings, filled by level (1–5); the value as text for a screen reader; None: level not known."""
    drawn = [{"filled": level is not None and place < level, "x": 13 * place} for place in range(5)]
    return {"level": level, "rings": drawn}
