"""The geographic API: the State's parameters and answers, and a reason where a request cannot be answered."""

import asyncio
import json

import pytest
from openapi_spec_validator import validate

from arobase.territories.queries import gazetteer
from strategies.france import a_small_france, loaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def france(db):
    gazetteer.forget()
    a_small_france()
    yield
    gazetteer.forget()


def codes(answer):
    assert answer.status_code == 200, answer.content
    return [one["code"] for one in answer.json()]


def test_a_commune_has_the_fields_of_the_state(client):
    answer = client.get("/api/geo/communes/76351")

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.json() == {
        "nom": "Le Havre",
        "code": "76351",
        "codeDepartement": "76",
        "siren": "217603513",
        "codeEpci": "200084952",
        "codeRegion": "28",
        "codesPostaux": ["76600", "76610", "76620"],
        "population": 166687,
    }


def test_fields_are_those_asked_for_with_name_and_code(client):
    asked = "surface,departement,region,epci,zone,type,centre,mairie,bbox"

    answer = client.get(f"/api/geo/communes/76351?fields={asked}").json()

    assert set(answer) == {"nom", "code", *asked.split(",")}
    assert answer["surface"] == 4695
    assert answer["departement"] == {"code": "76", "nom": "Seine-Maritime"}
    assert answer["epci"] == {"code": "200084952", "nom": "CU Le Havre Seine Métropole"}
    assert answer["centre"] == {"type": "Point", "coordinates": [0.1, 49.5]}
    assert answer["mairie"] == {"type": "Point", "coordinates": [0.107, 49.494]}
    assert answer["type"] == "commune-actuelle"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/communes?code=76351", ["76351"]),
        ("/communes?codePostal=76610", ["76351"]),
        ("/communes?siren=213401086", ["34108"]),
        ("/communes?codeEpci=200084952", ["76351"]),
        ("/communes?codeDepartement=76", ["76351", "76476"]),
        ("/communes?codeRegion=28", ["76351", "76476"]),
        ("/communes?codeDepartement=76&codePostal=76330", ["76476"]),
        ("/communes?codeDepartement=79&codePostal=76330", []),
        ("/communes?ancienCode=76659", ["76476"]),
        ("/communes?zone=drom", ["97101"]),
        ("/communes?zone=drom,com", ["97101", "98818"]),
        ("/communes?zone=metro&codeDepartement=971", []),
        ("/communes?type=commune-deleguee", ["76476"]),
        ("/communes?lat=49.5&lon=0.1", ["76351"]),
        ("/communes?lat=49.5&lon=0.3", []),
        ("/communes?lat=49.5&lon=0.1&codeDepartement=79", []),
        ("/communes?nom=havre", ["76351"]),
        ("/communes?nom=saint+martin&codeDepartement=38", ["38421"]),
        ("/communes?nom=saint+martin&codeDepartement=76", []),
        ("/communes?nom=touffreville+la+cable", ["76476"]),
        ("/communes?nom=76600", []),
        ("/communes?code=99999", []),
        ("/communes?codeDepartement=76&limit=1", ["76351"]),
        ("/communes?codeDepartement=76&limit=0", []),
        ("/epcis", ["200084952"]),
        ("/epcis?nom=havre", ["200084952"]),
        ("/epcis?codeDepartement=76", ["200084952"]),
        ("/epcis?codeDepartement=79", []),
        ("/epcis/200084952/communes", ["76351"]),
        ("/departements", ["34", "38", "76", "79", "88", "971"]),
        ("/departements?zone=com", ["988"]),
        ("/departements?codeRegion=28", ["76"]),
        ("/departements?nom=seine", ["76"]),
        ("/departements/76/communes", ["76351", "76476"]),
        ("/departements/988/communes", ["98818"]),
        ("/regions", ["01", "28", "44", "75", "76", "84"]),
        ("/regions?zone=metro,drom,com&limit=7", ["01", "28", "44", "75", "76", "84", "988"]),
        ("/regions/28/departements", ["76"]),
        ("/regions/988/departements", ["988"]),
        ("/communes_associees_deleguees", ["76476"]),
        ("/communes_associees_deleguees?nom=gravenchon", ["76476"]),
        ("/communes_associees_deleguees?type=commune-associee", []),
    ],
)
def test_all_criteria_intersect(client, address, expected):
    assert codes(client.get(f"/api/geo{address}")) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/epcis/200084952", {"codesDepartements": ["76"], "codesRegions": ["28"], "population": 267000}),
        ("/departements/76", {"codeRegion": "28"}),
        ("/departements/988", {"codeRegion": "988"}),
        ("/regions/28", {}),
        ("/communes_associees_deleguees/76476", {"chefLieu": "76476", "codeDepartement": "76", "codeRegion": "28"}),
    ],
)
def test_each_resource_has_its_default_fields(client, address, expected):
    answer = client.get(f"/api/geo{address}").json()

    assert {name: answer[name] for name in answer if name not in {"nom", "code", "codesPostaux"}} == expected


