"""Invented campaigns for the demonstration, marked as such: real territories, nothing they declared."""

import secrets
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from arobase.accounts.actions import create_person, give_role
from arobase.accounts.models import User
from arobase.accounts.roles import Role
from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.referential import referential
from arobase.label.actions.campaigns import begin, move
from arobase.label.actions.dossiers import begin as begin_dossier
from arobase.label.actions.dossiers import move as move_dossier
from arobase.label.actions.dossiers import write
from arobase.label.actions.jury import distribute
from arobase.label.actions.reviews import mark
from arobase.label.actions.reviews import move as move_review
from arobase.label.models import Campaign, Dossier, Juror, Review
from arobase.label.queries.configuration.editions import first_text, next_text
from arobase.label.queries.dossiers import read
from arobase.label.rules.configuration import Form, Question
from arobase.label.rules.fields import Part, Standing, initiative_field
from arobase.label.rules.reviews import FOR_TOWN, ReviewVerb, mark_field
from arobase.label.rules.saving import Save
from arobase.label.rules.states import CampaignVerb, DossierState, DossierVerb
from arobase.territories.models import Territory
from arobase.territories.rules.clocks import PARIS

SEED = 2027
SHOWCASE = "commune:76351"  # whose agent signs in to the demonstration: a draft, half done
CLIENT = "demonstration"
SEVERITIES = (0.0, -0.8, 1.6, 0.3, -0.4, 0.9, -1.2, 0.2)  # invented, in marks: how far below the others each scores
SECONDS, PARTICIPANTS = 3.0, 12
INVENTED_OPINION = "Avis inventé pour la démonstration."
INVENTED = "Réponse inventée pour la démonstration : ce territoire n’a rien déclaré de tel."


def fill(at: datetime) -> int:
    """Write both campaigns once: one whose jury is reading, the next whose participation is open. How many dossiers."""
    if not Campaign.objects.exists():
        rng = np.random.default_rng(SEED)
        _being_read(rng, at=at)
        campaign = begin(by=None, at=at, text=under_way(next_text(first_text()), at), is_sample=True)
        campaign = move(campaign.pk, CampaignVerb.OPEN, by=None, at=at)
        for territory in _territories()[:PARTICIPANTS]:
            dossier, _is_new = begin_dossier(campaign, territory, by=None, at=at)
            _write(dossier, rng, at=at, whole=territory.pk != SHOWCASE)
    return Dossier.objects.filter(campaign__is_sample=True).count()


def _being_read(rng: np.random.Generator, *, at: datetime) -> None:
    """A campaign that closed three weeks ago, with its jury at work."""
    before = at - timedelta(days=56)
    campaign = begin(by=None, at=before, text=under_way(first_text(), before), is_sample=True)
    campaign = move(campaign.pk, CampaignVerb.OPEN, by=None, at=before)
    for territory in _territories():
        dossier, _is_new = begin_dossier(campaign, territory, by=None, at=before)
        _write(dossier, rng, at=before, whole=True)
        is_ready = not any(gap.blocks for gap in read(dossier).gaps)
        if is_ready and (territory.pk == SHOWCASE or rng.random() < 0.9):  # noqa: PLR2004 - an invented share
            move_dossier(dossier.pk, DossierVerb.SUBMIT, by=None, at=before)
    for number in range(len(SEVERITIES)):
        _seat(campaign, number, at=at)
    if not campaign.dossiers.filter(state=DossierState.SUBMITTED).exists():
        return
    start = time.perf_counter()
    distribute(campaign, by=None, at=at, seconds=SECONDS, elapsed=lambda: time.perf_counter() - start)
    quality = {one.pk: 3 + 6 * rng.random() for one in campaign.dossiers.all()}
    for review in Review.objects.filter(dossier__campaign=campaign).select_related("juror__user").order_by("pk"):
        number = _number(review.juror.user.email)
        if rng.random() < (0.8 if number else 0.3):
            _read(review, quality[review.dossier_id] - SEVERITIES[number], rng, at=at)


