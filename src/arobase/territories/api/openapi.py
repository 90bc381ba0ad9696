"""The OpenAPI document, written from the table that validates requests."""

from typing import Any

from django.utils.translation import gettext as _

from arobase.territories.api.answers import VERSION
from arobase.territories.api.operations import OPERATIONS, Operation
from arobase.territories.api.parameters import Parameter
from arobase.territories.api.resources import Resource

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
        "code": {"type": "integer"},
        "message": {"type": "string"},
    },
}


def document() -> dict[str, Any]:
    """OpenAPI 3.1 of the geographic API, in the active language."""
    resources = {operation.resource.name: operation.resource for operation in OPERATIONS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("API géographique d’Arobase"),
            "version": VERSION,
            "description": _(
                "Communes, intercommunalités, départements et régions de France : mêmes paramètres et mêmes réponses "
                "que l’API Découpage administratif de l’État."
            ),
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/api/geo"}],
        "paths": {operation.path: {"get": _operation(operation)} for operation in OPERATIONS},
        "components": {
            "schemas": {"Problem": PROBLEM, **{name: _schema(resource) for name, resource in resources.items()}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "operationId": operation.path.strip("/").replace("/", "_").replace("{", "").replace("}", ""),
        "summary": str(operation.summary),
        "parameters": [*_in_path(operation), *(_in_query(parameter) for parameter in operation.parameters.values())],
        "responses": {
            "200": {
                "description": str(operation.summary),
                "content": {"application/json": {"schema": _answer(operation)}},
            },
            "304": {"description": _("Le client a déjà cette réponse (ETag).")},
            "400": _problem(_("Paramètre inutilisable : lequel, et pourquoi.")),
            "404": _problem(_("Aucun territoire n’a ce code.")),
        },
    }


def _in_path(operation: Operation) -> list[dict[str, Any]]:
    if "{code}" not in operation.path:
        return []
    return [
        {
            "name": "code",
            "in": "path",
            "required": True,
            "description": _("Code officiel."),
            "schema": {"type": "string"},
        }
    ]


def _in_query(parameter: Parameter) -> dict[str, Any]:
    listed = {"style": "form", "explode": False} if parameter.schema.get("type") == "array" else {}
    return {
        "name": parameter.name,
        "in": "query",
        "description": str(parameter.description),
        "schema": dict(parameter.schema),
        **listed,
    }


def _answer(operation: Operation) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{operation.resource.name}"}
    return reference if operation.one else {"type": "array", "items": reference}


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


def _schema(resource: Resource) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["nom", "code"],
        "properties": {name: dict(schema) for name, (_read, schema) in resource.fields.items()},
    }
