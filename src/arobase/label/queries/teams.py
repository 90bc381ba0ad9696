"""Teams of territories: who is in, who may submit, who asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress

from arobase.accounts.models import Grant, User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.label.models import JoinRequest, TeamMember
from arobase.territories.models import Territory


@dataclass(frozen=True)
class Colleague:
    """Someone who acts for a territory; `member` is None for a role given from the command line."""

    user: User
    member: TeamMember | None
    may_submit: bool


def team_of(territory_id: str) -> list[Colleague]:
    """Everyone who acts for a territory, by name (two statements)."""
    members = {one.user_id: one for one in TeamMember.objects.filter(territory_id=territory_id)}
    grants = Grant.objects.filter(role=Role.AGENT, territory_id=territory_id).select_related("user")
    nobody = not any(one.may_submit for one in members.values())
    found = [
        Colleague(grant.user, members.get(grant.user_id), nobody or _submits(members.get(grant.user_id)))
        for grant in grants
    ]
    return sorted(found, key=lambda one: (str(one.user), one.user.pk))


def may_submit(user: User, territory_id: str) -> bool:
    """Whether someone may hand in the dossier: those named for it, or every agent while nobody is named."""
    if not holds(user, Role.AGENT, territory_id=territory_id):
        return False
    named = TeamMember.objects.filter(territory_id=territory_id, may_submit=True)
    return named.filter(user=user).exists() or not named.exists()


def requests_for(territory_ids: Sequence[str] | None) -> list[JoinRequest]:
    """Requests that wait, for some territories or (None) all, the oldest first."""
    found = JoinRequest.objects.filter(decided_at__isnull=True).select_related("user", "territory__department")
    return list(found if territory_ids is None else found.filter(territory_id__in=territory_ids))


def is_proved_by_domain(user: User, territory: Territory) -> bool:
    """Whether a confirmed address of theirs lies in the territory's official domain."""
    if not territory.domain:
        return False
    emails = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return any(email.rpartition("@")[2].lower() == territory.domain for email in emails)


def _submits(member: TeamMember | None) -> bool:
    return member is not None and member.may_submit
