"""The ministry's files by polling station, in their three forms: one commune kept, every row added up."""

import gzip
import io
import os
from pathlib import Path

import pytest

from arobase.elections.sources.ministry import read_results, written
from arobase.elections.sources.ministry_forms import insee
from arobase.elections.sources.stations import read_choices, read_stations
from arobase.elections.sources.tables import hour, plain, whole
from arobase.web.files import UnreadableFile

MIRROR = Path(os.environ["AROBASE_DATA_MIRROR"]) / "elections" if "AROBASE_DATA_MIRROR" in os.environ else None
WIDE = """insee,bureau,inscrits,votants,blancs,nuls,exprimes,MACRON,LE PEN
01001,0001,598,498,37,8,453,272,181
76351,0001,500,300,10,2,288,188,100
76351,0002,500,300,10,2,288,188,101
76351,0003,500,abc,10,2,288,188,100
"""
OLD = (
    "Code du département;Libellé du département;Code de la circonscription;Libellé de la circonscription;"
    "Code de la commune;Libellé de la commune;Code du b.vote;Inscrits;Abstentions;% Abs/Ins;Votants;% Vot/Ins;"
    "Blancs;% Blancs/Ins;% Blancs/Vot;Nuls;% Nuls/Ins;% Nuls/Vot;Exprimés;% Exp/Ins;% Exp/Vot;"
    "N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp\r\n"
    "01;Ain;04;4ème;001;L'Abergement-Clémenciat;0001;598;92;15,38;506;84,62;2;0,33;0,40;9;1,51;1,78;495;82,78;97,83;"
    "1;M;DUPONT-AIGNAN;Nicolas;100;5,69;6,87;2;F;LE PEN;Marine;395;21,07;25,45\r\n"
    "76;Seine-Maritime;07;7ème;351;Le Havre;0001;598;92;15,38;506;84,62;2;0,33;0,40;9;1,51;1,78;495;82,78;97,83;"
    "1;M;MÉLENCHON;Jean-Luc;195;5,69;6,87;2;F;LE PEN;Marine;300;21,07;25,45\r\n"
)
OLD_LISTS = (
    "Code du département;Code de la commune;Code du b.vote;Inscrits;Votants;Exprimés;"
    "N.Pan.;Code Nuance;Nom;Prénom;Liste;Voix;% Voix/Ins\n"
    "76;351;0101;800;400;390;1;LDVD;PHILIPPE;Édouard;UN HAVRE COMMUN;200;25;2;LCOM;LECOQ;Jean-Paul;UN AVENIR;190;24\n"
)
NEW = (
    "Code département;Libellé département;Code commune;Libellé commune;Code BV;Inscrits;Votants;% Votants;Exprimés;"
    "Blancs;Nuls;Numéro de panneau 1;Nuance liste 1;Libellé abrégé de liste 1;Libellé de liste 1;"
    "Voix 1;% Voix/inscrits 1;"
    "Numéro de panneau 2;Nuance liste 2;Libellé abrégé de liste 2;Libellé de liste 2;Voix 2;% Voix/inscrits 2\n"
    '76;Seine-Maritime;76351;Le Havre;1;800;400;"50,00%";390;6;4;1;LDVD;HAVRE;LE HAVRE ENSEMBLE;390;"48,75%";;;;;;\n'
    '76;Seine-Maritime;76351;Le Havre;2;800;400;"50,00%";390;6;4;1;LDVD;HAVRE;LE HAVRE ENSEMBLE;200;"25%";'
    '2;LCOM;PORT;UN PORT POUR TOUS;190;"24%"\n'
)
CANDIDATES = (
    "Code département;Code commune;Code BV;Inscrits;Votants;Exprimés;"
    "Numéro de panneau 1;Nuance candidat 1;Nom candidat 1;Prénom candidat 1;Voix 1;"
    "Numéro de panneau 2;Nuance candidat 2;Nom candidat 2;Prénom candidat 2;Voix 2\n"
    "76;76351;0001;800;400;390;1;DVD;MARTIN;Anne;200;2;COM;PETIT;Luc;190\n"
)


