"""What keeps a campaign from beginning: nobody to look at, no contact, a list that is none. Nobody was asked then."""

import pytest
from click.testing import CliRunner

from arobase.observatory.cli.campaign import campaign
from arobase.observatory.models import Campaign
from arobase.observatory.queries.dependence import forget
from internet.names import name_server
from observatory.recorded_towns import the_towns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    forget()
    yield settings.HOME
    forget()


@pytest.fixture
def server():
    with name_server() as server:
        yield server


def refused(server, *told: object):
    """How the command ended, once it is sure that it began nothing and asked nobody."""
    asked = ["--nameserver", server.address, "--port", str(server.port), "--timeout", "0.3"]
    done = CliRunner().invoke(campaign, ["run", *map(str, told), *asked])
    assert done.exit_code != 0 and done.exception.__class__ is SystemExit, done.output
    assert not Campaign.objects.exists()
    assert not server.asked
    return done


def a_list(folder, content: bytes):
    path = folder / "villes.csv"
    path.write_bytes(content)
    return path


def test_a_home_where_nothing_was_loaded(server):
    told = refused(server)

    assert told.exit_code == 1
    assert "Personne à regarder" in told.stderr and "arobase data load" in told.stderr


@pytest.mark.parametrize("code", ["97", "seine", ""])
def test_a_department_that_has_no_commune_here(server, code):
    the_towns()

    told = refused(server, "--department", "99", "--department", code)

    assert told.exit_code == 2
    assert f"dans {code.upper()}." in told.stderr


@pytest.mark.parametrize("content", [b"", b"ville.test,mairie@ville.test\n", b"\xff\xfe"])
def test_a_list_that_names_no_column(server, tmp_path, content):
    told = refused(server, "--trial", a_list(tmp_path, content))

    assert told.exit_code == 1
    assert "la première ligne doit nommer les colonnes, comme «\u202fname,site,mail\u202f»" in told.stderr


def test_a_list_without_a_line_that_names_anyone(server, tmp_path):
    told = refused(server, "--trial", a_list(tmp_path, b"name,site,mail\nAubeville,,\nBrumes,ville:80,\n"))

    assert "Personne à regarder" in told.stderr
    assert "Ligne 2\u00a0: ni site ni adresse électronique." in told.stderr
    assert "Ligne 3\u00a0: «\u202fville:80\u202f»" in told.stderr
    assert "Lignes refusées, qui ne nomment aucun domaine\u00a0: 2." in told.stderr


@pytest.mark.parametrize("option", ["--web", "--mail"])
def test_nobody_to_reach(server, settings, option):
    the_towns()
    settings.SITE_URL = "http://127.0.0.1:8000"

    told = refused(server, option)

    assert told.exit_code == 2
    assert "--user-agent-contact" in told.stderr


def test_a_list_as_a_spreadsheet_writes_it_is_looked_at(server, tmp_path):
    content = "Nom;Site;Courriel\nÉpinal;https://www.ville.test/;mairie@ville.test\n".encode("cp1252")
    asked = ["--nameserver", server.address, "--port", str(server.port), "--timeout", "0.3"]

    told = CliRunner().invoke(campaign, ["run", "--trial", str(a_list(tmp_path, content)), *asked])

    assert told.exit_code == 0, told.output
    assert Campaign.objects.get().standings.get().name == "Épinal"
    assert ("ville.test", "MX") in server.asked
