"""Preparing a night from the agent's page: all in one form, nothing typed is lost, a second round, a rehearsal."""

import gzip
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from arobase.accounts.models import User
from arobase.elections.actions.entries import record
from arobase.elections.actions.passes import issue
from arobase.elections.actions.preparing import BadPlan, prepare
from arobase.elections.models import Election, Pass, Station
from arobase.elections.queries.plans import plan_of, prepared_nights
from arobase.elections.rules.plans import FormerResult, PlannedChoice
from arobase.elections.rules.preparing import NoFigures, NotChosen, TooEarly, joined, key_of, rehearsal, second_round
from arobase.elections.rules.states import Verb
from arobase.elections.sources.outlines import written_outlines
from builders import a_commune, an_account
from elections.nights import DAY, LISTS, NIGHT, a_plan, a_rehearsal, a_station, an_election, bag, count_all, send
from people import CAMILLE, SACHA

FORMER = FormerResult("municipales 2020", 480, 300, dict(zip(LISTS, (150, 100, 40), strict=True)))
PREPARE = "/elections/preparer"
TABLE = "code;inscrits;nom;telephone;ouverture;fermeture\n0001;500;École Jules Ferry;02 35 19 45 45;8h;19h\n2;450;;;;\n"
WIDE = "insee,bureau,inscrits,votants,exprimes,LE HAVRE ENSEMBLE,POUR LE HAVRE\n76351,1,480,300,290,180,110\n"
SQUARE = {"type": "Polygon", "coordinates": [[[0, 49], [1, 49], [1, 50], [0, 49]]]}


@pytest.fixture
def camille(db) -> Client:
    a_commune()
    client = Client()
    client.force_login(an_account(CAMILLE))
    return client


def form(**typed) -> dict[str, object]:
    plain = {
        "code": "76351",
        "kind": "municipal",
        "round": "1",
        "day": "2026-03-15",
        "scope": "general",
        "seats": "59",
        "typists": "2",
        "hours": "8h, 12:00 10:00",
        "phone": " 02 35 00 00 00",
        "lists": "1;Le Havre ensemble;LHE;48,5\nPour Le Havre",
        "stations": TABLE,
        "poll": "",
    }
    return {**plain, **typed}


