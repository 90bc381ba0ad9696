"""Printed sheets: two codes a station, shown once, each opening one device."""

import json
import re

import pytest
from click.testing import CliRunner
from django.core.cache import caches
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from arobase.elections.actions.passes import UnknownCode, issue, use
from arobase.elections.cli import commands
from arobase.elections.models import Pass
from arobase.elections.views.sheets import code_address
from builders import an_account
from elections.nights import NIGHT, a_rehearsal, an_election
from people import SACHA

pytestmark = pytest.mark.django_db
CODE = re.compile(r'<p class="code">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</p>')


def sheets(election) -> str:
    return reverse("election_sheets", args=[election.pk])


def test_looking_makes_no_code(camille):
    election = a_rehearsal()

    page = camille.get(sheets(election)).content.decode()

    assert "Aucun code n’est encore fait." in page
    assert not Pass.objects.exists()


def test_each_station_has_its_page_with_two_codes_that_open_it(camille):
    election = a_rehearsal()

    page = camille.post(sheets(election)).content.decode()
    codes = CODE.findall(page)

    assert (page.count('class="sheet"'), len(set(codes)), page.count("data:image/svg+xml")) == (4, 8, 8)
    opened = [use(code, at=NIGHT) for code in codes]
    assert [(one.station.code, one.seat) for one in opened[:3]] == [("0001", 1), ("0001", 2), ("0002", 1)]


def test_the_codes_are_not_shown_again_but_counted(camille):
    election = a_rehearsal()
    codes = CODE.findall(camille.post(sheets(election)).content.decode())
    use(codes[0], at=NIGHT)

    page = camille.get(sheets(election)).content.decode()

    assert not any(code in page for code in codes)
    assert "Utilisés\u00a0: 1 sur 8" in page
    assert "leurs codes n’ouvriront plus rien" in page


def test_new_sheets_end_the_former_ones(camille):
    election = a_rehearsal()
    former = CODE.findall(camille.post(sheets(election)).content.decode())

    camille.post(sheets(election))

    with pytest.raises(UnknownCode):
        use(former[0], at=NIGHT)


def test_a_large_towns_sheets_are_made_part_by_part(camille):
    election = a_rehearsal(stations=60)
    address = sheets(election)

    page = camille.get(address).content.decode()
    last = camille.post(address, {"part": "1"}).content.decode()
    first = camille.post(address, {"part": "0"}).content.decode()

    assert re.findall(r"Bureaux (\d+) à (\d+)", page) == [("0001", "0050"), ("0051", "0060")]
    assert (last.count('class="sheet"'), first.count('class="sheet"')) == (10, 50)
    assert "50 bureaux sont encore sans feuille." in last
    assert all(use(code, at=NIGHT) for code in CODE.findall(last) + CODE.findall(first))
    assert Pass.objects.filter(revoked_at=None).count() == 120


def test_the_next_part_is_the_one_that_is_not_made(camille):
    election = a_rehearsal(stations=51)
    issue(election.pk, stations=[f"{one:04}" for one in range(1, 51)], by=None, at=timezone.now())

    assert 'value="1" checked' in camille.get(sheets(election)).content.decode()


def test_without_a_choice_a_large_town_makes_no_code(camille):
    answer = camille.post(sheets(a_rehearsal(stations=51)))

    assert answer.status_code == 422
    assert "Choisissez les bureaux" in answer.content.decode()
    assert not Pass.objects.exists()


def test_chosen_stations_alone_get_new_codes(camille):
    election = a_rehearsal()
    former = CODE.findall(camille.post(sheets(election)).content.decode())

    page = camille.post(sheets(election), {"part": "0", "codes": "2, 0004"}).content.decode()

    assert re.findall(r'id="sheet-(\d+)"', page) == ["0002", "0004"]
    assert [use(code, at=NIGHT).station.code for code in (former[0], former[4])] == ["0001", "0003"]
    with pytest.raises(UnknownCode):
        use(former[2], at=NIGHT)


@pytest.mark.parametrize(
    ("codes", "said"), [("2 9", "Aucun bureau n’a ce numéro\u00a0: 9."), (",", "50 bureaux au plus à la fois.")]
)
def test_a_number_that_is_no_stations_makes_no_code(camille, codes, said):
    answer = camille.post(sheets(a_rehearsal()), {"codes": codes})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Pass.objects.exists()


def test_a_station_whose_code_is_used_keeps_its_codes_until_one_says_so(camille):
    election = a_rehearsal()
    former = CODE.findall(camille.post(sheets(election)).content.decode())
    use(former[0], at=NIGHT)

    page = camille.post(sheets(election)).content.decode()
    alone = camille.post(sheets(election), {"codes": "0001"})

    assert re.findall(r'id="sheet-(\d+)"', page) == ["0002", "0003", "0004"]
    assert "Pas refaites, car leurs codes servent déjà\u00a0: 0001." in page
    assert alone.status_code == 422
    assert [use(code, at=NIGHT).seat for code in former[:2]] == [1, 2]
    replaced = CODE.findall(camille.post(sheets(election), {"codes": "1", "replace_used": "1"}).content.decode())
    assert [use(code, at=NIGHT).station.code for code in replaced] == ["0001", "0001"]
    with pytest.raises(UnknownCode):
        use(former[1], at=NIGHT)


