"""The pages of territories: who it is, what it came from, its parts, its like."""

import datetime
import json

import pytest
from django.test import Client

from arobase.territories.models import Kind, Zone
from arobase.territories.queries.gazetteer import forget
from arobase.territories.queries.pages import territory_page
from builders import a_commune, a_contour, a_department, a_region, a_succession, a_territory, an_epci

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}


@pytest.fixture(autouse=True)
def no_places_of_other_tests():
    forget()
    yield
    forget()


def le_havre():
    return a_commune(
        population=166_687,
        area_km2=53.08,
        epci=an_epci(population=266_929),
        postal_codes="76600 76610 76620",
        siren="217603513",
        lon=0.1312,
        lat=49.4958,
        hall_lon=0.1077,
        hall_lat=49.4938,
    )


def text_of(client: Client, path: str, **headers: str) -> str:
    """The words of a page, spaces made plain."""
    answer = client.get(path, headers={**FRENCH, **headers})
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_a_commune_says_who_it_is_in_a_sentence(client):
    le_havre()

    text = text_of(client, "/territoires/commune/76351")

    assert (
        "Le Havre est une commune de la Seine-Maritime, en région Normandie. On y compte 166 687 habitants. "
        "Elle fait partie de la communauté urbaine Le Havre Seine Métropole." in text
    )


def test_a_commune_says_it_in_english_too(client):
    le_havre()

    text = text_of(client, "/territoires/commune/76351", **{"accept-language": "en"})

    assert (
        "Le Havre is a commune of Seine-Maritime, in the Normandie region. It has 166,687 inhabitants. "
        "It belongs to Communauté urbaine Le Havre Seine Métropole." in text
    )


@pytest.mark.parametrize(
    ("department", "commune", "expected"),
    [
        (
            ("88", "Vosges", 4, "88160"),
            ("88160", "Épinal", 1),
            "Épinal est le chef-lieu des Vosges, en région Normandie.",
        ),
        (("79", "Deux-Sèvres", 4, "79191"), ("79202", "Parthenay", 0), "Parthenay est une commune des Deux-Sèvres,"),
    ],
)
def test_articles_follow_the_department(client, department, commune, expected):
    code, name, link, seat = department
    above = a_department(code, name, name_link=link, seat=seat)
    a_commune(commune[0], commune[1], name_link=commune[2], department=above)

    assert expected in text_of(client, f"/territoires/commune/{commune[0]}")


def test_a_commune_overseas_says_its_collectivity(client):
    new_caledonia = a_territory(Kind.COLLECTIVITY, "988", "Nouvelle-Calédonie", zone=Zone.COM)
    a_commune("98818", "Nouméa", department=new_caledonia, region=new_caledonia, zone=Zone.COM)

    assert "Nouméa est une commune de la Nouvelle-Calédonie." in text_of(client, "/territoires/commune/98818")
    assert "La Nouvelle-Calédonie est une collectivité d’outre-mer. On y compte 1 commune." in text_of(
        client, "/territoires/collectivite/988"
    )


def test_what_merged_is_named_with_its_date_where_known(client):
    port_jerome = a_commune("76476", "Port-Jérôme-sur-Seine")
    a_succession("76701", port_jerome, former_name="Touffreville-la-Cable", on=datetime.date(2016, 1, 1))

    text = text_of(client, "/territoires/commune/76476")

    assert "Touffreville-la-Cable" in text
    assert "fusion, 1er janvier 2016" in text
    assert "Date non connue" not in text


def test_a_former_code_names_the_territory_of_today(client):
    port_jerome = a_commune("76476", "Port-Jérôme-sur-Seine")
    a_succession("76701", port_jerome, former_name="Touffreville-la-Cable")

    text = text_of(client, "/territoires/commune/76701")

    assert "c’est aujourd’hui Port-Jérôme-sur-Seine" in text
    assert 'href="/territoires/commune/76476"' in text
    assert "les mouvements de communes de l’INSEE ne sont pas chargés" in text


def test_a_code_that_only_changed_leads_straight_on(client):
    a_succession("14666", a_commune("76999", "Sannerville"), event="recoded")

    answer = client.get("/territoires/commune/14666")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/territoires/commune/76999")


def test_an_unknown_code_is_not_found_and_suggests(client):
    le_havre()

    answer = client.get("/territoires/commune/le-havre", headers=FRENCH)

    assert answer.status_code == 404
    assert 'href="/territoires/commune/76351"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/territoires/planete/3", "/territoires/commune/00000", "/territoires/commune/76351"])
def test_nothing_loaded_says_which_command_to_run(client, path):
    answer = client.get(path, headers=FRENCH)

    assert answer.status_code == 404
    assert "arobase data load" in answer.content.decode()


