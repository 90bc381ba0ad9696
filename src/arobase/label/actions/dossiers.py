"""Begin a dossier, write its fields, hand it in, take it back: what comes in time is kept, what is late is refused."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.initiatives.rules.referential import candidate_of
from arobase.label.actions.campaigns import check_organiser
from arobase.label.models import Answer, Campaign, Dossier, DossierEvent, Extension, Snapshot
from arobase.label.queries.campaigns import before
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.dossiers import Gap, Reading, deadline, read
from arobase.label.queries.fields import field_of
from arobase.label.queries.teams import may_submit
from arobase.label.rules.configuration import Configuration
from arobase.label.rules.record import fingerprint
from arobase.label.rules.saving import Kept, Save, saved
from arobase.label.rules.states import DOSSIER, CampaignState, DossierState, DossierVerb
from arobase.territories.models import Territory


class NotAllowed(PermissionError):
    """Someone acts for a territory without being of its team, or hands in without being named for it."""


class Closed(ValueError):
    """Participation is not open for this territory; carries its closing."""

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(f"Participation closed at {closes_at.isoformat()}.")
        self.closes_at = closes_at


class NotADraft(ValueError):
    """A dossier that was handed in is not written to; it is reopened first."""


class Incomplete(ValueError):
    """A dossier that cannot be handed in; carries what is missing."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        super().__init__(f"{len(gaps)} gaps")
        self.gaps = gaps


class BadExtension(ValueError):
    """More time must end later than the closing, with a reason."""


def begin(campaign: Campaign, territory: Territory, *, by: User | None, at: datetime) -> tuple[Dossier, bool]:
    """The dossier of a territory, and whether it is new: there is one for each edition, always found again.

    A new one starts from what the same questions were answered last year.

    Raises   NotAllowed, Closed
    """
    if by is not None and not holds(by, Role.AGENT, territory_id=territory.pk):
        raise NotAllowed(by.pk)
    configuration = in_force(campaign)
    calendar = configuration.calendar
    with transaction.atomic():
        found = Dossier.objects.filter(campaign=campaign, territory=territory).first()
        if found:
            return found, False
        if campaign.state != CampaignState.OPEN or not calendar.opens_at <= at < calendar.closes_at:
            raise Closed(calendar.closes_at)
        dossier, is_new = Dossier.objects.get_or_create(
            campaign=campaign,
            territory=territory,
            defaults={
                "kind": candidate_of(territory.kind, territory.population),
                "population": territory.population,
                "fee": configuration.fee.due(territory.population),
                "begun_at": at,
                "changed_at": at,
            },
        )
        if is_new:
            note(dossier, DossierEvent.Verb.BEGIN, by=by, at=at)
            _start_from_last_year(dossier, at=at)
        return dossier, is_new


def write(dossier_id: int, field: str, save: Save, *, by: User | None, at: datetime) -> Kept:
    """Write one field, in order and never over what someone else wrote meanwhile.

    at       when the server received it
    Raises   NotAllowed, Closed, NotADraft, BadValue, Overtaken, WrittenMeanwhile, Dossier.DoesNotExist
    """
    field_of(dossier_id, field).check(save.value)
    with transaction.atomic():
        dossier = _locked(dossier_id)
        _check_open(dossier, in_force(dossier.campaign), by=by, at=at)
        if dossier.state != DossierState.DRAFT:
            raise NotADraft
        answer = dossier.answers.filter(field=field).first() or Answer(dossier=dossier, field=field, version=0)
        kept = Kept(answer.value, answer.version, answer.client, answer.sequence)
        after = saved(kept, save)
        if after != kept:
            answer.value, answer.version = after.value, after.version
            answer.client, answer.sequence = after.client, after.sequence
            answer.changed_at, answer.by = at, by
            answer.save()
            Dossier.objects.filter(pk=dossier.pk).update(changed_at=at)
        return after


