"""The journal: who entered what and when, figures before and after, for the officer and for one's own station."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, timedelta
from html import unescape
from itertools import pairwise

import pytest
from click.testing import CliRunner
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from arobase.accounts.models import User
from arobase.elections.actions.passes import issue, use
from arobase.elections.cli.journal import journal as command
from arobase.elections.models import Entry
from arobase.elections.queries.journal import PER_PAGE
from arobase.elections.rules.checks import Station
from arobase.elections.rules.counts import Ballots, Box, Count, Totals
from arobase.elections.rules.entry import NOT_ENTERED, enter
from arobase.elections.rules.events import Corrected, Counted, Plain, Typed, Undone
from arobase.elections.rules.journal import Part, Step, change_of, corrections
from arobase.elections.rules.states import Verb
from builders import an_account
from elections.nights import NIGHT, a_rehearsal, an_election, bag, count_all, send
from people import CAMILLE

TOTALS = {"signatures": 100, "envelopes": 100, "votes": [61, 23, 14], "blank": 1, "null": 1}


def officer() -> User:
    """Le Havre's, who may be there already."""
    return User.objects.filter(email=CAMILLE.email).first() or an_account(CAMILLE)


def text_of(answer) -> str:
    """What a person reads, in one line."""
    main = answer.content.decode().split("<main")[1].split("</main>")[0]
    plain = unescape(re.sub(r"<[^>]+>", " ", main)).replace("\u00a0", " ").replace("\u202f", " ")
    return re.sub(r"\s+", " ", plain)


def page(client: Client, election, code: str = "", query: str = ""):
    name, more = ("election_station_journal", [code]) if code else ("election_journal", [])
    return client.get(reverse(name, args=[election.pk, *more]) + query)


@pytest.fixture
def camille(db) -> Client:
    client = Client()
    client.force_login(officer())
    return client


def a_device(code: str) -> Client:
    client = Client()
    assert client.post(reverse("election_code"), {"code": code}).status_code == 302
    return client


def a_corrected_night():
    """A bag typed by the first person of a station, corrected by the officer with a reason."""
    election = a_rehearsal()
    first = use(issue(election.pk, by=None, at=NIGHT)["0001", 1], at=NIGHT)
    kept = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), by=first)
    correction = {"entry": kept.sequence, "votes": [40, 40, 18], "blank": 1, "null": 1, "why": "deux lignes échangées"}
    send(election, "0001", Verb.CORRECT, correction, by=officer(), at=NIGHT + timedelta(minutes=12))
    return election


def test_a_correction_is_read_with_the_old_figure_who_when_and_why(camille):
    election = a_corrected_night()

    told = text_of(page(camille, election))

    assert (
        "20:42:00 Bureau 0001 Centaine 1 corrigée"
        " Le Havre ensemble avant 50 → après 40 Pour Le Havre avant 30 → après 40"
        " Raison : deux lignes échangées Camille, agent du Havre"
    ) in told
    assert "20:30:00 Bureau 0001 Centaine 1 Le Havre ensemble 50" in told
    assert "personne 1 du bureau · a confirmé ces chiffres" in told
    assert told.index("corrigée") < told.index("20:30:00")
    for entry in Entry.objects.all():
        assert f"saisie {entry.sequence} · {entry.hash[:12]}" in told


def test_the_desk_and_the_entry_page_lead_there(camille):
    election = a_corrected_night()

    desk = camille.get(reverse("election_desk", args=[election.pk])).content.decode()
    entry = camille.get(reverse("election_entry", args=[election.pk, "0001"])).content.decode()

    assert f'href="/elections/{election.pk}/journal"' in desk
    assert f'href="/elections/{election.pk}/saisie/0001/journal"' in desk
    assert f'href="/elections/{election.pk}/saisie/0001/journal"' in entry


def test_every_verb_is_said_in_words(camille):
    election = a_rehearsal()
    hour = send(election, "0001", Verb.TURNOUT, {"hour": "10:00", "voters": 80})
    send(election, "0001", Verb.TURNOUT, {"hour": "10:00", "voters": 90, "replaces": hour.sequence, "why": "mal lu"})
    kept = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    send(election, "0001", Verb.UNDO, {"entry": kept.sequence, "why": "comptée deux fois"})
    count_all(election, "0001", bags=[(51, 29, 18)])
    send(election, "0001", Verb.SIGN, {})
    send(election, "0001", Verb.REOPEN, {"why": "une liste oubliée"}, by=officer())
    send(election, "0001", Verb.ENROL, {"registered": 501, "why": "jugement du matin"}, by=officer())
    send(election, "0001", Verb.REOPEN, {"why": "mauvais bureau", "aside": True}, by=officer())

    told = text_of(page(camille, election, "0001"))

    assert "Votants à 10:00 votants 80" in told
    assert "Votants à 10:00 votants avant 80 → après 90 Raison : mal lu" in told
    assert "Centaine 1 annulée Le Havre ensemble avant 50 Pour Le Havre avant 30 " in told
    assert "Raison : comptée deux fois" in told
    assert "Émargements et enveloppes émargements 100 enveloppes 100" in told
    assert "Compte clos" in told and "Procès-verbal signé" in told
    assert "Saisie rouverte Raison : une liste oubliée" in told
    assert "Inscrits après une décision du jour inscrits avant 500 → après 501" in told
    assert "Chiffres mis de côté Raison : mauvais bureau" in told
    assert "la répétition · saisie" in told and "la répétition · a confirmé" not in told


