"""What a territory received from a campaign that was published here."""

from arobase.label.models import Award
from arobase.territories.rules.addresses import SLUGS

BY_CAMPAIGN = "campaign"  # how an award came that no line says: a campaign published it


def received(year: int, kind_slug: str, code: str) -> Award | None:
    """The award that a campaign gave; None for those that only a file or the press tells."""
    kinds = [kind for kind, slug in SLUGS.items() if slug == kind_slug]
    found = Award.objects.filter(
        edition_id=year, territory__kind__in=kinds, territory__code=code, placed_by=BY_CAMPAIGN, level__isnull=False
    )
    return found.select_related("edition__campaign", "territory").first()