def results(text: str | bytes, commune: str = "76351"):
    content = text if isinstance(text, bytes) else text.encode()
    return read_results(io.BytesIO(content), commune=commune, poll="2017")


def votes(text: str | bytes, commune: str = "76351") -> dict[str, dict[str, int]]:
    return {code: dict(one.votes) for code, one in results(text, commune).stations.items()}


def test_the_wide_file_keeps_one_commune_and_names_bad_lines():
    read = results(WIDE)

    assert {code: dict(one.votes) for code, one in read.stations.items()} == {"1": {"MACRON": 188, "LE PEN": 100}}
    assert [(one.line, one.text) for one in read.faults] == [
        (4, "les voix font 289, mais 288 exprimés."),
        (5, "Votants\u00a0: «\u202fabc\u202f» n’est pas un nombre entier."),
    ]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "utf-8-sig"])
def test_the_old_file_repeats_its_group_without_a_header(encoding):
    assert votes(OLD.encode(encoding)) == {"1": {"Jean-Luc MÉLENCHON": 195, "Marine LE PEN": 300}}
    assert votes(OLD.encode(encoding), "01001") == {"1": {"Nicolas DUPONT-AIGNAN": 100, "Marine LE PEN": 395}}


def test_a_title_above_the_header_is_passed_over_and_lines_keep_their_numbers():
    titled = (
        "Élections législatives 2017\n\nPremier tour\n"
        + OLD_LISTS
        + OLD_LISTS.splitlines()[1].replace("0101;800", "0102;x")
    )

    found = results(titled)

    assert votes(titled) == votes(OLD_LISTS)
    assert [fault.line for fault in found.faults] == [6]


def test_the_old_file_names_lists_by_their_title():
    assert votes(OLD_LISTS) == {"101": {"UN HAVRE COMMUN": 200, "UN AVENIR": 190}}


def test_the_numbered_file_leaves_lists_out_that_do_not_stand():
    assert votes(NEW) == {
        "1": {"LE HAVRE ENSEMBLE": 390},
        "2": {"LE HAVRE ENSEMBLE": 200, "UN PORT POUR TOUS": 190},
    }


def test_the_numbered_file_names_candidates_by_first_and_last_name():
    assert votes(CANDIDATES) == {"1": {"Anne MARTIN": 200, "Luc PETIT": 190}}


def test_a_compressed_file_is_read_and_a_damaged_one_is_told():
    packed = gzip.compress(WIDE.encode())

    assert votes(packed) == votes(WIDE)
    for damaged in (packed[:-20], packed[:20] + b"\0\0\0\0" + packed[24:], packed[:2]):
        with pytest.raises(UnreadableFile, match="abîmé"):
            results(damaged)


def test_what_is_packed_small_and_unpacks_without_end_is_read_no_further(monkeypatch):
    monkeypatch.setattr("arobase.elections.sources.ministry.MOST_READ", 10_000)

    with pytest.raises(UnreadableFile, match="de trop"):
        results(gzip.compress(WIDE.encode() + b"01001,1\n" * 100_000))


def test_what_was_read_is_written_and_read_again():
    read = results(NEW).stations

    again = results(written(read, commune="76351")).stations

    assert {code: (one.registered, one.voters, sum(one.votes.values())) for code, one in again.items()} == {
        code: (one.registered, one.voters, sum(one.votes.values())) for code, one in read.items()
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "vide"),
        ("nom;age\nx;3\n", "premières lignes"),
        ("Code BV;Voix 1;Inscrits\n1;2;3\n", "manque une colonne"),
        (WIDE.replace("76351", "76352"), "Aucun bureau de la commune 76351"),
        ("insee,bureau,inscrits,votants,exprimes,A\n" + "7" * 100_001, "trop longue"),
    ],
)
def test_a_file_that_is_none_is_refused(text, said):
    with pytest.raises(UnreadableFile, match=said):
        results(text)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("76351,1,500,300,288,200,88\n76351,01,500,300,288,200,88", "le bureau 01 est déjà là."),
        ("76351,,500,300,288,200,88", "le bureau n’a pas de numéro."),
        ("76351,1,200,300,288,200,88", "ils ne peuvent que croître"),
        ("76351,1,500,300,288,288", "n’est pas un nombre entier"),
        ("76351,1,500,300,288,-1,289", "n’est pas un nombre entier"),
    ],
)
def test_a_row_that_cannot_be_true_is_named(row, said):
    [fault] = results(f"insee,bureau,inscrits,votants,exprimes,A,B\n{row}\n").faults

    assert said in fault.text


