"""Campaigns that have come far: read by their jury, decided, published."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arobase.label.actions import deliberation, outcomes
from arobase.label.actions.jury import distribute
from arobase.label.actions.reviews import mark, move
from arobase.label.models import Campaign, Decision, Juror, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.rules.reviews import FOR_TOWN, ReviewVerb, mark_field
from arobase.label.rules.saving import Save
from builders import a_commune, a_dossier, an_account, an_edition
from people import SACHA, Person

JURORS = [Person(f"jure{n}@exemple.fr", f"Juré {n}", "juror") for n in range(1, 4)]
TOWNS = [("76351", "Le Havre"), ("14118", "Caen"), ("27229", "Évreux")]
CATEGORIES = ("democratie-et-services-publics", "vivre-ensemble", "partager-les-savoirs", "creer-de-la-richesse")
SITE = "https://arobase.exemple.fr"


@pytest.fixture
def campaign():
    """Three dossiers handed in and read by all three jurors; the jury deliberates now."""
    handed_in = [a_dossier(territory=a_commune(*town), submitted=True) for town in TOWNS]
    campaign = handed_in[0].campaign
    now = timezone.now()
    reading = an_edition(campaign.pk, around=now - timedelta(days=15))
    campaign.revisions.create(number=2, text=reading, at=now, reason="test")
    for person in JURORS:
        Juror.objects.create(campaign=campaign, user=an_account(person), invited_at=now, accepted_at=now)
    distribute(campaign, by=None, at=now, seconds=5, elapsed=lambda: 0.0)
    for review in Review.objects.select_related("juror__user"):
        finish(review, 4 + 2 * (review.dossier_id % 3), at=now)
    meeting = an_edition(campaign.pk, around=now - timedelta(days=25))
    campaign.revisions.create(number=3, text=meeting, at=now, reason="test")
    return campaign


def finish(review: Review, value: int, *, at: datetime) -> None:
    """Give every category the same mark, write to the town, and finish."""
    for category in CATEGORIES:
        mark(review.pk, mark_field(category), Save(str(value), 0, "page", 1), by=review.juror.user, at=at)
    mark(review.pk, FOR_TOWN, Save("Continuez !", 0, "page", 1), by=review.juror.user, at=at)
    move(review.pk, ReviewVerb.FINISH, by=review.juror.user, at=at)


@pytest.fixture
def sacha() -> Client:
    client = Client()
    client.force_login(an_account(SACHA))
    return client


def decide_all(campaign: Campaign, *, level: int | None = None) -> None:
    now = timezone.now()
    deliberation.propose(campaign, by=None, at=now)
    deliberation.attend(campaign, set(Juror.objects.values_list("pk", flat=True)), by=None)
    for one in Decision.objects.all():
        deliberation.decide(one.pk, level or one.proposed, reason="vu en réunion", by=None, at=now)


@pytest.fixture
def published(campaign) -> Campaign:
    """The same campaign after its ceremony: everyone has two arobases."""
    decide_all(campaign, level=2)
    outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)
    campaign.refresh_from_db()
    return campaign
