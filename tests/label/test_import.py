"""`arobase laureates import`: files as people have them, dry first, then for good, as often as one likes."""

import json

import pytest
from click.testing import CliRunner

from arobase.label.cli import laureates
from arobase.label.models import Award, Edition, Import, Line
from arobase.label.queries import awards_of, known_of_total
from arobase.label.sources import reference
from arobase.label.sources.tables import read
from arobase.registry.registers import LoadRequest
from arobase.territories.actions.loading import LoadFailed
from arobase.web.files import MOST_BYTES, UnreadableFile
from label.towns import load_towns

pytestmark = pytest.mark.django_db
FILE = "year,territory,department,level,mention,source,insee_code\n"
FILE += "2009,Notre-Dame-de-Gravenchon,,5,,la presse,\n2009,Parthenay,,5,,la presse,79202\n2009,La Rochelle,,4,,,\n"
FILE += "2009,Parthenay,,,hors concours,un autre,\n2005,Bromont,,5,,,\n2009,Le Havre,,6,,,\n"


@pytest.fixture(autouse=True)
def _towns():
    load_towns()


def imported(tmp_path, content, *options, name="results.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(laureates, ["import", str(path), "--json", *options])


def test_a_dry_run_answers_every_line_and_records_nothing(tmp_path):
    result = imported(tmp_path, FILE, "--dry-run")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [(line["line"], line["status"], line["code"]) for line in answer["lines"]] == [
        (2, "historical", "76476"),
        (3, "exact", "79202"),
        (4, "proposed", None),
        (5, "exact", "79202"),
        (6, "unresolved", None),
        (7, "invalid", None),
    ]
    assert [candidate["code"] for candidate in answer["lines"][2]["candidates"]] == ["17300", "70450"]
    assert set(answer["lines"][2]["candidates"][0]) == {"code", "name", "why"}
    assert "2016" in answer["lines"][0]["candidates"][0]["why"]
    assert "insee_code" in result.stderr
    assert (Line.objects.count(), Award.objects.count(), Import.objects.count()) == (0, 0, 0)


def test_an_import_merges_lines_of_one_award_and_keeps_what_waits(tmp_path):
    imported(tmp_path, FILE)
    award = Award.objects.get(territory_id="commune:79202")
    assert (award.level, award.distinctions, award.source) == (5, ["hors concours"], "la presse ; un autre")
    assert Line.objects.filter(placed_as=None).count() == 3


def test_the_same_file_again_adds_nothing(tmp_path):
    imported(tmp_path, FILE)
    again = json.loads(imported(tmp_path, FILE.replace(",", ";")).stdout)
    nothing = {"added": 0, "changed": 0, "removed": 0}
    assert again["recorded"] == {"lines": nothing, "awards": nothing}


def test_a_later_file_that_contradicts_an_award_waits(tmp_path):
    imported(tmp_path, FILE)
    answer = json.loads(imported(tmp_path, "year,code,level\n2009,79202,3\n").stdout)
    assert answer["lines"][0]["status"] == "invalid"
    assert "5" in answer["lines"][0]["problem"]
    assert Award.objects.get(territory_id="commune:79202").level == 5


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Année;Territoire;Niveau\n2009;Saint-Martin-d'Hères;5\n".encode("cp1252"), "windows-1252"),
        ("\ufeffLEVEL\tTERRITORY\tYEAR\n5\tSaint-Martin-d’Hères\t2009\n".encode(), "utf-8"),
        ("year,territory\n2009,Saint-Martin-d'Hères\n".encode("utf-16"), "utf-16"),
    ],
)
def test_encodings_and_delimiters_are_recognised(tmp_path, content, encoding):
    assert read(content).encoding == encoding
    answer = json.loads(imported(tmp_path, content, "--dry-run").stdout)
    assert answer["lines"][0]["code"] == "38421"