def test_a_search_by_name_is_scored_and_sorted(client):
    answer = client.get("/api/geo/communes?nom=le+hvare").json()

    assert answer[0]["code"] == "76351"
    assert 0 < answer[0]["_score"] <= 1
    assert "_score" not in client.get("/api/geo/communes?code=76351").json()[0]


def test_boost_puts_the_most_populous_first(client):
    answer = client.get("/api/geo/communes?nom=saint&boost=population").json()

    assert answer[0]["_score"] > client.get("/api/geo/communes?nom=saint").json()[0]["_score"]


@pytest.mark.parametrize("geometry", ["centre", "contour", "bbox", "mairie"])
def test_geojson_carries_the_geometry_asked_for(client, geometry):
    answer = client.get(f"/api/geo/communes?code=76351&format=geojson&geometry={geometry}&fields=nom,centre").json()

    assert answer["type"] == "FeatureCollection"
    feature = answer["features"][0]
    assert feature["properties"] == {"nom": "Le Havre", "code": "76351"}
    assert feature["geometry"]["type"] == ("Polygon" if geometry in {"contour", "bbox"} else "Point")


def test_one_commune_as_geojson_is_a_feature(client):
    assert client.get("/api/geo/communes/76351?format=geojson").json()["type"] == "Feature"


def test_a_commune_without_contour_has_no_contour(client):
    assert "contour" not in client.get("/api/geo/communes/98818?fields=contour").json()


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("/communes?lat=91&lon=0", "lat"),
        ("/communes?lat=nan&lon=0", "lat"),
        ("/communes?lat=inf&lon=0", "lat"),
        ("/communes?lat=49&lon=181", "lon"),
        ("/communes?lat=abc&lon=0", "lat"),
        ("/communes?lat=49.5", "lon"),
        ("/communes?lon=0.1", "lat"),
        ("/communes?fields=nom,popluation", "fields"),
        ("/communes/76351?fields=nope", "fields"),
        ("/communes?code=76351&limit=-1", "limit"),
        ("/communes?code=76351&limit=many", "limit"),
        ("/communes?code=76351&limit=٣", "limit"),
        ("/communes?format=xml", "format"),
        ("/departements?format=geojson", "format"),
        ("/communes?code=76351&format=geojson&geometry=cube", "geometry"),
        ("/communes?zone=mars", "zone"),
        ("/communes?type=ville", "type"),
        ("/communes_associees_deleguees?type=commune-actuelle", "type"),
        ("/communes?nom=havre&boost=size", "boost"),
        ("/communes?nom=", "nom"),
        ("/communes?nom=a&nom=b", "nom"),
        ("/communes?codedepartement=76", "codedepartement"),
        ("/regions?codePostal=76600", "codePostal"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(client, address, parameter):
    answer = client.get(f"/api/geo{address}")

    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["parameter"]) == (400, 400, parameter)
    assert problem["detail"] == problem["message"]