def _seat(campaign: Campaign, number: int, *, at: datetime) -> None:
    email = juror_email(number)
    user = User.objects.filter(email=email).first()
    if user is None:
        name = f"Juré {number + 1} (inventé)"
        user = create_person(email, password=secrets.token_urlsafe(24), at=at, by=None, name=name)
        give_role(user, role=Role.JUROR, at=at, by=None)
    slugs = [one.slug for one in referential().categories]
    expertise = [slugs[number % len(slugs)], slugs[(number + 1) % len(slugs)]]
    Juror.objects.create(campaign=campaign, user=user, invited_at=at, accepted_at=at, expertise=expertise)


def juror_email(number: int) -> str:
    """The address of an invented juror; the first one signs in to the demonstration."""
    return f"jure{number + 1}@demo.example"


def _number(email: str) -> int:
    return int(email.removeprefix("jure").partition("@")[0]) - 1


def _read(review: Review, quality: float, rng: np.random.Generator, *, at: datetime) -> None:
    user = review.juror.user
    for category in referential().categories:
        value = int(np.clip(round(quality + rng.normal(0, 0.8)), 0, 10))
        mark(review.pk, mark_field(category.slug), Save(str(value), 0, CLIENT, 1), by=user, at=at)
    mark(review.pk, FOR_TOWN, Save(INVENTED_OPINION, 0, CLIENT, 1), by=user, at=at)
    move_review(review.pk, ReviewVerb.FINISH, by=user, at=at)


def under_way(text: str, at: datetime, zone: ZoneInfo = PARIS) -> str:
    """A configuration whose calendar lies around now: open for three weeks, five more to go."""
    noon = at.astimezone(zone).replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None)
    days = {"opens": -21, "closes": 35, "review_closes": 70, "deliberates": 75, "ceremony": 110}
    lines = []
    for line in text.splitlines():
        name = line.strip().partition(":")[0]
        is_moved = line.startswith("  ") and name in days
        lines.append(f"  {name}: {noon + timedelta(days=days[name]):%Y-%m-%d %H:%M}" if is_moved else line)
    return "\n".join(lines) + "\n"


def _territories() -> list[Territory]:
    """Those of which invented initiatives are published, the showcase first."""
    ids = Initiative.objects.filter(is_sample=True).values_list("territory_id", flat=True).distinct()
    return sorted(Territory.objects.filter(pk__in=list(ids)), key=lambda one: (one.pk != SHOWCASE, one.pk))


def _write(dossier: Dossier, rng: np.random.Generator, *, at: datetime, whole: bool) -> None:
    reading = read(dossier)
    asked = reading.questions if whole else reading.questions[:2]
    for question in asked:
        _save(dossier, question.slug, _answer(question, rng), at=at, base=reading.version(question.slug))
    presented = reading.presented if whole else reading.presented[:1]
    for one in presented:
        standing = Standing.CHANGED if rng.random() < 0.2 else Standing.TRUE  # noqa: PLR2004 - an invented share
        _save(dossier, initiative_field(one.initiative.pk, Part.STANDING), standing, at=at)
        if rng.random() < 0.5:  # noqa: PLR2004 - an invented share
            address = f"https://demo.example/{one.initiative.pk}"
            _save(dossier, initiative_field(one.initiative.pk, Part.ADDRESS), address, at=at)


def _answer(question: Question, rng: np.random.Generator) -> str:
    if question.form is Form.NUMBER:
        return str(int(rng.integers(1, 40)))
    if question.form is Form.CHOICE:
        return question.choices[int(rng.integers(len(question.choices)))].fr
    return INVENTED[: question.longest]


def _save(dossier: Dossier, field: str, value: str, *, at: datetime, base: int = 0) -> None:
    write(dossier.pk, field, Save(str(value), base, CLIENT, 1), by=None, at=at)