@pytest.mark.parametrize(
    ("department", "commune", "code"),
    [
        ("1", "4", "01004"),
        ("ZA", "101", "97101"),
        ("ZN", "818", "98818"),
        ("2A", "4", "2A004"),
        ("974", "411", "97411"),
    ],
)
def test_communes_have_the_codes_of_insee(department, commune, code):
    assert insee(department, commune) == code


@pytest.mark.skipif(MIRROR is None or not MIRROR.exists(), reason="needs the mirror")
def test_the_mirrors_files_are_read_whole():
    assert MIRROR
    with (MIRROR / "2019-europeennes_bureaux.csv.gz").open("rb") as file:
        narbonne = read_results(file, commune="11262", poll="2019")
    with (MIRROR / "toulouse_municipales_2026_t1_bureaux.csv.gz").open("rb") as file:
        toulouse = read_results(file, commune="31555", poll="2026")

    assert (len(narbonne.stations), narbonne.faults) == (38, [])
    # Station 79 as Toulouse published it: 698 valid votes in 697 envelopes.
    assert (len(toulouse.stations), [one.text[:27] for one in toulouse.faults]) == (
        283,
        ["698 exprimés, 697 votants, "],
    )


def test_stations_are_read_whatever_the_accents_and_the_separator():
    comma = read_stations("Code,INSCRITS,Nom,Téléphone,Fermeture\n1,500,École,02 35,20h\n")
    semicolon = read_stations("\ufeffBureau;Inscrits;Lon;Lat\r\n0001;1 050;0,1;49.5\r\n\r\n")

    [first], [second] = comma.stations, semicolon.stations
    assert (first.code, first.registered, first.name, first.phone, first.closes.hour) == (
        "1",
        500,
        "École",
        "02 35",
        20,
    )
    assert (second.code, second.registered, second.lon, second.lat, second.closes.hour) == ("0001", 1050, 0.1, 49.5, 18)
    assert not comma.faults and not semicolon.faults


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (";500", "le code manque."),
        ("1;0", "n’est pas un nombre entier de 1 à 1 000 000"),
        ("1;500;8 heures", "n’est pas une heure"),
        ("1;500;8h;x", "n’est pas un nombre."),
        ("1;500;8h;200;4", "n’est pas entre -180 et 180"),
        ("1;500;8h;3", "lon et lat vont ensemble."),
        ("a/b;500", "lettres, chiffres et tirets"),
        ("12345678901;500", "10 signes au plus"),
    ],
)
def test_a_station_that_is_none_is_named_by_its_line(line, said):
    [fault] = read_stations(f"code;inscrits;ouverture;lon;lat\n{line}\n").faults

    assert fault.line == 2
    assert said in fault.text


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(UnreadableFile, match="nommer les colonnes"):
        read_stations("1;500\n2;600\n")


def test_lists_are_a_line_each():
    read = read_choices("Le Havre ensemble\n\n2;Pour Le Havre;PLH;45,5\n;;x\n4;Un port;;12\n")

    assert [(one.number, one.name, one.short, one.average_age) for one in read.choices] == [
        ("", "Le Havre ensemble", "", None),
        ("2", "Pour Le Havre", "PLH", 45.5),
    ]
    assert [(one.line, one.text) for one in read.faults] == [
        (4, "le nom manque."),
        (5, "l’âge moyen «\u202f12\u202f» n’est pas un âge de candidats."),
    ]


def test_cells_are_read_as_people_write_them():
    assert [whole("1 050"), whole("-1"), whole("٣"), whole("")] == [1050, None, None, None]
    assert [str(hour(one)) for one in ("8", "8h", "08h30", "20:00", "24:00", "8h75", "x")] == [
        "08:00:00", "08:00:00", "08:30:00", "20:00:00", "None", "None", "None",
    ]  # fmt: skip
    assert plain("N°Panneau") == "npanneau"