def test_a_misspelt_field_is_guessed(client):
    assert "population" in client.get("/api/geo/communes?fields=popluation").json()["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "/communes?format=geojson",
        "/communes?fields=contour",
        "/communes?format=geojson&limit=3",
        "/epcis?format=geojson",
    ],
)
def test_all_contours_of_france_at_once_are_refused(client, address):
    assert client.get(f"/api/geo{address}").status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/communes/99999", "/epcis/1", "/epcis/1/communes", "/regions/99/departements", "/nowhere", "/communes/76351/x"],
)
def test_an_unknown_code_or_address_is_not_found(client, address):
    answer = client.get(f"/api/geo{address}")

    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_problems_speak_the_language_of_the_client(client):
    french = client.get("/api/geo/communes?lat=91&lon=0", headers={"accept-language": "fr"}).json()["detail"]
    english = client.get("/api/geo/communes?lat=91&lon=0", headers={"accept-language": "en"}).json()["detail"]

    assert "degrés" in french
    assert "degrees" in english


def test_what_the_client_has_already_is_not_sent_again(client):
    first = client.get("/api/geo/communes/76351")
    again = client.get("/api/geo/communes/76351", headers={"if-none-match": first.headers["ETag"]})

    assert "max-age" in first.headers["Cache-Control"]
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/api/geo/communes/34108", headers={"if-none-match": first.headers["ETag"]})
    assert other.status_code == 200


def test_any_site_may_read(client):
    answer = client.get("/api/geo/communes/76351", headers={"origin": "https://example.org"})
    preflight = client.options("/api/geo/communes", headers={"origin": "https://example.org"})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.head("/api/geo/communes/76351").content == b""
    assert client.post("/api/geo/communes").status_code == 405
    assert "Access-Control-Allow-Origin" not in client.get("/recherche").headers


def test_new_data_is_served_after_a_load(client):
    from arobase.territories.models import Territory

    before = client.get("/api/geo/communes/76351")
    Territory.objects.filter(id="commune:76351").update(name="Le Havre-de-Grâce")
    loaded(version="2027")
    gazetteer.forget()

    after = client.get("/api/geo/communes/76351")
    assert after.json()["nom"] == "Le Havre-de-Grâce"
    assert before.headers["ETag"] != after.headers["ETag"]


def test_the_openapi_document_is_valid_and_complete(client):
    document = client.get("/api/geo/openapi.json").json()

    validate(document)
    assert set(document["paths"]) >= {"/communes", "/communes/{code}", "/regions/{code}/departements"}
    names = {parameter["name"] for parameter in document["paths"]["/communes"]["get"]["parameters"]}
    assert {"nom", "lat", "lon", "boost", "fields", "format", "geometry", "limit", "ancienCode"} <= names


def test_every_example_of_the_documentation_answers(client):
    page = client.get("/api/geo")
    examples = [example["href"] for operation in page.context["operations"] for example in operation["examples"]]

    assert len(examples) >= 13
    assert {client.get(example).status_code for example in examples} == {200}


def test_hot_paths_ask_the_database_nothing(client, django_assert_num_queries):
    client.get("/api/geo/communes?lat=49.5&lon=0.1")

    with django_assert_num_queries(0):
        for address in ("communes/76351", "communes?nom=havre", "communes?lat=49.5&lon=0.1", "departements"):
            assert client.get(f"/api/geo/{address}").status_code == 200


def test_the_door_without_middleware_says_the_same(client):
    from arobase.territories.api.asgi import GeoApi

    for address in ("/communes/76351", "/communes?nom=havre", "/communes?lat=91&lon=0", "/communes/99999"):
        through_django = client.get(f"/api/geo{address}", headers={"accept-language": "en"})
        status, headers, body = _asked(GeoApi(None), address)

        assert (status, json.loads(body)) == (through_django.status_code, through_django.json())
        for name in ("Content-Type", "Cache-Control", "Access-Control-Allow-Origin", "X-Content-Type-Options"):
            assert headers[name.lower()] == through_django.headers[name]


def _asked(application, address):
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/api/geo{path}",
        "query_string": query.encode(),
        "headers": [(b"accept-language", b"en"), (b"host", b"testserver")],
    }
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    start, body = sent
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"]
