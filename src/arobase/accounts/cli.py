"""The verbs of `arobase people`: accounts and their roles, for whoever owns the machine."""

import functools
import json
import secrets
from collections.abc import Callable
from typing import Any

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.accounts import actions
from arobase.accounts.models import User
from arobase.accounts.queries import people as everyone
from arobase.accounts.roles import Role
from arobase.web.home import prepare_home

ROLE = click.Choice(Role.values)


def said_to_a_person(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the named errors of actions into a sentence and exit code 1."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except actions.AlreadyKnown as error:
            raise click.ClickException(_("%s a déjà un compte.") % error.email) from error
        except actions.BadAddress as error:
            raise click.ClickException(
                _("« %s » n’est pas une adresse électronique, comme camille@exemple.fr.") % error.email
            ) from error
        except actions.BadTerritory as error:
            raise click.ClickException(
                _("« %s » ne désigne pas un territoire, comme commune:76351.") % error.territory_id
            ) from error
        except actions.RoleAlreadyHeld as error:
            raise click.ClickException(
                _("%(person)s a déjà le rôle %(role)s.") % {"person": error.grant.user.email, "role": error.grant.role}
            ) from error
        except actions.RoleNotHeld as error:
            raise click.ClickException(
                _("%(person)s n’a pas le rôle %(role)s.") % {"person": error.person.email, "role": error.role}
            ) from error

    return run


def _person(email: str) -> User:
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        raise click.ClickException(_("Personne n’a de compte à l’adresse %s. Voir : arobase people list") % email)
    return person


def _described(person: User) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "active": person.is_active,
        "superuser": person.is_superuser,
        "roles": [
            {"role": grant.role, "territory": grant.territory_id or None}
            for grant in person.grants.order_by("role", "territory_id")
        ],
    }


def _say(document: Any, sentence: str, *, as_json: bool) -> None:
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else sentence)


@click.group(help=_("Les comptes et leurs rôles."))
def people() -> None:
    prepare_home()


@people.command(help=_("Crée un compte. Sans --ask-password, un mot de passe est tiré au sort et affiché une fois."))
@click.argument("email")
@click.option("--name", default="", help=_("Nom affiché."))
@click.option("--role", type=ROLE, help=_("Rôle donné aussitôt."))
@click.option("--territory", default="", help=_("Territoire du rôle, comme commune:76351 ; partout sinon."))
@click.option("--superuser", is_flag=True, help=_("Tous les droits."))
@click.option("--ask-password", is_flag=True, help=_("Demande le mot de passe au lieu de le tirer au sort."))
@click.option("--json", "as_json", is_flag=True)
@said_to_a_person
def create(
    *, email: str, name: str, role: str | None, territory: str, superuser: bool, ask_password: bool, as_json: bool
) -> None:
    if territory and not role:
        raise click.UsageError(_("--territory va avec --role."))
    password = secrets.token_urlsafe(15)
    if ask_password:
        password = click.prompt(_("Mot de passe"), hide_input=True, confirmation_prompt=True, err=True)
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            raise click.ClickException(" ".join(error.messages)) from error
    at = timezone.now()
    with transaction.atomic():
        person = actions.create_person(email, password=password, at=at, by=None, name=name, is_superuser=superuser)
        if role:
            actions.give_role(person, role=Role(role), at=at, by=None, territory_id=territory)
    shown = {} if ask_password else {"password": password}
    sentence = _("Compte créé : %s") % person.email
    if shown:
        sentence += "\n" + _("Mot de passe, affiché cette fois seulement : %s") % password
    _say(_described(person) | shown, sentence, as_json=as_json)


@people.command("list", help=_("Liste les comptes et leurs rôles."))
@click.option("--json", "as_json", is_flag=True)
def list_people(as_json: bool) -> None:
    found = [_described(person) for person in everyone()]
    lines = [
        f"{person['email']}  {person['name']}  "
        + ", ".join(" ".join(filter(None, role.values())) for role in person["roles"])
        + (_(" (tous les droits)") if person["superuser"] else "")
        for person in found
    ]
    _say({"people": found}, "\n".join(lines) or _("Aucun compte encore : arobase people create EMAIL"), as_json=as_json)


@people.command(help=_("Donne un rôle."))
@click.argument("email")
@click.argument("role", type=ROLE)
@click.option("--territory", default="", help=_("Territoire du rôle, comme commune:76351 ; partout sinon."))
@click.option("--json", "as_json", is_flag=True)
@said_to_a_person
def grant(email: str, role: str, territory: str, as_json: bool) -> None:
    person = _person(email)
    actions.give_role(person, role=Role(role), at=timezone.now(), by=None, territory_id=territory)
    _say(_described(person), _("Rôle donné."), as_json=as_json)


@people.command(help=_("Retire un rôle."))
@click.argument("email")
@click.argument("role", type=ROLE)
@click.option("--territory", default="", help=_("Territoire du rôle, comme commune:76351 ; partout sinon."))
@click.option("--json", "as_json", is_flag=True)
@said_to_a_person
def withdraw(email: str, role: str, territory: str, as_json: bool) -> None:
    person = _person(email)
    actions.withdraw_role(person, role=Role(role), at=timezone.now(), by=None, territory_id=territory)
    _say(_described(person), _("Rôle retiré."), as_json=as_json)


commands = [people]
