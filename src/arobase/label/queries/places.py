"""The places that laureates may be, read from the ground."""

from collections import defaultdict
from functools import lru_cache

from arobase.label.rules.places import Former, Gazetteer, Place
from arobase.territories.models import Kind, SourceState, Succession, Territory


class NoTerritories(LookupError):
    """The geographic code is not loaded: no name can be placed."""


def gazetteer() -> Gazetteer:
    """All communes, arrondissements and intercommunal bodies of today, with former names; read again after a load.

    Raises NoTerritories when no commune is known.
    """
    return _gazetteer(_version())


def are_known() -> bool:
    """Whether any commune is loaded."""
    return Territory.objects.filter(kind=Kind.COMMUNE).exists()


def _version() -> str:
    state = SourceState.objects.filter(name="code").values_list("version", "loaded_at").first()
    newest = Territory.objects.count()
    return f"{state} {newest} {Succession.objects.count()}"


@lru_cache(maxsize=1)
def _gazetteer(version: str) -> Gazetteer:
    if not are_known():
        raise NoTerritories(version)
    former = _former_names()
    departments: dict[str, set[str]] = defaultdict(set)
    populations: dict[str, int] = defaultdict(int)
    codes = dict(Territory.objects.filter(kind__in=[Kind.DEPARTMENT, Kind.COLLECTIVITY]).values_list("id", "code"))
    places: list[Place] = []
    rows = Territory.objects.filter(kind__in=[Kind.COMMUNE, Kind.ARRONDISSEMENT], valid_to=None).values_list(
        "id", "kind", "code", "name", "department_id", "population", "siren", "epci_id"
    )
    for own_id, kind, code, name, department_id, population, siren, epci_id in rows.iterator(chunk_size=5000):
        department = frozenset({codes[department_id]} if department_id in codes else ())
        if epci_id:
            departments[epci_id] |= department
            populations[epci_id] += population or 0
        epci = epci_id.partition(":")[2] if epci_id else ""
        places.append(
            Place(own_id, kind, code, name, department, population or 0, "", siren, epci, tuple(former[own_id]))
        )
    bodies = Territory.objects.filter(kind=Kind.EPCI, valid_to=None).values_list(
        "id", "code", "name", "subkind", "population"
    )
    for own_id, code, name, subkind, population in bodies:
        places.append(
            Place(
                own_id,
                Kind.EPCI.value,
                code,
                name,
                frozenset(departments[own_id]),
                population or populations[own_id],
                subkind,
            )
        )
    names = Territory.objects.filter(kind__in=[Kind.DEPARTMENT, Kind.COLLECTIVITY]).values_list("code", "name")
    return Gazetteer(places, departments=dict(names))


def _former_names() -> dict[str, list[Former]]:
    """Former names and codes by the id of the territory of today; a dated event prevails over an undated part."""
    found: dict[str, dict[tuple[str, str], Former]] = defaultdict(dict)
    parts = Territory.objects.filter(kind__in=[Kind.DELEGATED, Kind.ASSOCIATED], parent__isnull=False).values_list(
        "parent_id", "name", "kind", "code"
    )
    for parent_id, name, kind, code in parts:
        own = "" if parent_id == f"{Kind.COMMUNE}:{code}" else code
        found[parent_id][(name, own)] = Former(name, kind, own)
    events = Succession.objects.values_list("successor_id", "former_name", "former_kind", "former_code", "event", "on")
    for successor_id, name, kind, code, event, on in events.order_by("on", "id"):
        known = found[successor_id]
        own = "" if successor_id == f"{Kind.COMMUNE}:{code}" else code
        earlier = known.get((name, own))
        if earlier and on is None:
            continue
        kept = earlier.kind if earlier else kind
        known[(name, own)] = Former(name, kept, own, event, on.isoformat() if on else "")
    return defaultdict(list, {own_id: list(formers.values()) for own_id, formers in found.items()})
