"""The page of outages and its files: names as people type them, certificates that end, one service at a time."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime

import pyarrow.parquet
import pytest

from arobase.observatory.actions import campaigns
from arobase.observatory.models import About, Standing
from arobase.observatory.queries.dependence import forget
from arobase.observatory.queries.kept import profile_document
from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Law
from arobase.territories.models import Territory
from builders import a_contour, a_department, a_territory

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 11, 23, tzinfo=UTC)
FRENCH = {"Accept-Language": "fr"}
PAGE, AUTHORITY = "/observatoire/panne", "ca:letsencrypt"
SOON, LATE = date(2026, 12, 5), date(2027, 2, 1)
WEB = ["web", {"all": ["hosting:ovh", "place:FR"]}, ["fonts:google", AUTHORITY]]
MAIL = ["mail", {"all": ["mail:microsoft", "place:US"]}, []]
TOWNS = {  # inhabitants, last day of the certificate, services
    "Dieppe": (28_000, SOON, [WEB]),
    "Le Havre": (166_000, LATE, [WEB, MAIL]),
    "Rouen": (114_000, None, [WEB]),
    "Yvetot": (12_000, None, [["web", "hosting:ovh", ["fonts:google"]]]),
}


@pytest.fixture(autouse=True)
def measured():
    """A campaign over four towns: two certificates of a known last day, one of an unknown, and one without."""
    department, campaign, rows = a_department(), campaigns.begin(About.COMMUNES, at=BEGAN), []
    for at, (name, (people, until, wires)) in enumerate(TOWNS.items()):
        town = a_territory("commune", f"7690{at}", name, population=people, department=department)
        authority = LayerVerdict(State.FOUND, (Held("letsencrypt", Law.US),), until)
        profile = profile_document(Profile(BEGAN.date(), {Layer.CA: authority}))
        rows.append(
            Standing(subject=town.pk, territory=town, name=name, population=people, profile=profile, wires=wires)
        )
    campaigns.keep_standings(campaign, rows)
    campaigns.conclude(campaign, at=BEGAN, domains=4, rules="", zones={}, figures={})
    forget()
    yield
    forget()


def words(answer) -> str:
    """The page's text, without markup and with plain spaces."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def links(answer) -> dict[str, str]:
    """Where each link of the page leads, by its text."""
    found = re.findall(r'<a href="([^"]*)">([^<]*)</a>', answer.content.decode())
    return {re.sub(r"\s+", " ", text): address.replace("&amp;", "&") for address, text in found}


def ticked(answer) -> list[str]:
    return re.findall(r'value="([^"]*)" checked', answer.content.decode())


def test_an_authority_that_fails_says_until_when_each_site_stands_the_first_to_end_first(client):
    page = words(client.get(PAGE, {"tombe": AUTHORITY, "service": "web"}, headers=FRENCH))

    listed = page[page.index("Qui reste allumé") :]
    assert "Dieppe (76, 28 000 habitants) ← Let’s Encrypt (autorité de certification) certificat jusqu’au 5" in listed
    assert (
        "Rouen (76, 114 000 habitants) ← Let’s Encrypt (autorité de certification) dernier jour du certificat inconnu"
        in (listed)
    )
    places = [listed.index(name) for name in ("Dieppe", "Le Havre", "Rouen")]
    assert places == sorted(places) and "Yvetot" not in listed


def test_whoever_is_only_reduced_is_told_with_inhabitants_by_region_and_on_the_map(client):
    a_contour(Territory.objects.get(kind="department"), outline="M0 0h9v9z")

    answer = client.get(PAGE, {"tombe": AUTHORITY, "service": "web"}, headers=FRENCH)

    page = words(answer)
    assert "En service diminué : 3 communes (308 000 habitants)." in page
    assert "sans région 0 3 4 0 % 0 308 000" in page
    assert "Seine-Maritime : 0 communes éteintes et 3 diminuées sur 4" in page
    assert [shape.is_dim for shape in answer.context["shapes"]] == [True]
    assert "restent allumées, mais diminuées" in page


def test_files_and_api_carry_the_day_on_which_a_certificate_ends(client):
    expected = [("Dieppe", "2026-12-05"), ("Le Havre", "2027-02-01"), ("Rouen", None)]
    query = {"tombe": AUTHORITY}

    rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv", query).content.decode())))
    told = json.loads(client.get(f"{PAGE}.json", query).content)
    places = json.loads(client.get(f"{PAGE}.geojson", query).content)["features"]
    table = pyarrow.parquet.read_table(io.BytesIO(client.get(f"{PAGE}.parquet", query).content)).to_pylist()
    api = client.get("/api/observatoire/panne", query).json()["rows"]
    schema = client.get(f"{PAGE}/schema.json").json()["schema"]["fields"]

    for some in (rows, told, [one["properties"] for one in places], table, api):
        assert [(one["name"], one["until"] or None) for one in some] == expected
    assert schema[-1]["name"] == "until"


def test_what_only_misses_something_else_has_no_day(client):
    rows = json.loads(client.get(f"{PAGE}.json", {"tombe": "fonts:google"}).content)
    both = json.loads(client.get(f"{PAGE}.json", {"tombe": ["fonts:google", AUTHORITY]}).content)

    assert {one["until"] for one in rows} == {""}
    assert [(one["name"], one["until"]) for one in both][:2] == [("Dieppe", "2026-12-05"), ("Le Havre", "2027-02-01")]


