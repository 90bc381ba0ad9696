"""Teams of territories: asked for, proved by an official address, decided by the team or the organiser."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from arobase.accounts.actions import RoleAlreadyHeld, give_role, withdraw_role
from arobase.accounts.models import Grant, User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.label.models import JoinRequest, TeamMember
from arobase.label.queries.teams import is_proved_by_domain, may_submit
from arobase.territories.models import Territory

Proof = TeamMember.Proof


class NotAllowed(PermissionError):
    """Someone decides on a team that is not theirs."""


class AlreadyIn(ValueError):
    """Someone asks to join a team they belong to."""


class AlreadyAsked(ValueError):
    """Someone's request waits already."""


class AlreadyDecided(ValueError):
    """A request that was decided before."""


class LastSubmitter(ValueError):
    """A team in which nobody could hand in any more."""


def ask(territory: Territory, *, by: User, at: datetime, message: str = "") -> TeamMember | JoinRequest:
    """Join at once with a confirmed address of the official domain, else ask. Raises AlreadyIn, AlreadyAsked."""
    with transaction.atomic():
        if holds(by, Role.AGENT, territory_id=territory.pk):
            raise AlreadyIn
        if is_proved_by_domain(by, territory):
            return _admit(territory, by, proof=Proof.DOMAIN, at=at)
        asked, is_new = JoinRequest.objects.get_or_create(
            territory=territory, user=by, decided_at=None, defaults={"at": at, "message": message[:300]}
        )
        if not is_new:
            raise AlreadyAsked
        return asked


def decide(request_id: int, *, is_accepted: bool, by: User, at: datetime) -> JoinRequest:
    """Accept or refuse: the organiser, or who may hand in for that territory. Raises NotAllowed, AlreadyDecided."""
    with transaction.atomic():
        asked = (
            JoinRequest.objects.select_for_update(of=("self",)).select_related("territory", "user").get(pk=request_id)
        )
        is_organiser = holds(by, Role.ORGANISER)
        if not is_organiser and not may_submit(by, asked.territory_id):
            raise NotAllowed(by.pk)
        if asked.decided_at is not None:
            raise AlreadyDecided
        asked.decided_at, asked.decided_by, asked.is_accepted = at, by, is_accepted
        asked.save()
        if is_accepted and not holds(asked.user, Role.AGENT, territory_id=asked.territory_id):
            _admit(asked.territory, asked.user, proof=Proof.ORGANISER if is_organiser else Proof.TEAM, at=at)
        return asked


def name_submitter(territory_id: str, user: User, *, may: bool, by: User, at: datetime) -> TeamMember:
    """Say who hands in the dossier. Raises NotAllowed, LastSubmitter."""
    with transaction.atomic():
        _check_head(territory_id, by)
        member, _new = TeamMember.objects.get_or_create(
            territory_id=territory_id, user=user, defaults={"proved_by": Proof.TEAM, "since": at}
        )
        others = TeamMember.objects.filter(territory_id=territory_id, may_submit=True).exclude(pk=member.pk)
        if not may and member.may_submit and not others.exists():
            raise LastSubmitter
        member.may_submit = may
        member.save(update_fields=["may_submit"])
        return member


def take_out(territory_id: str, user: User, *, by: User, at: datetime) -> None:
    """End someone's place in a team. Raises NotAllowed, LastSubmitter, RoleNotHeld."""
    with transaction.atomic():
        _check_head(territory_id, by)
        member = TeamMember.objects.filter(territory_id=territory_id, user=user).first()
        others = TeamMember.objects.filter(territory_id=territory_id, may_submit=True).exclude(user=user)
        if member and member.may_submit and not others.exists():
            raise LastSubmitter
        withdraw_role(user, role=Role.AGENT, territory_id=territory_id, at=at, by=None)
        TeamMember.objects.filter(territory_id=territory_id, user=user).delete()


def _check_head(territory_id: str, by: User) -> None:
    if not holds(by, Role.ORGANISER) and not may_submit(by, territory_id):
        raise NotAllowed(by.pk)


def _admit(territory: Territory, user: User, *, proof: TeamMember.Proof, at: datetime) -> TeamMember:
    with suppress(RoleAlreadyHeld):
        give_role(user, role=Role.AGENT, territory_id=territory.pk, at=at, by=None)
    is_first = not Grant.objects.filter(role=Role.AGENT, territory_id=territory.pk).exclude(user=user).exists()
    member, _new = TeamMember.objects.get_or_create(
        territory=territory, user=user, defaults={"proved_by": proof, "since": at, "may_submit": is_first}
    )
    return member
