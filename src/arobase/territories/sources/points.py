"""Where each commune lies, and how large it is: from the mirror, else from its contour."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.reference import Changes, Provenance, publish, write_fields
from arobase.territories.models import Kind, SourceState, Territory
from arobase.territories.rules.contours import areas_km2, array_of, points_on
from arobase.territories.sources.code import joined, limited_to
from arobase.territories.sources.contours import shapes_of_communes
from arobase.territories.sources.files import BrokenFile, csv_rows, mirror, mirror_version

Clock = Callable[[], datetime]
FIELDS = ("lon", "lat", "area_km2")
Position = tuple[float | None, float | None, float | None]
WHOLES = (
    (Kind.DEPARTMENT, "department"),
    (Kind.REGION, "region"),
    (Kind.FORMER_REGION, "former_region"),
    (Kind.EPCI, "epci"),
)
COLLECTIVITIES_OF_ONE_COMMUNE = ("977", "978")
LICENCE = "Licence Ouverte 2.0 (IGN, geo.api.gouv.fr) ; GeoNames CC BY 4.0"


def load(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Load the points and areas of communes; areas of larger territories are summed."""
    communes = Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True)
    if request.departments:
        communes = communes.filter(department__code__in=request.departments)
    ids = set(communes.values_list("id", flat=True))
    path = mirror("territories/communes.csv.gz")
    given = dict(_from_mirror(path)) if path else dict(_from_contours(request))
    found = {id: position for id, position in given.items() if id in ids}
    missing = _without_point(len(ids) - sum(position[0] is not None for position in found.values()))
    partly = limited_to(request.departments)
    if path:
        provenance = Provenance("points", 1, mirror_version(path), LICENCE, len(found), joined(missing, partly))
    else:
        contours = SourceState.objects.filter(name="contours").first()
        note = _("Points et surfaces tirés des contours.")
        if contours is None or contours.layer is None:
            return Loaded(None, "", 0, "", {}, _("Aucun point : ni miroir ni contours."))
        provenance = Provenance(
            "points", contours.layer, contours.version, contours.licence, len(found), joined(note, missing, partly)
        )
    return publish(
        provenance,
        lambda: write_fields(FIELDS, found, clear=ids),
        (lambda: {}) if request.departments else _sum_areas,
        at=now(),
    )


def _without_point(number: int) -> str:
    return _("%s communes sans point.") % number if number else ""


def _from_mirror(path: Path) -> Iterator[tuple[str, Position]]:
    for number, row in enumerate(csv_rows(path), 2):
        try:
            lon, lat = float(row["lon"]), float(row["lat"])
            area = float(row["surface_km2"]) if row["surface_km2"] else None
        except (TypeError, ValueError) as error:
            raise BrokenFile(path, _("ligne %(line)s : %(why)s") % {"line": number, "why": error}) from error
        yield f"commune:{row['code']}", (round(lon, 5), round(lat, 5), area)


def _from_contours(request: LoadRequest) -> Iterator[tuple[str, Position]]:
    """A point inside each contour; without one the town hall, or the middle of a collectivity of one commune."""
    halls = Territory.objects.filter(kind=Kind.COMMUNE, hall_lon__isnull=False)
    for id, lon, lat in halls.values_list("id", "hall_lon", "hall_lat"):
        yield id, (lon, lat, None)
    for code in COLLECTIVITIES_OF_ONE_COMMUNE:
        for lon, lat in Territory.objects.filter(id=f"collectivity:{code}").values_list("lon", "lat"):
            yield f"commune:{code}01", (lon, lat, None)
    done = 0
    for ids, shapes in shapes_of_communes():
        request.progress(_("points des communes"), done, 0)
        done += len(ids)
        contours = array_of(shapes)
        for id, (lon, lat), area in zip(ids, points_on(contours), areas_km2(contours), strict=True):
            yield id, (float(lon), float(lat), round(float(area), 2))


def _sum_areas() -> Changes:
    areas: Mapping[str, tuple[float]] = {
        id: (round(area, 2),)
        for kind, belonging in WHOLES
        for id, area in Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True)
        .filter(**{f"{belonging}__kind": kind}, area_km2__isnull=False)
        .order_by()
        .values_list(f"{belonging}_id")
        .annotate(Sum("area_km2"))
    }
    return write_fields(("area_km2",), areas)
