"""E-mails that wait to be sent, were sent, or came back."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.label.models.campaigns import Campaign


class Letter(models.Model):
    """An e-mail, written once: `key` says what it is about, so that nothing is written twice."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        SENT = "sent", _("envoyé")
        REFUSED = "refused", _("refusé par le serveur du destinataire")

    key = models.CharField(max_length=200, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=20)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    written_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-written_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "try_at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False), name="sent_letter_says_when"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to}"


class Silence(models.Model):
    """Someone who wants no reminders any more; what concerns their own dossier is still told."""

    email = models.EmailField(unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.email
