"""What the observatory's API understands in an address, and what it refuses. The pages use the same words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arobase.observatory.models import About
from arobase.observatory.rules.services import LAYERS, SERVICES
from arobase.observatory.sources import study
from arobase.web.opendata import BadParameter

MOST_FAILURES = 20
MOST_PER_PAGE = 500
PER_PAGE = 100
LAST_PAGE = 100_000
Values = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address.

    schema  of its value, as OpenAPI says it
    read    its value from the text; raises ValueError
    expected  in words, for whoever gave another
    most    how often it may stand in an address
    """

    name: str
    description: Any
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    expected: Any
    default: Any = None
    most: int = 1


def _among(values: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return read


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return read


def _words(values: Sequence[str]) -> str:
    return ", ".join(values)


_SETS = [*About.values, study.SLUG]
_LAYERS = sorted(LAYERS)
SET = Parameter(
    "jeu",
    gettext_lazy("De quel jeu il s’agit ; les communes si rien n’est dit."),
    {"type": "string", "enum": _SETS, "default": About.COMMUNES.value},
    _among(_SETS),
    _words(_SETS),
    About.COMMUNES.value,
)
LAYER = Parameter(
    "couche",
    gettext_lazy("Une seule couche."),
    {"type": "string", "enum": _LAYERS},
    _among(_LAYERS),
    _words(_LAYERS),
)
FAILS = Parameter(
    "tombe",
    gettext_lazy(
        "Ce qui tombe : un prestataire dans toutes ses couches, couche:prestataire, owner:…, country:…, place:… ; "
        "se répète."
    ),
    {"type": "array", "items": {"type": "string"}, "maxItems": MOST_FAILURES},
    str,
    "",
    most=MOST_FAILURES,
)
NAMED = Parameter(
    "nom",
    gettext_lazy("Encore une chose qui tombe, par son nom ou comme « tombe » ; un pays par son nom est son droit."),
    {"type": "string"},
    str,
    "",
    default="",
)
SERVICE = Parameter(
    "service",
    gettext_lazy("Le service dont la liste est donnée ; sinon celui qui perd le plus."),
    {"type": "string", "enum": list(SERVICES)},
    _among(SERVICES),
    _words(SERVICES),
    "",
)
PAGE = Parameter(
    "page",
    gettext_lazy("Numéro de la page, à partir de 1."),
    {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
    _whole(LAST_PAGE),
    gettext_lazy("un nombre entier à partir de 1"),
    1,
)
SIZE = Parameter(
    "par_page",
    gettext_lazy("Combien de lignes par page."),
    {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
    _whole(MOST_PER_PAGE),
    gettext_lazy("un nombre entier de 1 à 500"),
    PER_PAGE,
)


def read(query: QueryDict, known: Sequence[Parameter]) -> Values:
    """The values of an address, with defaults. Raises BadParameter for what is unknown, doubled or no such value."""
    by_name = {one.name: one for one in known}
    for name in query:
        if name not in by_name:
            raise BadParameter(name, value=query.get(name, ""), expected=_known(by_name))
    return {one.name: _value(query.getlist(one.name), one) for one in known}


def _known(names: Mapping[str, Parameter]) -> str:
    return _("un paramètre parmi %(names)s") % {"names": ", ".join(names)} if names else _("aucun paramètre")


def _value(texts: Sequence[str], one: Parameter) -> Any:
    if len(texts) > one.most:
        expected = _("pas plus de %(most)s fois") % {"most": one.most}
        raise BadParameter(one.name, value=", ".join(texts)[:200], expected=expected)
    try:
        values = [one.read(text.strip()) for text in texts]
    except ValueError as error:
        raise BadParameter(one.name, value=str(error)[:200], expected=str(one.expected)) from error
    if one.most > 1:
        return values
    return values[0] if values else one.default