def a_file(content: str, name: str = "file.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def wrong(answer) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return dict(answer.context["wrong"])


def test_a_night_is_prepared_from_one_form(camille):
    answer = camille.post(PREPARE, form())

    made = Election.objects.get()
    assert answer.headers["Location"] == f"{PREPARE}#soiree-{made.pk}"
    assert (made.place, made.day, made.seats, made.typists) == ("Le Havre", DAY, 59, 2)
    assert (made.hours, made.phone) == (["08:00", "10:00", "12:00"], "02 35 00 00 00")
    assert [(one.number, one.name, one.short) for one in made.choices.all()] == [
        ("1", "Le Havre ensemble", "LHE"),
        ("", "Pour Le Havre", "Pour Le Havre"),
    ]
    first, second = made.stations.all()
    assert (first.code, first.registered, first.phone, first.closes.hour) == ("0001", 500, "02 35 19 45 45", 19)
    assert (second.code, second.closes.hour) == ("2", 18)


@pytest.mark.parametrize(
    ("kind", "seats", "given"), [("municipal", "", 59), ("municipal", "3", 3), ("european", "", None)]
)
def test_the_seats_of_a_council_come_from_its_population(camille, kind, seats, given):
    a_commune(population=166_058)

    camille.post(PREPARE, form(kind=kind, seats=seats))

    assert Election.objects.get().seats == given


def test_a_file_of_stations_takes_the_place_of_the_table(camille):
    camille.post(PREPARE, form(stations="", stations_file=a_file("Bureau,Inscrits\n7,700\n")))

    assert [(one.code, one.registered) for one in Station.objects.all()] == [("7", 700)]


def test_former_results_and_outlines_find_their_stations_and_lists(camille):
    sent = form(
        poll="municipales 2020", former_file=a_file(WIDE), outlines_file=a_file(written_outlines({"1": SQUARE}))
    )

    answer = camille.post(PREPARE, sent, follow=True)

    first, second = Station.objects.all()
    assert first.former == {
        "poll": "municipales 2020",
        "registered": 480,
        "voters": 300,
        "votes": {"Le Havre ensemble": 180, "Pour Le Havre": 110},
    }
    assert (first.outline, second.former, second.outline) == (SQUARE, {}, {})
    assert "2, dont 1 avec résultats d’avant." in answer.content.decode()


def test_stations_of_a_file_that_are_not_there_are_named(camille):
    answer = camille.post(
        PREPARE, form(poll="x", former_file=a_file(WIDE + "76351,99,480,300,290,180,110\n")), follow=True
    )

    assert "absents de la table des bureaux\u00a0: 99." in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"code": "79202"}, "code", "Choisissez une commune"),
        ({"kind": "papal"}, "kind", "Choisissez une des réponses"),
        ({"round": "3"}, "round", "Choisissez une des réponses"),
        ({"day": "demain"}, "day", "2026-03-15"),
        ({"day": "0026-03-15"}, "day", "2026-03-15"),
        ({"scope": ""}, "scope", "Choisissez une des réponses"),
        ({"day": "0001-01-01"}, "day", "2026-03-15"),
        ({"day": "9999-12-31"}, "day", "2026-03-15"),
        ({"seats": "beaucoup"}, "seats", "nombre entier de 1 à 999"),
        ({"seats": "0"}, "seats", "nombre entier de 1 à 999"),
        ({"typists": "7"}, "typists", "Choisissez une des réponses"),
        ({"hours": "10:00 midi"}, "hours", "midi"),
        ({"lists": ""}, "lists", "Aucune liste"),
        ({"lists": "A\nA"}, "lists", "est là deux fois"),
        ({"lists": "1;;;"}, "lists", "Ligne 1"),
        ({"lists": "1;Une\n\n01;Deux"}, "lists", "Ligne 3\u00a0: le numéro 1 est déjà celui de la ligne 1."),
        ({"lists": "Une;Une;A;;\n2;Deux;A"}, "lists", "Ligne 2\u00a0: le nom court «\u202fA\u202f» est déjà celui"),
        ({"lists": "1;Une;U;48;0"}, "lists", "nombre de noms"),
        ({"lists": "1;Une;U;48;9;9"}, "lists", "cinq colonnes"),
        ({"kind": "municipal_plm"}, "kind", "n’existe qu’à Paris"),
        ({"sector": "3e secteur"}, "sector", "laissez ce champ vide"),
        ({"community_seats": "0"}, "community_seats", "nombre entier de 1 à 999"),
        ({"kind": "european", "community_seats": "3"}, "community_seats", "sièges communautaires"),
        ({"kind": "presidential", "scope": "partial"}, "scope", "jamais partiels"),
        ({"stations": ""}, "stations", "Aucun bureau"),
        ({"stations": "code;inscrits\n1;500\n1;600"}, "stations", "est là deux fois"),
        ({"stations": "code;inscrits\n1;cinq"}, "stations", "Ligne 2"),
        ({"stations": "code;inscrits;ouverture;fermeture\n1;5;20h;8h"}, "stations", "ferme avant d’ouvrir"),
        ({"stations": "1;500"}, "stations", "nommer les colonnes"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(camille, typed, field, said):
    answer = camille.post(PREPARE, form(**typed))

    assert list(wrong(answer)) == [field]
    assert said in wrong(answer)[field][0]
    page = answer.content.decode()
    assert f'href="#{field}"' in page and f'id="{field}"' in page
    assert "École Jules Ferry" in page or field == "stations"
    assert not Election.objects.exists()


def test_the_summary_goes_down_the_page(camille):
    answer = camille.post(PREPARE, form(outlines_file=a_file("{}"), stations="", lists="A\nA", hours="x", day=""))

    assert list(wrong(answer)) == ["day", "hours", "lists", "stations", "outlines"]


def test_lists_pasted_from_a_spreadsheet_are_read_by_their_columns(camille):
    camille.post(PREPARE, form(lists="1\tEnsemble\tENS\t48,5\t13\r\n2\tPort; d’abord\t\t\t\r\n\tSans numéro"))

    assert [(one.number, one.name, one.short, one.candidates) for one in Election.objects.get().choices.all()] == [
        ("1", "Ensemble", "ENS", 13),
        ("2", "Port; d’abord", "Port; d’abord", None),
        ("", "Sans numéro", "Sans numéro", None),
    ]


@pytest.mark.django_db
def test_long_names_that_begin_alike_are_no_mistake_of_a_file():
    begin = "Liste d’union pour une ville plus juste et plus verte"

    assert prepare(a_plan(lists=(f"{begin} 1", f"{begin} 2")), by=None, at=NIGHT)
    for choices in (
        [PlannedChoice("Une", short="A"), PlannedChoice("A")],
        [PlannedChoice("Une", number="1"), PlannedChoice("Deux", number="01")],
    ):
        with pytest.raises(BadPlan):
            prepare(replace(a_plan(), choices=choices), by=None, at=NIGHT)


@pytest.mark.parametrize(
    ("files", "field", "said"),
    [
        ({"former_file": "pas un fichier"}, "former", "premières lignes"),
        ({"former_file": WIDE.replace("76351", "76352")}, "former", "Aucun bureau de la commune 76351"),
        ({"outlines_file": "{}"}, "outlines", "GeoJSON"),
        ({"stations_file": "x"}, "stations", "nommer les colonnes"),
    ],
)
def test_a_file_that_is_not_understood_is_said_beside_its_field(camille, files, field, said):
    sent = {name: a_file(content) for name, content in files.items()}

    assert said in wrong(camille.post(PREPARE, form(poll="x", **sent)))[field][0]


def test_former_results_need_the_name_of_their_poll_and_are_carried_along(camille):
    answer = camille.post(PREPARE, form(former_file=a_file(WIDE)))
    assert list(wrong(answer)) == ["poll"]

    kept = answer.context["values"]["kept_former"]
    camille.post(PREPARE, form(poll="municipales 2020", kept_former=kept))

    assert a_station(Election.objects.get()).former["votes"] == {"Le Havre ensemble": 180, "Pour Le Havre": 110}


def test_bad_lines_of_former_results_are_named_and_left_out_only_when_someone_says_so(camille):
    bad = WIDE + "76351,2,480,300,290,180,111\n"
    answer = camille.post(PREPARE, form(poll="x", former_file=a_file(bad)))
    assert "Ligne 3\u00a0: les voix font 291, mais 290 exprimés." in wrong(answer)["former"]
    carried = {"kept_former": answer.context["values"]["kept_former"], "faulty": "1"}

    assert "former" in wrong(camille.post(PREPARE, form(poll="x", **carried)))
    camille.post(PREPARE, form(poll="x", skip="1", **carried))

    assert [bool(one.former) for one in Station.objects.all()] == [True, False]


def test_what_was_carried_along_can_be_dropped(camille):
    sent = {"kept_former": WIDE, "faulty": "1", "kept_outlines": written_outlines({"1": SQUARE})}

    camille.post(PREPARE, form(drop_former="1", drop_outlines="1", **sent))

    assert [(one.former, one.outline) for one in Station.objects.all()] == [({}, {}), ({}, {})]


def test_of_many_bad_lines_twenty_are_named(camille):
    table = "code;inscrits\n" + "x;x\n" * 50

    said = wrong(camille.post(PREPARE, form(stations=table)))["stations"]

    assert (len(said), said[-1]) == (21, "Autres lignes fausses\u00a0: 30.")


def test_the_page_lists_ones_own_nights_only(camille):
    own, other = an_election(), an_election(code="79202", place="Parthenay")

    page = camille.get(PREPARE).content.decode()

    assert reverse("election_desk", args=[own.pk]) in page
    assert reverse("election_sheets", args=[own.pk]) in page
    assert reverse("election_desk", args=[other.pk]) not in page


@pytest.mark.django_db
def test_twenty_nights_ask_as_much_as_one(django_assert_num_queries):
    an_election()
    with django_assert_num_queries(4):
        prepared_nights(["76351"], at=NIGHT)
    for _number in range(4):
        an_election()
    with django_assert_num_queries(4):
        assert len(prepared_nights(["76351"], at=NIGHT)) == 5


def counted_night() -> Election:
    """A first round whose station 1 is counted (50, 30, 18) by Camille, the others not."""
    election, officer = an_election(former=FORMER), User.objects.get(email=CAMILLE.email)
    station = a_station(election)
    for number, (verb, payload) in enumerate(
        [(Verb.BOX, {"signatures": 100, "envelopes": 100}), (Verb.BAG, bag(1, (50, 30, 18))), (Verb.FINISH, {})]
    ):
        record(station.pk, verb, payload, key=str(number), by=officer, at=NIGHT, sure=True)
    return election


def second(client: Client, election: Election, **sent):
    return client.post(reverse("election_second_round", args=[election.pk]), {"day": "2026-03-22", **sent})


def test_the_second_round_carries_stations_over_and_remembers_the_first(camille):
    first = counted_night()

    answer = second(camille, first, **{"list.0": "1", "name.0": LISTS[0], "list.2": "1", "name.2": "Un port uni"})

    made = Election.objects.get(round=2)
    assert answer.headers["Location"].endswith(f"#soiree-{made.pk}")
    assert (made.first_round, made.day, made.seats) == (first, date(2026, 3, 22), 59)
    assert [(one.number, one.name) for one in made.choices.all()] == [("1", LISTS[0]), ("3", "Un port uni")]
    one, two = made.stations.all()[:2]
    assert (one.name, one.former["voters"], one.former["votes"][LISTS[0]]) == ("École 1", 100, 50)
    assert one.former["poll"] == "premier tour, 15 mars 2026"
    assert two.former == {}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Cochez les listes"),
        ({"list.0": "1", "day": "2026-03-15"}, "vient après le premier"),
        ({"list.0": "1", "day": ""}, "s’écrit comme 2026-03-15"),
        ({"list.0": "1", "name.0": "X", "list.1": "1", "name.1": "X"}, "est là deux fois"),
    ],
)
def test_a_second_round_that_cannot_be_is_refused(camille, sent, said):
    answer = second(camille, an_election(), **sent)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Election.objects.count() == 1


