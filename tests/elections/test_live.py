"""What the live pages say, at each moment of a night."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections.actions.passes import issue
from arobase.elections.actions.preparing import change, prepare, rewind
from arobase.elections.models import Choice, Election, Station
from arobase.elections.queries.audit import broken
from arobase.elections.queries.desk import central_desk
from arobase.elections.queries.plans import plan_of
from arobase.elections.queries.sheets import parts_of
from arobase.elections.rules.plans import FormerResult
from arobase.elections.rules.preparing import order_of
from arobase.elections.rules.states import Verb
from elections.nights import LISTS, NIGHT, PARIS, a_plan, a_rehearsal, an_election, bag, count_all, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_page_is_kept():
    caches["process"].clear()


def page(election, name="election", **more) -> str:
    answer = Client().get(reverse(name, kwargs={"number": election.pk, **more}))
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_before_the_first_bag_the_page_says_that_it_waits():
    assert "Aucune enveloppe n’est encore comptée" in page(a_rehearsal())


def test_the_headline_names_the_list_in_front_with_what_it_rests_on():
    election = a_rehearsal()
    count_all(election, "0001", bags=[(50, 30, 18), (40, 40, 10)])
    send(election, "0002", Verb.BAG, bag(1, (20, 60, 18)))

    shown = page(election)

    assert "Pour Le Havre : 45,5 % des 286 suffrages exprimés comptés jusqu’ici." in shown
    assert "Bureaux complets : 1 sur 4 ; en cours : 1." in shown


def test_the_trend_is_silent_with_its_reason_until_it_knows_enough():
    election = a_rehearsal(stations=10)
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    shown = page(election)

    assert "Tendance" in shown
    assert "probablement entre" not in shown
    assert "La tendance attend que" in shown


def test_the_trend_says_what_is_likely_in_words_with_its_basis_and_its_record():
    former = FormerResult("Municipales 2020", 500, 300, {LISTS[0]: 150, LISTS[1]: 100, LISTS[2]: 50})
    election = a_rehearsal(stations=20, former=former)
    for number in range(1, 9):
        send(election, f"{number:04}", Verb.BAG, bag(1, (50, 30, 18)))
        send(election, f"{number:04}", Verb.BAG, bag(2, (52, 29, 17)))

    shown = page(election)

    assert "probablement entre" in shown
    assert "d’arriver en tête" in shown
    assert "Second tour :" in shown
    assert "Projection sur 8 bureaux" in shown
    assert "pour 90 annoncées" in shown
    assert "moins sûr" not in shown
    assert shown.count('class="so-far"') == len(LISTS)
    assert "Tirets" in shown  # half of the votes is within what is drawn


def test_without_a_former_election_the_trend_says_that_it_is_less_sure():
    election = a_rehearsal(stations=20)
    for number in range(1, 13):
        send(election, f"{number:04}", Verb.BAG, bag(1, (50, 30, 18)))
        send(election, f"{number:04}", Verb.BAG, bag(2, (52, 29, 17)))

    assert "moins sûr qu’il ne le dit tant que seuls de petits bureaux" in page(election)


def test_the_final_count_gives_the_councils_seats_and_no_trend():
    election = a_rehearsal(stations=2)
    count_all(election, "0001", bags=[(60, 20, 18)])
    count_all(election, "0002", bags=[(70, 20, 8)])

    shown = page(election)

    assert "Les 59 sièges" in shown
    assert "Tendance" not in shown
    assert "Le siège le plus disputé" in shown


def test_a_former_election_known_for_one_station_of_twenty_is_said_not_to_be_used():
    election = a_rehearsal(stations=20)
    former = {"poll": "Municipales 2020", "registered": 500, "voters": 300, "votes": {LISTS[0]: 150, LISTS[1]: 150}}
    Station.objects.filter(election=election, code="0001").update(former=former)
    for number in range(1, 13):
        send(election, f"{number:04}", Verb.BAG, bag(1, (50, 30, 18)))
        send(election, f"{number:04}", Verb.BAG, bag(2, (52, 29, 17)))

    shown = page(election)

    assert "n’est connu que pour la moitié des votants au plus, et la tendance ne s’en sert pas" in shown
    assert "moins sûr qu’il ne le dit tant que seuls de petits bureaux" in shown


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        (
            (353, 352, 79),
            "Les 18 sièges les plus disputés : avec 1 voix de plus, « Deux » serait à égalité avec « Une » ; l’âge"
            " moyen déciderait.",
        ),
        (
            (353, 353, 79),
            "Les 18 sièges les plus disputés : « Une » est à égalité avec « Deux » ; avec 1 voix de plus, ces sièges"
            " lui revenaient.",
        ),
        ((430, 270, 84), "Le siège le plus disputé : avec 3 voix de plus, « Trois » l’aurait pris à « Une »."),
    ],
)
def test_the_nearest_change_is_told_a_tie_for_the_bonus_included(votes, said):
    election = a_rehearsal(stations=1, seats=35, lists=("Une", "Deux", "Trois"), registered=900, round=2)
    totals = {"signatures": sum(votes), "envelopes": sum(votes), "votes": list(votes), "blank": 0, "null": 0}
    send(election, "0001", Verb.TOTALS, totals)

    assert said in page(election)


def test_a_seat_that_ages_gave_is_told():
    election = a_rehearsal(stations=1, seats=3, lists=("Une", "Deux"))
    for name, age in (("Une", "40.00"), ("Deux", "50.00")):
        Choice.objects.filter(election=election, name=name).update(average_age=age)
    count_all(election, "0001", bags=[(49, 49)])
    Election.objects.filter(pk=election.pk).update(round=2)

    shown = page(Election.objects.get(pk=election.pk))

    assert "À égalité, l’âge moyen des listes a départagé : Une, Deux. À vérifier." in shown


def test_without_a_majority_it_says_who_may_stand_again():
    election = a_rehearsal(stations=1)
    count_all(election, "0001", bags=[(45, 35, 18)])

    assert "Un second tour" in page(election)


def test_a_part_is_sent_once_and_again_when_something_changed():
    election = a_rehearsal()
    address = reverse("election_part", kwargs={"number": election.pk, "name": "figures"})
    first = Client().get(address)

    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_rehearsal_replayed_again_shows_its_own_figures_not_those_kept():
    election = a_rehearsal()
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    page(election)

    rewind(election.pk, by=None, at=timezone.now())
    election = Election.objects.get(pk=election.pk)
    send(election, "0001", Verb.BAG, bag(1, (18, 30, 50)))

    assert "Un port pour tous : 51 %" in page(election)


def a_night_beside_another(former: dict[str, int | None]) -> Election:
    """A rehearsal of stations of 500 whose former voters, of 500 registered, are these."""
    plan = a_plan(rehearsal=True, stations=len(former))
    results = [
        None if voters is None else FormerResult("2020", 500, voters, {"A": voters}) for voters in former.values()
    ]
    stations = [replace(one, former=then) for one, then in zip(plan.stations, results, strict=True)]
    return prepare(replace(plan, stations=stations), by=None, at=timezone.now())


def test_last_times_turnout_is_that_of_the_stations_closed_now():
    election = a_night_beside_another({"0001": 200, "0002": 300, "0003": 450})
    send(election, "0001", Verb.BOX, {"signatures": 250, "envelopes": 250})
    send(election, "0002", Verb.BOX, {"signatures": 350, "envelopes": 350})

    shown = page(election)

    assert "60 %</strong> à la clôture <small>(2 bureaux)" in shown
    assert "La fois précédente, à la clôture, dans les mêmes 2 bureaux : 50 %." in shown


def test_a_station_without_a_former_result_is_left_out_on_both_sides():
    election = a_night_beside_another({"0001": 200, "0002": None, "0003": 450})
    send(election, "0001", Verb.BOX, {"signatures": 250, "envelopes": 250})
    send(election, "0002", Verb.BOX, {"signatures": 350, "envelopes": 350})

    shown = page(election)

    assert "60 %</strong> à la clôture <small>(2 bureaux)" in shown
    assert "Dans le seul bureau dont la participation d’avant est connue : 50 % à la clôture, 40 % la fois" in shown


def test_nothing_is_compared_where_no_station_closed_now_has_a_former_result():
    election = a_night_beside_another({"0001": None, "0002": 300})
    send(election, "0001", Verb.BOX, {"signatures": 250, "envelopes": 250})

    assert "la fois précédente" not in page(election).lower()


def test_during_the_day_last_times_turnout_says_in_how_many_stations():
    election = a_night_beside_another({"0001": 200, "0002": 300, "0003": None})
    send(election, "0001", Verb.TURNOUT, {"hour": "10:00", "voters": 50})

    assert "La fois précédente, à la clôture (2 bureaux) : 50 %." in page(election)


def test_a_rehearsal_is_marked_on_every_page_and_a_real_night_on_none():
    rehearsal, real = a_rehearsal(), an_election()

    for name in ("election", "election_screen", "election_embed"):
        assert "Répétition" in page(rehearsal, name)
        assert "Répétition" not in page(real, name)


def test_only_the_embedded_page_may_be_framed():
    election = a_rehearsal()

    def allows(name):
        answer = Client().get(reverse(name, kwargs={"number": election.pk}))
        return "frame-ancestors *" in answer["Content-Security-Policy"], answer.get("X-Frame-Options")

    assert allows("election_embed") == (True, None)
    assert allows("election") == (False, "DENY")


def test_the_page_of_a_night_takes_few_statements(django_assert_max_num_queries):
    election = a_rehearsal(stations=30)
    count_all(election, "0001")

    with django_assert_max_num_queries(12):
        page(election)


def test_what_is_changed_before_the_first_figure_is_shown_at_once():
    election = a_rehearsal(stations=2)
    assert "École 2" in page(election)

    change(election.pk, a_plan(rehearsal=True, stations=3), by=None, at=timezone.now())

    assert "École 3" in page(election)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (NIGHT + timedelta(minutes=7), "Compté à 20:37:00."),
        (NIGHT + timedelta(hours=4), "Compté le 16 mars 2026 à 00:30:00."),
    ],
)
def test_counted_is_when_something_was_last_entered_not_when_the_page_is_drawn(last, said):
    election = a_rehearsal()
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    send(election, "0001", Verb.BAG, bag(2, (50, 31, 17)), at=last)
    send(election, "0002", Verb.TURNOUT, {"hour": "17:00", "voters": 9}, at=last + timedelta(minutes=1))

    assert said in page(election)


def test_a_stations_page_says_of_which_day_and_round_its_shares_and_when_it_last_changed():
    election = a_rehearsal(round=2)
    send(election, "0001", Verb.BAG, bag(1, (48, 30, 20)))

    shown = page(election, "election_station", code="0001")

    assert "élection municipale, second tour, 15 mars 2026" in shown
    assert '<td class="number">48</td><td class="number">49 %</td>' in shown
    assert "Dernière saisie à 20:30." in shown


def test_stations_stand_in_the_order_in_which_people_count():
    codes = ["1", "10", "2", "10bis", "9", "0003"]
    plan = a_plan(rehearsal=True)
    stations = [replace(plan.stations[0], code=code) for code in codes]
    election = prepare(replace(plan, stations=stations), by=None, at=timezone.now())
    count_all(election, "2")
    ordered = ["1", "2", "0003", "9", "10", "10bis"]

    assert re.findall(r"/bureaux/(\w+)", page(election)) == ordered
    assert [one.station.code for one in central_desk(election, at=NIGHT).others] == ordered
    assert [one.code for part in parts_of(election) for one in part.stations] == ordered
    assert [one.code for one in plan_of(election).stations] == ordered
    assert [code for code, seat in issue(election.pk, by=None, at=NIGHT) if seat == 1] == ordered
    assert broken(Election.objects.get(pk=election.pk)) is None


@given(st.lists(st.text(st.sampled_from("0129ab-Ⅷ²٣"), min_size=1, max_size=5), unique=True))
def test_any_codes_have_one_order(codes):
    ordered, backwards = sorted(codes, key=order_of), codes[::-1]
    backwards.sort(key=order_of)
    assert ordered == backwards
    numbers = [one for one in codes if re.fullmatch("[0-9]+", one)]
    assert [int(one) for one in sorted(numbers, key=order_of)] == sorted(map(int, numbers))


def test_hours_are_those_of_the_towns_clock(monkeypatch):
    at = datetime(2026, 3, 15, 19, 0, tzinfo=PARIS)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    assert "avant 23:00" in page(an_election(code="97411", place="Saint-Denis"))
    assert "avant lundi 16 mars 06:00" in page(an_election(code="98818", place="Nouméa"))


def test_a_rehearsal_elsewhere_waits_for_a_poll_that_is_still_held(monkeypatch):
    an_election(code="98818", place="Nouméa")
    rehearsal = a_rehearsal()
    count_all(rehearsal, "0001")
    held, over = (datetime(2026, 3, 15, hour, 30, tzinfo=PARIS) for hour in (19, 20))

    monkeypatch.setattr("django.utils.timezone.now", lambda: held)
    assert "Rien des résultats" in page(rehearsal)
    monkeypatch.setattr("django.utils.timezone.now", lambda: over)
    assert "Rien des résultats" not in page(rehearsal)


@pytest.mark.parametrize("kind", ["presidential", "legislative", "regional", "departmental"])
def test_one_town_says_nothing_of_a_second_round_that_it_does_not_decide(kind):
    election = a_rehearsal(stations=20, kind=kind, seats=None)
    for number in range(1, 13):
        send(election, f"{number:04}", Verb.BAG, bag(1, (50, 30, 18)))
        send(election, f"{number:04}", Verb.BAG, bag(2, (52, 29, 17)))

    shown = page(election)

    assert "probablement entre" in shown
    assert "Second tour" not in shown


def test_while_nothing_may_be_known_no_file_is_offered(monkeypatch):
    election = an_election()
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 3, 15, 19, 0, tzinfo=PARIS))

    shown = page(election)

    assert "resultats.csv" not in shown
    assert "Les fichiers s’ouvrent avec les résultats : 20:00" in shown


def test_where_a_rehearsals_figures_are_from_is_said_in_the_readers_language():
    election = an_election(origin="Ville et résultats inventés")

    shown = Client().get(reverse("election", args=[election.pk]), headers={"accept-language": "en"}).content.decode()

    assert "Town and results are invented" in shown
