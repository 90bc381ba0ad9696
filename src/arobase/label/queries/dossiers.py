"""A dossier read as a whole: fields, initiatives, mosaic, level within reach, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.referential import referential
from arobase.initiatives.queries.sheets import kept_sheet, sheet_of
from arobase.initiatives.rules.referential import CandidateKind
from arobase.initiatives.rules.states import State
from arobase.label.models import Answer, Document, Dossier
from arobase.label.queries.configuration.editions import configuration_in, last_revision
from arobase.label.rules.calendar import closing_for, is_in_time
from arobase.label.rules.configuration import Configuration, Question
from arobase.label.rules.fields import (
    Part,
    Standing,
    initiative_field,
    is_confirmed,
    proof_of,
)
from arobase.label.rules.gains import Gain, gains
from arobase.label.rules.levels import Standing as LevelStanding
from arobase.label.rules.levels import standing
from arobase.label.rules.record import record
from arobase.label.rules.scoring import Action, Mosaic, Proof, Refusal, mosaic, refusal
from arobase.label.rules.states import CampaignState, DossierState
from arobase.territories.rules.clocks import PARIS, zone_of


@dataclass(frozen=True)
class Presented:
    """An initiative as the dossier presents it, and why it does not count (None: it counts)."""

    initiative: Initiative
    values: Mapping[Part, str]
    versions: Mapping[Part, int]
    action: Action
    refusal: Refusal | None
    is_new: bool

    @property
    def is_said(self) -> bool:
        """Whether the territory said what becomes of it, or need not."""
        return bool(self.values[Part.STANDING]) or self.is_new


class GapKind(StrEnum):
    """What keeps a dossier from being submitted, or from being complete."""

    QUESTION = "question"  # a required question without an answer
    NO_ACTION = "no action"  # nothing that counts
    UNSAID = "unsaid"  # initiatives of which nothing was said


@dataclass(frozen=True)
class Gap:
    """Something missing; `blocks` says that the dossier cannot be submitted without it."""

    kind: GapKind
    blocks: bool
    question: Question | None = None
    number: int = 0


@dataclass(frozen=True)
class Reading:
    """All that the page of a dossier, its receipt and its jurors read."""

    dossier: Dossier
    configuration: Configuration
    revision: int
    answers: Mapping[str, Answer]
    presented: Sequence[Presented]
    documents: Sequence[Document]

    @property
    def kind(self) -> CandidateKind:
        """The kind of candidate."""
        return CandidateKind(self.dossier.kind)

    @property
    def on(self) -> date:
        """The day for which actions must count: the common closing's, in Paris."""
        return localdate(self.configuration.calendar.closes_at, PARIS)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What this candidate is asked."""
        return self.configuration.questions_for(self.kind)

    @cached_property
    def mosaic(self) -> Mosaic:
        """The mosaic as it stands."""
        return mosaic(
            referential(),
            self.configuration.scoring,
            [one.action for one in self.presented],
            kind=self.kind,
            population=self.dossier.population,
            on=self.on,
        )

    @cached_property
    def standing(self) -> LevelStanding:
        """The level that the mosaic alone would give."""
        return standing(self.mosaic.score, self.mosaic, self.configuration.levels)

    def gains(self) -> list[Gain]:
        """What would bring it further, documented, the most first."""
        return gains(self.mosaic, referential(), self.configuration.scoring, proof=Proof.DOCUMENTED)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing, in the order of the page."""
        found = [
            Gap(GapKind.QUESTION, blocks=True, question=one)
            for one in self.questions
            if one.is_required and not self.value(one.slug)
        ]
        if all(one.refusal for one in self.presented):
            found.append(Gap(GapKind.NO_ACTION, blocks=True))
        if unsaid := sum(not one.is_said for one in self.presented):
            found.append(Gap(GapKind.UNSAID, blocks=False, number=unsaid))
        return tuple(found)

    @property
    def filled(self) -> tuple[int, int]:
        """How much is done, of how much: questions answered and initiatives of which something was said."""
        answered = sum(bool(self.value(one.slug)) for one in self.questions)
        return answered + sum(one.is_said for one in self.presented), len(self.questions) + len(self.presented)

    def value(self, name: str) -> str:
        """What a field holds."""
        return self.answers[name].value if name in self.answers else ""

    def version(self, name: str) -> int:
        """The version of a field; 0 while nothing was written."""
        return self.answers[name].version if name in self.answers else 0

    def record(self) -> dict[str, Any]:
        """The document that a snapshot keeps."""
        return record(
            territory=self.dossier.territory_id,
            label_year=self.dossier.campaign_id,
            revision=self.revision,
            kind=self.kind,
            population=self.dossier.population,
            on=self.on,
            answers={name: answer.value for name, answer in self.answers.items() if answer.value},
            actions={
                one.action.id: (one.action, _public(kept_sheet(sheet_of(one.initiative)))) for one in self.presented
            },
        )