def again_of(election: Election, *, at=NIGHT):
    [night] = [one for one in prepared_nights(["76351"], at=at) if one.election == election]
    return night


def test_the_second_round_is_offered_once_the_first_has_begun_and_may_be_known(camille):
    nothing, begun = an_election(), counted_night()

    assert not again_of(nothing).may_have_second_round
    assert again_of(begun).may_have_second_round
    assert not again_of(begun, at=NIGHT.replace(hour=19, minute=59)).may_have_second_round
    assert again_of(begun).week_after == date(2026, 3, 22)
    assert "3 bureaux ne sont pas encore comptés" in camille.get(PREPARE).content.decode()


def test_lists_that_may_stand_again_are_ticked_once_all_is_counted(camille):
    election, officer = an_election(), User.objects.get(email=CAMILLE.email)
    totals = {"who": 1, "signatures": 100, "envelopes": 100, "votes": [48, 42, 8], "blank": 1, "null": 1}
    for station in election.stations.all():
        assert [one.is_ticked for one in again_of(election).again] == [False] * 3
        record(station.pk, Verb.TOTALS, totals, key=station.code, by=officer, at=NIGHT, sure=True)

    assert [(one.line.votes, one.is_ticked) for one in again_of(election).again] == [
        (192, True),
        (168, True),
        (32, False),
    ]
    assert again_of(election).uncounted == 0