def move(dossier_id: int, verb: DossierVerb, *, by: User | None, at: datetime) -> Dossier:
    """Hand in, reopen, withdraw or resume. Handing in keeps a snapshot, whose fingerprint is on the receipt.

    Raises   NotAllowed, Closed, NotPossible, Incomplete
    """
    with transaction.atomic():
        dossier = _locked(dossier_id)
        reading = _checked(dossier, by=by, at=at)
        if by is not None and not may_submit(by, dossier.territory_id):
            raise NotAllowed(by.pk)
        state = DOSSIER.after(DossierState(dossier.state), verb)
        if verb is DossierVerb.SUBMIT:
            blocking = tuple(one for one in reading.gaps if one.blocks)
            if blocking:
                raise Incomplete(blocking)
            dossier.submitted_at, dossier.submitted_by = at, by
            keep_snapshot(reading, Snapshot.Milestone.SUBMITTED, at=at)
        dossier.state, dossier.changed_at = state, at
        dossier.save()
        note(dossier, DossierEvent.Verb(str(verb)), by=by, at=at)
        return dossier


def extend(dossier_id: int, *, until: datetime, reason: str, by: User | None, at: datetime) -> Extension:
    """Grant more time to one territory, for a reason. Raises NotAllowed, BadExtension."""
    check_organiser(by)
    with transaction.atomic():
        dossier = _locked(dossier_id)
        calendar = in_force(dossier.campaign).calendar
        if not calendar.closes_at < until < calendar.review_closes_at or until <= at or not reason.strip():
            raise BadExtension
        granted = dossier.extensions.create(until=until, reason=reason.strip(), at=at, by=by)
        note(dossier, DossierEvent.Verb.EXTEND, by=by, at=at, detail=f"{until.isoformat()} {reason.strip()}")
        return granted


def settle_fee(dossier_id: int, state: Dossier.FeeState, *, by: User | None, at: datetime) -> Dossier:
    """Note that a membership fee is due, paid or waived. Raises NotAllowed."""
    check_organiser(by)
    with transaction.atomic():
        dossier = _locked(dossier_id)
        if dossier.fee_state != state:
            note(dossier, DossierEvent.Verb.FEE, by=by, at=at, detail=f"{dossier.fee_state} → {state}")
            dossier.fee_state = state
            dossier.save(update_fields=["fee_state"])
        return dossier


def keep_snapshot(reading: Reading, milestone: Snapshot.Milestone, *, at: datetime) -> Snapshot:
    """Keep all that a dossier says, with its score, so that both can be checked later."""
    content = reading.record()
    return Snapshot.objects.create(
        dossier=reading.dossier,
        milestone=milestone,
        at=at,
        revision=reading.revision,
        content=content,
        fingerprint=fingerprint(content),
        score=str(reading.mosaic.score),
    )


def note(dossier: Dossier, verb: DossierEvent.Verb, *, by: User | None, at: datetime, detail: str = "") -> None:
    """Add a line to what happened to a dossier."""
    DossierEvent.objects.create(dossier=dossier, verb=verb, at=at, by=by, detail=detail)


def _locked(dossier_id: int) -> Dossier:
    found = Dossier.objects.select_for_update(of=("self",)).select_related("campaign", "territory__department")
    return found.get(pk=dossier_id)


def _checked(dossier: Dossier, *, by: User | None, at: datetime) -> Reading:
    reading = read(dossier)
    _check_open(dossier, reading.configuration, by=by, at=at)
    return reading


def _check_open(dossier: Dossier, configuration: Configuration, *, by: User | None, at: datetime) -> None:
    if by is not None and not holds(by, Role.AGENT, territory_id=dossier.territory_id):
        raise NotAllowed(by.pk)
    closing = deadline(dossier, configuration, at=at)
    if not closing.is_open:
        raise Closed(closing.at)


def _start_from_last_year(dossier: Dossier, *, at: datetime) -> None:
    earlier = before(dossier.campaign)
    last = Dossier.objects.filter(campaign=earlier, territory_id=dossier.territory_id).first() if earlier else None
    if last is None:
        return
    slugs = {one.slug: one for one in in_force(dossier.campaign).questions}
    kept: Mapping[str, str] = dict(last.answers.filter(field__in=slugs).values_list("field", "value"))
    Answer.objects.bulk_create(
        Answer(dossier=dossier, field=name, value=value, changed_at=at)
        for name, value in kept.items()
        if value and len(value) <= slugs[name].longest
    )
