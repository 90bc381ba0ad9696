"""`arobase label assign`: one case or many, ids as they came, refusals in a sentence."""

import json

import pytest
from click.testing import CliRunner

from arobase.label.cli import label

CASE = {
    "dossiers": ["Anse", "Brise", 3],
    "jurors": [1, 2, "Sacha"],
    "fit": [
        ["Anse", 1, 0.9],
        ["Anse", 2, 0.8],
        ["Brise", 1, 0.9],
        ["Brise", 2, 0.5],
        ["Brise", "Sacha", 0.4],
        [3, 1, 1],
    ],
    "conflicts": [[3, 2]],
    "reviews": 2,
}


def assigned(tmp_path, content, *options, name="case.json"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return CliRunner().invoke(label, ["assign", str(path), *options])


def test_a_case_is_answered_with_its_ids_as_they_came(tmp_path):
    result = assigned(tmp_path, CASE, "--json")

    answer = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert answer["pairs"] == [["Anse", 1], ["Anse", 2], ["Brise", 2], ["Brise", "Sacha"], [3, 1], [3, "Sacha"]]
    assert answer["loads"] == {"1": 2, "2": 2, "Sacha": 2}
    assert (answer["worst_dossier_fit"], answer["optimal"]) == (0.9, True)
    assert answer["total_fit"] == pytest.approx(3.6) == answer["total_bound"]
    assert answer["worst_bound"] == pytest.approx(0.9)
    assert 0 <= answer["seconds"] < 20


def test_a_lock_is_kept(tmp_path):
    answer = json.loads(assigned(tmp_path, {**CASE, "locked": [["Brise", 1]]}, "--json").stdout)

    assert ["Brise", 1] in answer["pairs"]


def test_loads_previous_and_connect_are_understood(tmp_path):
    more = {"loads": {"1": [0, 3], "2": [0, 1], "Sacha": [2, 3]}, "previous": [["Anse", "Sacha"]], "connect": True}

    answer = json.loads(assigned(tmp_path, {**CASE, **more}, "--json").stdout)

    assert answer["loads"]["2"] <= 1
    assert ["Anse", "Sacha"] in answer["pairs"]
    assert answer["connected"] is True


def test_a_person_reads_a_summary(tmp_path):
    result = assigned(tmp_path, CASE)

    assert result.exit_code == 0
    assert "6 évaluations attribuées" in result.stdout
    assert "0.900" in result.stdout or "0,900" in result.stdout


def test_an_impossible_case_ends_with_code_1_and_says_why(tmp_path):
    result = assigned(tmp_path, {**CASE, "conflicts": [[3, 2], [3, 1]]}, "--json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert answer["error"] == "Jurés sans conflit avec le dossier « 3 » : 1, il en faut 2."
    assert (answer["reason"], answer["facts"]) == ("too_few_jurors", {"dossier": "3", "available": 1, "needed": 2})
    assert answer["error"] in result.stderr


def test_each_line_of_a_jsonl_file_is_answered_in_its_place(tmp_path):
    lines = [json.dumps(CASE), "{", json.dumps({**CASE, "reviews": 4}), "", json.dumps({**CASE, "dossiers": ["Anse"]})]
    lines.append(json.dumps(CASE))

    result = assigned(tmp_path, "\n".join(lines), name="cases.jsonl")

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer.get("reason", "done") for answer in answers] == [
        "done",
        "not_json",
        "too_few_jurors",
        "unknown_dossier",
        "done",
    ]
    assert answers[0]["pairs"] == answers[-1]["pairs"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"dossiers": None}, "field"),
        ({"jurors": [], "fit": []}, "empty"),
        ({"jurors": [1, "1", 2]}, "duplicate"),
        ({"dossiers": [1.5]}, "id"),
        ({"reviews": "2"}, "field"),
        ({"reviews": 0}, "reviews"),
        ({"fit": {}}, "field"),
        ({"fit": [["Anse", 1]]}, "row"),
        ({"fit": [["Anse", 1, "0.5"]]}, "row"),
        ({"fit": [["Anse", 1, 2]]}, "fit"),
        ({"fit": [["Anse", 9, 1]]}, "unknown_juror"),
        ({"locked": [["Anse", 9]]}, "unknown_juror"),
        ({"locked": [[3, 2]]}, "locked_conflict"),
        ({"loads": []}, "field"),
        ({"loads": {"1": [0]}}, "row"),
        ({"loads": {"1": [0, 4]}}, "no_load"),
    ],
)
def test_a_case_that_cannot_be_is_refused_by_a_sentence(tmp_path, change, reason):
    result = assigned(tmp_path, {**CASE, **change}, "--json")

    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["reason"]) == (1, reason)
    assert "%(" not in answer["error"]


@pytest.mark.parametrize("content", ["[]", "NaN", "["])
def test_what_is_no_object_is_refused(tmp_path, content):
    assert assigned(tmp_path, content, "--json").exit_code == 1


def test_a_file_that_is_not_there_is_refused(tmp_path):
    result = CliRunner().invoke(label, ["assign", str(tmp_path / "none.json"), "--json"])

    assert (result.exit_code, list(json.loads(result.stdout))) == (1, ["error"])