def test_a_second_round_is_prepared_once(camille):
    first = an_election()
    second(camille, first, **{"list.0": "1"})

    assert second(camille, first, **{"list.0": "1"}).status_code == 422
    assert Election.objects.count() == 2


def test_a_second_round_waits_until_the_first_may_be_known(camille, monkeypatch):
    first = counted_night()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT.replace(hour=19, minute=45))

    answer = second(camille, first, **{"list.0": "1"})

    assert answer.status_code == 422
    assert Election.objects.count() == 1


def test_a_station_whose_code_is_no_address_is_no_station():
    for code in ("1/2", "..", "é?"):
        plan = a_plan()
        with pytest.raises(BadPlan):
            prepare(replace(plan, stations=[replace(plan.stations[0], code=code)]), by=None, at=NIGHT)


def rehearse(client: Client, election: Election, day: str = "2026-03-10"):
    return client.post(reverse("election_rehearse", args=[election.pk]), {"day": day})


def test_a_rehearsal_counts_last_times_figures(camille):
    election = an_election(former=FORMER)

    rehearse(camille, election)

    made = Election.objects.get(is_rehearsal=True)
    assert (made.day, "municipales 2020" in made.origin) == (date(2026, 3, 10), True)
    assert a_station(made).replayed == {"signatures": 300, "votes": [150, 100, 40], "blank": 0, "null": 10}
    assert not Election.objects.get(pk=election.pk).is_rehearsal


