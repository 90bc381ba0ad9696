"""What the geographic API understands: one table that validates requests and writes the OpenAPI document."""

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TYPES = {
    "commune-actuelle": "commune",
    "arrondissement-municipal": "arrondissement",
    "commune-deleguee": "delegated",
    "commune-associee": "associated",
}
ZONES = ("metro", "drom", "com")
GEOMETRIES = ("centre", "contour", "bbox", "mairie")


class BadParameter(ValueError):
    """A parameter of a request that cannot be used.

    parameter   its name
    why         one sentence for a person, translated
    """

    def __init__(self, parameter: str, why: str) -> None:
        super().__init__(f"{parameter}: {why}")
        self.parameter = parameter
        self.why = why


@dataclass(frozen=True)
class Parameter:
    """One parameter of a query.

    schema    JSON schema of its value
    read      text → value; raises ValueError with a translated sentence
    filters   whether it narrows the answer down
    """

    name: str
    description: Any
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    example: str
    filters: bool = False


def _text(value: str) -> str:
    return value.strip()


def _code(value: str) -> str:
    return value.strip().upper()


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(_unknown(value, choices))
        return value

    return read


def _some_of(*choices: str) -> Callable[[str], tuple[str, ...]]:
    def read(value: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(part.strip() for part in value.split(",")))
        for part in found:
            if part not in choices:
                raise ValueError(_unknown(part, choices))
        return found

    return read


def _unknown(value: str, choices: Sequence[str]) -> str:
    near = difflib.get_close_matches(value, choices, n=1)
    listed = ", ".join(choices)
    if near:
        return _("« %(value)s » n’existe pas. Vouliez-vous dire « %(near)s » ? Valeurs possibles : %(choices)s.") % {
            "value": value[:80],
            "near": near[0],
            "choices": listed,
        }
    return _("« %(value)s » n’existe pas. Valeurs possibles : %(choices)s.") % {"value": value[:80], "choices": listed}


def _degrees(limit: int) -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not -limit <= number <= limit:
            raise ValueError(
                _("« %(value)s » n’est pas un nombre de degrés entre −%(limit)s et %(limit)s.")
                % {"value": value[:80], "limit": limit}
            )
        return number

    return read


def _whole_number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):  # noqa: PLR2004 - digits of a sensible limit
        raise ValueError(_("« %(value)s » n’est pas un nombre entier positif ou nul.") % {"value": value[:80]})
    return int(value)


def _string(**more: Any) -> dict[str, Any]:
    return {"type": "string", **more}


def _list(*choices: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(choices)}}


