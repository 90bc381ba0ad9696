"""An organiser acts for a town that has no account: domains put right, withdrawal and return, each with the reason."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from arobase.observatory.actions import follow
from arobase.observatory.actions.domains import keep_domains
from arobase.observatory.models import Correction, OfficialDomain, OptOut, Purpose, Righted
from arobase.observatory.queries.dependence import Origin, dependence, forget
from arobase.observatory.rules.declared import Declared
from arobase.observatory.rules.services import MAIL
from arobase.observatory.sources.providers import catalogue
from builders import a_commune, an_account
from people import ALIX, CAMILLE, SACHA

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
TODAY, LATER = date(2026, 11, 25), date(2026, 12, 1)
HAVRE = "commune:76351"
PATH = "/observatoire/communes/76351/au-nom"
WHO = "courriel de la secrétaire de mairie, 12 novembre"


@pytest.fixture(autouse=True)
def havre():
    yield a_commune("76351", "Le Havre")
    forget()


@pytest.fixture
def sacha() -> Client:
    client = Client(headers={"Accept-Language": "fr"})
    client.force_login(an_account(SACHA))
    return client


def test_a_domain_is_put_right_with_who_when_and_why_and_outlives_the_next_load(sacha):
    told, before = {(HAVRE, "mail"): Declared("old.fr", "", "DILA", None)}, timezone.now()
    keep_domains(told, among=[HAVRE], on=TODAY)

    sacha.post(PATH, {"act": "correct", "mail": "mairie@orange.fr", "asked": WHO})
    keep_domains(told, among=[HAVRE], on=LATER)

    now = OfficialDomain.objects.get(until=None)
    assert (now.host, now.source) == ("orange.fr", follow.BY_THE_ORGANISER)
    kept = Correction.objects.get()
    assert (kept.kind, kept.value, kept.why, kept.is_by_town) == (Righted.MAIL, "orange.fr", WHO, False)
    assert kept.by.email == SACHA.email
    assert before <= kept.at <= timezone.now()


def test_a_correction_counts_at_once(sacha):
    assert dependence(catalogue()).counted(MAIL) == {}

    sacha.post(PATH, {"act": "correct", "mail": "orange.fr", "asked": WHO})

    assert dependence(catalogue()).counted(MAIL) == {Origin.DECLARED: 1}


def test_a_town_is_left_out_and_let_back_and_both_are_kept(sacha):
    sacha.post(PATH, {"act": "out", "why": "Site en travaux.", "asked": WHO})
    public = Client().get("/observatoire/communes/76351").content.decode()
    sacha.post(PATH, {"act": "out", "why": "Encore.", "asked": WHO})  # twice
    sacha.post(PATH, {"act": "back", "asked": "téléphone, 13 novembre"})

    assert "Site en travaux." in public and WHO not in public
    assert OptOut.objects.get().until is not None
    assert [(one.kind, one.why) for one in Correction.objects.order_by("pk")] == [
        (Righted.OUT, WHO),
        (Righted.BACK, "téléphone, 13 novembre"),
    ]


@pytest.mark.parametrize("act", ["correct", "out", "back"])
@pytest.mark.parametrize("asked", ["", "  "])
def test_nothing_is_done_without_who_asked_for_it(sacha, act, asked):
    answer = sacha.post(PATH, {"act": act, "web": "https://lehavre.fr/", "asked": asked})

    assert answer.status_code == 422
    assert "Dites qui l’a demandé" in answer.content.decode()
    assert 'value="https://lehavre.fr/"' in answer.content.decode(), "what was typed stays"
    assert not (Correction.objects.exists() or OfficialDomain.objects.exists() or OptOut.objects.exists())


@pytest.mark.parametrize("fields", [{}, {"web": "pas une adresse"}, {"mail": "maire"}])
def test_what_is_no_domain_is_refused_and_nothing_is_kept(sacha, fields):
    answer = sacha.post(PATH, {"act": "correct", "asked": WHO, **fields})

    assert answer.status_code == 422
    assert "comme ville.fr" in answer.content.decode() and WHO in answer.content.decode()
    assert not Correction.objects.exists()


def test_the_page_lists_what_the_town_and_the_organiser_put_right(sacha):
    follow.correct_domain(
        HAVRE, Purpose.MAIL, host="lehavre.fr", address="", hand=follow.Hand(an_account(CAMILLE), NOW), on=TODAY
    )
    sacha.post(PATH, {"act": "correct", "web": "https://www.lehavre.fr/", "asked": WHO})

    page = sacha.get(PATH).content.decode()

    assert page.index(WHO) < page.index("Par la commune")
    assert CAMILLE.name in page and SACHA.name in page and "https://www.lehavre.fr/" in page


@pytest.mark.parametrize("person", [None, ALIX, CAMILLE])
def test_nobody_else_acts_for_a_town_or_reads_why(person):
    client = Client()
    if person:
        client.force_login(an_account(person))

    assert client.get(PATH).status_code == (403 if person else 302)
    client.post(PATH, {"act": "out", "asked": WHO})
    assert not OptOut.objects.exists()
    assert PATH not in client.get("/observatoire/communes/76351").content.decode()


def test_the_organiser_finds_the_way_from_the_town_s_page(sacha):
    assert PATH in sacha.get("/observatoire/communes/76351").content.decode()


def test_the_database_itself_refuses_an_organiser_s_act_without_a_reason():
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(territory_id=HAVRE, kind=Righted.OUT, is_by_town=False, at=NOW)