def read(dossier: Dossier) -> Reading:
    """Read a dossier (four statements, and one for its campaign where that is not read yet)."""
    revision = last_revision(dossier.campaign)
    configuration = configuration_in(revision)
    answers = {one.field: one for one in dossier.answers.select_related("by")}
    initiatives = Initiative.objects.filter(territory_id=dossier.territory_id).exclude(state=State.WITHDRAWN)
    return Reading(
        dossier=dossier,
        configuration=configuration,
        revision=revision.number,
        answers=answers,
        presented=[
            _presented(one, answers, dossier.campaign.opened_at, configuration) for one in initiatives.order_by("id")
        ],
        documents=list(Document.objects.filter(territory_id=dossier.territory_id)),
    )


def _presented(
    initiative: Initiative, answers: Mapping[str, Answer], opened_at: datetime | None, configuration: Configuration
) -> Presented:
    kept = {part: answers.get(initiative_field(initiative.pk, part)) for part in Part}
    values = {part: answer.value if answer else "" for part, answer in kept.items()}
    is_new = opened_at is not None and initiative.created_at >= opened_at
    action = Action(
        id=initiative.pk,
        services=tuple(initiative.services),
        proof=proof_of(
            document=values[Part.DOCUMENT], address=values[Part.ADDRESS] or initiative.address, is_measured=False
        ),
        started_on=initiative.started_on,
        ended_on=initiative.ended_on,
        maturity=initiative.maturity,
        is_kept=is_confirmed(values[Part.STANDING], is_new=is_new) and values[Part.STANDING] != Standing.OVER,
    )
    on = localdate(configuration.calendar.closes_at, PARIS)
    versions = {part: answer.version if answer else 0 for part, answer in kept.items()}
    return Presented(initiative, values, versions, action, refusal(action, on=on), is_new)


def _public(sheet: dict[str, Any]) -> dict[str, Any]:
    """A sheet without the contact, whom a receipt need not name."""
    return {name: value for name, value in sheet.items() if not name.startswith("contact_")}


@dataclass(frozen=True)
class Deadline:
    """When participation closes for a territory, in Paris and where it lies; `is_open` now."""

    at: datetime
    zone: ZoneInfo
    is_open: bool
    is_extended: bool

    @property
    def is_elsewhere(self) -> bool:
        """Whether the territory's clocks differ from those of Paris at that instant."""
        return self.at.astimezone(self.zone).utcoffset() != self.at.astimezone(PARIS).utcoffset()


def deadline(dossier: Dossier, configuration: Configuration, *, at: datetime) -> Deadline:
    """When participation closes for a dossier."""
    granted = [one.until for one in dossier.extensions.all()]
    territory = dossier.territory
    code = territory.department.code if territory.department else territory.code
    calendar = configuration.calendar
    is_open = dossier.campaign.state == CampaignState.OPEN and is_in_time(calendar, at=at, extensions=granted)
    closes = closing_for(calendar, granted)
    return Deadline(closes, zone_of(code), is_open, closes > calendar.closes_at)


def may_write(reading: Reading, *, at: datetime) -> bool:
    """Whether fields may be written: a draft, before the closing."""
    is_open = deadline(reading.dossier, reading.configuration, at=at).is_open
    return is_open and reading.dossier.state == DossierState.DRAFT
