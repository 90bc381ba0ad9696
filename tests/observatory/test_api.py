"""The observatory for programs: each answer in its documented shape, bounded, refused kindly, not sent twice."""

import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings as configured
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from arobase.observatory.actions.domains import keep_domains
from arobase.observatory.api.operations import OPERATIONS
from arobase.observatory.api.parameters import FAILS, MOST_FAILURES, NAMED, SERVICE, SET
from arobase.observatory.cli.trial import fill
from arobase.observatory.models import Campaign, OptOut, Purpose
from arobase.observatory.queries.dependence import forget
from arobase.observatory.rules.declared import Declared
from arobase.observatory.views import outages, sets
from builders import a_commune

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
BASE = "/api/observatoire"
FRENCH = {"Accept-Language": "fr"}


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """One campaign over the invented towns, and two communes that declare where their mail is."""
    home, browser = configured.HOME, configured.CHROMIUM
    configured.HOME, configured.CHROMIUM = tmp_path_factory.mktemp("home"), "/there/is/none"
    with django_db_blocker.unblock():
        fill(NOW)
        yield
        Campaign.objects.all().delete()
    configured.HOME, configured.CHROMIUM = home, browser
    forget()


@pytest.fixture
def towns(filled):
    forget()
    a_commune("76351", "Le Havre")
    a_commune("76540", "Rouen")
    declared = {
        ("commune:76351", Purpose.MAIL): Declared("orange.fr", "", "DILA", None),
        ("commune:76540", Purpose.MAIL): Declared("gmail.com", "", "DILA", None),
    }
    keep_domains(declared, among={key[0] for key in declared}, on=date(2026, 11, 1))
    yield
    forget()


def schema_of(name: str) -> dict:
    """A schema of the document, with the others at hand."""
    document = Client().get(f"{BASE}/openapi.json").json()
    return {"$ref": f"#/components/schemas/{name}", "components": document["components"]}


def answered(client: Client, address: str, schema: str) -> dict:
    answer = client.get(f"{BASE}{address}", headers=FRENCH)
    assert answer.status_code == 200, answer.content
    Draft202012Validator(schema_of(schema)).validate(answer.json())
    return answer.json()


def test_the_openapi_document_is_valid_and_has_every_address(client):
    document = client.get(f"{BASE}/openapi.json").json()

    validate(document)
    assert set(document["paths"]) == {one.path for one in OPERATIONS}


def test_a_subject_is_told_with_its_layers_their_evidence_its_criteria_and_the_day(towns, client):
    told = answered(client, "/sites/chantemerle.test?jeu=essai", "Standing")

    mail = next(one for one in told["layers"] if one["layer"] == "mail")
    assert (told["state"], told["n"], told["campaign"]["origin"]) == ("measured", 20, "invented")
    assert [one["provider"] for one in mail["held"]] == ["microsoft"]
    assert (mail["held"][0]["law"], mail["held"][0]["owners"][-1]["country"]) == ("US", "US")
    assert mail["held"][0]["because"][0]["reason"] == "mx"
    assert {"1.1", "2.5"} < {one["criterion"] for one in told["criteria"]}
    assert told["index"]["value"] is not None


def test_a_commune_that_nobody_measured_says_what_it_declares_and_where_that_is_known_from(towns, client):
    told = answered(client, "/communes/76351", "Standing")

    assert (told["state"], told["day"]) == ("not-measured", None)
    assert [(one["purpose"], one["host"]) for one in told["declared"]] == [("mail", "orange.fr")]
    assert told["otherwise"] == [
        {
            "service": "mail",
            "needs": "mail:orange",
            "providers": [{"failure": "mail:orange", "name": "Orange"}],
            "origin": "declared",
        }
    ]


def test_a_commune_that_asked_to_be_left_out_is_left_out_everywhere(towns, client):
    OptOut.objects.create(territory_id="commune:76351", since=date(2026, 11, 20))
    forget()

    told = answered(client, "/communes/76351", "Standing")

    assert (told["state"], told["since"]) == ("opted-out", "2026-11-20")
    assert {"declared", "layers", "otherwise"}.isdisjoint(told)
    assert client.get(f"{BASE}/prestataires/orange").status_code == 404


