"""`arobase elections seats`: one case or many, what it says, and how it refuses."""

import json

import pytest
from click.testing import CliRunner

from arobase.elections.cli import commands
from arobase.elections.cli.seats import seats as command

CASE = {
    "kind": "municipal",
    "year": 2026,
    "seats": None,
    "population": 55_000,
    "round": 2,
    "lists": [{"name": "A", "votes": 600, "average_age": None}, {"name": "B", "votes": 400}],
}


def run(tmp_path, told, *options, name="case.json"):
    path = tmp_path / name
    path.write_bytes(told if isinstance(told, bytes) else json.dumps(told).encode())
    return CliRunner().invoke(command, [str(path), *options])


def answered(tmp_path, **change):
    done = run(tmp_path, {**CASE, **change}, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def named(**votes):
    return [{"name": name, "votes": number, "average_age": None} for name, number in votes.items()]


def test_the_command_shares_seats_and_says_what_the_next_hangs_on(tmp_path):
    answer = answered(tmp_path)

    assert answer["seats"] == {"A": 36, "B": 9}
    assert (answer["elected"], answer["ties"], answer["bonus"]) == (True, [], 23)
    assert "L262" in answer["rule"]
    assert [(one["list"], one["from"]) for one in answer["next_seat"]] == [("A", ["B"]), ("B", ["A"])]
    assert [(one["list"], one["to"]) for one in answer["last_seat"]] == [("A", ["B"]), ("B", ["A"])]


def test_the_command_is_a_verb_of_elections():
    assert "seats" in commands[0].commands


def test_a_round_that_elects_nobody_says_who_may_go_on(tmp_path):
    answer = answered(tmp_path, round=1, lists=named(A=500, B=380, C=80, D=40))

    assert (answer["elected"], answer["seats"]) == (False, {"A": 0, "B": 0, "C": 0, "D": 0})
    assert answer["round_two"] == {"stays": ["A", "B"], "merges": ["C"]}
    assert (answer["next_seat"], answer["last_seat"]) == ([], [])


def test_a_tie_that_is_near_is_marked_in_the_table_and_told_with_its_seats(tmp_path):
    close = {**CASE, "seats": 35, "lists": named(A=353, B=352, C=79)}

    shown = [line.split() for line in run(tmp_path, close).stdout.splitlines()]
    answer = answered(tmp_path, **close)

    assert shown[1:4] == [
        ["A", "26", "43", "1", "(égalité)"],
        ["B", "8", "1", "(égalité)", "37"],
        ["C", "1", "10", "40"],
    ]
    assert answer["next_seat"][1] == {
        "list": "B",
        "votes": 1,
        "from": [],
        "undecided": False,
        "tied": True,
        "level": ["A"],
        "seats": 18,
    }


def test_votes_that_would_leave_nobody_elected_are_marked_in_the_table(tmp_path):
    close = {**CASE, "round": 1, "seats": 35, "lists": named(A=510, B=490)}

    shown = run(tmp_path, close).stdout.splitlines()

    assert "20 (personne d’élu)" in shown[2]


def test_a_number_of_seats_that_is_given_prevails(tmp_path):
    assert sum(answered(tmp_path, seats=11)["seats"].values()) == 11


def test_a_tie_has_no_number_until_ages_are_given(tmp_path):
    level = named(A=100, B=100, C=50)
    aged = [{**one, "average_age": age} for one, age in zip(level, (50, 50.5, None), strict=True)]

    assert answered(tmp_path, seats=15, lists=level)["seats"] == {"A": None, "B": None, "C": 1}
    assert answered(tmp_path, seats=15, lists=level)["ties"] == [["A", "B"]]
    assert answered(tmp_path, seats=15, lists=aged)["winner"] == "B"


@pytest.mark.parametrize(
    ("change", "seats"),
    [
        ({"kind": "municipal_plm", "seats": 163}, {"A": 41 + 73, "B": 49}),
        ({"kind": "municipal_plm", "population": 520_774}, {"A": 19 + 33, "B": 21}),
        ({"kind": "sector", "seats": 15}, {"A": 8 + 4, "B": 3}),
        ({"kind": "community", "seats": 3}, {"A": 1 + 1, "B": 1}),
        ({"kind": "community", "seats": 1}, {"A": 1, "B": 0}),
        ({"kind": "regional", "seats": 102, "year": 2021}, {"A": 26 + 46, "B": 30}),
        ({"kind": "european", "year": 2024, "round": None}, {"A": 49, "B": 32}),
    ],
)
def test_each_kind_has_its_rule(tmp_path, change, seats):
    assert answered(tmp_path, **change)["seats"] == seats


def test_an_incomplete_list_leaves_its_seats_vacant(tmp_path):
    short = [{"name": "seule", "votes": 40, "average_age": None, "candidates": 9}]

    answer = answered(tmp_path, population=300, round=1, lists=short)

    assert (answer["seats"], answer["total"], answer["vacant"]) == ({"seule": 9}, 11, 2)


def test_a_person_reads_a_table(tmp_path):
    done = run(tmp_path, CASE)
    again = run(tmp_path, {**CASE, "round": 1, "lists": named(A=500, B=400, C=100)})

    assert [line.split()[:2] for line in done.stdout.splitlines()[1:3]] == [["A", "36"], ["B", "9"]]
    assert "Peuvent se maintenir\u00a0: A, B, C" in again.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "municipale"}, "kind : « municipale » n’est pas connu ; attendu municipal"),
        ({"kind": None}, "kind : « None » n’est pas connu"),
        ({"year": "2026"}, "year : attendu un nombre entier"),
        ({"year": 2008}, "year : la règle de 2008"),
        ({"year": 2020, "population": 800}, "year : avant mars 2026"),
        ({"kind": "community", "population": 800}, "L273-11"),
        ({"round": 3}, "round : 3 est trop grand ; attendu 2 au plus"),
        ({"round": None}, "round : dites de quel tour"),
        ({"seats": 0}, "seats : 0 est trop petit ; attendu 1 au moins"),
        ({"seats": True}, "seats : attendu un nombre entier"),
        ({"population": None}, "seats : donnez le nombre de sièges, ou la population"),
        ({"kind": "municipal_plm", "population": None}, "163 à Paris"),
        ({"kind": "regional", "population": None}, "« regional »"),
        ({"population": -1}, "population : -1 est trop petit"),
        ({"lists": []}, "lists : aucune liste"),
        ({"lists": None}, "lists : attendu une liste de listes"),
        ({"lists": ["A"]}, "lists.0 : attendu un objet JSON"),
        ({"lists": [{"name": "A", "votes": -1}]}, "lists.0.votes : -1 est trop petit"),
        ({"lists": [{"name": "A", "votes": "600"}]}, "lists.0.votes : attendu un nombre entier, par exemple 412"),
        ({"lists": [{"name": "A", "votes": True}]}, "lists.0.votes : attendu un nombre entier"),
        ({"lists": [{"name": "A", "votes": 1.5}]}, "lists.0.votes : attendu un nombre entier"),
        ({"lists": [{"name": "A", "votes": 0}]}, "aucune liste n’a de voix"),
        ({"lists": named(A=1) + named(A=2)}, "deux listes s’appellent « A »"),
        ({"lists": [{"votes": 1}]}, "lists.0.name : ce champ manque"),
        ({"lists": [{"name": "", "votes": 1}]}, "lists.0.name : le nom est vide"),
        ({"lists": [{"name": 7, "votes": 1}]}, "lists.0.name : attendu un texte"),
        (
            {"lists": [{"name": "A", "votes": 1, "average_age": "52"}]},
            "lists.0.average_age : attendu un nombre d’années",
        ),
        (
            {"lists": [{"name": "A", "votes": 1, "average_age": True}]},
            "lists.0.average_age : attendu un nombre d’années",
        ),
        ({"lists": [{"name": "A", "votes": 1, "average_age": -4}]}, "lists.0.average_age : -4 est trop petit"),
        ({"lists": [{"name": "A", "votes": 1, "voix": 2}]}, "lists.0.voix : ce champ n’est pas connu"),
        ({"population": 300, "lists": [{"name": "A", "votes": 1, "candidates": 8}]}, "il en faut au moins 9"),
    ],
)
def test_a_bad_case_is_told_by_its_place_and_what_was_expected(tmp_path, change, said):
    done = run(tmp_path, {**CASE, **change}, "--json")
    told = json.loads(done.stdout)["error"].replace("\u00a0", " ").replace("\u202f", " ")

    assert done.exit_code == 1
    assert said in told
    assert "%(" not in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "JSON"),
        (b"[]", "objet JSON"),
        (b"", "JSON"),
        (b"[" * 100_000, "imbriqué"),
        (b'{"kind": "\xe9"}', "UTF-8"),
        (json.dumps({**CASE, "seats": float("nan")}).encode(), "NaN"),
    ],
)
def test_what_is_no_case_at_all_is_refused(tmp_path, content, said):
    done = run(tmp_path, content, "--json")

    assert done.exit_code == 1
    assert said in json.loads(done.stdout)["error"]


def test_every_problem_of_a_case_is_told_at_once(tmp_path):
    told = json.loads(run(tmp_path, {**CASE, "round": 3, "seats": 0}, "--json").stdout)["error"]

    assert ("round" in told, "seats" in told) == (True, True)


def test_lines_are_answered_in_order_and_a_bad_one_stops_nobody(tmp_path):
    lines = [json.dumps(CASE).encode(), b"{", b"\xff", json.dumps({**CASE, "round": 9}).encode(), b""]
    lines.append(json.dumps({**CASE, "seats": 3}).encode())

    done = run(tmp_path, b"\n".join(lines), name="cases.jsonl")
    told = [json.loads(line) for line in done.stdout.splitlines()]

    assert [sorted(one) == ["error"] for one in told] == [False, True, True, True, False]
    assert told[-1]["seats"] == {"A": 2, "B": 1}
    assert done.exit_code == 1


def test_lines_that_were_all_answered_end_well(tmp_path):
    done = run(tmp_path, json.dumps(CASE).encode(), "--json", name="cases.jsonl")

    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 1)
