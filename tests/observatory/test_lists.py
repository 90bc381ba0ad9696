"""Lists of domains as people have them: what is asked about, and what is refused with its line and a reason."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import idna
import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from arobase.observatory.cli.scan import scan
from arobase.observatory.sources import targets
from arobase.observatory.sources.facts import BadFacts, ascii_domain
from arobase.observatory.sources.lists import BadList
from internet.names import name_server


def read(folder: Path, content: str | bytes) -> tuple[list[str], list[str]]:
    """Domains of a list, and what is said of its other lines."""
    path = folder / "liste.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = list(targets.domains(path))
    return [one for one in told if isinstance(one, str)], [str(one) for one in told if isinstance(one, BadFacts)]


@pytest.mark.parametrize(
    "content",
    [
        "domain;nom\nville.fr;Ville, la grande\n",
        "Nom\tDomaine\nVille\tVILLE.fr\n",
        "sep=;\r\nDOMAIN;Nom\r\n ville.fr ;x\r\n",
        "\ufeffdomain\n\n  \nville.fr.\n",
        'nom,domain\n"Ville\n(mairie)",https://www.ville.fr:8443/accueil?x=1,2\n',
        "domaine\nville.fr/accueil\nhttp://ville.fr\nVille.FR\n",
        "Nom de domaine|Département\nville.fr|Hérault\n".encode("cp1252"),
        "domain;nom\nville.fr;Épinal\n".encode("utf-16"),
        "ville.fr\n",
        "sep=,\n1,ville.fr\n2,VILLE.FR\n",
        "Ville|01234|https://www.ville.fr/accueil|x@orange.fr\n",
        "Domain name\nville.fr\n",
        "nom;url\nVille;https://www.ville.fr/\n",
        "site\nwww.ville.fr\n",
        "domaine;domain\nville.fr;autre.fr\n",
        "Site,Domain\nhttps://www.intramuros.org/ville,ville.fr\nwww.ville.fr,\n",
    ],
)
def test_a_list_is_read_as_a_spreadsheet_writes_it(tmp_path, content):
    assert read(tmp_path, content) == (["ville.fr"], [])


def test_a_list_without_a_header_loses_no_line(tmp_path):
    domains, refused = read(tmp_path, "paris.fr\nlyon.fr\n\nlocalhost\nnice.fr")

    assert domains == ["paris.fr", "lyon.fr", "nice.fr"]
    assert [one.partition("\u00a0:")[0] for one in refused] == ["Ligne 4"]
    assert targets.lines(tmp_path / "liste.csv") == 5


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("paris.fr;lyon.fr\nnice.fr;metz.fr\n", "plusieurs colonnes conviennent [(]«\u202fparis.fr;lyon.fr\u202f»"),
        ("Commune;Adresse\nParis;paris.fr\n", "la première ligne doit nommer les colonnes"),
        ("", "la première ligne doit nommer les colonnes"),
    ],
)
def test_where_no_column_can_be_told_the_list_is_refused_and_why(tmp_path, content, why):
    with pytest.raises(BadList, match=why):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("192.0.2.1", "adresse IP"),
        ("https://192.0.2.1/", "adresse IP"),
        ("2001:db8::1", "«\u202f:\u202f» n’y a pas sa place"),
        ("ville.fr:8080", "«\u202f:\u202f» n’y a pas sa place"),
        ("localhost", "séparées par un point"),
        ("-bad-.fr", "tiret"),
        ('"ville,2.fr"', "«\u202f,\u202f» n’y a pas sa place"),
        ("vil\tle.fr", "«\u202f\\t\u202f» n’y a pas sa place"),
        ("mairie@ville.fr", "«\u202f@\u202f» n’y a pas sa place"),
        ("ftp://ville.fr/", "«\u202f:\u202f» n’y a pas sa place"),
        ("ville..fr", "séparées par un point"),
        (f"{'a' * 64}.fr", "trop long"),
        ("☃.fr", "IDNA 2008"),
        (",", "il est vide"),
    ],
)
def test_what_is_no_name_is_refused_with_its_line_and_why_and_the_rest_goes_on(tmp_path, cell, why):
    domains, refused = read(tmp_path, f"domain,nom\nun.fr,x\n{cell},x\ndeux.fr,x\n")

    assert domains == ["un.fr", "deux.fr"]
    assert [one.partition("\u00a0:")[0] for one in refused] == ["Ligne 3"]
    assert why in refused[0]


@pytest.mark.parametrize("cell", ["x" * 200_000, '"never closed'])
def test_a_line_that_is_no_csv_is_refused_and_takes_no_other_with_it_unsaid(tmp_path, cell):
    domains, refused = read(tmp_path, f"domain,nom\nun.fr,x\ndeux.fr,{cell}\ntrois.fr,x\n")

    assert domains[0] == "un.fr"
    assert len(refused) == 1 and refused[0].startswith("Ligne 3\u00a0: ce n’est pas du CSV")


def test_the_names_of_germany_are_those_of_today():
    """IDNA 2003 asked about strasse.de, which is someone else's."""
    assert ascii_domain("Straße.de") == "xn--strae-oqa.de"


def test_the_command_says_what_it_refused_and_counts_it(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("Domaine;Nom\nville.test;Ville\n" + "pas un nom;x\n" * 12, encoding="utf-8")
    with name_server() as server:
        asked = ["--out", str(tmp_path / "out"), "--nameserver", server.address, "--port", str(server.port)]
        told = CliRunner().invoke(scan, [str(path), *asked])
        counted = CliRunner().invoke(scan, [str(path), *asked, "--json"])

    assert told.exit_code == 0
    assert "Lignes refusées, qui ne nomment aucun domaine\u00a0: 12." in told.stdout
    assert told.stderr.count("n’est pas un nom de domaine") == 10
    assert json.loads(counted.stdout)["refused_lines"] == 12


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_asked(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("domain\nville.test\n", encoding="utf-8")

    told = CliRunner().invoke(scan, [str(path), "--out", "/proc/x"])

    assert told.exit_code == 2
    assert "on ne peut rien garder dans «\u202f/proc/x\u202f»" in told.stderr


@given(st.binary(max_size=300))
@example(b"domain\n\x00\n")
@example(b"\xff\xfed")
def test_any_file_is_a_list_or_is_said_to_be_none(content):
    with TemporaryDirectory() as folder:
        for head in (b"", b"domain,x\n", b"domain\n"):
            try:
                domains, refused = read(Path(folder), head + content)
            except BadList:
                continue
            assert [ascii_domain(one) for one in domains] == domains
            assert all(one.startswith("Ligne ") for one in refused)


@given(st.text(max_size=80))
@example("ss\u00df.de")
@example("xn--.fr")
@example("\ud800.fr")
def test_a_name_is_plain_and_stays_what_it_is_or_is_refused(text):
    try:
        name = ascii_domain(text)
    except BadFacts:
        return
    assert name.isascii() and "." in name and len(name) <= 253
    assert ascii_domain(name) == name


@given(st.from_regex(r"[a-zà-öø-ÿß]{1,20}\.(fr|de|eu)", fullmatch=True))
def test_names_are_those_of_idna_2008(name):
    assert ascii_domain(name) == idna.encode(name, uts46=True).decode()
