"""How well a juror knows what a dossier presents."""

from collections.abc import Collection

from arobase.label.rules.scoring import Mosaic

NO_EXPERTISE = 0.25  # the fit of a juror who knows none of a dossier's categories, so that nobody is worthless


def fit(mosaic: Mosaic, expertise: Collection[str]) -> float:
    """The share of a dossier's points that lie in the categories a juror knows, from NO_EXPERTISE to 1, to a hundredth.

    expertise   slugs of categories
    """
    whole = float(mosaic.score) or 1.0
    known = sum(float(tile.points) for tile in mosaic.tiles if tile.category in set(expertise))
    return round(max(NO_EXPERTISE, min(1.0, known / whole)), 2)
