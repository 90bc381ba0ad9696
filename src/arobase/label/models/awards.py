"""Editions of the label, what was awarded, and the lines of the files that say so."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.label.rules.lines import FIRST_YEAR, LAST_YEAR
from arobase.territories.models import Territory


class Edition(models.Model):
    """A year of the label: number, label year and ceremony date are three things that the press mixes.

    `rewarded` and `rewarded_by_level` ({"5": 10, …}) are the published totals, with their source; null while unknown.
    """

    label_year = models.PositiveSmallIntegerField(primary_key=True)
    number = models.PositiveSmallIntegerField(null=True, unique=True)
    ceremony_on = models.DateField(null=True)
    facts_source = models.TextField(blank=True)  # who tells the number and the day
    rewarded = models.PositiveIntegerField(null=True)
    rewarded_by_level = models.JSONField(default=dict, blank=True)
    totals_note = models.TextField(blank=True)
    totals_source = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["label_year"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(label_year__gte=FIRST_YEAR, label_year__lte=LAST_YEAR),
                name="label_year_is_plausible",
            )
        ]

    def __str__(self) -> str:
        return str(self.label_year)


class Import(models.Model):
    """A file of results: the same content is kept once. A draft awards nothing and keeps its content."""

    class Origin(models.TextChoices):
        FILE = "file", _("fichier")
        MIRROR = "mirror", _("miroir")
        SAMPLE = "sample", _("échantillon")

    sha256 = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.FILE)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    imported_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)  # of a draft

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(imported_at__isnull=False) | models.Q(content__isnull=False),
                name="draft_has_its_content",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Award(models.Model):
    """What a territory received in an edition: 1 to 5 arobases (null where the source does not state the level).

    Derived from the lines that are placed there; `placed_by` is the first line's status, or `settled`; `campaign` for
    what the jury of a campaign decided here.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="awards")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="awards", db_constraint=False)
    level = models.PositiveSmallIntegerField(null=True)
    distinctions = models.JSONField(default=list)  # mentions, hors concours, excellence: as printed
    name_as_printed = models.CharField(max_length=200)
    source = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)
    placed_by = models.CharField(max_length=12, default="exact")  # exact, historical, settled, campaign

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "territory"], name="one_award_per_edition_and_territory"),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__gte=1, level__lte=5), name="level_is_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.edition_id}: {self.level or '?'} @"


class Line(models.Model):
    """A line of an import: placed by its name or code, or waiting until a person settles it, with its reason.

    `fingerprint` is what the line says; two files that say the same share one line.
    """

    class Status(models.TextChoices):
        EXACT = "exact", _("placée")
        HISTORICAL = "historical", _("placée par son ancien nom")
        PROPOSED = "proposed", _("proposée")
        UNRESOLVED = "unresolved", _("introuvable")
        INVALID = "invalid", _("invalide")

    source_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, unique=True)
    printed = models.JSONField()  # the line's columns, as read
    year = models.PositiveSmallIntegerField(null=True)
    level = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    problems = models.JSONField(default=list)  # [{"text", "facts"}]
    candidates = models.JSONField(default=list)  # [{"id", "code", "name", "why": {"text", "facts"}}]
    placed_as = models.ForeignKey(
        Territory, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    set_aside_because = models.TextField(blank=True)  # a person said why it belongs to no territory of ours

    class Meta:
        ordering: ClassVar[list[str]] = ["source_import_id", "number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["year", "placed_as"]),
            models.Index(fields=["status", "settled_at"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__gte=1, level__lte=5),
                name="line_level_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(set_aside_because="") | models.Q(placed_as__isnull=True),
                name="set_aside_or_placed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_import_id}:{self.number} {self.status}"


class Settlement(models.Model):
    """Something a person decided about a line, kept for ever: who, when, what."""

    class Verb(models.TextChoices):
        PLACED = "placed", _("rattachée")
        SET_ASIDE = "set-aside", _("mise de côté")
        UNDONE = "undone", _("décision annulée")

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="settlements")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    territory = models.ForeignKey(
        Territory, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.line_id} {self.verb}"
