"""The addresses of the geographic API: what each answers, and which parameters it understands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy

from arobase.territories.api import parameters
from arobase.territories.api.parameters import Parameter
from arobase.territories.api.resources import COMMUNE, DEPARTMENT, EPCI, PART, REGION, Resource


@dataclass(frozen=True)
class Operation:
    """One address.

    path      below /api/geo; `{code}` where the code of a territory stands
    one       whether it answers with one territory (else with a list)
    within    for the list inside a territory: that territory's resource, and the criterion that its code stands for
    """

    path: str
    summary: Any
    resource: Resource
    one: bool
    criteria: tuple[Parameter, ...] = ()
    within: tuple[Resource, str] | None = None

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """What it understands, by name."""
        understood = [] if self.one else [*self.criteria, parameters.LIMIT]
        understood.append(parameters.fields(*self.resource.fields))
        if self.resource.geometries:
            understood += [parameters.FORMAT, parameters.geometry(*self.resource.geometries)]
        else:
            understood.append(parameters.JSON_ONLY)
        return {parameter.name: parameter for parameter in understood}

    @cached_property
    def ignored(self) -> frozenset[str]:
        """Names that clients send everywhere, and that mean nothing here."""
        return frozenset(every_name()) if self.one else frozenset({"geometry", "boost"})


_OF_COMMUNES = (
    parameters.NAME,
    parameters.CODE,
    parameters.POSTAL_CODE,
    parameters.LAT,
    parameters.LON,
    parameters.SIREN,
    parameters.EPCI,
    parameters.DEPARTMENT,
    parameters.REGION,
    parameters.ZONE,
    parameters.TYPE,
    parameters.PARENT,
    parameters.FORMER_CODE,
    parameters.BOOST,
)
_OF_PARTS = tuple(
    parameters.TYPE_OF_PARTS if parameter is parameters.TYPE else parameter
    for parameter in _OF_COMMUNES
    if parameter is not parameters.FORMER_CODE
)
_OF_EPCIS = (
    parameters.NAME,
    parameters.CODE,
    parameters.EPCI,
    parameters.DEPARTMENT,
    parameters.REGION,
    parameters.ZONE,
    parameters.BOOST,
)
_OF_DEPARTMENTS = (parameters.NAME, parameters.CODE, parameters.REGION, parameters.ZONE, parameters.BOOST)
_OF_REGIONS = (parameters.NAME, parameters.CODE, parameters.ZONE, parameters.BOOST)

OPERATIONS = (
    Operation("/communes", gettext_lazy("Communes"), COMMUNE, False, _OF_COMMUNES),
    Operation("/communes/{code}", gettext_lazy("Une commune"), COMMUNE, True),
    Operation("/epcis", gettext_lazy("Intercommunalités"), EPCI, False, _OF_EPCIS),
    Operation("/epcis/{code}", gettext_lazy("Une intercommunalité"), EPCI, True),
    Operation(
        "/epcis/{code}/communes",
        gettext_lazy("Communes d’une intercommunalité"),
        COMMUNE,
        False,
        _OF_COMMUNES,
        within=(EPCI, "codeEpci"),
    ),
    Operation("/departements", gettext_lazy("Départements"), DEPARTMENT, False, _OF_DEPARTMENTS),
    Operation("/departements/{code}", gettext_lazy("Un département"), DEPARTMENT, True),
    Operation(
        "/departements/{code}/communes",
        gettext_lazy("Communes d’un département"),
        COMMUNE,
        False,
        _OF_COMMUNES,
        within=(DEPARTMENT, "codeDepartement"),
    ),
    Operation("/regions", gettext_lazy("Régions"), REGION, False, _OF_REGIONS),
    Operation("/regions/{code}", gettext_lazy("Une région"), REGION, True),
    Operation(
        "/regions/{code}/departements",
        gettext_lazy("Départements d’une région"),
        DEPARTMENT,
        False,
        _OF_DEPARTMENTS,
        within=(REGION, "codeRegion"),
    ),
    Operation(
        "/communes_associees_deleguees",
        gettext_lazy("Communes associées et déléguées"),
        PART,
        False,
        _OF_PARTS,
    ),
    Operation("/communes_associees_deleguees/{code}", gettext_lazy("Une commune associée ou déléguée"), PART, True),
)


def every_name() -> Iterator[str]:
    """Names of all parameters of all lists."""
    for operation in OPERATIONS:
        if not operation.one:
            yield from operation.parameters


_ROUTES = {operation.path: operation for operation in OPERATIONS}
_PATH = re.compile(r"(/[a-z_]+)(?:/([0-9A-Za-z]{1,12})(/[a-z]+)?)?/?")


def operation_of(path: str) -> tuple[Operation, str] | None:
    """The operation of a path below /api/geo, and the code in it (upper case, empty where it has none)."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    collection, code, inside = match.groups()
    operation = _ROUTES.get(collection + ("/{code}" if code else "") + (inside or ""))
    return (operation, (code or "").upper()) if operation else None
