"""What a territory hands in for an edition: fields, documents, and what was kept at each milestone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.initiatives.rules.referential import CandidateKind
from arobase.label.models.campaigns import Campaign
from arobase.label.rules.states import DossierState
from arobase.territories.models import Territory

DOSSIER_STATES = {
    DossierState.DRAFT: _("brouillon, pas encore déposé"),
    DossierState.SUBMITTED: _("déposé"),
    DossierState.WITHDRAWN: _("retiré"),
}
CANDIDATE_KINDS = {
    CandidateKind.VILLAGE: _("village"),
    CandidateKind.TOWN: _("ville"),
    CandidateKind.TERRITORY: _("territoire"),
}


class Dossier(models.Model):
    """The one dossier of a territory for an edition.

    `kind` and `population` are those of the day on which it was begun; `fee` is in euro cents.
    """

    class FeeState(models.TextChoices):
        DUE = "due", _("à régler")
        PAID = "paid", _("réglée")
        WAIVED = "waived", _("offerte")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="dossiers")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="dossiers", db_constraint=False)
    state = models.CharField(max_length=10, choices=DOSSIER_STATES, default=DossierState.DRAFT)
    kind = models.CharField(max_length=10, choices=CANDIDATE_KINDS)
    population = models.PositiveIntegerField(null=True)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    fee = models.PositiveIntegerField(default=0)
    fee_state = models.CharField(max_length=10, choices=FeeState.choices, default=FeeState.DUE)

    is_common = models.BooleanField(default=False)  # read by every juror
    alternates = models.JSONField(default=list, blank=True)  # jurors who could step in, the best first

    class Meta:
        ordering: ClassVar[list[str]] = ["territory__name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "territory"], name="one_dossier_per_edition_and_territory"),
            models.CheckConstraint(condition=models.Q(state__in=list(DossierState)), name="dossier_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state=DossierState.SUBMITTED) | models.Q(submitted_at__isnull=False),
                name="submitted_dossier_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.territory_id}"


class Answer(models.Model):
    """What a field of a dossier holds, and the open page that wrote it last (`rules.saving`)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="answers")
    field = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    client = models.CharField(max_length=40, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["field"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dossier", "field"], name="one_answer_per_field")
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.field} v{self.version}"


class Extension(models.Model):
    """More time, granted by the organiser to one territory, with its reason; rows are only ever added."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="extensions")
    until = models.DateTimeField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.dossier_id} → {self.until:%Y-%m-%d %H:%M}"


class DossierEvent(models.Model):
    """What happened to a dossier, who did it and when; rows are only ever added."""

    class Verb(models.TextChoices):
        BEGIN = "begin", _("commencé")
        SUBMIT = "submit", _("déposé")
        REOPEN = "reopen", _("rouvert")
        WITHDRAW = "withdraw", _("retiré")
        RESUME = "resume", _("repris")
        EXTEND = "extend", _("délai accordé")
        FEE = "fee", _("cotisation")

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="events")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.verb}"


class Document(models.Model):
    """A file of a territory's library; the same content is kept once, whatever it is called."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    bytes = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["territory", "sha256"], name="one_document_per_content")
        ]

    def __str__(self) -> str:
        return self.name


class Snapshot(models.Model):
    """All that a dossier said at a milestone, with the mosaic's score, so that it can be computed again.

    `content` is what `rules.record` makes of it; `fingerprint` is the SHA-256 of its canonical JSON.
    """

    class Milestone(models.TextChoices):
        SUBMITTED = "submitted", _("dépôt")
        REVIEWED = "reviewed", _("évaluation")
        DECIDED = "decided", _("décision")

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="snapshots")
    milestone = models.CharField(max_length=10, choices=Milestone.choices)
    at = models.DateTimeField()
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    score = models.CharField(max_length=60)  # an exact fraction, such as 1234/25

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.milestone} {self.fingerprint[:8]}"