@pytest.mark.parametrize(
    "typed", ["États-Unis", "etats-unis", "ETATS UNIS", "United States", "US", "usa", "country:US"]
)
def test_a_country_is_called_by_its_name_in_each_language_and_means_its_law(client, typed):
    page = client.get(PAGE, {"nom": typed}, headers=FRENCH)

    assert (page.status_code, page.context["chosen"]) == (200, ["country:US"])
    assert client.get("/api/observatoire/panne", {"nom": typed}).json()["fails"][0]["failure"] == "country:US"


def test_what_else_a_name_may_mean_is_one_click_away_in_words(client):
    page = client.get(PAGE, {"nom": "US", "tombe": "ovh"}, headers=FRENCH)

    assert "« US » est compris comme « droit : États-Unis »" in words(page)
    other = client.get(PAGE + links(page)["adresses en : États-Unis"].removeprefix(PAGE))
    assert other.context["chosen"] == ["ovh", "place:US"]


def test_a_soil_alone_is_called_by_its_country_too(client):
    assert client.get(PAGE, {"nom": "france", "tombe": "place:FR"}).context["chosen"] == ["place:FR", "country:FR"]


def test_a_choice_that_was_not_counted_shows_no_zero(client):
    page = client.get(PAGE, {"tombe": ["owner:microsoft", AUTHORITY]}, headers=FRENCH)

    assert "groupe : Microsoft" in words(page)
    assert "(0)" not in words(page)
    assert "Let’s Encrypt (3 diminués)" in words(page)


def test_a_wrong_name_keeps_what_is_ticked_and_typed_and_says_who_is_called_nearly_so(client):
    page = client.get(PAGE, {"tombe": "microsoft", "nom": "Gogle", "service": "mail"}, headers=FRENCH)
    text = page.content.decode()

    assert page.status_code == 404
    assert ticked(page) == ["mail", "microsoft"]
    assert "1 commune sur 1 perdrait sa messagerie" in words(page), "what is known still fails"
    assert 'name="nom"' in text and 'value="Gogle" aria-invalid="true" aria-describedby="named-problem"' in text
    near = client.get(
        PAGE + next(to for name, to in links(page).items() if name.startswith("Google")).removeprefix(PAGE)
    )
    assert near.status_code == 200 and near.context["chosen"][0] == "microsoft" and len(near.context["chosen"]) == 2


def test_a_name_that_nothing_resembles_says_so(client):
    page = client.get(PAGE, {"nom": "zzzz"}, headers=FRENCH)

    assert page.status_code == 404
    assert "ni un nom proche" in words(page)


def test_a_tick_that_nothing_has_any_more_is_named_and_the_others_stay(client):
    page = client.get(PAGE, {"tombe": ["parti", "ovh"]}, headers=FRENCH)

    assert page.status_code == 404 and ticked(page) == ["web", "ovh"]
    assert "« parti » n’est pas parmi ceux" in words(page)


@pytest.mark.parametrize(("service", "rows"), [("web", 4), ("mail", 1), ("names", 0), ("", 5)])
def test_the_file_holds_the_service_that_is_asked_for(client, service, rows):
    asked = {"tombe": ["ovh", "microsoft"], **({"service": service} if service else {})}

    told = json.loads(client.get(f"{PAGE}.json", asked).content)

    assert len(told) == rows
    assert {one["service"] for one in told} <= ({service} if service else {"web", "mail"})


def test_the_file_refuses_a_service_or_a_name_that_is_none_and_names_the_parameter(client):
    for query, parameter in (({"tombe": "ovh", "service": "fax"}, "service"), ({"nom": "zzzz"}, "nom")):
        answer = client.get(f"{PAGE}.csv", query)
        assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


def test_the_page_of_one_service_links_to_its_list_and_to_that_of_all(client):
    page = client.get(PAGE, {"tombe": "ovh", "service": "web"}, headers=FRENCH).content.decode()
    plain = client.get(PAGE, {"tombe": "ovh", "service": "fax"}, headers=FRENCH).content.decode()

    assert 'href="/observatoire/panne.csv?service=web&amp;tombe=ovh"' in page
    assert 'href="/observatoire/panne.csv?tombe=ovh"' in page and 'href="/observatoire/panne.csv?tombe=ovh"' in plain
    assert "panne.csv?service=fax" not in plain


def test_the_replayed_outage_says_layer_by_layer_what_to_change_and_leads_to_each_town_s_plan(client):
    behind = ["web", {"all": ["cdn:cloudflare", "hosting:ovh"]}, []]
    Standing.objects.filter(name="Dieppe").update(wires=[behind])
    forget()

    answer = client.get("/observatoire/18-novembre-2025", headers=FRENCH)

    page = answer.content.decode()
    heads = re.findall(r"<h3>(À la place [^<]+)</h3><ul>(.*?)</ul>", page)
    assert [head for head, _list in heads] == [
        "À la place du relais devant le site",
        "À la place de l’hébergement au bord du réseau",
        "À la place de la fenêtre de vérification",
    ]
    assert all("<li>" in listed for _head, listed in heads)
    plan = re.search(r'<a href="([^"]+)">son plan<span class="visually-hidden"> \(Dieppe\)', page)
    assert plan and plan[1] == "/observatoire/communes/76900#plan-heading"
    assert 'id="plan-heading"' in client.get("/observatoire/communes/76900").content.decode()
