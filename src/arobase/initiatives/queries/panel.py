"""What a territory's page shows of its initiatives, and what towns like it do that it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.library import shown
from arobase.initiatives.queries.referential import referential, said
from arobase.initiatives.queries.shelf import shelf
from arobase.initiatives.rules.states import State
from arobase.territories.models import Territory
from arobase.territories.queries.pages import similar_territories

SHOWN = 6
NEIGHBOURS = 60
SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A service that towns like this one offer: its name, how many do, and one of them."""

    slug: str
    name: str
    towns: int
    example: Initiative


def panel(territory_id: str) -> Mapping[str, Any] | None:
    """What the panel draws; None where the territory has published nothing."""
    published = of_territory(territory_id)
    number = published.count()
    if not number:
        return None
    territory = Territory.objects.get(pk=territory_id)
    return {
        "initiatives": published[:SHOWN],
        "number": number,
        "territory": territory,
        "suggestions": like_mine(territory),
        "more": max(0, number - SHOWN),
    }


def of_territory(territory_id: str) -> "QuerySet[Initiative]":
    """What a territory has published, the latest changed first."""
    return Initiative.objects.filter(territory_id=territory_id, state=State.PUBLISHED).select_related("territory")


def like_mine(territory: Territory) -> list[Suggestion]:
    """Services that similar territories offer and this one does not, the commonest first."""
    books = shelf()
    near = similar_territories(territory, among={entry.territory for entry in books.entries}, at_most=NEIGHBOURS)
    found = books.done_by(near, not_by=territory.pk, at_most=SUGGESTED)
    examples = {one.pk: one for one in shown([example for _slug, _towns, example in found])}
    known = {service.slug: service for service in referential().services}
    return [
        Suggestion(slug, said(known[slug].name), towns, examples[example])
        for slug, towns, example in found
        if slug in known and example in examples
    ]
