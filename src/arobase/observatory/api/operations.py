"""The addresses of the observatory's API: what each answers and understands. Requests, page and OpenAPI read this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from arobase.observatory.api.parameters import FAILS, LAYER, NAMED, PAGE, SERVICE, SET, SIZE, Parameter


@dataclass(frozen=True)
class Operation:
    """One address.

    path     below /api/observatoire; names in braces are parts of it
    schema   of the answer, by its name in schemas.py
    example  an address that answers, where the data has it
    """

    name: str
    path: str
    summary: Any
    schema: str
    parameters: Sequence[Parameter]
    example: str

    @property
    def parts(self) -> list[str]:
        """Names of the parts of the address."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


COMMUNE = Operation(
    "commune",
    "/communes/{code}",
    gettext_lazy("Sur quoi repose une commune : ses couches et pourquoi, ses critères, son indice."),
    "Standing",
    (),
    "/communes/76351",
)
SITE = Operation(
    "site",
    "/sites/{domain}",
    gettext_lazy("De même pour un domaine d’un autre jeu."),
    "Standing",
    (SET,),
    "/sites/aubeville.test?jeu=essai",
)
PROVIDERS = Operation(
    "providers",
    "/prestataires",
    gettext_lazy("Les prestataires, et combien dépendent de chacun, couche par couche."),
    "Providers",
    (SET, LAYER, PAGE, SIZE),
    "/prestataires?par_page=10",
)
PROVIDER = Operation(
    "provider",
    "/prestataires/{slug}",
    gettext_lazy("Qui dépend d’un prestataire, couche par couche."),
    "Dependents",
    (SET, LAYER, PAGE, SIZE),
    "/prestataires/microsoft?couche=mail",
)
CONCENTRATION = Operation(
    "concentration",
    "/concentration",
    gettext_lazy("Combien de prestataires se partagent chaque couche, dans l’ensemble et dans chaque région."),
    "Concentration",
    (SET, LAYER, PAGE, SIZE),
    "/concentration?couche=mail",
)
OUTAGE = Operation(
    "outage",
    "/panne",
    gettext_lazy("Qui perd quoi quand ceux-là tombent, et par quelle chaîne."),
    "Outage",
    (SET, FAILS, NAMED, SERVICE, PAGE, SIZE),
    "/panne?tombe=microsoft&service=mail",
)
OPERATIONS = (COMMUNE, SITE, PROVIDERS, PROVIDER, CONCENTRATION, OUTAGE)