def test_broken_utf8_spoils_its_own_line_only(tmp_path):
    content = "year,territory\n2009,Saint-Martin-d'Hères\n".encode() + b"2009,Saint-Martin-d'H\xe8res\n2009,Le\0Havre\n"
    answer = json.loads(imported(tmp_path, content, "--dry-run").stdout)
    assert [line["status"] for line in answer["lines"]] == ["exact", "invalid", "invalid"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\n \n", "vide"),
        (b"annee,niveau\n2009,5\n", "territory"),
        (b"2009,Parthenay,5\n", "year"),
        (b"year,territory,commune\n2009,Parthenay,Parthenay\n", "deux fois"),
        (b'year,territory\n2009,"Parthenay\n2010,Vannes\n', "Ligne 2"),
        (b"year,territory\n" + b"2009,Parthenay\n" * (MOST_BYTES // 14), "Mo"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(tmp_path, content, words):
    result = imported(tmp_path, content)
    assert result.exit_code == 1
    assert words in json.loads(result.stdout)["error"]
    assert Import.objects.count() == 0


def test_a_file_that_is_not_there_is_told(tmp_path):
    result = CliRunner().invoke(laureates, ["import", str(tmp_path / "none.csv"), "--json"])
    assert (result.exit_code, "none.csv" in json.loads(result.stdout)["error"]) == (1, True)


def test_a_bad_case_of_jsonl_answers_on_its_line_and_the_others_go_on(tmp_path):
    cases = '{"year": 2009, "territory": "Parthenay"}\nnonsense\n{"year": 2009, "code": 76351}\n'
    result = imported(tmp_path, cases, "--dry-run", name="cases.jsonl")
    first, second, third = [json.loads(line) for line in result.stdout.splitlines()]
    assert (first["code"], "error" in second, third["code"]) == ("79202", True, "76351")


def test_too_many_cells_are_invalid():
    assert read(b"year,territory\n2009,Parthenay,Deux,Trois\n").lines[0].unreadable


def test_numbers_of_lines_count_blank_and_folded_ones():
    lines = read(b'year,territory,source\n\n2009,Parthenay,"two\nlines"\n2009,Vannes,\n').lines
    assert [line.number for line in lines] == [3, 5]


def a_mirror(settings, tmp_path, laureates_csv):
    folder = tmp_path / "label"
    folder.mkdir(exist_ok=True)
    (folder / "laureates.csv").write_text(laureates_csv)
    (folder / "participation.csv").write_text(
        "year,participants,at5,at4,at3,at2,at1,note,source\n2009,224,16,24,84,74,26,also called 2010,press\n"
    )
    settings.DATA_MIRROR = tmp_path


REQUEST = LoadRequest(frozenset(), lambda _what, _done, _total: None)


def test_without_the_mirror_a_sample_shows_itself_as_one(settings):
    settings.DATA_MIRROR = None
    assert reference.load_laureates(REQUEST).layer == 3
    assert set(Award.objects.values_list("is_sample", flat=True)) == {True}
    assert reference.load_laureates(REQUEST).changes == {"added": 0, "changed": 0, "removed": 0}


def test_the_mirror_takes_the_place_of_the_sample_and_of_its_own_past(settings, tmp_path):
    settings.DATA_MIRROR = None
    reference.load_laureates(REQUEST)
    a_mirror(settings, tmp_path, FILE)
    assert reference.load_laureates(REQUEST).layer == 1
    assert set(Award.objects.values_list("is_sample", flat=True)) == {False}
    a_mirror(settings, tmp_path, "year,territory,level\n2009,Parthenay,4\n")
    reference.load_laureates(REQUEST)
    assert list(Award.objects.values_list("territory_id", "level")) == [("commune:79202", 4)]


def test_a_line_of_the_sample_that_an_organiser_imports_too_stays(settings, tmp_path):
    settings.DATA_MIRROR = None
    reference.load_laureates(REQUEST)
    imported(tmp_path, "year,code,territory,level,source\n2005,76351,Le Havre,5,lagazettedescommunes.com 2006\n")
    assert Award.objects.get(territory_id="commune:76351").is_sample is False
    a_mirror(settings, tmp_path, FILE)
    reference.load_laureates(REQUEST)
    assert Award.objects.filter(territory_id="commune:76351").exists()


def test_a_spoilt_mirror_leaves_what_was_there_and_says_why(settings, tmp_path):
    a_mirror(settings, tmp_path, FILE)
    reference.load_laureates(REQUEST)
    a_mirror(settings, tmp_path, "nothing to see\n")
    with pytest.raises(LoadFailed, match="year"):
        reference.load_laureates(REQUEST)
    assert Award.objects.count() == 2


def test_totals_stand_beside_what_is_known(settings, tmp_path):
    a_mirror(settings, tmp_path, FILE)
    reference.load_laureates(REQUEST)
    reference.load_participation(REQUEST)
    known = known_of_total(2009)
    assert (known.known, known.total, known.is_complete) == (2, 224, False)
    assert Edition.objects.get(pk=2009).ceremony_on.isoformat() == "2009-12-15"


def test_the_award_of_a_body_shows_on_its_members_as_such(tmp_path):
    imported(tmp_path, "year,territory,level\n2021,CC Parthenay-Gâtine,4\n2009,Parthenay,5\n")
    assert [(award.year, award.via) for award in awards_of("commune:79202")] == [
        (2009, ""),
        (2021, "CC de Parthenay-Gâtine"),
    ]


def test_an_award_under_a_former_name_says_so(tmp_path):
    imported(tmp_path, FILE)
    assert awards_of("commune:76476")[0].formerly == "Notre-Dame-de-Gravenchon"


def test_a_file_above_the_limit_is_refused():
    with pytest.raises(UnreadableFile, match="20"):
        from io import BytesIO

        from arobase.web.files import bounded

        bounded(BytesIO(b"x" * (MOST_BYTES + 1)))