def test_the_command_makes_codes_for_all_or_some_and_keeps_those_in_use(db):
    election = a_rehearsal()

    def run(*told: str):
        return CliRunner().invoke(commands[0], ["codes", str(election.pk), *told, "--json"])

    former = {(one["station"], one["seat"]): one["code"] for one in json.loads(run().stdout)["codes"]}
    use(former["0001", 1], at=NIGHT)

    assert json.loads(run("1", "2").stdout)["kept"] == ["0001"]
    assert use(former["0003", 2], at=NIGHT).station.code == "0003"
    assert json.loads(run("--replace-used").stdout)["kept"] == []
    assert run("9").exit_code == 2


@override_settings(SITE_URL="https://arobase.exemple")
def test_the_picture_leads_to_the_page_of_codes_with_the_code_filled_in():
    assert code_address("AB-CD") == "https://arobase.exemple/elections/code?code=AB-CD"


def test_the_answer_is_kept_by_no_browser_or_proxy(camille):
    assert "no-store" in camille.post(sheets(a_rehearsal())).headers["Cache-Control"]


def test_another_towns_sheets_are_refused(camille):
    election = an_election(code="79202", place="Parthenay")

    assert camille.post(sheets(election)).status_code == 403
    assert not Pass.objects.exists()


def test_a_hundred_stations_behind_one_address_get_in_within_a_minute(db):
    codes = issue(a_rehearsal(stations=100, day=timezone.localdate()).pk, by=None, at=timezone.now())

    answers = {Client().post(reverse("election_code"), {"code": one}).status_code for one in codes.values()}

    assert answers == {302}


def test_a_lock_that_a_killed_server_left_refuses_no_code(db):
    codes = issue(a_rehearsal(day=timezone.localdate()).pk, by=None, at=timezone.now())
    Client().post(reverse("election_code"), {"code": "AAAA-AAAA-AAAA"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        keys = [key.split(":", 2)[2] for (key,) in cursor.fetchall()]
    for key in keys:
        caches["default"].add(f"{key}:lock", value=True, timeout=60)

    answers = {Client().post(reverse("election_code"), {"code": one}).status_code for one in codes.values()}

    assert keys
    assert answers == {302}


def test_codes_are_not_guessed_from_one_address(db, monkeypatch):
    at = timezone.now().replace(second=0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    code = issue(a_rehearsal(day=timezone.localdate()).pk, by=None, at=timezone.now())["0001", 1]
    address = reverse("election_code")

    answers = [Client().post(address, {"code": f"AAAA-AAAA-{number:04}"}).status_code for number in range(31)]

    assert answers == [422] * 30 + [429]
    assert Client().post(address, {"code": code}).status_code == 429
    assert Client(REMOTE_ADDR="127.0.0.9").post(address, {"code": code}).status_code == 302


def test_the_desks_telephone_is_on_each_sheet_and_where_figures_are_entered(camille):
    election = a_rehearsal(phone="02 35 00 00 00", stations=2)

    printed = camille.post(sheets(election)).content.decode()
    entering = camille.get(reverse("election_entry", args=[election.pk, "0001"])).content.decode()

    assert printed.count("<b>02 35 00 00 00</b>") == 2
    assert 'href="tel:0235000000"' in entering


def test_whoever_is_signed_in_on_the_device_the_code_opens_the_station(db):
    election = an_election(day=timezone.localdate())
    codes = issue(election.pk, by=None, at=timezone.now())
    client = Client()
    client.force_login(an_account(SACHA))

    answer = client.post(reverse("election_code"), {"code": codes["0002", 1]}, follow=True)

    assert answer.status_code == 200
    assert "0002" in answer.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"verb": "bag", "payload": [[1, 2], [3, 4]], "key": "k", "sure": True},
        {"verb": "reopen", "payload": {"why": "\ud800"}, "key": "k"},
        {"verb": "bag", "payload": {"number": 1, "votes": [1, 1, 1], "blank": 0, "null": 0}, "key": "\ud800"},
        {"verb": "bag", "payload": {"number": 0, "votes": [1, 1, 1], "blank": 0, "null": 0}, "key": "k"},
        {"verb": "bag", "payload": {"number": 1, "votes": [1, 1, float("nan")], "blank": 0, "null": 0}, "key": "k"},
    ],
)
def test_what_is_no_entry_is_refused_in_words(camille, sent):
    election = an_election(day=timezone.localdate())
    address = reverse("election_send", args=[election.pk, "0001"])

    answer = camille.post(address, json.dumps(sent), content_type="application/json")

    assert answer.status_code in {403, 422}
    assert answer.json()["lines"]


def test_a_field_that_no_page_has_is_passed_over(camille):
    election = an_election(day=timezone.localdate())

    answer = camille.post(reverse("election_entry", args=[election.pk, "0001"]), {"verb": "bag", "votes.²": "3"})

    assert answer.status_code == 422
