"""What the observatory keeps: the official domains of territories through time, and what others concluded from them."""

from typing import ClassVar

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
