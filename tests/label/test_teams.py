"""Teams of territories: proved by the official domain, accepted, named to hand in."""

import pytest
from django.test import Client

from arobase.accounts.models import Grant
from arobase.label.models import JoinRequest, TeamMember
from builders import a_commune, a_dossier, an_account
from people import ALIX, CAMILLE, DOMINIQUE, SACHA, Person

pytestmark = pytest.mark.django_db
COLLEAGUE = Person("lou@lehavre.fr", "Lou, au Havre")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(an_account(person))
    return client


def ask(client: Client, code: str = "76351"):
    return client.post("/participer/rejoindre", {"territory": code, "message": "Bonjour"}, follow=True)


def test_an_address_of_the_official_domain_opens_the_door_at_once():
    a_commune(domain="lehavre.fr")
    lou = signed_in(COLLEAGUE)

    ask(lou)

    assert Grant.objects.get().territory_id == "commune:76351"
    assert (TeamMember.objects.get().proved_by, TeamMember.objects.get().may_submit) == ("domain", True)


@pytest.mark.parametrize("domain", [None, "havre.fr", "fr", "sous.lehavre.fr"])
def test_any_other_address_waits_for_an_answer(domain):
    a_commune(domain=domain)
    lou = signed_in(COLLEAGUE)

    ask(lou)
    again = ask(lou)

    assert not Grant.objects.exists() and JoinRequest.objects.count() == 1
    assert "attend déjà" in again.content.decode()


def test_an_unconfirmed_address_proves_nothing():
    a_commune(domain="lehavre.fr")
    lou = an_account(COLLEAGUE)
    lou.emailaddress_set.update(verified=False)
    client = Client()
    client.force_login(lou)

    ask(client)

    assert not Grant.objects.exists() and JoinRequest.objects.exists()


def test_the_team_or_the_organiser_answers_and_nobody_else():
    a_commune()
    ask(signed_in(ALIX))
    asked = JoinRequest.objects.get()
    stranger = signed_in(DOMINIQUE).post(f"/participer/demandes/{asked.pk}", {"decision": "accept"})
    assert stranger.status_code == 404 and not Grant.objects.filter(user__email=ALIX.email).exists()

    camille = signed_in(CAMILLE)
    assert ALIX.email in camille.get("/participer").content.decode()
    camille.post(f"/participer/demandes/{asked.pk}", {"decision": "accept"})
    signed_in(SACHA).post(f"/participer/demandes/{asked.pk}", {"decision": "refuse"})

    asked.refresh_from_db()
    assert (asked.is_accepted, asked.decided_by.email) == (True, CAMILLE.email)
    assert Grant.objects.filter(user__email=ALIX.email, role="agent").exists()


def test_only_those_named_hand_in_and_one_is_always_left():
    dossier = a_dossier()
    camille = signed_in(CAMILLE)
    ask(signed_in(ALIX))
    camille.post(f"/participer/demandes/{JoinRequest.objects.get().pk}", {"decision": "accept"})
    alix = Client()
    alix.force_login(JoinRequest.objects.get().user)
    me = Grant.objects.get(user__email=CAMILLE.email).user_id
    camille.post("/participer/equipes/commune:76351", {"verb": "name", "person": me})

    refused = alix.post(f"/dossiers/{dossier.pk}/etat", {"verb": "submit"})
    left = camille.post("/participer/equipes/commune:76351", {"verb": "unname", "person": me}, follow=True)

    assert refused.status_code == 403
    assert "plus personne ne pourrait déposer" in left.content.decode()
    assert alix.post(f"/dossiers/{dossier.pk}/champ", {}).status_code == 400, "they still write"
    assert camille.post(f"/dossiers/{dossier.pk}/etat", {"verb": "submit"}).status_code == 302


def test_who_is_taken_out_sees_the_dossier_no_more():
    dossier = a_dossier()
    camille = signed_in(CAMILLE)
    ask(signed_in(ALIX))
    camille.post(f"/participer/demandes/{JoinRequest.objects.get().pk}", {"decision": "accept"})
    alix = Client()
    alix.force_login(JoinRequest.objects.get().user)
    assert alix.get(f"/dossiers/{dossier.pk}").status_code == 200

    camille.post("/participer/equipes/commune:76351", {"verb": "remove", "person": JoinRequest.objects.get().user_id})

    assert alix.get(f"/dossiers/{dossier.pk}").status_code == 403


def test_an_agent_of_another_town_changes_nobodys_team():
    a_commune()
    stranger = signed_in(Person("agent@caen.exemple.fr", "Claude", "agent", "commune:14118"))
    camille = an_account(CAMILLE)

    answer = stranger.post("/participer/equipes/commune:76351", {"verb": "remove", "person": camille.pk})

    assert answer.status_code == 403 and Grant.objects.filter(user=camille).exists()


def test_an_unknown_territory_is_said_and_nothing_typed_is_lost():
    page = ask(signed_in(ALIX), "Nulle part")

    assert page.status_code == 422 and "Nulle part" in page.content.decode() and "Bonjour" in page.content.decode()


def test_whoever_belongs_already_is_told():
    a_commune()

    assert "déjà de cette équipe" in ask(signed_in(CAMILLE)).content.decode()