def test_where_other_lists_stood_a_rehearsal_counts_theirs(camille):
    former = FormerResult("municipales 2020", 480, 300, {"Jadis": 90, "Hier": 200, "Personne": 0})
    election = an_election(former=former)
    Station.objects.filter(code="0002").update(former={})

    rehearse(camille, election)

    made = Election.objects.get(is_rehearsal=True)
    assert [one.name for one in made.choices.all()] == ["Hier", "Jadis"]
    assert list(made.stations.values_list("code", flat=True)) == ["0001", "0003", "0004"]
    assert (a_station(made).replayed["votes"], a_station(made).former, made.seats) == ([200, 90], {}, None)


def test_without_any_of_last_times_figures_nothing_is_replayed(camille):
    answer = rehearse(camille, an_election())

    assert answer.status_code == 422
    assert "Aucun résultat d’avant n’est connu" in answer.content.decode()
    assert not Election.objects.filter(is_rehearsal=True).exists()


def test_secretaries_rehearse_by_typing_on_the_lists_of_the_night(camille):
    camille.post(reverse("election_rehearse", args=[an_election().pk]), {"day": "2026-03-10", "figures": "hand"})

    made = Election.objects.get(is_rehearsal=True)
    assert [one.name for one in made.choices.all()] == list(LISTS)
    assert (a_station(made).replayed, made.stations.count()) == ({}, 4)
    assert made.origin == "Chiffres d’exercice, saisis par l’équipe"


def shown_again(client: Client, election: Election, **typed) -> dict[str, object]:
    """What a browser sends of the page on which a night is changed, and what was typed there."""
    return {**client.get(reverse("election_edit", args=[election.pk])).context["values"], **typed}


def changed(client: Client, election: Election, sent: dict[str, object]):
    return client.post(reverse("election_edit", args=[election.pk]), sent)


def test_a_page_saved_as_it_was_shown_changes_nothing(camille):
    election = an_election(former=FORMER)
    Station.objects.update(outline=SQUARE, phone="02 35 19 45 45", tables=2, lon=0.1, lat=49.5)
    before = plan_of(election)

    answer = changed(camille, election, shown_again(camille, election))

    assert answer.headers["Location"].endswith(f"#soiree-{election.pk}")
    assert plan_of(Election.objects.get()) == before


