"""The people of the tests, one per role, always the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Someone who can sign in.

    role, territory   as `arobase people create` takes them; no role: signed in, nothing more
    """

    email: str
    name: str
    role: str | None = None
    territory: str = ""


VISITOR = None
ALIX = Person("alix@exemple.fr", "Alix, sans rôle")
CAMILLE = Person("camille@lehavre.exemple.fr", "Camille, agent du Havre", "agent", "commune:76351")
DOMINIQUE = Person("dominique@exemple.fr", "Dominique, jury", "juror")
SACHA = Person("organisation@exemple.fr", "Sacha, organisation du label", "organiser")
MAXIME = Person("exploitation@exemple.fr", "Maxime, exploitation", "operator")
PEOPLE = [ALIX, CAMILLE, DOMINIQUE, SACHA, MAXIME]
WHO_VISITS = {
    "anyone": VISITOR,
    "signed in": ALIX,
    "agent": CAMILLE,
    "juror": DOMINIQUE,
    "organiser": SACHA,
    "operator": MAXIME,
}