def test_who_depends_on_a_provider_is_told_by_layer_and_page_by_page(towns, client):
    whole = answered(client, "/prestataires/cloudflare?jeu=essai", "Dependents")
    pages = [
        answered(client, f"/prestataires/cloudflare?jeu=essai&par_page=4&page={n}", "Dependents")
        for n in range(1, -(-whole["total"] // 4) + 1)
    ]

    assert [row for page in pages for row in page["rows"]] == whole["rows"]
    assert (pages[-1]["next_page"], pages[0]["next_page"]) == (None, 2)
    assert {"cdn", "dns", "captcha"} <= {row["layer"] for row in whole["rows"]}
    only = answered(client, "/prestataires/cloudflare?jeu=essai&couche=captcha", "Dependents")
    assert only["rows"] == [row for row in whole["rows"] if row["layer"] == "captcha"]


def test_providers_come_with_how_many_depend_on_them(towns, client):
    told = answered(client, "/prestataires?jeu=essai&couche=mail", "Providers")

    counts = {row["provider"]: row["layers"]["mail"]["subjects"] for row in told["rows"]}
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    assert sum(counts.values()) == told["known"]["mail"]["n"] == 20
    assert told["rows"][0]["layers"]["mail"]["origins"] == {"invented": told["rows"][0]["layers"]["mail"]["subjects"]}


def test_an_outage_is_that_of_the_page_with_the_chain_of_each_loss(towns, client):
    told = answered(client, "/panne?jeu=essai&tombe=dns:cloudflare&service=web", "Outage")
    page = client.get("/observatoire/panne?jeu=essai&tombe=dns:cloudflare&service=web", headers=FRENCH)

    lost = {row["id"]: row["why"] for row in told["rows"] if row["effect"] == "lost"}
    assert lost["hautefeuille.test"] == ["zone:syndicat-numerique.test", "dns:cloudflare"]
    assert told["services"]["web"]["lost"]["subjects"] == len(lost) == page.context["outage"].toll.towns
    assert {SET.name, FAILS.name, NAMED.name, SERVICE.name} == {
        sets.SET,
        outages.FAILS,
        outages.NAMED,
        outages.SERVICE,
    }


@pytest.mark.parametrize(
    ("address", "parameter", "detail"),
    [
        ("/prestataires?jeu=lune", "jeu", "communes"),
        ("/prestataires?page=0", "page", "entier"),
        ("/prestataires?par_page=501", "par_page", "500"),
        ("/prestataires?page=1&page=2", "page", "pas plus"),
        ("/prestataires?pagee=2", "pagee", "couche"),
        ("/prestataires?couche=toit", "couche", "mail"),
        ("/communes/76351?jeu=essai", "jeu", "aucun paramètre"),
        ("/panne", "tombe", "au moins un"),
        ("/panne?tombe=personne-du-tout", "tombe", "personne-du-tout"),
        ("/panne?" + "&".join(f"tombe=x{n}" for n in range(MOST_FAILURES + 1)), "tombe", "20"),
        ("/panne?tombe=microsoft&service=fax", "service", "mail"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_the_reason(towns, client, address, parameter, detail):
    answer = client.get(BASE + address, headers=FRENCH)

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert detail in answer.json()["detail"]
    Draft202012Validator(schema_of("Problem")).validate(answer.json())


@pytest.mark.parametrize(
    "address", ["/communes/00000", "/sites/personne.test?jeu=essai", "/prestataires/personne", "/sites/x.test"]
)
def test_what_is_not_there_is_said_as_a_problem_document(towns, client, address):
    answer = client.get(BASE + address, headers=FRENCH)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_who_has_the_answer_is_not_sent_it_again(towns, client, header):
    address = f"{BASE}/sites/chantemerle.test?jeu=essai"
    first = client.get(address)

    asked = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[header]
    again = client.get(address, headers={asked: first[header]})

    assert (again.status_code, again.content) == (304, b"")


def test_it_is_read_only(towns, client):
    assert client.post(f"{BASE}/prestataires").status_code == 405


def test_the_page_has_an_example_of_each_address_that_answers(towns, client):
    page = client.get("/api/observatoire", headers=FRENCH).content.decode()

    for one in OPERATIONS:
        assert f'href="/api/observatoire{one.example.replace("&", "&amp;")}"' in page
    assert 'href="/api/observatoire"' in client.get("/donnees", headers=FRENCH).content.decode()


def test_an_answer_needs_few_statements(towns, client, django_assert_max_num_queries):
    client.get(f"{BASE}/prestataires?jeu=essai")

    with django_assert_max_num_queries(8):
        client.get(f"{BASE}/prestataires/cloudflare?jeu=essai")
    with django_assert_max_num_queries(8):
        client.get(f"{BASE}/sites/chantemerle.test?jeu=essai")


def test_codes_are_those_of_addresses():
    assert all(re.fullmatch(r"(/[a-z_{}]+)+", one.path) for one in OPERATIONS)
