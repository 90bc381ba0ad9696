"""The columns of the ministry's file by polling station, in its form since 2024: a group for each choice."""

from collections.abc import Mapping, Sequence

HEAD = [
    "Code département",
    "Libellé département",
    "Code commune",
    "Libellé commune",
    "Code BV",
    "Inscrits",
    "Votants",
    "% Votants",
    "Abstentions",
    "% Abstentions",
    "Exprimés",
    "% Exprimés/inscrits",
    "% Exprimés/votants",
    "Blancs",
    "% Blancs/inscrits",
    "% Blancs/votants",
    "Nuls",
    "% Nuls/inscrits",
    "% Nuls/votants",
]
PANEL, PAIR, ANSWER = "Numéro de panneau", "Binôme", "Réponse"
SHORT_NAME, NAME = "Libellé abrégé de liste", "Libellé de liste"
PERSON = ["Nom candidat", "Prénom candidat", "Sexe candidat"]
LIST = ["Nuance liste", SHORT_NAME, NAME]
VOTES = ["Voix", "% Voix/inscrits", "% Voix/exprimés"]
_MUNICIPAL = [PANEL, *PERSON, *LIST, *VOTES, "Elu", "Sièges au CM", "Sièges au CC"]
_OF_LISTS = [PANEL, *LIST, *VOTES, "Sièges"]
_OF_ANSWERS = [PANEL, ANSWER, *VOTES]
# By kind. Published in this form: European and legislative 2024, municipal 2026 (docs/operate/elections.md says where
# each was seen). The others have had no poll since: their groups have the names that the ministry gave them last.
GROUPS: Mapping[str, Sequence[str]] = {
    "municipal": _MUNICIPAL,
    "municipal_plm": _MUNICIPAL,
    "sector": _MUNICIPAL,
    "european": _OF_LISTS,
    "regional": _OF_LISTS,
    "legislative": [PANEL, "Nuance candidat", *PERSON, *VOTES, "Elu"],
    "presidential": [PANEL, *PERSON, *VOTES],
    "departmental": [PANEL, "Nuance", PAIR, *VOTES],
    "referendum": _OF_ANSWERS,
    "consultation": _OF_ANSWERS,
}
