"""A town puts its own domains right: what it may type, what is refused and why, and the way back."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.actions import follow
from arobase.observatory.actions.domains import keep_domains
from arobase.observatory.models import Correction, OfficialDomain, Purpose, Righted
from arobase.observatory.queries.dependence import forget
from arobase.observatory.rules.declared import Declared, NotADomain, domain_of, host_of, mail_domain_of, site_of
from builders import a_commune, an_account
from people import CAMILLE, SACHA

HAVRE = "commune:76351"
PATH = "/observatoire/communes/76351/corriger"
FOR_THE_TOWN = "/observatoire/communes/76351/au-nom"
TODAY, LATER = date(2026, 11, 25), date(2026, 12, 1)
FRENCH = {"Accept-Language": "fr"}
DIRECTORY = {(HAVRE, Purpose.WEB): Declared("lehavre.fr", "http://lehavre.fr", "DILA", None)}

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
LABELS = st.from_regex(r"[a-z]([a-z0-9]{0,20}[a-z0-9])?", fullmatch=True)
HOSTS = st.lists(LABELS, min_size=2, max_size=4).map(".".join)


@pytest.fixture
def havre(db):
    yield a_commune("76351", "Le Havre")
    forget()


def signed_in(person) -> Client:
    client = Client(headers=FRENCH)
    client.force_login(an_account(person))
    return client


def declared(purpose: Purpose = Purpose.WEB) -> OfficialDomain:
    return OfficialDomain.objects.get(territory=HAVRE, purpose=purpose, until=None)


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("web", "javascript://lehavre.fr/%0aalert(1)", "commence par https://"),
        ("web", "ftp://lehavre.fr/", "commence par https://"),
        ("web", "http://127.0.0.1/", "en chiffres"),
        ("web", "http://0x7f.1/", "en chiffres"),
        ("web", "http://[::1]/", "en chiffres"),
        ("web", "192.0.2.7", "en chiffres"),
        ("web", "https://lehavre.fr:99999/", "de 1 à 65535"),
        ("web", "https://lehavre.fr@autre.fr/", "arobase"),
        ("web", "lehavre.fr,", "que des lettres"),
        ("web", "lehavre.fr;autre.fr", "que des lettres"),
        ("web", "http://le havre.fr", "un espace"),
        ("web", "https://lehavre/", "l’extension"),
        ("mail", "le havre.fr", "un espace"),
        ("mail", "a@lehavre.fr,b@lehavre.fr", "une seule adresse"),
        ("mail", "192.0.2.7", "en chiffres"),
    ],
)
def test_what_is_no_domain_is_refused_with_the_reason_and_stays_in_its_field(havre, field, typed, why):
    answer = signed_in(CAMILLE).post(PATH, {field: typed})

    assert answer.status_code == 422
    told = next(one for one in answer.context["fields"] if one.name == field)
    assert (told.told, typed in told.problem, why in told.problem) == (typed, True, True)
    assert not (OfficialDomain.objects.exists() or Correction.objects.exists())


@pytest.mark.parametrize(
    ("typed", "host", "address"),
    [
        ("Https://WWW.Lehavre.FR/", "www.lehavre.fr", "https://www.lehavre.fr/"),
        ("lehavre.fr", "lehavre.fr", "https://lehavre.fr/"),
        ("http://lehavre.fr:80/Accueil?a=B", "lehavre.fr", "http://lehavre.fr/Accueil?a=B"),
        ("https://épinal.fr", "xn--pinal-9ra.fr", "https://xn--pinal-9ra.fr/"),
        ("https://straße.fr", "xn--strae-oqa.fr", "https://xn--strae-oqa.fr/"),
    ],
)
def test_an_address_is_kept_as_browsers_write_it(havre, typed, host, address):
    signed_in(CAMILLE).post(PATH, {"web": typed})

    assert (declared().host, declared().address) == (host, address)


@given(HOSTS, st.sampled_from(["https://", "HTTP://", "//", ""]), st.sampled_from(["", "/", "/a/b?c=d", ":8443/"]))
def test_every_name_of_letters_and_digits_is_read_and_read_again_as_the_same(host, scheme, rest):
    site = site_of(f"{scheme}{host.upper()}{rest}")

    assert (site.host, site_of(site.address)) == (host, site)
    assert mail_domain_of(f"mairie@{host}") == domain_of(host) == host


@given(st.text(max_size=60))
def test_what_is_read_is_made_of_labels_and_what_is_not_says_why(text):
    for read in (lambda one: site_of(one).host, mail_domain_of):
        try:
            host = read(text)
        except NotADomain as error:
            assert error.flaw
            continue
        labels = host.split(".")
        assert len(labels) > 1 and all(0 < len(label) < 64 for label in labels)
        assert set(host) <= {*LETTERS, "-", "."} and not labels[-1].isdigit()


@given(HOSTS, st.sampled_from([" ", "\n", ",", ";", "_", "\\", "%", "\u202e"]), st.data())
def test_one_sign_that_no_name_has_spoils_the_whole(host, sign, data):
    at = data.draw(st.integers(1, len(host) - 1))

    assert host_of(host[:at] + sign + host[at:]) == domain_of(host[:at] + sign + host[at:]) == ""


def test_a_town_goes_back_to_the_directory_which_then_counts_again(havre):
    keep_domains(DIRECTORY, among=[HAVRE], on=TODAY)
    agent = signed_in(CAMILLE)
    agent.post(PATH, {"web": "https://typo.fr/"})
    offered = agent.get(PATH).content.decode()
    assert "Il disait\xa0: http://lehavre.fr." in offered and 'value="undo-web"' in offered

    agent.post(PATH, {"act": "undo-web"})

    assert (declared().address, declared().source) == ("http://lehavre.fr", "DILA")
    kept = Correction.objects.order_by("-pk").first()
    assert (kept.kind, kept.value, kept.by.email) == (Righted.WEB_BACK, "http://lehavre.fr", CAMILLE.email)
    newer = {(HAVRE, Purpose.WEB): Declared("havre.fr", "https://havre.fr/", "DILA", None)}
    keep_domains(newer, among=[HAVRE], on=LATER)
    assert declared().host == "havre.fr"


def test_where_the_directory_gave_nothing_going_back_leaves_nothing(havre):
    agent = signed_in(CAMILLE)
    agent.post(PATH, {"mail": "typo.fr"})
    assert "Il ne disait rien" in agent.get(PATH).content.decode()

    agent.post(PATH, {"act": "undo-mail"})

    assert not OfficialDomain.objects.filter(until=None).exists()
    assert OfficialDomain.objects.get().host == "typo.fr", "the history keeps it"


def test_what_the_directory_dropped_before_a_correction_does_not_come_back(havre):
    keep_domains(DIRECTORY, among=[HAVRE], on=TODAY)
    keep_domains({}, among=[HAVRE], on=LATER)
    hand = follow.Hand(an_account(CAMILLE), datetime(2026, 12, 8, 10, tzinfo=UTC))
    follow.correct_domain(HAVRE, Purpose.WEB, host="a.fr", address="https://a.fr/", hand=hand, on=date(2026, 12, 8))

    follow.take_back_correction(HAVRE, Purpose.WEB, hand=hand, on=date(2026, 12, 9))

    assert not OfficialDomain.objects.filter(until=None).exists()


def test_going_back_twice_says_that_nothing_changed(havre):
    keep_domains(DIRECTORY, among=[HAVRE], on=TODAY)
    agent = signed_in(CAMILLE)

    answer = agent.post(PATH, {"act": "undo-web"})

    assert answer.status_code == 422 and "vient déjà de l’annuaire" in answer.content.decode()
    assert 'value="undo-web"' not in answer.content.decode()


def test_the_organiser_goes_back_for_a_town_with_the_reason(havre):
    keep_domains(DIRECTORY, among=[HAVRE], on=TODAY)
    sacha = signed_in(SACHA)
    sacha.post(FOR_THE_TOWN, {"act": "correct", "web": "typo.fr", "asked": "courriel du 12 novembre"})

    refused = sacha.post(FOR_THE_TOWN, {"act": "undo-web", "asked": ""})
    sacha.post(FOR_THE_TOWN, {"act": "undo-web", "asked": "téléphone, 13 novembre"})

    assert refused.status_code == 422
    assert declared().host == "lehavre.fr"
    assert Correction.objects.order_by("-pk").first().why == "téléphone, 13 novembre"


def test_a_town_reads_what_was_corrected_and_when_but_not_what_its_letters_to_the_organiser_said(havre):
    signed_in(SACHA).post(FOR_THE_TOWN, {"act": "correct", "mail": "orange.fr", "asked": "courriel de la secrétaire"})

    page = signed_in(CAMILLE).get(PATH).content.decode()

    assert "messagerie, orange.fr. Au nom de la commune." in page
    assert "secrétaire" not in page and SACHA.name not in page
