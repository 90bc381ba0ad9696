"""Many initiatives from one file, and out again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from arobase.initiatives.cli import initiatives
from arobase.initiatives.models import Initiative
from arobase.initiatives.sources.bulk import HasInvalidLines, Outcome, keep, read
from arobase.web.files import UnreadableFile
from builders import a_commune, an_account, an_epci, an_initiative
from people import CAMILLE

pytestmark = pytest.mark.django_db
COUNCIL = "conseil-filme-et-transcrit"
HEAD = "code;title;summary;audience;started_on;maturity;doer;services;partners\n"
FILMED = (
    "76351;Conseil filmé;Les séances.;tous;2025-03-01;running;territory;conseil-filme-et-transcrit;Caen | Les Amis\n"
)
BODY = "200084952;Démarches en ligne;De bout en bout.;tous;2024-01-15;settled;territory;etat-civil-en-ligne;\n"


@pytest.fixture(autouse=True)
def _towns():
    a_commune()
    an_epci()


def lines_of(text: str | bytes, **how):
    content = text if isinstance(text, bytes) else text.encode()
    return read(content, at=timezone.now(), publish=how.pop("publish", True), **how)


def test_a_file_is_read_kept_and_the_second_time_changes_nothing():
    lines = lines_of(HEAD + FILMED + BODY)
    assert [line.outcome for line in lines] == [Outcome.NEW, Outcome.NEW]

    done = keep(lines, by=None, at=timezone.now(), publish=True)
    again = lines_of(HEAD + FILMED + BODY)

    assert (done.new, done.changed) == (2, 0)
    assert [line.outcome for line in again] == [Outcome.SAME, Outcome.SAME]
    one = Initiative.objects.get(territory_id="commune:76351")
    assert (one.state, [partner["name"] for partner in one.partners]) == ("published", ["Caen", "Les Amis"])


def test_a_changed_line_changes_the_initiative_of_that_title():
    keep(lines_of(HEAD + FILMED), by=None, at=timezone.now(), publish=True)
    changed = lines_of(HEAD + FILMED.replace("Les séances.", "Les séances, en direct.").replace("filmé", "FILME"))
    assert [line.outcome for line in changed] == [Outcome.CHANGED]

    keep(changed, by=None, at=timezone.now(), publish=True)

    assert Initiative.objects.get().summary == "Les séances, en direct."


def test_a_windows_file_with_its_accents_is_read_right():
    assert lines_of((HEAD + FILMED).encode("cp1252"))[0].sheet.title == "Conseil filmé"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (FILMED.replace("76351", "99999"), "code"),
        (FILMED.replace(COUNCIL, "inconnu"), "services"),
        (FILMED.replace("2025-03-01", "1er mars"), "started_on"),
        (FILMED.replace("Conseil filmé", ""), "title"),
        (FILMED.replace(";tous;", ";;"), "audience"),
        (FILMED.replace("running", "finished"), "maturity"),
    ],
)
def test_one_bad_line_keeps_all_from_being_written(line, field):
    lines = lines_of(HEAD + BODY + line)
    assert [problem.field for problem in lines[1].problems] == [field]

    with pytest.raises(HasInvalidLines):
        keep(lines, by=None, at=timezone.now(), publish=True)
    assert not Initiative.objects.exists()


def test_the_same_title_twice_for_a_territory_is_a_bad_line():
    assert [line.outcome for line in lines_of(HEAD + FILMED + FILMED)] == [Outcome.NEW, Outcome.INVALID]


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n", b"title;summary\nx;y\n", b"[1, 2]", b'{"code": ', b'code;title\n76351;"open\n', b"a;b\0c\n"],
)
def test_what_is_no_such_file_is_refused_with_a_reason(content):
    with pytest.raises(UnreadableFile):
        lines_of(content)


def test_json_takes_lists_or_texts():
    rows = [
        {
            "code": "76351",
            "title": "Conseil filmé",
            "services": [COUNCIL],
            "partners": [{"name": "Caen"}],
        }
    ]

    line = lines_of(json.dumps(rows), publish=False)[0]

    assert (line.sheet.services, line.sheet.partners[0].name) == ((COUNCIL,), "Caen")


def test_an_agent_looks_first_and_confirms_and_only_for_their_own_town():
    camille = Client()
    camille.force_login(an_account(CAMILLE))

    def sent(text: str):
        return camille.post("/initiatives/importer", {"file": SimpleUploadedFile("x.csv", text.encode())})

    page = sent(HEAD + FILMED + BODY)
    assert "Rien ne peut être enregistré" in page.content.decode()
    page = sent(HEAD + FILMED)
    assert not Initiative.objects.exists()
    camille.post("/initiatives/importer", {"content": page.context["content"], "verb": "keep"})

    assert list(Initiative.objects.values_list("title", "state")) == [("Conseil filmé", "draft")]
    assert camille.post("/initiatives/importer", {}).status_code == 422


def run(*arguments: str):
    return CliRunner().invoke(initiatives, arguments)


def test_the_command_tells_each_line_and_refuses_with_a_code(tmp_path: Path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(HEAD + FILMED)
    bad.write_text(HEAD + FILMED.replace("76351", "0"))

    dry = run("import", str(good), "--dry-run", "--json")
    assert json.loads(dry.stdout)["lines"][0]["status"] == "new"
    assert not Initiative.objects.exists()
    assert run("import", str(bad), "--json").exit_code == 1
    assert run("import", str(tmp_path / "none.csv")).exit_code == 1
    assert run("import", str(good), "--publish").exit_code == 0
    assert Initiative.objects.get().state == "published"


def test_what_is_exported_is_what_is_published(tmp_path: Path):
    an_initiative()
    an_initiative(title="Un brouillon", published=False)

    assert run("export", str(tmp_path / "all.json")).exit_code == 0
    assert [row["title"] for row in json.loads((tmp_path / "all.json").read_text())] == ["Conseil municipal filmé"]
    assert run("export", str(tmp_path / "all.txt")).exit_code == 1


def test_the_referential_goes_out_as_a_spreadsheet_and_a_changed_one_tells_what_it_changes(tmp_path: Path):
    file = tmp_path / "referentiel.xlsx"
    assert run("referential", "export", str(file)).exit_code == 0
    same = json.loads(run("referential", "check", str(file), "--json").stdout)
    assert (same["added"], same["removed"], same["changed"]) == ([], [], [])

    csv_file = tmp_path / "referentiel.csv"
    run("referential", "export", str(csv_file))
    csv_file.write_text(csv_file.read_text(encoding="utf-8").replace("budget-participatif,", "budget-citoyen,"))
    changed = json.loads(run("referential", "check", str(csv_file), "--json").stdout)

    assert (changed["added"], changed["removed"]) == (["budget-citoyen"], ["budget-participatif"])
    assert run("referential", "export", str(tmp_path / "x.doc")).exit_code == 1


def test_a_bad_spreadsheet_is_refused_with_the_cell(tmp_path: Path):
    file = tmp_path / "referentiel.csv"
    run("referential", "export", str(file))
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[-1]]), encoding="utf-8")

    done = run("referential", "check", str(file), "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["problems"]
