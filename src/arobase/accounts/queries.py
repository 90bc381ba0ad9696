"""Who someone is, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from arobase.accounts.models import Grant, User
from arobase.accounts.roles import Role


def holds(user: object, role: Role, *, territory_id: str | None = None) -> bool:
    """Whether a user holds a role: everywhere, or for the territory asked about.

    user           a User or an anonymous user
    territory_id   `commune:76351`; None asks whether the role is held without bounds of territory
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    places = [""] if territory_id is None else ["", territory_id]
    return any(grant.role == role and grant.territory_id in places for grant in user.grants.all())


@dataclass(frozen=True)
class Account:
    """All that the page of one's own account shows.

    grants     roles held, those without bounds of territory first
    emails     addresses, the primary one first
    second_factors   kinds in use: `totp`, `webauthn`, `recovery_codes`
    """

    person: User
    grants: Sequence[Grant]
    emails: Sequence[EmailAddress]
    second_factors: Sequence[str]
    linked: Sequence[SocialAccount]


def account_of(user: User) -> Account:
    """One's own account (four statements)."""
    return Account(
        person=user,
        grants=list(user.grants.order_by("territory_id", "role")),
        emails=list(EmailAddress.objects.filter(user=user).order_by("-primary", "email")),
        second_factors=sorted(set(Authenticator.objects.filter(user=user).values_list("type", flat=True))),
        linked=list(SocialAccount.objects.filter(user=user).order_by("provider")),
    )


def people() -> QuerySet[User]:
    """Everyone with an account, by e-mail, roles included."""
    return User.objects.order_by("email").prefetch_related("grants")


def places_of(user: object, role: Role) -> list[str]:
    """Ids of the territories for which someone holds a role; a role without bounds names none."""
    if not isinstance(user, User) or not user.is_active:
        return []
    return sorted(grant.territory_id for grant in user.grants.all() if grant.role == role and grant.territory_id)


def is_member(user: object) -> bool:
    """Whether someone holds any role: members see the contacts that territories give one another."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or bool(user.grants.all())
