"""`arobase label calibrate` and `arobase label simulate`, as programs call them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from arobase.label.cli.label import label
from arobase.label.rules.levels import BadThresholds, level_of

SCORES = [[d, j, 10.0 * d + (3.0 if j == "B" else 0.0)] for d in range(1, 9) for j in "ABC" if (d + ord(j)) % 3]


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(label, arguments, input=text)


def written(folder: Path, content: object, *, name: str = "case.json") -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_a_document_is_answered_with_ids_as_they_came(tmp_path):
    answer = json.loads(run("calibrate", written(tmp_path, {"scores": SCORES}), "--json").stdout)

    assert [one["id"] for one in answer["dossiers"]] == list(range(1, 9))
    assert {one["id"]: round(one["severity"]) for one in answer["jurors"]} == {"A": 1, "B": -2, "C": 1}
    assert answer["applied"] is True
    assert set(answer["severity_spread"]) == {"sd", "test", "statistic", "df", "p_value"}


def test_people_read_what_was_found(tmp_path):
    said = run("calibrate", written(tmp_path, {"scores": SCORES})).stdout

    assert "la correction s’applique" in " ".join(said.split())
    assert "-2.0" in said


def test_a_bad_line_is_answered_and_the_others_go_on(tmp_path):
    lines = [
        json.dumps({"scores": SCORES}),
        "{",
        json.dumps({"scores": []}),
        json.dumps({"scores": [["a", "b", True]]}),
    ]

    done = run("calibrate", written(tmp_path, "\n".join(lines), name="cases.jsonl"), "--json")
    answers = [json.loads(line) for line in done.stdout.splitlines()]

    assert [answer.get("reason", "answered") for answer in answers] == ["answered", "not_json", "empty", "row"]
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("[]", "no_scores"),
        ('{"scores": [["a", "b"]]}', "row"),
        ('{"scores": [["a", "b", NaN]]}', "not_finite"),
        ('{"scores": [["a", "b", 1], ["a", "b", 2]]}', "duplicate"),
        ('{"scores": [[true, "b", 1]]}', "row"),
    ],
)
def test_a_bad_document_ends_with_a_reason_and_a_code(case, reason):
    done = run("calibrate", "-", "--json", text=case)

    assert done.exit_code == 1
    assert json.loads(done.stdout)["reason"] == reason


def test_an_order_of_1_and_text_1_is_the_same_id_written_once(tmp_path):
    scores = [["x", 1, 5], ["y", 1, 7], ["x", 2, 6], ["y", 2, 8]]

    answer = json.loads(run("calibrate", written(tmp_path, {"scores": scores}), "--json").stdout)

    assert [one["id"] for one in answer["jurors"]] == [1, 2]


def test_a_simulated_campaign_says_the_truth_and_what_was_made_of_it():
    answer = json.loads(run("simulate", "--territories", "60", "--jurors", "10", "--seed", "3", "--json").stdout)

    assert len(answer["dossiers"]) == 60
    assert set(answer["dossiers"][0]) == {"id", "true", "raw", "calibrated", "se", "level"}
    assert len(answer["assignment"]["pairs"]) == 180
    assert answer["rank_correlation"]["calibrated"] > 0.8


def test_the_same_seed_plays_the_same_campaign():
    plays = [run("simulate", "--territories", "40", "--jurors", "8", "--seed", "7", "--json").stdout for _turn in "12"]
    first, second = ({**json.loads(play), "seconds": 0} for play in plays)

    assert first == second


def test_corrected_scores_recover_the_truth_better_over_seeds():
    answer = json.loads(
        run("simulate", "--territories", "90", "--jurors", "12", "--seed", "1", "--seeds", "6", "--json").stdout
    )

    for name in ("rank_correlation", "right_levels"):
        assert answer[name]["calibrated"] > answer[name]["raw"]


def test_without_severity_the_correction_is_rarely_applied():
    command = ("--territories", "60", "--jurors", "10", "--seeds", "12", "--severity", "0", "--json")

    assert json.loads(run("simulate", *command).stdout)["applied"] <= 3


def test_too_few_jurors_is_told_with_a_reason():
    done = run("simulate", "--territories", "9", "--jurors", "2", "--reviews", "3", "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["reason"] == "too_few_jurors"


@pytest.mark.parametrize("thresholds", [(), (20, 40, 60), (20, 40, 40, 80), (80, 60, 40, 20)])
def test_thresholds_rise_and_are_four(thresholds):
    with pytest.raises(BadThresholds):
        level_of(50, thresholds)
