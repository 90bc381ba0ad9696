"""The law of seats on the night: short lists, Paris-Lyon-Marseille, sectors, community seats, and no needless round."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from arobase.accounts.models import User
from arobase.elections.actions.entries import record
from arobase.elections.actions.preparing import AlreadyDecided, BadPlan, prepare
from arobase.elections.cli.prepare import prepare as command
from arobase.elections.models import Choice, Election
from arobase.elections.queries.audit import broken
from arobase.elections.queries.council import council
from arobase.elections.queries.plans import plan_of, prepared_nights
from arobase.elections.queries.results import night_of
from arobase.elections.rules.plans import Plan, PlannedChoice, Problem, Wrong, problems, usual_kind
from arobase.elections.rules.preparing import rehearsal_by_hand
from arobase.elections.rules.states import Verb
from builders import a_commune, an_account
from elections.nights import NIGHT, a_plan, a_rehearsal, a_station, count_all
from people import CAMILLE, Person

pytestmark = pytest.mark.django_db

PREPARE = "/elections/preparer"
LYON = Person("marie@lyon.exemple.fr", "Marie, agente de Lyon", "agent", "commune:69123")
FORM = {
    "code": "69123",
    "kind": "municipal_plm",
    "round": "1",
    "day": "2026-03-15",
    "scope": "general",
    "typists": "1",
    "hours": "10:00",
    "lists": "1;Ensemble\n2;Autrement",
    "stations": "code;inscrits\n0301;900\n",
}


def page(election: Election) -> str:
    return Client().get(reverse("election", kwargs={"number": election.pk})).content.decode()


def a_village(*names: int | None, population: int | None = 810, **facts) -> Election:
    """Belhomert-Guéhouville, 15 seats, whose lists have so many names."""
    lists = tuple(f"Liste {place + 1}" for place in range(len(names)))
    plan = a_plan(code="28033", stations=1, lists=lists, seats=15, rehearsal=True, population=population, **facts)
    choices = [replace(one, candidates=number) for one, number in zip(plan.choices, names, strict=True)]
    return prepare(replace(plan, choices=choices), by=None, at=NIGHT)


def test_seats_that_a_short_list_cannot_take_stay_vacant():
    election = a_village(13)
    count_all(election, "0001", bags=[(98,)])

    shown = page(election)

    assert dict(council(night_of(election)).outcome.seats) == {"Liste 1": 13}
    assert "2 sièges restent vacants" in shown
    assert "Prises pour complètes" not in shown
    election.refresh_from_db()
    assert broken(election) is None


@pytest.mark.parametrize("population", [810, None])
def test_where_names_are_not_known_the_page_says_so(population):
    election = a_village(13, None, population=population)
    count_all(election, "0001", bags=[(60, 38)])

    shown = page(election)

    assert "Prises pour complètes, faute d’en connaître les noms\u00a0: Liste 2." in shown


def test_in_a_larger_commune_every_list_is_complete():
    election = a_village(None, population=1_200)
    count_all(election, "0001", bags=[(98,)])

    assert "Prises pour complètes" not in page(election)


@pytest.mark.parametrize(("population", "names", "least"), [(810, 12, 13), (1_200, 14, 15), (810, 13, 0), (80, 5, 0)])
def test_a_list_too_short_to_stand_is_refused(population, names, least):
    plan = replace(a_plan(seats=None, population=population), choices=[PlannedChoice("Une", candidates=names)])

    assert problems(plan) == ((Problem(Wrong.TOO_FEW_CANDIDATES, "Une", least=least),) if least else ())


def test_names_on_a_list_are_covered_by_the_fingerprint_and_none_leaves_it_as_it_was():
    election = a_village(13)
    count_all(election, "0001", bags=[(98,)])

    Choice.objects.filter(election=election).update(candidates=15)
    election.refresh_from_db()

    assert broken(election) is not None
    plain = a_rehearsal().setup
    assert [len(one) for one in plain["choices"]] == [5, 5, 5]
    assert not {"sector", "community_seats", "population"} & set(plain)


@pytest.fixture
def marie(db) -> Client:
    a_commune("69123", "Lyon", population=520_774)
    client = Client()
    client.force_login(an_account(LYON))
    return client


def test_the_council_of_lyon_has_its_seats_by_law(marie):
    assert marie.get(PREPARE).context["values"]["kind"] == "municipal_plm"
    marie.post(PREPARE, FORM)

    made = Election.objects.get()
    assert (made.kind, made.seats, made.population) == ("municipal_plm", 73, 520_774)
    marie.post(reverse("election_edit", args=[made.pk]), {**FORM, "seats": ""})
    assert Election.objects.get().seats == 73


def test_a_file_gives_a_council_its_seats_by_law_too(marie, tmp_path):
    path = tmp_path / "night.json"
    night = {"code": "69123", "place": "Lyon", "kind": "municipal_plm", "day": "2026-03-15"}
    lists = [{"name": "Ensemble", "candidates": 73}]
    path.write_text(json.dumps({**night, "choices": lists, "stations": [{"code": "1", "registered": 9}]}))

    assert CliRunner().invoke(command, [str(path)]).exit_code == 0
    assert Election.objects.get().seats == 73

    path.write_text(json.dumps({**night, "kind": "municipal", "choices": [], "stations": []}))
    assert "règle à elles" in CliRunner().invoke(command, [str(path)]).output


@pytest.mark.parametrize(
    ("code", "kind", "found"),
    [
        ("69123", "municipal", [Wrong.KIND_OF_PLM]),
        ("75056", "municipal", [Wrong.KIND_OF_PLM]),
        ("13055", "municipal", [Wrong.KIND_OF_PLM]),
        ("76351", "municipal_plm", [Wrong.KIND_OF_OTHERS]),
        ("76351", "sector", [Wrong.KIND_OF_OTHERS, Wrong.NO_SECTOR]),
        ("13055", "sector", [Wrong.NO_SECTOR]),
        ("13055", "municipal_plm", []),
        ("76351", "municipal", []),
    ],
)
def test_each_commune_has_its_own_municipal_ballot(code, kind, found):
    assert [one.wrong for one in problems(a_plan(code=code, kind=kind))] == found
    assert usual_kind(code) == ("municipal" if code == "76351" else "municipal_plm")


def test_the_form_says_which_ballot_a_town_has(marie):
    answer = marie.post(PREPARE, {**FORM, "kind": "municipal"})

    assert list(answer.context["wrong"]) == ["kind"]
    assert "règle à elles" in answer.content.decode()


def test_a_sector_votes_beside_the_council_of_its_town(marie):
    marie.post(PREPARE, FORM)
    marie.post(PREPARE, {**FORM, "kind": "sector", "sector": "3e secteur", "seats": "44"})

    sector, town = Election.objects.order_by("seats")
    assert (sector.seats, town.seats) == (44, 73)
    assert sector.is_the_towns
    shown = marie.get(PREPARE).content.decode()
    assert "Lyon, élection des conseillers d’arrondissement, 3e secteur" in shown
    assert "Lyon, élection municipale à Paris, Lyon ou Marseille" in shown
    edited = marie.get(reverse("election_edit", args=[sector.pk])).context["values"]
    assert (edited["sector"], edited["seats"]) == ("3e secteur", "44")


def test_a_sector_gives_half_to_the_first_list_and_the_council_a_quarter():
    facts = {"code": "69123", "stations": 1, "lists": ("Une", "Deux"), "rehearsal": True}
    town = prepare(a_plan(kind="municipal_plm", seats=73, **facts), by=None, at=NIGHT)
    sector = prepare(a_plan(kind="sector", sector="3e secteur", seats=44, **facts), by=None, at=NIGHT)
    for one in (town, sector):
        count_all(one, "0001", bags=[(60, 38)])

    assert (council(night_of(town)).outcome.bonus, council(night_of(sector)).outcome.bonus) == (19, 22)
    assert "Les 44 sièges" in page(sector)


def test_community_seats_go_to_the_same_lists():
    election = a_rehearsal(stations=1, seats=29, community_seats=8, population=6_000, lists=("Une", "Deux"))
    count_all(election, "0001", bags=[(58, 40)])

    found = council(night_of(election)).community

    assert [(line.choice.name, seats) for line, seats in found.seats] == [("Une", 4 + 2), ("Deux", 2)]
    assert "8 sièges au conseil communautaire" in page(election)


def test_without_a_majority_nobody_sits_in_the_community_either():
    election = a_rehearsal(stations=1, community_seats=8)
    count_all(election, "0001", bags=[(45, 35, 18)])

    assert council(night_of(election)).community is None
    assert "conseil communautaire" not in page(election)


@pytest.mark.parametrize(
    ("facts", "is_refused"),
    [
        ({"population": 999}, True),
        ({"population": 1_000, "seats": 15}, False),
        ({}, False),
        ({"code": "69123", "kind": "municipal_plm"}, True),
        ({"code": "13055", "kind": "municipal_plm"}, False),
        ({"kind": "regional"}, True),
    ],
)
def test_community_seats_are_shared_where_the_law_shares_them(facts, is_refused):
    found = [one.wrong for one in problems(a_plan(community_seats=3, **facts))]

    assert found == ([Wrong.NO_COMMUNITY_SEATS] if is_refused else [])


def test_what_was_prepared_of_a_sector_is_a_plan_again():
    plan = a_plan(code="13055", kind="sector", sector="3e secteur", seats=25, population=870_000)

    again = plan_of(prepare(plan, by=None, at=NIGHT))

    assert (again.sector, again.seats, again.population) == ("3e secteur", 25, 870_000)
    rehearsed = prepare(rehearsal_by_hand(again, day=plan.day, origin="exercice"), by=None, at=NIGHT)
    assert rehearsed.sector == "3e secteur"


def a_counted_first_round(client: Client, *votes: int, **facts) -> Election:
    election = prepare(a_plan(stations=1, **facts), by=None, at=NIGHT)
    officer = User.objects.get(email=CAMILLE.email)
    totals = {"who": 1, "signatures": 100, "envelopes": 100, "votes": list(votes), "blank": 1, "null": 1}
    record(a_station(election).pk, Verb.TOTALS, totals, key="1", by=officer, at=NIGHT, sure=True)
    return election


@pytest.fixture
def camille(db) -> Client:
    a_commune()
    client = Client()
    client.force_login(an_account(CAMILLE))
    return client


@pytest.mark.parametrize("facts", [{}, {"seats": None}])
def test_a_decided_council_has_no_second_round(camille, facts):
    first = a_counted_first_round(camille, 90, 5, 3, **facts)
    [night] = prepared_nights(["76351"], at=NIGHT)

    answer = camille.post(
        reverse("election_second_round", args=[first.pk]), {"day": "2026-03-22", "list.0": "1", "list.1": "1"}
    )

    assert not night.may_have_second_round
    assert (answer.status_code, Election.objects.count()) == (422, 1)
    assert "Le premier tour a élu le conseil" in answer.content.decode()
    with pytest.raises(AlreadyDecided):
        prepare(_second(plan_of(first)), by=None, at=NIGHT, first_round=first)


def test_without_a_majority_or_in_another_ballot_there_is_a_second_round(camille):
    undecided = a_counted_first_round(camille, 49, 46, 3)
    elsewhere = a_counted_first_round(camille, 90, 5, 3, kind="legislative", seats=None)

    nights = {one.election: one for one in prepared_nights(["76351"], at=NIGHT)}

    assert nights[undecided].may_have_second_round
    assert nights[elsewhere].may_have_second_round
    assert prepare(_second(plan_of(undecided)), by=None, at=NIGHT, first_round=undecided)


def _second(first: Plan) -> Plan:
    return replace(first, round=2, day=first.day.replace(day=22))


def test_a_plan_with_a_wrong_ballot_is_no_night():
    with pytest.raises(BadPlan):
        prepare(a_plan(code="69123"), by=None, at=NIGHT)
