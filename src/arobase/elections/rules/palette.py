"""Colours of lists that stay apart for people who see colours otherwise, and the patterns that go with them.

Eight hues of Okabe and Ito ("Color Universal Design", 2008); from the ninth list on they come again with a pattern, so
that no two of 32 lists look alike, and names stand beside them everywhere: a colour never says anything alone.
"""

HUES = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#000000")
PATTERNS = ("plain", "stripes", "dots", "cross")


def look(place: int) -> tuple[int, str]:
    """Hue (0–7) and pattern of the list in this place (from 0)."""
    return place % len(HUES), PATTERNS[(place // len(HUES)) % len(PATTERNS)]