def test_lists_and_stations_change_until_the_first_figure(camille):
    election = a_rehearsal()
    assert reverse("election_edit", args=[election.pk]) in camille.get(PREPARE).content.decode()
    shown = shown_again(camille, election, lists="2;Seule en lice;;61,25", stations=TABLE)

    assert changed(camille, election, shown).status_code == 302
    [only] = Election.objects.get().choices.all()
    assert (only.name, float(only.average_age), a_station(election).name) == (
        "Seule en lice", 61.25, "École Jules Ferry",
    )  # fmt: skip

    send(election, "0001", Verb.TURNOUT, {"hour": "10:00", "voters": 9})
    refused = changed(camille, election, {**shown, "lists": "Une autre"})
    assert refused.status_code == 422
    assert "Des chiffres sont déjà saisis" in wrong(refused)["lists"][0]
    assert Election.objects.get().choices.get().name == "Seule en lice"


def test_what_is_wrong_while_a_night_is_changed_is_said_there(camille):
    election = an_election()

    answer = changed(camille, election, shown_again(camille, election, day="", lists="A\nA"))

    assert set(wrong(answer)) == {"day", "lists"}
    assert Election.objects.get().choices.count() == 3


def test_whoever_changes_a_night_is_told_that_its_sheets_end(camille):
    election = an_election()
    issue(election.pk, by=None, at=NIGHT)

    page = camille.get(reverse("election_edit", args=[election.pk])).content.decode()
    changed(camille, election, shown_again(camille, election))

    assert "leurs codes n’ouvriront plus rien" in page
    assert not Pass.objects.filter(revoked_at=None).exists()


def test_a_rehearsal_that_is_changed_stays_one_and_keeps_figures_of_the_same_lists(camille):
    election = a_rehearsal()
    Station.objects.update(replayed={"signatures": 9, "votes": [4, 3, 2], "blank": 0, "null": 0})

    changed(camille, election, shown_again(camille, election, hours="12:00", origin=""))
    assert (Election.objects.get().is_rehearsal, a_station(election).replayed["votes"]) == (True, [4, 3, 2])

    changed(camille, election, shown_again(camille, election, lists="Une\nDeux"))
    assert (Election.objects.get().is_rehearsal, a_station(election).replayed) == (True, {})


def test_a_real_night_does_not_become_a_rehearsal(camille):
    election = an_election()

    changed(camille, election, shown_again(camille, election, origin="pour rire", is_rehearsal="1"))

    assert not Election.objects.get().is_rehearsal


def test_each_list_is_shown_in_its_colour(camille):
    election = an_election(lists=tuple(f"Liste {number}" for number in range(1, 10)))

    page = camille.get(reverse("election_edit", args=[election.pk])).content.decode()

    assert 'class="swatch hue-7 plain"></span>Liste 8' in page
    assert 'class="swatch hue-0 stripes"></span>Liste 9' in page


def test_a_file_of_results_gives_the_stations_whatever_its_votes(camille):
    table = WIDE + "76351,0002,470,300,290,1,1\n"

    assert camille.post(PREPARE, form(stations="", stations_file=a_file(table))).status_code == 302
    assert list(Station.objects.values_list("code", "registered")) == [("0002", 470), ("1", 480)]


def test_a_file_of_results_names_stations_that_are_none(camille):
    table = WIDE + "76351,2,beaucoup,300,290,1,1\n76351,1,9,1,1,1,0\n"

    answer = camille.post(PREPARE, form(stations="", stations_file=a_file(table)))

    assert [one[:7] for one in wrong(answer)["stations"]] == ["Ligne 3", "Ligne 4"]
    assert answer.context["values"]["stations"].splitlines()[1:] == ["1;480;;;;08:00;18:00;1;;"]


@pytest.fixture
def mirror(tmp_path, settings):
    (tmp_path / "elections").mkdir()
    packed = gzip.compress(WIDE.encode())
    (tmp_path / "elections" / "2019-europeennes_bureaux.csv.gz").write_bytes(packed)
    settings.DATA_MIRROR = tmp_path


