"""An invented campaign for the demonstration, marked as such: real territories, nothing they declared."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from arobase.initiatives.models import Initiative
from arobase.label.actions.campaigns import begin, move
from arobase.label.actions.dossiers import begin as begin_dossier
from arobase.label.actions.dossiers import move as move_dossier
from arobase.label.actions.dossiers import write
from arobase.label.models import Campaign, Dossier
from arobase.label.queries.configuration.editions import first_text
from arobase.label.queries.dossiers import read
from arobase.label.rules.calendar import PARIS
from arobase.label.rules.configuration import Form, Question
from arobase.label.rules.fields import Part, Standing, initiative_field
from arobase.label.rules.saving import Save
from arobase.label.rules.states import CampaignVerb, DossierVerb
from arobase.territories.models import Territory

SEED = 2027
SHOWCASE = "commune:76351"  # whose agent signs in to the demonstration: a draft, half done
CLIENT = "demonstration"
INVENTED = "Réponse inventée pour la démonstration : ce territoire n’a rien déclaré de tel."


def fill(at: datetime) -> int:
    """Begin the campaign once, in the middle of its participation; how many dossiers there are."""
    if not Campaign.objects.exists():
        rng = np.random.default_rng(SEED)
        campaign = begin(by=None, at=at, text=under_way(first_text(), at), is_sample=True)
        move(campaign.pk, CampaignVerb.OPEN, by=None, at=at)
        campaign.refresh_from_db()
        for territory in _territories():
            dossier, _is_new = begin_dossier(campaign, territory, by=None, at=at)
            _write(dossier, rng, at=at, whole=territory.pk != SHOWCASE)
            is_ready = not any(gap.blocks for gap in read(dossier).gaps)
            if territory.pk != SHOWCASE and is_ready and rng.random() < 0.8:  # noqa: PLR2004 - an invented share
                move_dossier(dossier.pk, DossierVerb.SUBMIT, by=None, at=at)
    return Dossier.objects.filter(campaign__is_sample=True).count()


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
        _save(dossier, question.slug, _answer(question, rng), at=at)
    presented = reading.presented if whole else reading.presented[:1]
    for one in presented:
        standing = Standing.CHANGED if rng.random() < 0.2 else Standing.TRUE  # noqa: PLR2004 - an invented share
        _save(dossier, initiative_field(one.initiative.pk, Part.STANDING), standing, at=at)


def _answer(question: Question, rng: np.random.Generator) -> str:
    if question.form is Form.NUMBER:
        return str(int(rng.integers(1, 40)))
    if question.form is Form.CHOICE:
        return question.choices[int(rng.integers(len(question.choices)))].fr
    return INVENTED[: question.longest]


def _save(dossier: Dossier, field: str, value: str, *, at: datetime) -> None:
    write(dossier.pk, field, Save(str(value), 0, CLIENT, 1), by=None, at=at)
