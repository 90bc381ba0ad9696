"""What a town shows: the sign at its entry and the small badge of its web site, as drawings that need nothing else."""

from xml.sax.saxutils import escape

from arobase.label.rules.levels import HIGHEST, LOWEST

INK, PAPER, WARM, PALE = "#1b1a17", "#faf6ee", "#a8320f", "#d9d0bf"
# One arobase in a square of 13, drawn as a line.
AROBASE = "M8.5 6.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0Zm0-2.2v2.7a1.6 1.6 0 0 0 3.2 0v-.5a5.2 5.2 0 1 0-2.2 4.2"
SIDE = 13
FONTS = "Atkinson Hyperlegible, Helvetica, Arial, sans-serif"


class BadLevel(ValueError):
    """A level outside 1 to 5."""


def arobases(level: int, *, size: float = SIDE) -> str:
    """Five arobases in a row, filled by level, `size` units high, as SVG elements. Raises BadLevel."""
    if not LOWEST <= level <= HIGHEST:
        raise BadLevel(level)
    scale = size / SIDE
    drawn = [
        f'<path transform="translate({place * size:g} 0) scale({scale:g})" d="{AROBASE}" '
        f'stroke="{WARM if place < level else PALE}"/>'
        for place in range(HIGHEST)
    ]
    return f'<g fill="none" stroke-width="1.5" stroke-linecap="round">{"".join(drawn)}</g>'


def entry_sign(name: str, level: int, *, label_year: int, said: str) -> str:
    """The sign at the entry of a town: 800 × 420 millimetres at scale 1, as an SVG document. Raises BadLevel.

    name   of the territory
    said   the level in words, for those who do not see it
    """
    title = escape(f"{name}, {said}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="800mm" height="420mm" viewBox="0 0 800 420" role="img" '
        f'aria-labelledby="title"><title id="title">{title}</title>'
        f'<rect x="6" y="6" width="788" height="408" rx="22" fill="{PAPER}" stroke="{INK}" stroke-width="6"/>'
        f'<g font-family="{FONTS}" text-anchor="middle" fill="{INK}">'
        f'<text x="400" y="128" font-size="{_fitting(name):g}" font-weight="700">{escape(name)}</text>'
        f'<text x="400" y="352" font-size="34">Territoires, Villes et Villages Internet</text>'
        f'<text x="400" y="391" font-size="26">{label_year}</text></g>'
        f'<g transform="translate(140 176)">{arobases(level, size=104)}</g></svg>'
    )


def site_badge(name: str, level: int, *, label_year: int, said: str) -> str:
    """The small badge of a web site, 220 × 64, as an SVG document. Raises BadLevel."""
    title = escape(f"{name}, label {label_year}, {said}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="220" height="64" viewBox="0 0 220 64" role="img" '
        f'aria-labelledby="title"><title id="title">{title}</title>'
        f'<rect x="1" y="1" width="218" height="62" rx="6" fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>'
        f'<g transform="translate(12 9)">{arobases(level, size=26)}</g>'
        f'<text x="12" y="53" font-family="{FONTS}" font-size="13" fill="{INK}">Villes Internet {label_year}</text>'
        "</svg>"
    )


def _fitting(name: str) -> float:
    """A size of letters at which the name fits into the sign's width."""
    return min(84.0, 1_150 / max(1, len(name)))
