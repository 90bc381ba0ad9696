"""The organiser's pages: a campaign begun, configured, tried, opened, its territories invited."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from arobase.label.models import Campaign, Dossier, Edition, Letter
from arobase.label.queries.configuration.editions import in_force, last_revision
from builders import a_campaign, a_commune, a_dossier, an_account, an_edition, an_initiative
from people import CAMILLE, SACHA

pytestmark = pytest.mark.django_db


@pytest.fixture
def sacha() -> Client:
    client = Client()
    client.force_login(an_account(SACHA))
    return client


def configure(client: Client, text: str, *, then="keep", since=1, reason=""):
    form = {"text": text, "then": then, "since": since, "reason": reason}
    return client.post("/campagnes/2027/configuration", form, follow=True)


def test_the_first_campaign_begins_from_the_package_and_the_next_from_the_last(sacha):
    sacha.post("/campagnes")
    sacha.post("/campagnes")

    assert [(one.pk, one.state) for one in Campaign.objects.all()] == [(2028, "draft"), (2027, "draft")]
    assert (Edition.objects.get(pk=2027).number, str(Edition.objects.get(pk=2027).ceremony_on)) == (28, "2027-01-28")


def test_what_a_source_told_of_an_edition_is_not_written_over(sacha):
    Edition.objects.create(label_year=2027, number=99, facts_source="la presse")

    sacha.post("/campagnes")

    assert Edition.objects.get(pk=2027).number == 99


def test_a_configuration_is_kept_as_a_new_version_and_compared(sacha):
    a_campaign(opened=False)
    text = last_revision(Campaign.objects.get()).text.replace("threshold: 30", "threshold: 31")

    configure(sacha, text)
    page = sacha.get("/campagnes/2027/configuration/2").content.decode()

    assert in_force(Campaign.objects.get()).levels[1].threshold == 31
    assert re.search(r"levels\[3\]\.threshold</code>.*<del>30</del> *<ins>31</ins>", page)
    assert sacha.get("/campagnes/2027/configuration.yaml").content.decode() == text


def test_a_bad_configuration_is_refused_with_its_line_and_stays_in_the_form(sacha):
    a_campaign(opened=False)
    text = last_revision(Campaign.objects.get()).text.replace("appeal_days: 30", "appeal_days: trente")
    line = 1 + text.splitlines().index("  appeal_days: trente")

    page = configure(sacha, text)

    assert page.status_code == 422
    assert (
        f"Ligne {line}, calendar.appeal_days" in page.content.decode()
        and "appeal_days: trente" in page.content.decode()
    )
    assert Campaign.objects.get().revisions.count() == 1


def test_the_same_text_again_keeps_nothing(sacha):
    a_campaign(opened=False)

    configure(sacha, last_revision(Campaign.objects.get()).text)

    assert Campaign.objects.get().revisions.count() == 1


def test_two_organisers_at_once_do_not_write_over_each_other(sacha):
    a_campaign(opened=False)
    text = last_revision(Campaign.objects.get()).text
    configure(sacha, text.replace("threshold: 30", "threshold: 31"))

    page = configure(sacha, text.replace("threshold: 50", "threshold: 51"), since=1)

    assert page.status_code == 409 and "threshold: 51" in page.content.decode()
    assert in_force(Campaign.objects.get()).levels[2].threshold == 50


def test_after_the_opening_a_change_needs_its_reason_and_dossiers_follow(sacha):
    dossier = a_dossier(answered=False)
    text = last_revision(dossier.campaign).text.replace("longest: 3000", "longest: 2999")

    refused = configure(sacha, text)
    kept = configure(sacha, text, reason="Une réponse plus courte")

    assert (refused.status_code, kept.status_code) == (422, 200)
    assert in_force(dossier.campaign).questions[0].longest == 2999
    assert "Une réponse plus courte" in kept.content.decode()


def test_another_year_is_another_campaign(sacha):
    a_campaign(opened=False)

    page = configure(sacha, an_edition(2029, around=timezone.now()))

    assert page.status_code == 422 and "autre année" in page.content.decode()


def test_a_draft_is_tried_against_last_years_dossiers(sacha):
    last = a_campaign(2026)
    a_dossier(campaign=last, submitted=True)
    a_campaign(2027, opened=False)
    text = last_revision(Campaign.objects.get(pk=2027)).text

    same = configure(sacha, text, then="try").content.decode()
    eased = configure(sacha, text.replace("threshold: 15}", "threshold: 1/10}"), then="try").content.decode()

    assert "Personne ne change de niveau" in same
    assert "Le Havre\u202f: 1 @ → 2 @" in eased
    assert Campaign.objects.get(pk=2027).revisions.count() == 1


def test_a_campaign_opens_once_and_never_after_its_closing(sacha):
    a_campaign(opened=False)
    sacha.post("/campagnes/2027/etat", {"verb": "open"})
    again = sacha.post("/campagnes/2027/etat", {"verb": "open"}, follow=True).content.decode()
    text = an_edition(2026, around=timezone.now() - timezone.timedelta(days=100))
    sacha.post("/campagnes")
    a_late_one = Campaign.objects.get(pk=2028)
    a_late_one.revisions.update(text=text.replace("label_year: 2026", "label_year: 2028"))
    late = sacha.post("/campagnes/2028/etat", {"verb": "open"}, follow=True).content.decode()

    assert Campaign.objects.get(pk=2027).state == "open" and "déjà fait" in again
    assert Campaign.objects.get(pk=2028).state == "draft" and "déjà passée" in late


def test_territories_are_invited_once_however_often(sacha):
    a_campaign()
    a_commune()
    an_account(CAMILLE)

    for _time in range(2):
        page = sacha.post("/campagnes/2027/inviter", {"codes": "76351, 99999"}, follow=True).content.decode()

    assert "99999" in page
    assert (Dossier.objects.count(), Letter.objects.count()) == (1, 1)
    assert "Le Havre" in Letter.objects.get().subject and "{" not in Letter.objects.get().body


def test_the_dashboard_counts_and_filters(sacha, django_assert_max_num_queries):
    for code, name in (("14118", "Caen"), ("76540", "Rouen"), ("27229", "Évreux")):
        a_dossier(territory=a_commune(code, name), submitted=code == "14118")
    sacha.get("/campagnes/2027")

    with django_assert_max_num_queries(16):
        page = sacha.get("/campagnes/2027").content.decode()
    drafts = sacha.get("/campagnes/2027?etat=draft").content.decode()

    assert "3 dossiers\u202f: 1 déposés, 2 en brouillon." in page
    assert ("Caen" in page, "Caen" in drafts, "Rouen" in drafts) == (True, False, True)


def test_a_fee_is_noted_with_who_and_when(sacha):
    dossier = a_dossier()

    sacha.post(f"/campagnes/dossiers/{dossier.pk}", {"fee": "paid"})

    event = dossier.events.last()
    assert (event.verb, event.detail, event.by.email) == ("fee", "due → paid", SACHA.email)


def test_an_empty_label_says_how_to_begin(sacha):
    assert "Aucune campagne encore" in sacha.get("/campagnes").content.decode()
    assert sacha.get("/campagnes/2027").status_code == 404


def test_a_suggestion_never_shows_what_is_not_published(sacha):
    an_initiative(a_commune("14118", "Caen"), published=False, title="Secret de Caen")

    client = Client()
    client.force_login(an_account(CAMILLE))
    page = client.get(f"/dossiers/{a_dossier().pk}").content.decode()

    assert "Secret de Caen" not in page
