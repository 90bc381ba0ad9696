"""What waits for the organiser, in sentences."""

from django.utils.translation import ngettext

from arobase.initiatives.queries.desk import waiting
from arobase.initiatives.queries.reports import waiting_reports
from arobase.label.models import Appeal, Campaign, JoinRequest, Letter
from arobase.label.rules.appeals import AppealState


def waiting_words(campaign: Campaign) -> list[str]:
    """A line for each kind of thing that waits; empty when nothing does."""
    requests = JoinRequest.objects.filter(decided_at__isnull=True).count()
    proposed, reports = waiting().count(), waiting_reports().count()
    appeals = Appeal.objects.filter(dossier__campaign=campaign, state=AppealState.FILED).count()
    refused = Letter.objects.filter(campaign=campaign, state=Letter.State.REFUSED).count()
    lines = (
        (requests, ngettext("%(n)s demande à rejoindre une équipe", "%(n)s demandes à rejoindre une équipe", requests)),
        (proposed, ngettext("%(n)s initiative à lire", "%(n)s initiatives à lire", proposed)),
        (reports, ngettext("%(n)s signalement à vérifier", "%(n)s signalements à vérifier", reports)),
        (appeals, ngettext("%(n)s recours à examiner", "%(n)s recours à examiner", appeals)),
        (
            refused,
            ngettext("%(n)s adresse qui refuse nos courriels", "%(n)s adresses qui refusent nos courriels", refused),
        ),
    )
    return [words % {"n": number} for number, words in lines if number]
