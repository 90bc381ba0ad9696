"""Initiatives of territories, their history, pictures, who follows them and whom they inspired."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from arobase.initiatives.rules.links import LinkState
from arobase.initiatives.rules.sheets import Cost, Doer, Effort, Maturity
from arobase.initiatives.rules.states import State, Verb
from arobase.territories.models import Territory

STATES = {
    State.DRAFT: _("brouillon"),
    State.SUBMITTED: _("proposée"),
    State.RETURNED: _("à revoir"),
    State.PUBLISHED: _("publiée"),
    State.WITHDRAWN: _("retirée"),
}
MATURITIES = {
    Maturity.IDEA: _("en projet"),
    Maturity.TRIAL: _("à l’essai"),
    Maturity.RUNNING: _("en service"),
    Maturity.SETTLED: _("installée dans la durée"),
}
DOERS = {
    Doer.TERRITORY: _("le territoire lui-même"),
    Doer.ASSOCIATION: _("une association qu’il finance"),
    Doer.CONTRACTOR: _("un prestataire"),
}
COSTS = {
    Cost.NOTHING: _("rien"),
    Cost.UP_TO_1K: _("moins de 1 000 €"),
    Cost.UP_TO_10K: _("de 1 000 à 10 000 €"),
    Cost.UP_TO_50K: _("de 10 000 à 50 000 €"),
    Cost.UP_TO_200K: _("de 50 000 à 200 000 €"),
    Cost.MORE: _("plus de 200 000 €"),
}
EFFORTS = {
    Effort.DAYS: _("quelques jours"),
    Effort.WEEKS: _("quelques semaines"),
    Effort.MONTHS: _("quelques mois"),
    Effort.YEARS: _("plus d’un an"),
}

LINK_STATES = {
    LinkState.ALIVE: _("répond"),
    LinkState.FAILING: _("ne répondait pas à la dernière vérification"),
    LinkState.DEAD: _("ne mène plus nulle part"),
}


class StemsField(models.TextField):
    """Stems of a text, searched as a whole: `stems__matches="conseil film"` asks for all of them, the last begun."""


@StemsField.register_lookup
class Matches(Lookup):
    """All stems are there, the last one maybe only begun: FTS5 on SQLite, `simple` text search on PostgreSQL."""

    lookup_name = "matches"

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        lhs, parameters = self.process_lhs(compiler, connection)
        table, column = (part.strip('"') for part in lhs.split("."))
        terms = " ".join(f'"{stem}"' for stem in str(self.rhs).split())
        found = f'"{table}"."id" IN (SELECT rowid FROM initiatives_words WHERE initiatives_words MATCH %s)'  # noqa: S608 - names of our own
        return found, [*parameters, f"{{{column}}} : {terms} *"]

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        lhs, parameters = self.process_lhs(compiler, connection)
        terms = " & ".join(str(self.rhs).split())
        return f"to_tsvector('simple', {lhs}) @@ to_tsquery('simple', %s)", [*parameters, f"{terms}:*"]


class Initiative(models.Model):
    """Something a territory does with or for the digital.

    `places`, `partners` and `software` are lists as `rules.sheets` has them; `version` grows with each change, so that
    two people who change it at once are told. Nothing is ever deleted: what is not wanted is withdrawn.
    """

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="initiatives", db_constraint=False)
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    audience = models.CharField(max_length=200, blank=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    maturity = models.CharField(max_length=10, choices=MATURITIES, blank=True)
    doer = models.CharField(max_length=12, choices=DOERS, blank=True)
    cost = models.CharField(max_length=10, choices=COSTS, blank=True)
    effort = models.CharField(max_length=10, choices=EFFORTS, blank=True)
    address = models.CharField(max_length=400, blank=True)
    results = models.TextField(blank=True)
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField(blank=True)
    services = models.JSONField(default=list)
    places = models.JSONField(default=list)
    partners = models.JSONField(default=list)
    software = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFT)
    returned_because = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    published_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)  # by the organiser; what changed since waits to be read again
    title_stems = StemsField(blank=True)
    stems = StemsField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["territory", "state"]),
            models.Index(fields=["state", "-changed_at"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="initiative_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state=State.PUBLISHED) | models.Q(published_at__isnull=False),
                name="published_initiative_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(started_on__isnull=True)
                | models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="initiative_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """What was changed in an initiative: {field: [before, after]}; kept for ever."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=10)  # change, or a verb of rules.states
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(verb__in=["change", "picture", "reuse", *Verb]), name="revision_verb_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.verb}"


class Picture(models.Model):
    """A picture as we wrote it anew, named by what it holds; the same one is kept once on disk."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alternative = models.CharField(max_length=250)  # what it shows, for those who do not see it
    credit = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["initiative", "sha256"], name="one_picture_per_content")
        ]

    def __str__(self) -> str:
        return self.alternative


class Reuse(models.Model):
    """An initiative that was inspired by another: we did the same."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="inspirations")
    inspired_by = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="reuses")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["initiative", "inspired_by"], name="one_link_per_inspiration"),
            models.CheckConstraint(
                condition=~models.Q(initiative=models.F("inspired_by")), name="nothing_inspires_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspired_by_id} → {self.initiative_id}"


class Following(models.Model):
    """Someone who wants to see what becomes of an initiative; `seen_at` is when they last looked at the list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="followers")
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "initiative"], name="one_following_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.initiative_id}"


class Report(models.Model):
    """Someone says that an initiative is not what it says; nothing is kept of who. The organiser answers."""

    class State(models.TextChoices):
        WAITING = "waiting", _("à lire")
        UPHELD = "upheld", _("retenu")
        DISMISSED = "dismissed", _("écarté")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="reports")
    text = models.TextField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(text=""), name="report_says_something"),
            models.CheckConstraint(
                condition=models.Q(state="waiting") | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="answered_report_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id}: {self.state}"


class LinkCheck(models.Model):
    """What the last check of an address found; one row an address, whoever names it."""

    address = models.CharField(max_length=500, unique=True)
    state = models.CharField(max_length=8, choices=LINK_STATES)
    status = models.PositiveSmallIntegerField(null=True)
    outcome = models.CharField(max_length=12)
    checked_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["checked_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=list(LinkState)), name="link_state_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.state}"
