"""What the observatory keeps: official domains through time, campaigns with what they found, and others' verdicts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.territories.models import Territory


class Purpose(models.TextChoices):
    """What a domain is for."""

    WEB = "web", _("site")
    MAIL = "mail", _("messagerie")


class OfficialDomain(models.Model):
    """A domain that a territory declares as its own, from one day to another; `until` is null while it does.

    host     in lower case, ASCII
    address  the site's whole address, empty for mail: only the part after the @ of an e-mail address is kept
    source   which file said so
    told_on  when the source says that it was so; null where it does not say
    """

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="domains", db_constraint=False)
    purpose = models.CharField(max_length=4, choices=Purpose.choices)
    host = models.CharField(max_length=253)
    address = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=120)
    told_on = models.DateField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["purpose", "until"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["territory", "purpose"], condition=models.Q(until__isnull=True), name="one_domain_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="a_domain_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.purpose} {self.host}"


class OthersVerdict(models.Model):
    """Whose a territory's mailboxes are, as another project concluded: shown as such, never as ours.

    confidence  as that project says, 0 to 100
    """

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    domain = models.CharField(max_length=253)
    provider = models.CharField(max_length=60)
    confidence = models.PositiveSmallIntegerField()
    project = models.CharField(max_length=120)
    told_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["territory", "project"], name="one_verdict_a_project_and_territory")
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.provider} ({self.project})"


class About(models.TextChoices):
    """Whom a campaign looks at."""

    COMMUNES = "communes", _("Communes")
    PUBLIC_SITES = "sites-publics", _("Sites publics de l’État")
    EUROPE = "europe", _("Collectivités de douze pays")
    TRIAL = "essai", _("Internet d’essai (villes inventées)")


class CampaignState(models.TextChoices):
    """Where a campaign stands (rules/publication.py)."""

    RUNNING = "running", _("en cours")
    HELD = "held", _("retenue : quelqu’un doit regarder")
    PUBLISHED = "published", _("publiée")
    DISCARDED = "discarded", _("écartée")


class Campaign(models.Model):
    """One look at many domains, with the facts it gathered (a folder of Parquet files) and what was read off them.

    source, licence  who gathered the facts, where it was not us
    facts            name of its folder below observatory/campaigns of the home, or the version of a recorded file
    zones            needs of operators' own zones, as JSON by name
    figures          what is counted over all subjects, as shown over time
    changed_share    of the verdicts that both this campaign and the one before gave
    published_at     since when it is shown, which may be long after it ended
    departments      codes of those that it was limited to; none where it was not
    rereads          the campaign that is shown and whose facts this one reads by newer rules, until it takes its place
    """

    about = models.CharField(max_length=20, choices=About.choices)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.RUNNING)
    held_because = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    facts = models.CharField(max_length=80, blank=True)
    domains = models.PositiveIntegerField(default=0)
    rules = models.CharField(max_length=40, blank=True)
    changed_share = models.FloatField(null=True)
    zones = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    departments = models.JSONField(default=list)
    rereads = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="rereadings")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["about", "state", "began_at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["about"], condition=models.Q(state="running"), name="one_campaign_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("began_at")),
                name="a_campaign_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.began_at:%Y-%m-%d}"

    @property
    def gathered_by(self) -> "Campaign":
        """The campaign that gathered the facts which this one reads."""
        return self.rereads or self


class Standing(models.Model):
    """What one subject stands on, as one campaign saw it.

    subject      id of the territory, else the domain
    wires        its services and what they need, as JSON: [service, needs, degraded by, laws] (rules/services.py)
    criteria     by criterion, what came of it (rules/criteria.py)
    index        of sovereignty, from 0 to 1, null where too little is known
    known_share  of the index's weight that is known
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="standings")
    subject = models.CharField(max_length=253)
    territory = models.ForeignKey(
        Territory, on_delete=models.CASCADE, null=True, related_name="standings", db_constraint=False
    )
    name = models.CharField(max_length=253)
    country = models.CharField(max_length=2, blank=True)
    population = models.PositiveIntegerField(null=True)
    site = models.CharField(max_length=253, blank=True)
    mail = models.CharField(max_length=253, blank=True)
    profile = models.JSONField()
    wires = models.JSONField(default=list)
    criteria = models.JSONField(default=dict)
    index = models.FloatField(null=True)
    known_share = models.FloatField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "subject"], name="one_standing_a_campaign_and_subject"),
            models.CheckConstraint(
                condition=models.Q(index__isnull=True) | models.Q(index__range=(0, 1)), name="an_index_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.campaign})"


class KeptFacts(models.Model):
    """A domain's facts as a campaign gathered them: the document that rules read again, compressed (zlib of JSON).

    Kept of the campaign that is shown and of those that wait; of others they are in their folder alone.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="kept_facts")
    domain = models.CharField(max_length=253)
    document = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "domain"], name="facts_once_a_campaign_and_domain")
        ]

    def __str__(self) -> str:
        return f"{self.domain} ({self.campaign})"


class Change(models.Model):
    """What changed for a territory from one campaign to the next (rules/change.py)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="changes")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=30)
    layer = models.CharField(max_length=30, blank=True)
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["territory", "campaign"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["campaign", "territory", "kind", "layer"], name="one_change_of_a_kind_and_layer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.kind} {self.layer}"


class OptOut(models.Model):
    """A territory that asked not to be looked at; `until` is null while it holds."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    since = models.DateField()
    until = models.DateField(null=True)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["territory"], condition=models.Q(until__isnull=True), name="one_opt_out_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.since}"


class Righted(models.TextChoices):
    """What can be put right for a territory: a declared domain, there and back, or whether it is looked at."""

    WEB = "web", _("site")
    MAIL = "mail", _("messagerie")
    WEB_BACK = "web-back", _("site, retour à l’annuaire")
    MAIL_BACK = "mail-back", _("messagerie, retour à l’annuaire")
    OUT = "out", _("retirée")
    BACK = "back", _("observée de nouveau")


class Correction(models.Model):
    """What someone put right for a territory, and when: its agent, or an organiser whom the town wrote to.

    value  the domain or address, on the way back that of the directory; empty where there is none
    why    who asked for it and when, where an organiser acted; shown to organisers alone
    """

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=9, choices=Righted.choices)
    value = models.CharField(max_length=500, blank=True)
    is_by_town = models.BooleanField()
    why = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["territory", "at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(is_by_town=True) | ~models.Q(why=""), name="who_acts_for_a_town_says_why"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Righted.values), name="what_is_put_right_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.kind} {self.at:%Y-%m-%d}"


class ErrorReport(models.Model):
    """Someone says that something here is wrong; nothing is kept of who says it.

    layer   or criterion that it is about, empty where it is about the whole
    answer  of the one who looked, shown beside what was reported
    """

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    layer = models.CharField(max_length=30, blank=True)
    text = models.TextField(max_length=2000)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="") | models.Q(answered_at__isnull=False),
                name="an_answer_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.made_at:%Y-%m-%d}"


class Watch(models.Model):
    """Someone who wants to be told by e-mail when what a territory stands on changes.

    told_of  the campaign of which they were told last
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    since = models.DateTimeField()
    told_of = models.ForeignKey(Campaign, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "territory"], name="one_watch_a_person_and_territory")
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.person_id}"
