"""Reports: anyone says what is not true, the organiser answers, everyone reads what was upheld."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from arobase.accounts.models import User
from arobase.initiatives.actions import reports
from arobase.initiatives.actions.initiatives import NotAllowed
from arobase.initiatives.models import Report
from arobase.initiatives.queries.reports import reported
from builders import a_commune, an_account, an_initiative
from people import CAMILLE, SACHA

pytestmark = pytest.mark.django_db
FALSE = "Aucun conseil n’est filmé depuis 2024 : la chaîne est vide."


@pytest.fixture(autouse=True)
def nobody_tried_yet():
    for name in caches:
        caches[name].clear()


@pytest.fixture
def initiative():
    return an_initiative(a_commune(), title="Conseils filmés")


@pytest.fixture
def sacha() -> Client:
    client = Client()
    client.force_login(an_account(SACHA))
    return client


def test_anyone_reports_the_organiser_upholds_and_the_page_says_so(initiative, sacha):
    visitor = Client()

    sent = visitor.post(f"/initiatives/{initiative.pk}/signaler", {"text": FALSE}, follow=True).content.decode()

    assert "L’organisateur lira" in sent and FALSE not in sent
    assert FALSE in sacha.get("/initiatives/moderation").content.decode()
    report = Report.objects.get()
    sacha.post(f"/initiatives/signalements/{report.pk}", {"verb": "uphold", "answer": "Vérifié le 3 mai."})
    assert "Vérifié le 3 mai." in visitor.get(f"/initiatives/{initiative.pk}").content.decode()
    assert FALSE not in sacha.get("/initiatives/moderation").content.decode()


def test_a_report_that_is_dismissed_shows_nowhere(initiative, sacha):
    report = reports.report(initiative.pk, FALSE, at=timezone.now())

    sacha.post(f"/initiatives/signalements/{report.pk}", {"verb": "dismiss", "answer": "La chaîne a 40 films."})

    page = Client().get(f"/initiatives/{initiative.pk}").content.decode()
    assert "La chaîne a 40 films." not in page and FALSE not in page


def test_an_answer_has_a_reason_and_is_given_once(initiative, sacha):
    report = reports.report(initiative.pk, FALSE, at=timezone.now())

    sacha.post(f"/initiatives/signalements/{report.pk}", {"verb": "uphold", "answer": " "})
    report.refresh_from_db()
    assert report.state == "waiting"
    sacha.post(f"/initiatives/signalements/{report.pk}", {"verb": "uphold", "answer": "Vrai."})
    sacha.post(f"/initiatives/signalements/{report.pk}", {"verb": "dismiss", "answer": "Finalement non."})
    report.refresh_from_db()
    assert (report.state, report.answer) == ("upheld", "Vrai.")


def test_only_the_organiser_answers(initiative):
    report, camille = reports.report(initiative.pk, FALSE, at=timezone.now()), an_account(CAMILLE)
    client = Client()
    client.force_login(camille)

    assert client.post(f"/initiatives/signalements/{report.pk}", {"verb": "dismiss", "answer": "x"}).status_code == 403
    with pytest.raises(NotAllowed):
        reports.answer(report.pk, upheld=False, text="x", by=User.objects.get(pk=camille.pk), at=timezone.now())


def test_the_same_said_twice_is_kept_once_and_nothing_is_not_kept(initiative):
    visitor = Client()

    for text in (FALSE, FALSE, "  "):
        visitor.post(f"/initiatives/{initiative.pk}/signaler", {"text": text})

    assert Report.objects.count() == 1


def test_what_is_not_published_cannot_be_reported(initiative):
    initiative.state = "withdrawn"
    initiative.save()

    assert Client().post(f"/initiatives/{initiative.pk}/signaler", {"text": FALSE}).status_code == 404
    with pytest.raises(reports.NotThere):
        reports.report(initiative.pk, FALSE, at=timezone.now())


def test_one_address_cannot_flood_the_organiser_and_loses_nothing_of_what_it_wrote(initiative):
    visitor = Client()

    answers = [visitor.post(f"/initiatives/{initiative.pk}/signaler", {"text": f"{FALSE} {n}"}) for n in range(12)]

    assert [one.status_code for one in answers] == [302] * 10 + [429] * 2
    assert f"{FALSE} 11" in answers[-1].content.decode() and Report.objects.count() == 10


def test_the_jury_sees_that_something_was_reported(initiative, sacha):
    reports.report(initiative.pk, FALSE, at=timezone.now())
    gone = reports.report(initiative.pk, "Autre chose", at=timezone.now())
    sacha.post(f"/initiatives/signalements/{gone.pk}", {"verb": "dismiss", "answer": "Non."})

    assert reported([initiative.pk]) == {initiative.pk: 1}
