"""`arobase elections project`, as programs call it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from arobase.elections.cli.project import project_


def run(*arguments: str) -> Result:
    return CliRunner().invoke(project_, arguments)


def written(folder: Path, content: object, *, name: str = "night.json") -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def a_bag(*votes: int) -> dict[str, object]:
    return {"ballots": sum(votes) + 2, "blank": 1, "null": 1, "votes": list(votes)}


def a_station(number: int, *, heard: bool) -> dict[str, object]:
    return {
        "id": f"{number:04}",
        "registered": 900,
        "voters": 500,
        "bags": [a_bag(50 + number % 5, 30, 18 - number % 5), a_bag(49, 31, 18)] if heard else [],
        "complete": False,
        "previous": {"registered": 880, "voters": 520, "votes": {"Ancien": 200 + 3 * number, "Autre": 240}},
    }


def a_night(*, heard: int = 6, stations: int = 20, **changes: object) -> dict[str, object]:
    told = [a_station(number, heard=number < heard) for number in range(stations)]
    return {"choices": ["Alpha", "Bêta", "Gamma"], "stations": told, **changes}


def test_a_night_is_answered_as_the_contract_says(tmp_path):
    done = run(written(tmp_path, a_night()), "--json")
    answer = json.loads(done.stdout)

    assert done.exit_code == 0
    assert answer["silent"] is False
    assert [one["name"] for one in answer["choices"]] == ["Alpha", "Bêta", "Gamma"]
    assert set(answer["choices"][0]["intervals"]) == {"50", "80", "90"}
    assert answer["choices"][0]["p_first"] > 0.9
    assert answer["turnout"]["share"] == pytest.approx(500 / 900)
    assert answer["turnout"]["intervals"]["90"] == [answer["turnout"]["share"]] * 2


def test_too_little_is_silence_with_a_sentence_and_a_success(tmp_path):
    done = run(written(tmp_path, a_night(heard=1)), "--json")
    answer = json.loads(done.stdout)

    assert done.exit_code == 0
    assert answer["silent"] is True
    assert answer["why"] == "too_few_stations"
    assert answer["reason"].startswith("La tendance attend que 2 bureaux")


def test_a_town_of_one_station_waits_for_its_bags(tmp_path):
    night = a_night(stations=1, heard=1)
    night["stations"][0]["bags"].pop()

    answer = json.loads(run(written(tmp_path, night), "--json").stdout)

    assert answer["reason"] == "La tendance attend que le bureau ait 2 enveloppes dépouillées."


def test_stations_of_which_two_bags_are_counted_are_begun(tmp_path):
    night = a_night(heard=0, stations=30)
    for station in night["stations"]:
        station["previous"] = None
    for place, leader in ((0, 90), (1, 8)):
        night["stations"][place]["bags"] = [a_bag(leader, 98 - leader, 0)] * 2

    answer = json.loads(run(written(tmp_path, night), "--json").stdout)

    assert answer["why"] == "too_wide"
    assert answer["reason"].endswith("(2 bureaux commencés).")


def test_people_read_a_table(tmp_path):
    said = run(written(tmp_path, a_night())).stdout

    assert "Alpha" in said
    assert "Participation" in said


def test_people_read_why_there_is_silence(tmp_path):
    assert "Aucune enveloppe" in run(written(tmp_path, a_night(heard=0))).stdout


def test_a_bad_line_is_answered_and_the_others_go_on(tmp_path):
    lines = [json.dumps(a_night()), "{", json.dumps(a_night(heard=0)), json.dumps({"choices": []})]

    done = run(written(tmp_path, "\n".join(lines), name="nights.jsonl"), "--json")
    answers = [json.loads(line) for line in done.stdout.splitlines()]

    assert ["error" in one for one in answers] == [False, True, False, True]
    assert [one.get("silent") for one in answers] == [False, None, True, None]
    assert done.exit_code == 1


def test_good_lines_are_a_success(tmp_path):
    done = run(written(tmp_path, "\n".join([json.dumps(a_night())] * 2), name="nights.jsonl"))

    assert done.exit_code == 0
    assert len(set(done.stdout.splitlines())) == 1


def changed(path: str, value: object) -> dict[str, object]:
    """A night with one value replaced, by its path."""
    night = json.loads(json.dumps(a_night()))
    *before, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = night
    for part in before:
        place = place[part]
    place[last] = value
    return night


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("choices", "Alpha", "Document\u00a0: le champ «\u202fchoices\u202f» doit être une liste."),
        ("choices", ["A", "A", "B"], "choices[2]\u00a0: «\u202fA\u202f» figure deux fois"),
        ("choices", ["A", "", "B"], "choices[2]\u00a0: le champ «\u202fchoices\u202f» doit être un texte"),
        ("stations.1", 7, "stations[2]\u00a0: attendu un objet JSON"),
        ("stations.1.id", "0000", "«\u202f0000\u202f» figure deux fois"),
        ("stations.0.id", True, "stations[1]\u00a0: le champ «\u202fid\u202f» doit être un texte"),
        ("stations.0.registered", -1, "stations[1] (0000)\u00a0: le champ «\u202fregistered\u202f»"),
        ("stations.0.registered", True, "reçu true"),
        ("stations.0.registered", 9.5, "reçu 9.5"),
        ("stations.0.voters", "500", 'reçu "500"'),
        ("stations.0.voters", 901, "901 votants pour 900 inscrits"),
        (
            "stations.1",
            {**a_station(1, heard=True), "registered": 199, "voters": None},
            "stations[2] (0001)\u00a0: les enveloppes contiennent 200 bulletins pour 199 inscrits",
        ),
        ("stations.0.bags", None, "le champ «\u202fbags\u202f» doit être une liste"),
        ("stations.0.bags.1.ballots", 101, "bags[2]\u00a0: blancs, nuls et voix font 100, pas 101 bulletins"),
        ("stations.0.bags.0.votes", [1, 2], "bags[1]\u00a0: 2 nombres de voix pour 3 candidatures"),
        ("stations.0.bags.0.votes.1", -3, "le champ «\u202fvotes[2]\u202f»"),
        ("stations.0.bags.0.blank", None, "reçu null"),
        ("stations.0.complete", 1, "doit être true ou false\u00a0; reçu 1"),
        ("stations.9.complete", True, "le bureau est dit complet mais n’a aucune enveloppe"),
        ("stations.0.previous", [], "previous\u00a0: attendu un objet JSON"),
        ("stations.0.previous.voters", 3, "440 voix pour 3 votants"),
        ("stations.0.previous.votes.Autre", -1, "previous, votes\u00a0: le champ «\u202fAutre\u202f»"),
    ],
)
def test_a_bad_value_is_told_with_its_place_and_a_code(tmp_path, path, value, said):
    done = run(written(tmp_path, changed(path, value)), "--json")

    assert done.exit_code == 1
    assert said in json.loads(done.stdout)["error"]


def test_what_is_not_a_number_is_refused(tmp_path):
    text = json.dumps(a_night()).replace('"registered": 900', '"registered": NaN', 1)

    done = run(written(tmp_path, text), "--json")

    assert done.exit_code == 1
    assert "NaN" in json.loads(done.stdout)["error"]


def test_a_missing_field_is_named(tmp_path):
    night = a_night()
    del night["stations"][2]["bags"][0]["null"]

    done = run(written(tmp_path, night), "--json")

    assert "stations[3] (0002), bags[1]\u00a0: le champ «\u202fnull\u202f» manque" in json.loads(done.stdout)["error"]


def test_a_bag_larger_than_the_voters_is_projected(tmp_path):
    done = run(written(tmp_path, changed("stations.0.voters", 150)), "--json")

    assert json.loads(done.stdout)["silent"] is False
