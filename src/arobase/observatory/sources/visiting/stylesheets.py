"""What a style sheet within a page has a browser ask for."""

import re
from collections.abc import Iterator

from arobase.observatory.rules.visits import Kind

# Possessive throughout: a hostile sheet is read in one pass.
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
IMPORT = re.compile(r"""@import\s++(?:url\(\s*+)?+["']?+([^"'\s);]++)""", re.IGNORECASE)
FONT_FACE = re.compile(r"@font-face\s*+\{([^}]*+)(?:\}|\Z)", re.IGNORECASE)
ADDRESS = re.compile(r"""url\(\s*+["']?+([^"'()\s]++)""", re.IGNORECASE)


def named(text: str) -> Iterator[tuple[Kind, str]]:
    """Addresses as they stand there: imported styles, fonts of @font-face, then everything else for an image."""
    bare = COMMENT.sub(" ", text)
    for found in IMPORT.finditer(bare):
        yield Kind.STYLE, found[1]
    bare = IMPORT.sub(" ", bare)
    for face in FONT_FACE.finditer(bare):
        yield from ((Kind.FONT, found[1]) for found in ADDRESS.finditer(face[1]))
    yield from ((Kind.IMAGE, found[1]) for found in ADDRESS.finditer(FONT_FACE.sub(" ", bare)))