def test_a_delegated_commune_leads_to_its_commune_and_back(client):
    cherbourg = a_commune("50129", "Cherbourg-en-Cotentin", department=a_department("50", "Manche"))
    a_territory(
        Kind.DELEGATED, "50173", "Équeurdreville-Hainneville", parent=cherbourg, department=cherbourg.department
    )

    assert 'href="/territoires/commune-deleguee/50173"' in text_of(client, "/territoires/commune/50129")
    assert "est une commune déléguée de Cherbourg-en-Cotentin." in text_of(
        client, "/territoires/commune-deleguee/50173"
    )


def test_a_list_is_sorted_as_asked_and_accents_do_not_matter(client):
    for code, name, population in [("76001", "Zouafques", 3), ("76002", "Étretat", 2), ("76003", "Fécamp", 9)]:
        a_commune(code, name, population=population)

    def order(query: str) -> list[str]:
        page = text_of(client, f"/territoires/departement/76{query}")
        return sorted(["Zouafques", "Étretat", "Fécamp"], key=lambda name: page.index(f">{name}<"))

    assert order("") == ["Étretat", "Fécamp", "Zouafques"]
    assert order("?tri=population") == ["Fécamp", "Zouafques", "Étretat"]


def test_a_long_list_has_an_index_of_letters(client):
    for number in range(61):
        a_commune(f"{76001 + number}", f"{'AÉ'[number % 2]}ville-{number}")

    text = text_of(client, "/territoires/departement/76")

    assert ('href="#commune-A"' in text, 'href="#commune-E"' in text, 'id="commune-E"' in text) == (True, True, True)


def test_similar_towns_say_why(client):
    le_havre()
    a_commune(
        "76540", "Rouen", population=150_000, epci=an_epci("200023414", "Métropole Rouen Normandie", subkind="METRO")
    )

    text = text_of(client, "/territoires/commune/76351")

    assert "Rouen</a>, Seine-Maritime · 150 000 habitants <small>même région</small>" in text


def test_the_contour_comes_as_a_feature(client):
    a_contour(le_havre())

    answer = client.get("/territoires/commune/76351/contour.geojson")

    feature = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/geo+json; charset=utf-8"
    assert (feature["type"], feature["id"], feature["properties"]["nom"]) == ("Feature", "commune:76351", "Le Havre")
    assert feature["geometry"]["type"] == "Polygon"


def test_an_unknown_contour_is_not_found(client):
    le_havre()

    assert client.get("/territoires/commune/76351/contour.geojson").status_code == 404


def test_the_map_shows_the_town_within_its_department(client):
    town = le_havre()
    a_contour(town)
    a_contour(a_department(), outline="M1 1h2v2z")

    text = text_of(client, "/territoires/commune/76351/carte.svg")

    assert '<title id="titre">Le Havre sur la carte de France</title>' in text
    assert text.count("M1 1h2v2z") == 2
    assert "<circle" in text


def test_a_point_stands_where_no_contour_is_known(client):
    le_havre()

    assert "<circle" in text_of(client, "/territoires/commune/76351/carte.svg")


def test_the_index_lists_regions_with_their_departments(client):
    a_department()

    text = text_of(client, "/territoires")

    assert 'href="/territoires/region/28"' in text
    assert 'href="/territoires/departement/76"' in text


STATEMENTS = {
    "commune": ("commune", "76351", 7),
    "delegated commune": ("delegated", "76009", 4),
    "department": ("department", "76", 9),
    "region": ("region", "28", 7),
    "former region": ("former-region", "23", 7),
    "EPCI": ("epci", "200084952", 6),
    "collectivity": ("collectivity", "988", 6),
}


@pytest.mark.parametrize("case", STATEMENTS)
def test_a_page_states_its_number_of_statements(case, django_assert_num_queries):
    region = a_region(population=3_000_000, seat="76540")
    former = a_territory(Kind.FORMER_REGION, "23", "Haute-Normandie", population=1_800_000)
    department = a_department(region=region, former_region=former, population=1_200_000, seat="76540")
    epci = an_epci(population=266_929)
    towns = [
        a_commune(f"{76351 + number}", f"Ville-{number}", population=166_000 + number, epci=epci, department=department)
        for number in range(9)
    ]
    a_territory(Kind.DELEGATED, "76009", "Autrefois", parent=towns[0], department=department, region=region)
    a_territory(Kind.COLLECTIVITY, "988", "Nouvelle-Calédonie", population=270_000, zone=Zone.COM)
    kind, code, statements = STATEMENTS[case]

    with django_assert_num_queries(statements):
        territory_page(kind, code)


def test_the_sitemap_leads_to_every_territory(client, settings):
    settings.SITE_URL = "https://arobase.example"
    le_havre()

    index = client.get("/sitemap.xml").content.decode()
    communes = client.get("/sitemaps/commune-1.xml").content.decode()

    assert "<loc>https://arobase.example/sitemaps/commune-1.xml</loc>" in index
    assert "<loc>https://arobase.example/territoires/commune/76351</loc>" in communes
    assert client.get("/sitemaps/commune-2.xml").status_code == 404
    assert "Sitemap: https://arobase.example/sitemap.xml" in client.get("/robots.txt").content.decode()