NAME = Parameter(
    "nom",
    gettext_lazy("Nom, même mal orthographié, abrégé ou ancien ; la réponse porte alors `_score`, de 0 à 1."),
    _string(minLength=1),
    _text,
    "Le Havre",
    filters=True,
)
CODE = Parameter("code", gettext_lazy("Code officiel."), _string(), _code, "76351", filters=True)
POSTAL_CODE = Parameter("codePostal", gettext_lazy("Code postal entier."), _string(), _code, "76600", filters=True)
SIREN = Parameter("siren", gettext_lazy("Numéro SIREN."), _string(), _code, "217603513", filters=True)
EPCI = Parameter(
    "codeEpci", gettext_lazy("Code (SIREN) de l’intercommunalité."), _string(), _code, "200084952", filters=True
)
DEPARTMENT = Parameter("codeDepartement", gettext_lazy("Code du département."), _string(), _code, "76", filters=True)
REGION = Parameter("codeRegion", gettext_lazy("Code de la région."), _string(), _code, "28", filters=True)
PARENT = Parameter(
    "codeParent",
    gettext_lazy("Code de la commune dont c’est une partie (arrondissement, commune déléguée ou associée)."),
    _string(),
    _code,
    "75056",
    filters=True,
)
FORMER_CODE = Parameter(
    "ancienCode",
    gettext_lazy("Ancien code d’une commune qui a changé de code ou fusionné."),
    _string(),
    _code,
    "76476",
    filters=True,
)
TYPE = Parameter(
    "type",
    gettext_lazy("Types de communes, séparés par des virgules."),
    _list(*TYPES),
    _some_of(*TYPES),
    "commune-actuelle",
    filters=True,
)
TYPE_OF_PARTS = Parameter(
    "type",
    TYPE.description,
    _list("commune-deleguee", "commune-associee"),
    _some_of("commune-deleguee", "commune-associee"),
    "commune-deleguee",
    filters=True,
)
ZONE = Parameter(
    "zone",
    gettext_lazy("Zones, séparées par des virgules : métropole, départements et régions, collectivités d’outre-mer."),
    _list(*ZONES),
    _some_of(*ZONES),
    "metro,drom",
    filters=True,
)
LAT = Parameter(
    "lat",
    gettext_lazy("Latitude d’un point, en degrés ; avec `lon`."),
    {"type": "number", "minimum": -90, "maximum": 90},
    _degrees(90),
    "49.49",
    filters=True,
)
LON = Parameter(
    "lon",
    gettext_lazy("Longitude d’un point, en degrés ; avec `lat`."),
    {"type": "number", "minimum": -180, "maximum": 180},
    _degrees(180),
    "0.11",
    filters=True,
)
BOOST = Parameter(
    "boost",
    gettext_lazy("Met en avant les plus peuplées dans une recherche par nom."),
    _string(enum=["population"]),
    _one_of("population"),
    "population",
)
LIMIT = Parameter(
    "limit",
    gettext_lazy("Nombre de réponses au plus."),
    {"type": "integer", "minimum": 0},
    _whole_number,
    "5",
)
FORMAT = Parameter(
    "format",
    gettext_lazy("Format de la réponse."),
    _string(enum=["json", "geojson"], default="json"),
    _one_of("json", "geojson"),
    "geojson",
)
JSON_ONLY = Parameter("format", FORMAT.description, _string(enum=["json"], default="json"), _one_of("json"), "json")


def geometry(*choices: str) -> Parameter:
    """Which geometry a GeoJSON answer carries."""
    return Parameter(
        "geometry",
        gettext_lazy("Géométrie d’une réponse en GeoJSON."),
        _string(enum=list(choices), default="centre"),
        _one_of(*choices),
        "contour",
    )


def fields(*choices: str) -> Parameter:
    """Which fields an answer carries."""
    return Parameter(
        "fields",
        gettext_lazy("Champs voulus, séparés par des virgules ; `nom` et `code` y sont toujours."),
        _list(*choices),
        _some_of(*choices),
        ",".join(choices[:3]),
    )


def read(query: str, *, known: Mapping[str, Parameter], ignored: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The values of a query string by name of parameter.

    known     what this address understands
    ignored   names that mean something elsewhere in this API, and nothing here
    Raises    BadParameter for the first one that cannot be used
    """
    values: dict[str, Any] = {}
    for name, text in parse_qsl(query, keep_blank_values=True, max_num_fields=50):
        if name in ignored and name not in known:
            continue
        values[name] = _value(name, text, known=known, seen=values)
    if ("lat" in values) != ("lon" in values):
        given, missing = ("lat", "lon") if "lat" in values else ("lon", "lat")
        raise BadParameter(
            missing,
            _("« %(given)s » est donné sans « %(missing)s » : un point a besoin des deux.")
            % {"given": given, "missing": missing},
        )
    return values


def _value(name: str, text: str, *, known: Mapping[str, Parameter], seen: Mapping[str, Any]) -> Any:
    if name not in known:
        raise BadParameter(name[:80], _unknown(name, list(known)))
    if name in seen:
        raise BadParameter(name, _("Donné deux fois ; une seule valeur est attendue."))
    if not text.strip():
        raise BadParameter(
            name, _("Vide ; une valeur est attendue, par exemple « %(example)s ».") % {"example": known[name].example}
        )
    try:
        return known[name].read(text)
    except ValueError as error:
        raise BadParameter(name, str(error)) from error
