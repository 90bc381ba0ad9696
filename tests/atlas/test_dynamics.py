"""Dynamics by area: what is read, what the pages say while editions are complete or not, and what they refuse."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from arobase.atlas.queries.dynamics import (
    Order,
    UnknownArea,
    UnknownEdition,
    _shares_at,
    area_page,
    area_panel,
    ground,
    overview,
)
from arobase.atlas.rules.areas import Family
from arobase.atlas.rules.dynamics import Flows, Partial, Place
from arobase.territories.models import Kind, SourceState
from atlas.palmares import a_complete_palmares, an_award, an_edition
from builders import a_commune, a_department, a_region, a_territory, an_epci

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}


NOW = datetime(2026, 2, 8, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_read_before() -> None:
    _shares_at.cache_clear()


def a_load(*, at: datetime) -> None:
    SourceState.objects.update_or_create(
        name="code", defaults={"version": "COG 2026", "licence": "", "rows": 1, "seconds": 1, "loaded_at": at}
    )


def words(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_overview_ranks_the_areas_of_a_complete_edition() -> None:
    a_complete_palmares()

    shown = overview(Family.REGION, year=2024)

    normandy, new_aquitaine, grand_est = (row.dynamics for row in shown.rows)
    assert [row.area.name for row in shown.rows] == ["Normandie", "Nouvelle-Aquitaine", "Grand Est"]
    assert (normandy.counts.laureates, normandy.per_inhabitants) == (2, Fraction(2 * 100_000, 176_687))
    assert normandy.per_communes == Fraction(50)
    assert (new_aquitaine.place, grand_est.place) == (Place(2, 3, 1), Place(3, 3, 1))
    assert grand_est.counts.laureates == 0
    assert isinstance(shown.flows, Flows)
    assert (shown.flows.newcomers, shown.flows.promoted, shown.flows.absent) == (2, 1, 1)


def test_overview_of_an_incomplete_edition_says_what_is_known() -> None:
    a_complete_palmares()
    an_edition(2025, rewarded=226)

    shown = overview(Family.REGION, year=2025)

    assert shown.missing == Partial(0, 226)
    assert {row.dynamics.per_inhabitants for row in shown.rows} == {Partial(0, 226)}
    assert shown.flows == Partial(3, 229)


@pytest.mark.parametrize("order", list(Order))
def test_every_column_sorts(order: Order) -> None:
    a_complete_palmares()

    assert len(overview(Family.DEPARTMENT, year=2024, order=order).rows) == 3


def test_intercommunal_body_counts_where_most_of_its_inhabitants_live() -> None:
    body = an_epci("200000000", "CC des Deux Rives")
    a_commune("76001", "Grande", population=900, epci=body)
    a_commune("27001", "Petite", population=100, epci=body, department=a_department("27", "Eure"))
    an_award(body, year=2024)

    assert ground().wheres[body.id].department == "department:76"


def test_overseas_collectivity_stands_among_regions_and_departments() -> None:
    caledonia = a_territory(Kind.COLLECTIVITY, "988", "Nouvelle-Calédonie")
    noumea = a_commune("98818", "Nouméa", department=caledonia, region=caledonia, population=94_285)
    an_award(noumea, year=2024)

    for family in (Family.REGION, Family.FORMER_REGION, Family.DEPARTMENT):
        assert [row.area.slug for row in overview(family, year=None).rows] == ["collectivite"]
    assert area_page("collectivite", "988", year=None).dynamics.counts.laureates == 1


def test_former_region_holds_its_communes_and_others_stay_what_they_are() -> None:
    former = a_territory(Kind.FORMER_REGION, "23", "Haute-Normandie")
    an_award(a_commune(former_region=former), year=2024)
    guadeloupe = a_department("971", "Guadeloupe", region=a_region("01", "Guadeloupe"))
    a_commune("97101", "Les Abymes", department=guadeloupe)

    rows = overview(Family.FORMER_REGION, year=None).rows

    found = [(row.area.name, row.dynamics.counts.laureates) for row in rows]
    assert found == [("Haute-Normandie", 1), ("Guadeloupe", 0)]


def test_pages_read_in_few_statements_and_fewer_once_the_ground_is_known(django_assert_num_queries) -> None:
    a_complete_palmares()
    a_load(at=NOW)

    with django_assert_num_queries(5):
        overview(Family.EPCI, year=2024)
    with django_assert_num_queries(4):
        area_page("region", "28", year=2024)


def test_ground_is_read_again_after_a_load() -> None:
    a_complete_palmares()
    a_load(at=NOW)
    before = area_page("region", "28", year=2024).dynamics.area.communes

    a_commune("76540", "Rouen", population=116_331)
    a_load(at=NOW + timedelta(minutes=1))

    assert area_page("region", "28", year=2024).dynamics.area.communes == before + 1


def test_unknown_area_and_edition_have_names() -> None:
    a_complete_palmares()

    with pytest.raises(UnknownArea):
        area_page("region", "99", year=None)
    with pytest.raises(UnknownEdition):
        overview(Family.REGION, year=1901)


def test_page_of_a_complete_edition_says_what_the_press_says(client) -> None:
    a_complete_palmares()

    text = words(client.get("/atlas/dynamiques/region/28?annee=2024", headers=FRENCH))

    assert "En 2024 : 2 lauréats en Normandie, 1 en Nouvelle-Aquitaine." in text
    assert "L’édition 2024 est complète." in text
    assert "<dt>Pour 100 000 habitants</dt><dd>1,13</dd>" in text
    assert "<dt>Rang par le nombre de lauréats</dt><dd>1 sur 3</dd>" in text
    assert 'property="og:title" content="En 2024 : 2 lauréats en Normandie, 1 en Nouvelle-Aquitaine."' in text


def test_page_of_a_complete_edition_shows_its_flows(client) -> None:
    a_complete_palmares()

    text = words(client.get("/atlas/dynamiques?annee=2024", headers=FRENCH))

    assert "<caption>De 2023 à 2024</caption>" in text
    rows = [("Nouveaux", 2), ("De retour", 0), ("Promus", 1), ("Maintenus", 0), ("Abaissés", 0), ("Absents", 1)]
    for name, number in rows:
        assert text.partition(f"{name} <span")[2].partition('<td class="number">')[2].startswith(f"{number}<")


def test_page_of_an_area_gives_its_laureates_away(client) -> None:
    a_complete_palmares()

    text = words(client.get("/atlas/dynamiques/departement/76?annee=2024", headers=FRENCH))

    assert 'href="/atlas/laureats.csv?annee=2024&amp;departement=76"' in text


def test_page_of_an_incomplete_edition_shows_known_of_total_and_no_rate(client) -> None:
    a_complete_palmares()
    an_edition(2025, rewarded=226)
    an_award(a_commune(), year=2025)

    text = words(client.get("/atlas/dynamiques/region/28?annee=2025", headers=FRENCH))

    assert "En 2025 : 1 lauréat connu en Normandie" in text
    assert "1 connu sur 226" in text
    assert "Pour 100 000 habitants" not in text
    assert "Les mouvements ne sont donnés que lorsque cette édition et la précédente sont complètes" in text


def test_page_says_when_nobody_published_the_total(client) -> None:
    an_award(a_commune(), year=2020)

    assert "1 connu, total non publié" in words(client.get("/atlas/dynamiques/region/28?annee=2020", headers=FRENCH))


def test_area_without_a_known_laureate_says_so(client) -> None:
    a_complete_palmares()
    an_edition(2025, rewarded=226)

    text = words(client.get("/atlas/dynamiques/departement/88?annee=2025", headers=FRENCH))

    assert "aucun lauréat connu dans les Vosges" in text
    assert "cela ne veut pas dire qu’il n’y en a pas" in text


def test_overview_opens_with_the_latest_complete_edition(client) -> None:
    a_complete_palmares()
    an_edition(2025, rewarded=226)

    text = words(client.get("/atlas/dynamiques", headers=FRENCH))

    assert "En 2024 : 2 lauréats en Normandie, 1 en Nouvelle-Aquitaine." in text
    assert '<option value="2024" selected>2024 (complète)</option>' in text
    assert "2025 (0 connu sur 226)" in text


def test_overview_in_english_speaks_english(client) -> None:
    a_complete_palmares()

    text = words(client.get("/atlas/dynamiques", headers={"accept-language": "en"}))

    assert "In 2024: 2 laureates in Normandie, 1 in Nouvelle-Aquitaine." in text


def test_overview_without_any_data_says_what_to_do(client) -> None:
    text = words(client.get("/atlas/dynamiques", headers=FRENCH))

    assert "Aucun lauréat n’est encore connu." in text
    assert "arobase data load" in text


def test_chart_has_the_same_figures_as_a_table(client) -> None:
    a_complete_palmares()

    text = words(client.get("/atlas/dynamiques", headers=FRENCH))

    assert '<title id="editions-title">' in text
    assert '<th scope="row">2024</th><td class="number">1</td>' in text
    assert "style=" not in text


@pytest.mark.parametrize("query", ["annee=20x4", "annee=1901", "type=canton", "tri=humeur", "page=0", "page=2"])
def test_parameter_that_cannot_be_followed_is_refused(client, query: str) -> None:
    a_complete_palmares()

    assert client.get(f"/atlas/dynamiques?{query}", headers=FRENCH).status_code == 400


def test_unknown_area_is_not_found(client) -> None:
    a_complete_palmares()

    assert client.get("/atlas/dynamiques/region/99").status_code == 404
    assert client.get("/atlas/dynamiques/canton/1").status_code == 404


def test_page_of_a_region_leads_to_its_dynamics_and_that_of_a_commune_does_not() -> None:
    assert area_panel("former-region:23") == {"kind": "ancienne-region", "code": "23"}
    assert area_panel("commune:76351") is None
