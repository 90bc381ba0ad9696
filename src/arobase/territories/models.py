"""The ground: territories of the official geographic code, their contours, and who came from whom."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.territories.rules.addresses import SLUGS


class Kind(models.TextChoices):
    """Kinds of territory (Code officiel géographique, INSEE; EPCI à fiscalité propre, DGCL)."""

    COMMUNE = "commune", _("commune")
    DELEGATED = "delegated", _("commune déléguée")
    ASSOCIATED = "associated", _("commune associée")
    ARRONDISSEMENT = "arrondissement", _("arrondissement municipal")
    DEPARTMENT = "department", _("département")
    REGION = "region", _("région")
    FORMER_REGION = "former-region", _("ancienne région")
    EPCI = "epci", _("intercommunalité")
    COLLECTIVITY = "collectivity", _("collectivité d’outre-mer")


class Zone(models.TextChoices):
    """Where a territory lies."""

    METROPOLE = "metro", _("métropole")
    DROM = "drom", _("département ou région d’outre-mer")
    COM = "com", _("collectivité d’outre-mer")


def territory_id(kind: str, code: str) -> str:
    """The stable key of a territory, the same after every load.

    >>> territory_id("commune", "76351")
    'commune:76351'
    """
    return f"{kind}:{code}"


class Territory(models.Model):
    """A territory of today (or, with `valid_to`, of before).

    `parent` is the commune of a delegated or associated commune or of an arrondissement; `department`, `region` and
    `epci` are those it belongs to; for a department or region, `seat` is the code of its chef-lieu. Overseas
    collectivities (975, 977, 978, 984, 986, 987, 988, 989) stand in for both department and region of their communes.
    """

    id = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    name_link = models.SmallIntegerField(default=0)  # INSEE's TNCC: which article and charnière the name takes
    subkind = models.CharField(max_length=10, blank=True)  # EPCI: CC, CA, CU, METRO, MET69
    zone = models.CharField(max_length=5, choices=Zone.choices, default=Zone.METROPOLE)
    population = models.PositiveIntegerField(null=True)
    area_km2 = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    siren = models.CharField(max_length=9, blank=True)
    postal_codes = models.CharField(max_length=400, blank=True)  # separated by spaces
    seat = models.CharField(max_length=5, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts", db_constraint=False)
    department = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    region = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    former_region = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    epci = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="members", db_constraint=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    hall_lon = models.FloatField(null=True)  # the town hall (mairie)
    hall_lat = models.FloatField(null=True)
    domain = models.CharField(max_length=100, null=True)  # noqa: DJ001 - official domain of web and mail, null as the other facts that no source tells

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "code"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "code"]),
            models.Index(fields=["kind", "-population"]),
            models.Index(fields=["department", "kind"]),
            models.Index(fields=["region", "kind"]),
            models.Index(fields=["former_region", "kind"]),
            models.Index(fields=["epci", "kind"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "code"], name="one_territory_per_kind_and_code"),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True, lat__isnull=True) | models.Q(lon__isnull=False, lat__isnull=False),
                name="lon_and_lat_together",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """The kind as it stands in addresses."""
        return SLUGS[self.kind]


class Contour(models.Model):
    """The contour of a territory as GeoJSON geometry (WGS 84, 5 decimals), compressed with zlib."""

    territory = models.OneToOneField(
        Territory, primary_key=True, on_delete=models.CASCADE, related_name="contour", db_constraint=False
    )
    geometry = models.BinaryField()
    outline = models.TextField(blank=True)  # simplified, as SVG path data in the map's projection; empty for communes


class Succession(models.Model):
    """A former code or name, and the territory of today that it became; undated while INSEE's movements are missing."""

    class Event(models.TextChoices):
        MERGED = "merged", _("fusion")
        SPLIT = "split", _("scission")
        RENAMED = "renamed", _("changement de nom")
        RECODED = "recoded", _("changement de code")

    former_kind = models.CharField(max_length=20, choices=Kind.choices)
    former_code = models.CharField(max_length=10)
    former_name = models.CharField(max_length=120, blank=True)
    successor = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="predecessors", db_constraint=False)
    event = models.CharField(max_length=10, choices=Event.choices)
    on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["former_kind", "former_code"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["former_kind", "former_code", "former_name", "successor", "event"],
                name="one_succession_per_event",
            )
        ]

    def __str__(self) -> str:
        return f"{self.former_code} {self.former_name} → {self.successor_id}"


class BaseLayer(models.Model):
    """Land that is no territory but lies around them on the map: a GeoJSON FeatureCollection, compressed with zlib."""

    NEIGHBOURS = "neighbours"

    name = models.CharField(primary_key=True, max_length=40)
    geojson = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class SourceState(models.Model):
    """Which layer served a data source, when, and what it held. `version` changes whenever the data does."""

    name = models.CharField(primary_key=True, max_length=40)
    layer = models.PositiveSmallIntegerField(null=True)
    version = models.CharField(max_length=120)
    licence = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    seconds = models.FloatField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
