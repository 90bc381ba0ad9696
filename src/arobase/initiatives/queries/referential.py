"""The referential of today: what can be done, in 16 enjeux; it comes with the package."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils.translation import get_language

from arobase.initiatives.rules.referential import Referential, Text, parse

FILE = "referential.yaml"


@lru_cache(maxsize=1)
def referential() -> Referential:
    """The referential that the package brings, read once."""
    return parse(yaml.safe_load(files("arobase.initiatives").joinpath(FILE).read_text(encoding="utf-8")))


def said(text: Text) -> str:
    """A text of the referential in the reader's language."""
    return text.en if (get_language() or "fr").startswith("en") else text.fr


def enjeux_of(services: Iterable[str]) -> tuple[str, ...]:
    """The enjeux that some services answer to, in the referential's order; unknown slugs are passed over."""
    known = referential()
    wanted = set(services)
    found = {service.enjeu for service in known.services if service.slug in wanted}
    return tuple(enjeu.slug for enjeu in known.enjeux if enjeu.slug in found)
