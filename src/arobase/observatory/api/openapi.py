"""The OpenAPI document, written from the table that validates requests."""

from importlib.metadata import version
from typing import Any

from django.utils.translation import gettext as _

from arobase.observatory.api.operations import OPERATIONS, Operation
from arobase.observatory.api.parameters import Parameter
from arobase.observatory.api.schemas import SCHEMAS


def described() -> dict[str, Any]:
    """OpenAPI 3.1 of the observatory's API, in the active language."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("API de l’observatoire d’Arobase"),
            "version": version("arobase"),
            "description": _(
                "Sur quoi reposent les territoires, qui dépend de qui, et ce qu’une panne éteindrait. En lecture "
                "seule ; chaque chiffre dit sur combien, de quel jour et d’où."
            ),
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/api/observatoire"}],
        "paths": {one.path: {"get": _operation(one)} for one in OPERATIONS},
        "components": {"schemas": SCHEMAS},
    }


def _operation(one: Operation) -> dict[str, Any]:
    parts = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in one.parts]
    return {
        "operationId": one.name,
        "summary": str(one.summary),
        "parameters": [*parts, *map(_parameter, one.parameters)],
        "responses": {
            "200": {
                "description": str(one.summary),
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{one.schema}"}}},
            },
            "304": {"description": _("Le client a déjà cette réponse (ETag).")},
            "400": _problem(_("Paramètre inutilisable : lequel, et pourquoi.")),
            "404": _problem(_("Rien sous cette adresse.")),
        },
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    told = {"name": one.name, "in": "query", "description": str(one.description), "schema": dict(one.schema)}
    return {**told, "style": "form", "explode": True} if one.most > 1 else told


def _problem(why: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": why, "content": {"application/problem+json": {"schema": schema}}}
