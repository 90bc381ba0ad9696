"""What changes accounts: each function is one transaction, asks who may, and leaves an event."""

import re
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from arobase.accounts.models import AccessEvent, Grant, User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role

GIVEN_BY_ORGANISERS = frozenset({Role.AGENT, Role.JUROR})


class NotAllowed(PermissionError):
    """Someone tried to change access without being operator, or organiser for the label's own roles."""

    def __init__(self, by: User) -> None:
        self.by = by
        super().__init__(f"{by} may not give or withdraw roles.")


class AlreadyKnown(ValueError):
    """An account with this e-mail address exists."""

    def __init__(self, email: str) -> None:
        self.email = email
        super().__init__(f"{email} has an account already.")


class BadAddress(ValueError):
    """This is not an e-mail address."""

    def __init__(self, email: str) -> None:
        self.email = email
        super().__init__(f"{email!r} is not an e-mail address.")


class BadTerritory(ValueError):
    """A territory is named by kind and code, such as commune:76351."""

    def __init__(self, territory_id: str) -> None:
        self.territory_id = territory_id
        super().__init__(f"{territory_id!r} is not a territory such as commune:76351.")


class RoleAlreadyHeld(ValueError):
    """The role was given before."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        super().__init__(f"{grant} is given already.")


class RoleNotHeld(ValueError):
    """There is nothing to withdraw."""

    def __init__(self, person: User, role: Role, territory_id: str) -> None:
        self.person, self.role, self.territory_id = person, role, territory_id
        super().__init__(f"{person} does not hold {role} {territory_id}".strip() + ".")


@transaction.atomic
def create_person(
    email: str, *, password: str, at: datetime, by: User | None, name: str = "", is_superuser: bool = False
) -> User:
    """An account with a verified e-mail address.

    password   already checked against AUTH_PASSWORD_VALIDATORS by the edge
    by         who makes it; None from the command line, whose user owns the machine
    Raises     NotAllowed, BadAddress, AlreadyKnown
    """
    _check_may_change_access(by)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadAddress(email) from error
    if User.objects.filter(email__iexact=email).exists():
        raise AlreadyKnown(email)
    person = User.objects.create_user(email, password, name=name, is_superuser=is_superuser)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    AccessEvent.objects.create(at=at, verb=AccessEvent.Verb.CREATED, person=person.pk, by=by.pk if by else None)
    return person


@transaction.atomic
def give_role(person: User, *, role: Role, at: datetime, by: User | None, territory_id: str = "") -> Grant:
    """Let someone act in a role, everywhere or for one territory. Raises NotAllowed, BadTerritory, RoleAlreadyHeld."""
    _check_may_change_access(by, role)
    if territory_id and not re.fullmatch(r"[a-z-]+:[0-9A-Z]{1,12}", territory_id):
        raise BadTerritory(territory_id)
    grant, is_new = Grant.objects.get_or_create(
        user=person, role=role, territory_id=territory_id, defaults={"given_by": by}
    )
    if not is_new:
        raise RoleAlreadyHeld(grant)
    _record(AccessEvent.Verb.GIVEN, grant, at=at, by=by)
    return grant


@transaction.atomic
def withdraw_role(person: User, *, role: Role, at: datetime, by: User | None, territory_id: str = "") -> None:
    """Take a role back. Raises NotAllowed, RoleNotHeld."""
    _check_may_change_access(by, role)
    grant = Grant.objects.select_for_update().filter(user=person, role=role, territory_id=territory_id).first()
    if grant is None:
        raise RoleNotHeld(person, role, territory_id)
    _record(AccessEvent.Verb.WITHDRAWN, grant, at=at, by=by)
    grant.delete()


def _check_may_change_access(by: User | None, role: Role | None = None) -> None:
    if by is None or holds(by, Role.OPERATOR):
        return
    if role not in GIVEN_BY_ORGANISERS or not holds(by, Role.ORGANISER):
        raise NotAllowed(by)


def _record(verb: AccessEvent.Verb, grant: Grant, *, at: datetime, by: User | None) -> None:
    AccessEvent.objects.create(
        at=at,
        verb=verb,
        person=grant.user_id,
        by=by.pk if by else None,
        role=grant.role,
        territory_id=grant.territory_id,
    )
