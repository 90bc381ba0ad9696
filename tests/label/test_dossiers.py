"""A territory's dossier through its pages: written, shared, handed in, closed."""

import io
import json
from datetime import timedelta
from hashlib import sha256
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from arobase.initiatives.queries.referential import referential
from arobase.label.actions import dossiers
from arobase.label.models import Answer, Document, Dossier, Letter, Snapshot
from arobase.label.queries.configuration.editions import in_force
from arobase.label.rules.record import is_as_kept
from arobase.label.rules.saving import Save
from builders import a_campaign, a_commune, a_department, a_dossier, an_account, an_initiative, everything_answered
from people import ALIX, CAMILLE, SACHA, Person

pytestmark = pytest.mark.django_db
NEIGHBOUR = Person("agent@caen.exemple.fr", "Claude, agent de Caen", "agent", "commune:14118")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(an_account(person))
    return client


@pytest.fixture
def camille() -> Client:
    return signed_in(CAMILLE)


def save(client: Client, dossier: Dossier, field: str, value: str, *, base=0, page="page", sequence=1):
    return client.post(
        f"/dossiers/{dossier.pk}/champ",
        {"field": field, "value": value, "base": base, "client": page, "sequence": sequence},
    )


def move(client: Client, dossier: Dossier, verb: str) -> str:
    answer = client.post(f"/dossiers/{dossier.pk}/etat", {"verb": verb}, follow=True)
    dossier.refresh_from_db()
    return answer.content.decode()


def test_an_agent_begins_writes_hands_in_and_holds_a_receipt(camille):
    a_campaign()
    an_initiative(a_commune(population=166_058))

    camille.post("/participer", {"territory": "commune:76351"})
    dossier = Dossier.objects.get()
    assert (dossier.kind, dossier.population, dossier.fee, dossier.state) == ("town", 166_058, 500_000, "draft")
    for name, value in everything_answered(dossier).items():
        assert save(camille, dossier, name, value).status_code == 200
    page = move(camille, dossier, "submit")

    assert "Déposé" in page and dossier.state == "submitted"
    snapshot = Snapshot.objects.get()
    assert snapshot.fingerprint in page
    receipt = camille.get(f"/dossiers/{dossier.pk}/recu.pdf")
    assert (
        receipt.content.startswith(b"%PDF-1.")
        and receipt.content == camille.get(f"/dossiers/{dossier.pk}/recu.pdf").content
    )
    assert sha256(camille.get(f"/dossiers/{dossier.pk}/depot.json").content).hexdigest() == snapshot.fingerprint
    assert Letter.objects.get().kind == "receipt" and snapshot.fingerprint in Letter.objects.get().body


def test_a_snapshot_is_computed_again_to_the_same_score(camille):
    dossier = a_dossier(submitted=True)
    snapshot = dossier.snapshots.get()
    scoring = in_force(dossier.campaign).scoring

    assert is_as_kept(snapshot.content, score=snapshot.score, referential=referential(), scoring=scoring)
    snapshot.content["actions"][0]["services"] = []
    assert not is_as_kept(snapshot.content, score=snapshot.score, referential=referential(), scoring=scoring)


def test_there_is_one_dossier_however_often_it_is_begun(camille):
    a_campaign()
    a_commune()

    for _time in range(3):
        camille.post("/participer", {"territory": "commune:76351"})

    assert Dossier.objects.count() == 1


def test_a_dossier_is_nobodys_but_its_territorys(camille):
    dossier = a_dossier(answered=False)
    a_commune("14118", "Caen", department=a_department("14", "Calvados"))
    strangers = [signed_in(person) for person in (NEIGHBOUR, ALIX, SACHA)]

    assert camille.get(f"/dossiers/{dossier.pk}").status_code == 200
    for path in ("", "/avancement", "/recu.pdf", "/depot.json"):
        assert {one.get(f"/dossiers/{dossier.pk}{path}").status_code for one in strangers} <= {403, 404}
    assert {save(one, dossier, "strategie", "x").status_code for one in strangers} <= {403, 404}
    assert not Answer.objects.exists()


def test_a_draft_cannot_be_handed_in_before_what_is_required_is_there(camille):
    dossier = a_dossier(answered=False)

    page = move(camille, dossier, "submit")

    assert dossier.state == "draft" and "Il manque" in page and "Votre stratégie numérique" in page
    assert not Snapshot.objects.exists()


def test_handing_in_twice_is_said_and_kept_once(camille):
    dossier = a_dossier()
    move(camille, dossier, "submit")

    page = move(camille, dossier, "submit")

    assert "déjà fait" in page and Snapshot.objects.count() == 1


