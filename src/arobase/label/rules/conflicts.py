"""Why a juror must not read a dossier: what the platform finds by itself, beside what people declare."""

from dataclasses import dataclass
from enum import StrEnum


class ConflictKind(StrEnum):
    """What ties a juror to a dossier."""

    SAME_TERRITORY = "same territory"
    EPCI = "intercommunal body"
    DEPARTMENT = "department"
    PARTNER = "partner"
    UNCONFIRMED = "unconfirmed address"
    DECLARED = "declared"
    ORGANISER = "set by the organiser"


@dataclass(frozen=True)
class Place:
    """A territory and what it belongs to, by ids; empty where it belongs to none."""

    id: str
    epci: str = ""
    department: str = ""


@dataclass(frozen=True)
class Ties:
    """What is known of a juror.

    places         where he is employed, elected, or an agent, now
    is_confirmed   whether an e-mail address of his is confirmed
    """

    places: tuple[Place, ...]
    is_confirmed: bool


def automatic(ties: Ties, candidate: Place, *, partners: frozenset[str] = frozenset()) -> tuple[ConflictKind, ...]:
    """Every conflict that follows from where a juror works or is elected, in the order of `ConflictKind`.

    partners   ids of the territories that the dossier's initiatives name as partners

    >>> automatic(Ties((Place("commune:76540", "epci:1", "department:76"),), True), Place("commune:76351", "epci:2",
    ...     "department:76"))
    (<ConflictKind.DEPARTMENT: 'department'>,)
    """
    found = set()
    for place in ties.places:
        if place.id == candidate.id:
            found.add(ConflictKind.SAME_TERRITORY)
        if _shares(candidate.epci, {place.id, place.epci}) or place.epci == candidate.id:
            found.add(ConflictKind.EPCI)
        if _shares(candidate.department, {place.id, place.department}) or place.department == candidate.id:
            found.add(ConflictKind.DEPARTMENT)
        if partners & {place.id, place.epci}:
            found.add(ConflictKind.PARTNER)
    if not ties.is_confirmed:
        found.add(ConflictKind.UNCONFIRMED)
    return tuple(kind for kind in ConflictKind if kind in found)


def _shares(body: str, bodies: set[str]) -> bool:
    return bool(body) and body in bodies
