"""The desks of agents and of the organiser."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arobase.initiatives.actions.reuse import inspired
from arobase.initiatives.models import Initiative, Revision
from builders import a_commune, an_account, an_initiative
from people import ALIX, CAMILLE, SACHA, Person

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Cantine en ligne",
    "summary": "Payer et réserver.",
    "audience": "les familles",
    "started_on": "2025-09-01",
    "maturity": "running",
    "doer": "territory",
    "services": ["conseil-filme-et-transcrit"],
    "places": "Médiathèque ; 49,49 ; 0,11\nPartout",
    "partners": "Caen (14118)\nLes Amis du numérique",
    "software": "OpenCantine ; AGPL-3.0 ; Coopérative",
    "contact_email": "camille@lehavre.exemple.fr",
}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(an_account(person))
    return client


@pytest.fixture
def camille() -> Client:
    a_commune(population=166_000)
    return signed_in(CAMILLE)


def written(client: Client, **changes) -> Initiative:
    answer = client.post("/initiatives/nouvelle", {**FORM, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return Initiative.objects.latest("id")


def test_an_agent_writes_proposes_and_the_organiser_publishes(camille):
    a_commune("14118", "Caen")
    one = written(camille, then="submit")
    assert (one.state, one.territory_id) == ("submitted", "commune:76351")
    assert one.places[0] == {"label": "Médiathèque", "lon": 0.11, "lat": 49.49}
    assert one.partners == [
        {"name": "Caen", "territory": "commune:14118"},
        {"name": "Les Amis du numérique", "territory": ""},
    ]

    sacha = signed_in(SACHA)
    assert "Cantine en ligne" in sacha.get("/initiatives/moderation").content.decode()
    sacha.post(f"/initiatives/{one.pk}/decider", {"verb": "publish"})

    assert "Cantine en ligne" in Client().get(f"/initiatives/{one.pk}").content.decode()
    assert list(one.revisions.values_list("verb", flat=True)) == ["change", "submit", "publish"]


def test_a_draft_is_seen_by_its_territory_only(camille):
    one = written(camille)

    assert camille.get(f"/initiatives/{one.pk}").status_code == 200
    for client in (Client(), signed_in(ALIX), signed_in(SACHA)):
        assert client.get(f"/initiatives/{one.pk}").status_code == 404
        assert client.get(f"/initiatives/{one.pk}/historique").status_code == 404


def test_an_agent_of_another_territory_cannot_touch_it(camille):
    one = an_initiative(a_commune("76540", "Rouen"))

    for address in ("modifier", "etat", "images"):
        answer = camille.post(f"/initiatives/{one.pk}/{address}", {**FORM, "verb": "withdraw"})
        assert answer.status_code == 404
    assert camille.post("/initiatives/nouvelle", {**FORM, "territory": "commune:76540"}).status_code == 403
    one.refresh_from_db()
    assert (one.title, one.state) == ("Conseil municipal filmé", "published")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Titre\u202f: à remplir."),
        ({"started_on": "31/02/2025"}, "n’est pas un jour"),
        ({"ended_on": "2024-01-01"}, "la fin est avant le début"),
        ({"address": "lehavre.fr"}, "n’est pas une adresse complète"),
        ({"places": "Ici ; nord ; sud"}, "latitude, longitude"),
        ({"services": ["inconnu"]}, "n’est pas un choix connu"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_what_was_typed(camille, changes, said):
    answer = camille.post("/initiatives/nouvelle", {**FORM, **changes})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Payer et réserver." in answer.content.decode()
    assert not Initiative.objects.exists()


def test_what_is_not_ready_is_kept_as_a_draft_and_says_what_is_missing(camille):
    one = written(camille, audience="", then="submit")

    assert one.state == "draft"
    assert "Pour qui\u202f: à remplir." in camille.get(f"/initiatives/{one.pk}/modifier").content.decode()


def opened(client: Client, one: Initiative) -> str:
    return client.get(f"/initiatives/{one.pk}/modifier").context["since"]


def test_two_people_who_change_different_fields_both_keep_theirs(camille):
    one = written(camille)
    since = opened(camille, one)

    camille.post(f"/initiatives/{one.pk}/modifier", {**FORM, "since": since, "audience": "tous"})
    camille.post(f"/initiatives/{one.pk}/modifier", {**FORM, "since": since, "results": "1 200 familles"})

    one.refresh_from_db()
    assert (one.audience, one.results, one.version) == ("tous", "1 200 familles", 3)


def test_two_people_who_change_the_same_field_see_both_versions_and_nothing_is_overwritten(camille):
    one = written(camille)
    since = opened(camille, one)
    camille.post(f"/initiatives/{one.pk}/modifier", {**FORM, "since": since, "audience": "les élèves"})

    answer = camille.post(f"/initiatives/{one.pk}/modifier", {**FORM, "since": since, "audience": "les parents"})

    assert answer.status_code == 409
    assert "les élèves" in answer.content.decode()
    assert "les parents" in answer.content.decode()
    one.refresh_from_db()
    assert one.audience == "les élèves"
    # Sent again from what the page shows now, mine is kept, knowingly.
    camille.post(
        f"/initiatives/{one.pk}/modifier", {**FORM, "since": answer.context["since"], "audience": "les parents"}
    )
    one.refresh_from_db()
    assert one.audience == "les parents"


def test_saving_the_same_twice_changes_nothing(camille):
    one = written(camille)
    since = opened(camille, one)

    for _turn in range(2):
        camille.post(f"/initiatives/{one.pk}/modifier", {**FORM, "since": since})

    assert Revision.objects.filter(initiative=one).count() == 1


def test_a_form_without_its_beginning_loses_nothing(camille):
    one = written(camille)

    answer = camille.post(f"/initiatives/{one.pk}/modifier", {**FORM, "since": "{}", "title": "Un autre titre"})

    assert answer.status_code == 409
    assert "Un autre titre" in answer.content.decode()


def test_the_organiser_sends_back_with_a_reason_that_the_territory_reads(camille):
    one = written(camille, then="submit")
    sacha = signed_in(SACHA)

    sacha.post(f"/initiatives/{one.pk}/decider", {"verb": "return", "reason": " "})
    one.refresh_from_db()
    assert one.state == "submitted"
    sacha.post(f"/initiatives/{one.pk}/decider", {"verb": "return", "reason": "Quel service ?"})

    assert "Quel service ?" in camille.get(f"/initiatives/{one.pk}/modifier").content.decode()
    assert "Quel service ?" in camille.get("/initiatives/bureau").content.decode()


def test_two_organisers_who_decide_at_once_hear_that_it_moved():
    one = an_initiative()
    sacha = signed_in(SACHA)

    page = sacha.post(f"/initiatives/{one.pk}/decider", {"verb": "publish"}, follow=True).content.decode()

    assert "a changé d’état entre-temps" in page


def test_what_changed_since_it_was_read_waits_in_the_queue(camille):
    one = an_initiative(at=timezone.now() - timedelta(days=1))
    sacha = signed_in(SACHA)
    assert sacha.get("/initiatives/moderation").context["changed_number"] == 0
    since = opened(camille, one)

    camille.post(
        f"/initiatives/{one.pk}/modifier", {**FORM, "title": one.title, "since": since, "results": "Très suivi"}
    )
    assert sacha.get("/initiatives/moderation").context["changed_number"] == 1
    sacha.post(f"/initiatives/{one.pk}/decider", {"verb": "read"})

    assert sacha.get("/initiatives/moderation").context["changed_number"] == 0


def test_contacts_are_shown_to_members_only(camille):
    one = an_initiative(contact_email="camille@lehavre.exemple.fr")

    assert "camille@lehavre" in camille.get(f"/initiatives/{one.pk}").content.decode()
    for client in (Client(), signed_in(ALIX)):
        page = client.get(f"/initiatives/{one.pk}").content.decode()
        assert "camille@lehavre" not in page
        assert "réservé aux membres" in page
        assert "camille@lehavre" not in client.get(f"/initiatives/{one.pk}/historique").content.decode()


def test_html_in_a_title_stays_text(camille):
    one = an_initiative(title="<script>alert(1)</script>")

    assert "<script>alert" not in Client().get(f"/initiatives/{one.pk}").content.decode()


def test_the_desk_shows_what_towns_like_mine_do(camille):
    for code, name in (("14118", "Caen"), ("76540", "Rouen")):
        an_initiative(a_commune(code, name, population=150_000), services=("budget-participatif",))

    page = camille.get("/initiatives/bureau").content.decode()

    assert "Budget participatif" in page
    assert "2 territoires semblables" in page


def test_following_tells_what_is_new():
    one = an_initiative()
    alix = signed_in(ALIX)
    alix.post(f"/initiatives/{one.pk}/suivre", {"verb": "follow"})
    assert "changée depuis" not in alix.get("/initiatives/suivies").content.decode()

    Initiative.objects.filter(pk=one.pk).update(changed_at=timezone.now() + timedelta(minutes=1))

    assert "changée depuis" in alix.get("/initiatives/suivies").content.decode()
    alix.post(f"/initiatives/{one.pk}/suivre", {"verb": "leave"})
    assert "Vous ne suivez encore" in alix.get("/initiatives/suivies").content.decode()


def test_we_did_the_same_draws_the_family(camille):
    theirs = an_initiative(a_commune("76540", "Rouen"), title="Séances filmées")
    ours = an_initiative(title="Conseil en direct")

    camille.post(f"/initiatives/{theirs.pk}/meme", {"mine": ours.pk})

    page = Client().get(f"/initiatives/{ours.pk}").content.decode()
    assert "s’inspire de" in page
    assert page.count("<rect") == 2


def test_a_circle_of_inspiration_is_refused(camille):
    theirs = an_initiative(a_commune("76540", "Rouen"), title="Séances filmées")
    ours = an_initiative(title="Conseil en direct")
    inspired(theirs.pk, by_id=ours.pk, note="", by=None, at=timezone.now())
    page = camille.post(f"/initiatives/{theirs.pk}/meme", {"mine": ours.pk}, follow=True).content.decode()

    assert "s’inspire déjà de la vôtre" in page


def test_the_page_of_the_territory_shows_its_initiatives():
    one = an_initiative()

    assert one.title in Client().get("/territoires/commune/76351").content.decode()