def test_what_is_handed_in_is_reopened_before_it_is_written_to(camille):
    dossier = a_dossier(submitted=True)
    refused = save(camille, dossier, "fierte", "x", base=1)
    move(camille, dossier, "reopen")

    assert refused.status_code == 410 and "rouvrez-le" in refused.json()["problem"]
    assert save(camille, dossier, "fierte", "x", base=1).status_code == 200


def test_two_people_at_once_see_both_versions(camille):
    dossier = a_dossier(answered=False)
    save(camille, dossier, "strategie", "celle de Camille", page="one")

    conflict = save(camille, dossier, "strategie", "celle d’un autre", page="two")

    assert conflict.status_code == 409
    assert conflict.json() == {"theirs": "celle de Camille", "version": 1, "by": "Camille, agent du Havre"}
    assert Answer.objects.get(field="strategie").value == "celle de Camille"
    assert save(camille, dossier, "strategie", "les deux", base=1, page="two", sequence=2).json()["version"] == 2


def test_a_late_save_of_the_same_page_writes_nothing(camille):
    dossier = a_dossier(answered=False)
    save(camille, dossier, "strategie", "plus tard", sequence=2)

    assert save(camille, dossier, "strategie", "plus tôt", sequence=1).json() == {"overtaken": True}
    assert Answer.objects.get(field="strategie").value == "plus tard"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("agents", "beaucoup", "Un nombre est attendu"),
        ("premiere-fois", "peut-être", "n’est pas dans la liste"),
        ("elu-referent", "x" * 151, "150 caractères"),
        ("inconnu", "x", "n’existe plus"),
        ("initiative-999.standing", "true", "n’existe plus"),
    ],
)
def test_a_value_that_a_field_does_not_take_is_refused_in_words(camille, field, value, words):
    refused = save(camille, a_dossier(answered=False), field, value)

    assert refused.status_code == 422 and words in refused.json()["problem"]


def test_html_and_nul_are_only_text(camille):
    dossier = a_dossier(answered=False)
    save(camille, dossier, "strategie", "<script>alert(1)</script>\0")

    page = camille.get(f"/dossiers/{dossier.pk}").content.decode()

    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_without_scripts_the_whole_form_is_kept_and_what_is_wrong_stays_in_it(camille):
    dossier = a_dossier(answered=False)
    form = {"client": "form", "strategie": "une", "base:strategie": "0", "was:strategie": ""}
    form |= {"agents": "beaucoup", "base:agents": "0", "was:agents": ""}

    page = camille.post(f"/dossiers/{dossier.pk}", form)

    assert page.status_code == 422 and 'value="beaucoup"' in page.content.decode()
    assert list(Answer.objects.values_list("field", "value")) == [("strategie", "une")]


def test_participation_closes_for_everyone_at_the_same_instant_and_later_where_more_time_was_granted(camille):
    dossier = a_dossier(answered=False)
    calendar = in_force(dossier.campaign).calendar
    granted = a_dossier(territory=a_commune("14118", "Caen"), answered=False)
    dossiers.extend(
        granted.pk, until=calendar.closes_at + timedelta(days=1), reason="Panne", by=None, at=timezone.now()
    )

    def write(one, at):
        dossiers.write(one.pk, "fierte", Save(at.isoformat(), 0, "page", 1), by=None, at=at)

    write(dossier, calendar.closes_at - timedelta(microseconds=1))
    with pytest.raises(dossiers.Closed):
        write(dossier, calendar.closes_at)
    write(granted, calendar.closes_at)
    with pytest.raises(dossiers.Closed):
        write(granted, calendar.closes_at + timedelta(days=1))
    kept = Answer.objects.get(dossier=dossier, field="fierte")
    assert kept.changed_at == calendar.closes_at - timedelta(microseconds=1)