@pytest.fixture
def tonight(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT.astimezone(UTC))


@pytest.mark.django_db
@pytest.mark.usefixtures("tonight")
def test_a_device_reads_its_own_station_and_nothing_of_the_officers_name():
    election = a_corrected_night()
    device = a_device(issue(election.pk, by=None, at=NIGHT, replaces_used=True)["0001", 2])

    told = text_of(page(device, election, "0001"))

    assert "Centaine 1 corrigée" in told and "le pupitre" in told
    assert "Camille" not in told and "Pupitre" not in told
    assert page(device, election, "0002").status_code == 302
    assert page(device, election).status_code == 302
    assert device.get(reverse("election_journal_file", args=[election.pk])).status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("tonight")
def test_what_the_other_person_typed_is_not_read_before_both_are_in(camille):
    election = a_rehearsal(typists=2)
    codes = issue(election.pk, by=None, at=NIGHT)
    first, second = (a_device(codes["0001", seat]) for seat in (1, 2))
    sent = {"verb": "totals", "payload": TOTALS, "key": "one", "sure": True}
    address = reverse("election_send", args=[election.pk, "0001"])
    assert first.post(address, json.dumps(sent), content_type="application/json").status_code == 200

    hidden, own, officers = (page(one, election, "0001") for one in (second, first, camille))

    assert not re.search(r"\b61\b", text_of(hidden))
    assert "Totaux, saisie 1 Chiffres cachés" in text_of(hidden) and "confirmé" not in text_of(hidden)
    assert "Le Havre ensemble 61" in text_of(own)
    assert "Le Havre ensemble 61" in text_of(officers)

    other = {**sent, "payload": {**TOTALS, "votes": [60, 24, 14]}, "key": "two"}
    assert second.post(address, json.dumps(other), content_type="application/json").status_code == 200
    assert "Le Havre ensemble 61" in text_of(page(second, election, "0001"))
    assert "Le Havre ensemble 60" in text_of(page(first, election, "0001"))


def test_the_officer_of_another_town_reads_nothing(camille):
    elsewhere = an_election(code="79202", place="Parthenay")

    assert page(camille, elsewhere).status_code == 403
    assert page(camille, elsewhere, "0001").status_code == 403
    assert camille.get(reverse("election_journal_file", args=[elsewhere.pk])).status_code == 403


def test_an_account_without_a_name_is_a_number_never_an_address(camille):
    election = a_corrected_night()
    account = officer()
    User.objects.filter(pk=account.pk).update(name="")

    assert f"compte {account.pk}" in text_of(page(camille, election))
    assert CAMILLE.email not in text_of(page(camille, election))


def test_a_long_night_is_read_page_by_page_without_a_gap(camille):
    election = a_rehearsal(stations=20)
    for number in range(1, 20):
        count_all(election, f"{number:04}", bags=[(50, 30, 18), (51, 29, 18)])
    seen, query = [], ""

    while True:
        answer = page(camille, election, query=query)
        found = [line.entry.sequence for line in answer.context["page"].lines]
        assert len(found) <= PER_PAGE
        seen += found
        older = answer.context["page"].older
        if older is None:
            break
        query = f"?avant={older}"

    assert seen == list(range(19 * 4, 0, -1))
    assert page(camille, election, query="?avant=x").status_code == 200
    assert page(camille, election, query="?avant=0").context["page"].lines == []


@pytest.mark.django_db
def test_the_journal_asks_as_much_of_the_database_for_thirty_stations_as_for_two(camille, django_assert_num_queries):
    small, large = a_rehearsal(stations=2), a_rehearsal(stations=30)
    for election, stations in ((small, 2), (large, 30)):
        for number in range(1, stations + 1):
            send(election, f"{number:04}", Verb.BAG, bag(1, (50, 30, 18)), by=officer())
    page(camille, small)

    for election in (small, large):
        with django_assert_num_queries(15):
            page(camille, election)


