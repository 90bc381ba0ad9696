"""Shapes of the API's answers, as JSON Schema; a test holds real answers to them."""

from typing import Any

from arobase.observatory.models import About, Purpose
from arobase.observatory.queries.dependence import Origin
from arobase.observatory.rules.criteria.finding import Met
from arobase.observatory.rules.profile import Certainty, Layer, State
from arobase.observatory.rules.providers import Law
from arobase.observatory.rules.services import SERVICES
from arobase.observatory.sources import study

Schema = dict[str, Any]


def _object(properties: Schema, *, optional: frozenset[str] = frozenset()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(values: Any) -> Schema:
    return {"type": "string", "enum": [str(one) for one in values]}


TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
DAY: Schema = {"type": "string", "format": "date"}
ORIGIN, LAYER, SERVICE, LAW = _one_of(Origin), _one_of(Layer), _one_of(SERVICES), _one_of(Law)
NAMED = {"provider": TEXT, "name": TEXT, "owners": _list(_object({"name": TEXT, "country": TEXT}))}
SUBJECT = {"id": TEXT, "code": _or_null(TEXT), "name": TEXT, "population": _or_null(WHOLE)}
FROM = {
    "set": _one_of([*About.values, study.SLUG]),
    "n": WHOLE,
    "day": _or_null(DAY),
    "source": _or_null(TEXT),
    "sources": _map(_object({"source": _or_null(TEXT), "day": DAY})),
    "known": _map(_object({"n": WHOLE, "origins": _map(WHOLE)})),
}
FAILURE = _object({"failure": TEXT, "name": TEXT})
NEED = {"anyOf": [TEXT, {"type": "object"}]}  # a node, or {"all": […]} or {"any": […]} of needs
EVIDENCE = _object({"reason": TEXT, "seen": TEXT, "sentence": TEXT})
HELD = _object(
    {
        **NAMED,
        "law": LAW,
        "owner_country": _or_null(TEXT),
        "server_countries": _list(TEXT),
        "systems": _list(WHOLE),
        "hosts": _list(TEXT),
        "certainty": _one_of(Certainty),
        "because": _list(EVIDENCE),
    }
)
OF_LAYER = _object(
    {
        "layer": LAYER,
        "state": _one_of(State),
        "until": _or_null(DAY),
        "held": _list(HELD),
        "because": _list(EVIDENCE),
    }
)
MEASURED = {
    "campaign": _object(
        {
            "number": WHOLE,
            "day": DAY,
            "rules": TEXT,
            "n": WHOLE,
            "origin": ORIGIN,
            "source": _or_null(TEXT),
            "networks": _or_null({"type": "object"}),
        }
    ),
    "site": TEXT,
    "mail": TEXT,
    "layers": _list(OF_LAYER),
    "leads_to": _or_null(TEXT),  # host of the page, where the domain leads to one under another registered name
    "through": _list(OF_LAYER),  # then who serves the redirect
    "criteria": _list(
        _object({"criterion": TEXT, "title": TEXT, "met": _one_of(Met), "sentence": TEXT, "seen": _list(TEXT)})
    ),
    "levels": _map(_one_of(Met)),
    "watched_on": _or_null(DAY),
    "index": _object({"value": _or_null(SHARE), "known_share": SHARE}),
}
DECLARED = {
    "since": DAY,
    "declared": _list(
        _object({"purpose": _one_of(Purpose), "host": TEXT, "address": _or_null(TEXT), "source": TEXT, "since": DAY})
    ),
    "otherwise": _list(_object({"service": SERVICE, "needs": NEED, "providers": _list(FAILURE), "origin": ORIGIN})),
}
# Domains that the campaign looked at and that are not those of today; `since` is null where none is declared any more.
OUTDATED = {"outdated": _list(_object({"purpose": _one_of(Purpose), "measured": TEXT, "since": _or_null(DAY)}))}
STANDING = _object(
    {
        **FROM,
        **SUBJECT,
        "state": _one_of(["measured", "not-measured", "opted-out"]),
        **DECLARED,
        **OUTDATED,
        **MEASURED,
    },
    optional=frozenset({"code", "population", *DECLARED, *OUTDATED, *MEASURED}),
)
PAGED = {"total": WHOLE, "page": WHOLE, "per_page": WHOLE, "next_page": _or_null(WHOLE)}
COUNTED = _map(_object({"subjects": WHOLE, "origins": _map(WHOLE)}))
PROVIDERS = _object({**FROM, **PAGED, "rows": _list(_object({**NAMED, "law": LAW, "layers": COUNTED}))})
DEPENDENTS = _object(
    {
        **FROM,
        **NAMED,
        "law": LAW,
        **PAGED,
        "rows": _list(_object({**SUBJECT, "layer": LAYER, "service": SERVICE, "origin": ORIGIN})),
    }
)
CONCENTRATION = _object(
    {
        **FROM,
        **PAGED,
        "rows": _list(
            _object(
                {
                    "layer": LAYER,
                    "region": _or_null(TEXT),  # null for the set as a whole, empty for those of no region
                    "region_name": _or_null(TEXT),
                    "subjects": WHOLE,
                    "known": WHOLE,
                    "hhi": _or_null(SHARE),
                    "largest": _map(SHARE),  # share of the k largest, by k
                    "first": _or_null(_object({**NAMED, "subjects": WHOLE})),
                }
            )
        ),
    }
)
PEOPLE = _or_null(WHOLE)  # null where no population is known
TOLL = _object({"subjects": WHOLE, "inhabitants": PEOPLE, "of_known": WHOLE, "of_known_inhabitants": PEOPLE})
OUTAGE = _object(
    {
        **FROM,
        "fails": _list(FAILURE),
        "service": SERVICE,
        # redundant: rests on what fails and stands; indirect: of the lost, those that do not name it themselves
        "services": _map(_object({"lost": TOLL, "degraded": TOLL, "redundant": TOLL, "indirect": TOLL})),
        "simulation": {"type": "boolean"},
        **PAGED,
        "rows": _list(
            _object(
                {
                    **SUBJECT,
                    "service": SERVICE,
                    "effect": _one_of(["lost", "degraded"]),
                    "why": _list(TEXT),
                    "direct": {"type": "boolean"},
                    "until": _or_null(DAY),  # of the certificate whose authority is lost; null where unknown
                    "origin": ORIGIN,
                }
            )
        ),
    }
)
PROBLEM = _object(
    {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "parameter": TEXT},
    optional=frozenset({"parameter"}),
)
SCHEMAS = {
    "Standing": STANDING,
    "Providers": PROVIDERS,
    "Dependents": DEPENDENTS,
    "Concentration": CONCENTRATION,
    "Outage": OUTAGE,
    "Problem": PROBLEM,
}