def test_the_organiser_grants_more_time_and_the_team_is_told(camille):
    dossier = a_dossier()
    closes = in_force(dossier.campaign).calendar.closes_at
    until = timezone.localtime(closes + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")

    sacha = signed_in(SACHA)
    refused = sacha.post(f"/campagnes/dossiers/{dossier.pk}", {"until": until, "reason": ""})
    sacha.post(f"/campagnes/dossiers/{dossier.pk}", {"until": until, "reason": "Serveur en panne"})

    assert refused.status_code == 422
    assert [one.verb for one in dossier.events.all()] == ["begin", "extend"]
    assert Letter.objects.get(kind="extension").to == CAMILLE.email
    assert "Délai accordé" in camille.get(f"/dossiers/{dossier.pk}").content.decode()


def test_an_overseas_territory_reads_its_own_time():
    reunion = a_commune("97411", "Saint-Denis", department=a_department("974", "La Réunion"))
    dossier = a_dossier(territory=reunion)
    agent = signed_in(Person("agent@saintdenis.exemple.fr", "Kim, agent", "agent", "commune:97411"))

    assert "sur place" in agent.get(f"/dossiers/{dossier.pk}").content.decode()


def test_last_year_answers_begin_this_years_dossier(camille):
    a_commune(population=10_000)
    last = a_dossier(campaign=a_campaign(2026), submitted=True)
    strategy = last.answers.get(field="strategie").value

    this = a_dossier(campaign=a_campaign(2027), answered=False)

    assert this.answers.get(field="strategie").value == strategy
    assert this.state == "draft" and not this.answers.filter(field__startswith="initiative").exists()


def test_an_initiative_of_before_counts_once_it_is_confirmed(camille):
    one = an_initiative(a_commune(population=20_000), at=timezone.now() - timedelta(days=400))
    dossier = a_dossier(answered=False)

    before = camille.get(f"/dossiers/{dossier.pk}/avancement").content.decode()
    save(camille, dossier, f"initiative-{one.pk}.standing", "true")
    after = camille.get(f"/dossiers/{dossier.pk}/avancement").content.decode()
    save(camille, dossier, f"initiative-{one.pk}.standing", "over", base=1, sequence=2)

    assert "0,0 points" in before and "0,0 points" not in after
    assert "0,0 points" in camille.get(f"/dossiers/{dossier.pk}/avancement").content.decode()


PDF = b"%PDF-1.4\n%%EOF\n"


def a_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()


def send(client: Client, dossier: Dossier, name: str, content: bytes) -> str:
    file = io.BytesIO(content)
    file.name = name
    return client.post(f"/dossiers/{dossier.pk}/documents", {"file": file}, follow=True).content.decode()


def test_a_document_is_kept_once_whatever_it_is_called_and_makes_an_action_documented(camille):
    a_campaign()
    one = an_initiative(a_commune(population=20_000))
    dossier = a_dossier(answered=False)

    send(camille, dossier, "bilan.pdf", PDF)
    again = send(camille, dossier, "copie.pdf", PDF)
    document = Document.objects.get()
    save(camille, dossier, f"initiative-{one.pk}.document", str(document.pk))

    assert "sous le nom" in again
    assert "compte, documentée" in camille.get(f"/dossiers/{dossier.pk}").content.decode()
    answer = camille.get(f"/documents/{document.pk}")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="bilan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_document_of_another_territory_is_not_found(camille):
    dossier = a_dossier()
    send(camille, dossier, "bilan.pdf", PDF)
    a_commune("14118", "Caen")

    assert signed_in(NEIGHBOUR).get(f"/documents/{Document.objects.get().pk}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>", "ni un PDF ni une image"),
        ("photo.png", a_picture()[:40], "ni un PDF ni une image"),
        ("virus.exe", b"MZ" + bytes(100), "ni un PDF ni une image"),
        ("gros.pdf", PDF + bytes(10 * 1024 * 1024), "dépasse 10"),
    ],
)
def test_a_file_that_lies_or_is_too_large_is_refused_in_words(camille, name, content, words):
    assert words in send(camille, a_dossier(), name, content)
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_lose_nothing():
    dossier = a_dossier(answered=False)
    fields = ["strategie", "elu-referent", "fierte"]

    def write(writer: int) -> None:
        for number in range(1, 6):
            save_ = Save(f"{writer}.{number}", 0, f"page {writer}", number)
            dossiers.write(dossier.pk, fields[writer], save_, by=None, at=timezone.now())
        connection.close()

    threads = [Thread(target=write, args=[writer]) for writer in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(dossier.answers.values_list("value", "version")) == [("0.5", 5), ("1.5", 5), ("2.5", 5)]


def test_the_page_of_a_dossier_asks_the_database_a_fixed_number_of_times(camille, django_assert_max_num_queries):
    for place in range(6):
        an_initiative(a_commune(population=20_000), title=f"Initiative {place}")
    dossier = a_dossier()

    with django_assert_max_num_queries(24):
        assert camille.get(f"/dossiers/{dossier.pk}").status_code == 200


def test_the_answer_to_a_save_is_json_even_for_nonsense(camille):
    dossier = a_dossier()
    answer = camille.post(f"/dossiers/{dossier.pk}/champ", {"field": "strategie"})

    assert (answer.status_code, list(json.loads(answer.content))) == (400, ["problem"])