def test_the_file_has_every_entry_in_the_order_of_the_chain_and_no_formula(camille):
    election = a_corrected_night()
    last = Entry.objects.latest("sequence").payload["entry"]
    undo = {"entry": last, "why": "=HYPERLINK(1)"}
    send(election, "0001", Verb.UNDO, undo, by=officer())

    answer = camille.get(reverse("election_journal_file", args=[election.pk]))

    rows = list(csv.DictReader(io.StringIO(answer.content.decode()), delimiter=";"))
    assert [row["numero"] for row in rows] == ["1", "2", "3"]
    assert rows[1]["avant"] == "Le Havre ensemble 50, Pour Le Havre 30"
    assert rows[1]["apres"] == "Le Havre ensemble 40, Pour Le Havre 40"
    assert rows[1]["heure"] == "2026-03-15T20:42:00+01:00"
    assert rows[1]["qui"] == CAMILLE.name
    assert rows[2]["pourquoi"] == "'=HYPERLINK(1)"
    assert rows[2]["empreinte"] == Entry.objects.latest("sequence").hash
    assert "journal-76351-2026-03-15.csv" in answer["Content-Disposition"]


@pytest.mark.django_db
def test_the_command_says_the_same():
    election = a_corrected_night()

    lines = CliRunner().invoke(command, [str(election.pk)]).stdout.splitlines()
    told = json.loads(CliRunner().invoke(command, [str(election.pk), "--station", "0001", "--json"]).stdout)

    assert "Centaine 1 corrigée, Le Havre ensemble 50 → 40, Pour Le Havre 30 → 40, Raison" in lines[1]
    assert "(Camille, agent du Havre)" in lines[1]
    assert [one["verb"] for one in told["entries"]] == ["bag", "correct"]
    assert (told["entries"][1]["before"]["votes.0"], told["entries"][1]["after"]["votes.0"]) == (50, 40)
    assert told["entries"][1]["previous"] == told["entries"][0]["hash"]


@pytest.mark.django_db
def test_the_command_names_what_is_not_there():
    election = a_rehearsal()

    assert CliRunner().invoke(command, ["999"]).exit_code == 2
    assert CliRunner().invoke(command, [str(election.pk), "--station", "9999"]).exit_code == 2


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("payload = '{\"number\": 1}'", "Cette saisie ne se lit plus"),
        ("payload = '[]'", "Cette saisie ne se lit plus"),
        ("\"by\" = 'person:nobody'", "compte nobody"),
        ("\"by\" = 'pass:nobody'", "pass:nobody"),
    ],
)
def test_an_entry_edited_by_hand_is_shown_as_it_is_and_the_rest_is_read(camille, edit, told):
    election = a_corrected_night()
    with connection.cursor() as cursor:
        drop = "DROP TRIGGER entries_do_not_change"
        cursor.execute(drop if connection.vendor == "sqlite" else f"{drop} ON elections_entry")
        cursor.execute(f"UPDATE elections_entry SET {edit} WHERE sequence = 1")

    shown = text_of(page(camille, election))

    assert told in shown
    assert "deux lignes échangées" in shown


@pytest.fixture
def public(db):
    caches["process"].clear()
    return lambda election: text_of(Client().get(reverse("election_station", args=[election.pk, "0001"])))


def test_the_public_page_of_a_station_says_what_was_corrected_and_when(public):
    assert "Corrigé : centaine 1 à 20:42." in public(a_corrected_night())


def test_a_station_without_a_correction_bears_no_mark(public):
    election = a_rehearsal()
    count_all(election, "0001")

    assert "Corrigé" not in public(election)


def test_totals_typed_anew_bear_the_mark_and_the_same_again_do_not(public):
    election = a_rehearsal()
    send(election, "0001", Verb.TOTALS, TOTALS, key="one")
    send(election, "0001", Verb.TOTALS, TOTALS, key="two", at=NIGHT + timedelta(minutes=5))
    assert "Corrigé" not in public(election)

    other = {**TOTALS, "votes": [60, 24, 14], "replaces": 1, "why": "relus"}
    send(election, "0001", Verb.TOTALS, other, key="three", at=NIGHT + timedelta(minutes=9))

    assert "Corrigé : totaux du bureau à 20:39." in public(election)


def test_a_bag_that_was_undone_is_told_until_it_is_back_with_the_same_votes(public):
    election = a_rehearsal()
    first = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    undone = {"entry": first.sequence, "why": "autre bureau"}
    send(election, "0001", Verb.UNDO, undone, at=NIGHT + timedelta(minutes=7))
    assert "Corrigé : centaine 1 annulée à 20:37." in public(election)

    again = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), key="again", at=NIGHT + timedelta(minutes=8))
    assert "Corrigé" not in public(election)

    send(election, "0001", Verb.UNDO, {**undone, "entry": again.sequence}, at=NIGHT + timedelta(minutes=9))
    send(election, "0001", Verb.BAG, bag(1, (30, 50, 18)), at=NIGHT + timedelta(minutes=11))
    assert "Corrigé : centaine 1 à 20:41." in public(election)