def test_a_former_poll_that_the_site_knows_is_chosen_without_a_file(camille, mirror):
    shown = camille.get(PREPARE).content.decode()
    assert "Européennes du 26 mai 2019" in shown
    assert "2017-presidentielle-1" not in shown

    refused = camille.post(PREPARE, form(known="2019-europeennes", day=""))
    assert list(wrong(refused)) == ["day"]
    camille.post(PREPARE, {**refused.context["values"], "day": "2026-03-15"})

    station = Station.objects.get(code="0001")
    assert (station.former["poll"], station.former["voters"]) == ("européennes du 26 mai 2019", 300)


@pytest.mark.parametrize("slug", ["2017-presidentielle-1", "../../../etc/passwd", "x"])
def test_a_poll_that_the_site_does_not_know_is_refused(camille, mirror, slug):
    answer = camille.post(PREPARE, form(known=slug, poll="x"))

    assert list(wrong(answer)) == ["known"]


def test_a_rehearsal_and_a_night_without_figures_are_wiped_and_a_counted_one_is_not(camille):
    counted, mistaken, played = an_election(), an_election(), a_rehearsal()
    count_all(played, "0001")
    send(counted, "0001", Verb.BOX, {"signatures": 9, "envelopes": 9}, by=User.objects.get())
    offered = camille.get(PREPARE).content.decode()

    for one in (played, mistaken):
        assert reverse("election_wipe", args=[one.pk]) in offered
        assert camille.post(reverse("election_wipe", args=[one.pk])).headers["Location"] == PREPARE
    refused = camille.post(reverse("election_wipe", args=[counted.pk]))

    assert reverse("election_wipe", args=[counted.pk]) not in offered
    assert (refused.status_code, list(Election.objects.all())) == (422, [counted])


@pytest.mark.parametrize("name", ["election_edit", "election_second_round", "election_rehearse", "election_wipe"])
def test_another_towns_night_is_left_alone(camille, name):
    election = prepare(a_plan(code="79202", place="Parthenay", rehearsal=True), by=None, at=NIGHT)

    assert camille.post(reverse(name, args=[election.pk])).status_code == 403
    assert Election.objects.count() == 1


def test_the_organiser_of_the_label_prepares_nothing(db):
    client = Client()
    client.force_login(an_account(SACHA))

    assert client.post(PREPARE, form()).status_code == 403


@pytest.mark.django_db
def test_what_was_prepared_is_a_plan_again():
    plan = a_plan(former=FORMER)

    again = plan_of(prepare(plan, by=None, at=NIGHT))

    assert (again.stations[0], again.hours, again.day) == (plan.stations[0], list(plan.hours), plan.day)
    assert [one.name for one in again.choices] == list(LISTS)


def test_a_station_is_one_however_its_code_is_written():
    assert {key_of(code) for code in ("1", "01", "0001", " 1 ")} == {"1"}
    assert (key_of("0000"), key_of("12a")) == ("0", "12A")


def test_former_lists_take_todays_names_where_only_case_and_accents_differ():
    [station] = joined(
        [a_plan(stations=1).stations[0]],
        names=["École & Ville", "Autre"],
        former={"1": FormerResult("x", 9, 9, {"ECOLE  & VILLE": 5, "TIERS": 2})},
        outlines={},
    )

    assert station.former is not None
    assert station.former.votes == {"École & Ville": 5, "TIERS": 2}


def test_rules_refuse_what_is_no_second_round_and_no_rehearsal():
    plan = a_plan()

    with pytest.raises(NotChosen):
        second_round(plan, {}, day=DAY + timedelta(7), counted={})
    with pytest.raises(NotChosen):
        second_round(plan, {"Nulle part": "Nulle part"}, day=DAY + timedelta(7), counted={})
    with pytest.raises(TooEarly):
        second_round(plan, {LISTS[0]: LISTS[0]}, day=DAY, counted={})
    with pytest.raises(NoFigures):
        rehearsal(plan, day=DAY, origin="x")
