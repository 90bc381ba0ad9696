"""Accounts and roles from the command line and through actions."""

import json

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction
from django.utils import timezone

from arobase.accounts import actions
from arobase.accounts.cli import people
from arobase.accounts.models import AccessEvent, Grant, User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "une phrase assez longue"


def a_person(email: str = "alix@exemple.fr", *, is_superuser: bool = False) -> User:
    return actions.create_person(email, password=PASSWORD, at=timezone.now(), by=None, is_superuser=is_superuser)


def run(*arguments: str, code: int = 0):
    result = CliRunner().invoke(people, arguments)
    assert result.exit_code == code, result.output
    return result


def test_an_account_made_on_the_command_line_can_sign_in(client):
    made = json.loads(run("create", "Sacha@Exemple.fr", "--name", "Sacha", "--role", "organiser", "--json").stdout)

    answer = client.post("/comptes/connexion", {"login": "sacha@exemple.fr", "password": made["password"]})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert made["roles"] == [{"role": "organiser", "territory": None}]


def test_a_role_is_given_listed_and_withdrawn():
    a_person()

    run("grant", "alix@exemple.fr", "agent", "--territory", "commune:76351")
    listed = json.loads(run("list", "--json").stdout)["people"]
    run("withdraw", "alix@exemple.fr", "agent", "--territory", "commune:76351")

    assert listed[0]["roles"] == [{"role": "agent", "territory": "commune:76351"}]
    assert Grant.objects.count() == 0
    assert [event.verb for event in AccessEvent.objects.all()] == ["created", "given", "withdrawn"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", "alix@exemple.fr"), "alix@exemple.fr"),
        (("create", "pas une adresse"), "pas une adresse"),
        (("grant", "personne@exemple.fr", "agent"), "personne@exemple.fr"),
        (("grant", "alix@exemple.fr", "agent", "--territory", "Le Havre"), "Le Havre"),
        (("withdraw", "alix@exemple.fr", "agent"), "agent"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, said):
    a_person()

    assert said in run(*arguments, code=1).stderr


def test_an_account_whose_role_cannot_be_given_is_not_made():
    run("create", "alix@exemple.fr", "--role", "agent", "--territory", "nulle part", code=1)

    assert not User.objects.exists()


def test_a_role_for_one_territory_holds_there_only():
    camille = a_person()
    actions.give_role(camille, role=Role.AGENT, at=timezone.now(), by=None, territory_id="commune:76351")

    assert holds(camille, Role.AGENT, territory_id="commune:76351")
    assert not holds(camille, Role.AGENT, territory_id="commune:79202")
    assert not holds(camille, Role.AGENT)


def test_the_organiser_gives_the_roles_of_the_label_and_no_other():
    alix, sacha = a_person(), a_person("sacha@exemple.fr")
    actions.give_role(sacha, role=Role.ORGANISER, at=timezone.now(), by=None)

    actions.give_role(alix, role=Role.JUROR, at=timezone.now(), by=sacha)
    for role in (Role.OPERATOR, Role.ORGANISER):
        with pytest.raises(actions.NotAllowed):
            actions.give_role(alix, role=role, at=timezone.now(), by=sacha)

    assert [role for role in Role if holds(alix, role)] == [Role.JUROR]


def test_a_juror_gives_no_role():
    alix, dominique = a_person(), a_person("dominique@exemple.fr")
    actions.give_role(dominique, role=Role.JUROR, at=timezone.now(), by=None)

    with pytest.raises(actions.NotAllowed):
        actions.give_role(alix, role=Role.JUROR, at=timezone.now(), by=dominique)


def test_an_event_says_who_did_it():
    alix, maxime = a_person(), a_person("maxime@exemple.fr")
    actions.give_role(maxime, role=Role.OPERATOR, at=timezone.now(), by=None)

    actions.give_role(alix, role=Role.JUROR, at=timezone.now(), by=maxime)

    event = AccessEvent.objects.last()
    assert (event.verb, event.person, event.by, event.role) == ("given", alix.pk, maxime.pk, "juror")


def test_the_database_refuses_to_change_an_event():
    a_person()

    with pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
        AccessEvent.objects.update(by=1)


def test_a_withdrawn_account_holds_nothing():
    maxime = a_person(is_superuser=True)
    maxime.is_active = False

    assert not holds(maxime, Role.OPERATOR)


def test_the_page_of_ones_account_takes_seven_statements(client, django_assert_num_queries):
    camille = a_person()
    for code in ("76351", "79202", "88160"):
        actions.give_role(camille, role=Role.AGENT, at=timezone.now(), by=None, territory_id=f"commune:{code}")
    client.force_login(camille)

    with django_assert_num_queries(7):
        answer = client.get("/comptes/")

    assert answer.content.decode().count("agent d’un territoire") == 3


@pytest.mark.parametrize("place", ["commune:2A004", "former-region:23", "epci:200084952"])
def test_a_role_can_be_held_for_any_kind_of_territory(place):
    camille = a_person()

    actions.give_role(camille, role=Role.AGENT, at=timezone.now(), by=None, territory_id=place)

    assert holds(camille, Role.AGENT, territory_id=place)