def test_an_hour_that_was_corrected_bears_the_mark_during_the_day_already(public, monkeypatch):
    election, noon = an_election(), NIGHT - timedelta(hours=8)
    for voters, minutes, said in ((111, 0, {}), (101, 4, {"replaces": 1, "why": "mal lu"})):
        at = noon + timedelta(minutes=minutes)
        send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": voters, **said}, by=officer(), at=at)

    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(minutes=5))

    assert "Corrigé : votants de 12:00 à 12:34." in public(election)


def test_figures_set_aside_are_told_and_what_they_were_corrected_of_no_more(public):
    election = a_corrected_night()

    send(election, "0001", Verb.REOPEN, {"why": "du bureau 2", "aside": True}, at=NIGHT + timedelta(minutes=20))

    assert "Corrigé : chiffres d’un autre bureau mis de côté à 20:50." in public(election)


def test_under_the_embargo_no_mark_tells_that_anything_is_counted(public, monkeypatch):
    election = an_election()
    early = NIGHT - timedelta(minutes=60)
    kept = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), by=officer(), at=early)
    correction = {"entry": kept.sequence, "votes": [40, 40, 18], "blank": 1, "null": 1, "why": "erreur"}
    send(election, "0001", Verb.CORRECT, correction, by=officer(), at=early)

    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT - timedelta(minutes=31))
    assert "Corrigé" not in public(election)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT)
    assert "Corrigé : centaine 1 à 19:30." in public(election)


FIGURES = st.integers(0, 3)
BALLOTS = st.builds(lambda votes, blank: Ballots(votes, blank, 0), st.tuples(FIGURES, FIGURES), FIGURES)


def sums(content: Ballots) -> Totals:
    return Totals(Box(content.ballots, content.ballots), content)


def steps(events, *, typists: int = 1) -> list[Step]:
    """Those of the events that a station takes, one a minute."""
    count, taken = Count(2), []
    for place, event in enumerate(events, start=1):
        try:
            entered = enter(count, event, station=Station(1000), typists=typists, sequence=place, sure=True)
        except NOT_ENTERED:
            continue
        if not entered.is_known:
            taken.append(Step(count, event, entered.count, NIGHT + timedelta(minutes=place)))
            count = entered.count
    return taken


BAGS = st.lists(
    st.one_of(
        st.builds(Counted, number=st.integers(1, 4), content=BALLOTS),
        st.builds(Corrected, entry=st.integers(1, 8), content=BALLOTS, why=st.just("erreur")),
        st.builds(Undone, entry=st.integers(1, 8), why=st.just("erreur")),
    ),
    max_size=12,
)


@given(BAGS)
def test_what_is_marked_is_a_bag_that_says_something_else_than_before_or_is_gone(events):
    taken, told = steps(events), {}
    for step in taken:
        for number, one in enumerate(step.after.bags, start=1):
            there = told.setdefault(number, [])
            if there[-1:] != [one.content]:
                there.append(one.content)
    standing = range(1, len(taken[-1].after.bags) + 1) if taken else ()

    marked = {(one.part, one.bag) for one in corrections(taken)}

    changed = {(Part.BAG, number) for number in standing if len(told[number]) > 1}
    assert marked == changed | {(Part.UNDONE, number) for number in told if number not in standing}


@given(BAGS)
def test_before_and_after_are_what_the_count_was_and_became(events):
    for step in steps(events):
        change = change_of(step.before, step.event)
        was, became = (sum((change.before or {}).values()), sum((change.after or {}).values()))
        assert step.after.counted.ballots - step.before.counted.ballots == became - was


@given(st.lists(st.builds(Typed, who=st.integers(1, 2), totals=BALLOTS.map(sums), valid=st.none()), max_size=6))
def test_totals_are_corrected_only_where_they_were_counted_before(events):
    taken = steps(events, typists=2)
    counted = [step.after.counted for step in taken if step.after.is_final]
    changed = any(one != other for one, other in pairwise(counted))

    assert [one.part for one in corrections(taken)] == ([Part.TOTALS] if changed else [])


def test_a_verb_without_figures_changes_none():
    change = change_of(Count(2), Plain(Verb.SIGN))

    assert (change.before, change.after, list(change.told)) == (None, None, [])
    assert replace(change, after={"voters": 0}).told == [("voters", None, 0)]
