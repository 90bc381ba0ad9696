"""The ministry's columns by kind of election: each is written, read again, and told apart from a file without names."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections.models import Kind
from arobase.elections.rules.columns import GROUPS
from arobase.elections.rules.persons import CIVILITIES, parts_of
from arobase.elections.rules.plans import FormerResult, PlannedStation
from arobase.elections.rules.preparing import joined
from arobase.elections.sources.ministry import read_registered, read_results
from arobase.web.files import UnreadableFile
from elections.nights import ELSEWHERE, LISTS, a_rehearsal, count_all

PEOPLE = ("Anne MARTIN", "Dominique de VILLENEUVE", "Jean-Luc LE GALL")
PAIRS = ("MARTIN Anne et PETIT Luc", "Mme Léa ROY et M. Paul NOIR", "Binôme du port")
STANDING = {
    **dict.fromkeys(Kind, LISTS),
    **dict.fromkeys([Kind.LEGISLATIVE, Kind.PRESIDENTIAL], PEOPLE),
    Kind.DEPARTMENTAL: PAIRS,
    **dict.fromkeys([Kind.REFERENDUM, Kind.CONSULTATION], ("Oui", "Non", "Ne se prononce pas")),
}
# As public readers of the ministry's files by station name their columns, of elections that were held since 2024.
PUBLISHED = {
    Kind.EUROPEAN: "Numéro de panneau 1;Nuance liste 1;Libellé abrégé de liste 1;Libellé de liste 1;"
    "Voix 1;% Voix/inscrits 1;% Voix/exprimés 1;Sièges 1",
    Kind.LEGISLATIVE: "Numéro de panneau 1;Nuance candidat 1;Nom candidat 1;Prénom candidat 1;Sexe candidat 1;"
    "Voix 1;% Voix/inscrits 1;% Voix/exprimés 1;Elu 1",
    Kind.MUNICIPAL: "Numéro de panneau 1;Nom candidat 1;Prénom candidat 1;Sexe candidat 1;Nuance liste 1;"
    "Libellé abrégé de liste 1;Libellé de liste 1;Voix 1;% Voix/inscrits 1;% Voix/exprimés 1;Elu 1;"
    "Sièges au CM 1;Sièges au CC 1",
}
# The forms until 2022 that had no reader here: departmental (2021, by pairs), municipal (2020, « Code B.Vote »).
PAIRS_2021 = (
    "Code du département;Libellé du département;Code du canton;Libellé du canton;Code de la commune;"
    "Libellé de la commune;Code du b.vote;Inscrits;Abstentions;% Abs/Ins;Votants;% Vot/Ins;Blancs;% Blancs/Ins;"
    "% Blancs/Vot;Nuls;% Nuls/Ins;% Nuls/Vot;Exprimés;% Exp/Ins;% Exp/Vot;"
    "N°Panneau;Nuance;Binôme;Voix;% Voix/Ins;% Voix/Exp\n"
    "76;Seine-Maritime;12;Le Havre-1;351;Le Havre;0101;800;400;50,00;400;50,00;6;0,75;1,50;4;0,50;1,00;390;48,75;97,50;"
    "1;BC-DVD;Mme MARTIN Anne et M. PETIT Luc;200;25,00;51,28;"
    "2;BC-COM;Mme ROY Léa et M. NOIR Paul;190;23,75;48,72\n"
)
LISTS_2020 = (
    "Code du département;Libellé du département;Code de la commune;Libellé de la commune;Code B.Vote;Inscrits;"
    "Abstentions;Votants;Blancs;Nuls;Exprimés;N.Pan.;Code Nuance;Sexe;Nom;Prénom;Liste;Voix;% Voix/Ins;% Voix/Exp\n"
    "76;Seine-Maritime;351;Le Havre;0101;800;400;400;6;4;390;"
    "1;LDVD;M;PHILIPPE;Édouard;UN HAVRE COMMUN;200;25;51,28;2;LCOM;M;LECOQ;Jean-Paul;UN AVENIR;190;24;48,72\n"
)


def exported(kind: str, names: tuple[str, ...]) -> str:
    election = a_rehearsal(kind=kind, lists=names, stations=2, seats=None, **ELSEWHERE.get(kind, {}))
    count_all(election, "0001", bags=[(50, 30, 18), (40, 40, 10)])
    count_all(election, "0002", bags=[(20, 60, 18)])
    answer = Client().get(reverse("election_ministry", args=[election.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def read(text: str, *, commune: str = "76351") -> dict[str, FormerResult]:
    found = read_results(io.BytesIO(text.encode()), commune=commune, poll="poll")
    assert not found.faults
    return dict(found.stations)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Kind.values)
def test_what_is_written_of_a_kind_is_read_again_with_its_figures_and_names(kind):
    names = STANDING[Kind(kind)]

    found = read(exported(kind, names), commune=ELSEWHERE.get(kind, {}).get("code", "76351"))

    assert found == {
        "1": FormerResult("poll", 500, 192, dict(zip(names, (90, 70, 28), strict=True))),
        "2": FormerResult("poll", 500, 100, dict(zip(names, (20, 60, 18), strict=True))),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(PUBLISHED))
def test_the_columns_are_those_that_the_ministry_publishes(kind):
    header = next(csv.reader(io.StringIO(exported(kind, STANDING[kind])), delimiter=";"))

    assert ";".join(header[19:]).startswith(PUBLISHED[kind] + ";Numéro de panneau 2;")


@pytest.mark.django_db
def test_a_candidate_is_written_by_last_and_first_name_and_matched_again_however_the_ballot_writes_it():
    names = ("Mme LE PEN Marine", "MARTIN Anne", "Jean Petit")

    text = exported("presidential", names)
    row = next(csv.DictReader(io.StringIO(text), delimiter=";"))
    [station] = joined([PlannedStation("0001", 500)], names=names, former=read(text), outlines={})

    assert [row[f"{name} candidat 1"] for name in ("Nom", "Prénom", "Sexe")] == ["LE PEN", "Marine", "FEMININ"]
    assert [row[f"{name} candidat 3"] for name in ("Nom", "Prénom", "Sexe")] == ["Jean Petit", "", ""]
    assert station.former
    assert dict(station.former.votes) == dict(zip(names, (90, 70, 28), strict=True))


def test_two_names_of_the_same_words_are_not_taken_for_one_another():
    former = {"1": FormerResult("2022", 500, 10, {"Paul JEAN": 4, "Jean PAUL": 6})}

    [station] = joined([PlannedStation("1", 500)], names=["JEAN Paul", "Jean PAUL"], former=former, outlines={})

    assert station.former
    assert dict(station.former.votes) == {"Paul JEAN": 4, "Jean PAUL": 6}


@pytest.mark.parametrize(
    ("text", "votes"),
    [
        (PAIRS_2021, {"Mme MARTIN Anne et M. PETIT Luc": 200, "Mme ROY Léa et M. NOIR Paul": 190}),
        (LISTS_2020, {"UN HAVRE COMMUN": 200, "UN AVENIR": 190}),
    ],
)
def test_pairs_and_the_municipal_form_of_2020_are_read_by_their_names(text, votes):
    assert read(text) == {"101": FormerResult("poll", 800, 400, votes)}


@pytest.mark.parametrize(
    "text",
    [
        PAIRS_2021.replace("Binôme", "Candidature"),
        "Code département;Code commune;Code BV;Inscrits;Votants;Exprimés;Numéro de panneau 1;Voix 1\n"
        "76;76351;0101;800;400;390;1;390\n",
    ],
)
def test_a_file_in_which_nobody_has_a_name_is_refused_but_tells_its_stations(text):
    with pytest.raises(UnreadableFile, match="ne nomme les listes ni les candidats"):
        read(text)

    assert read_registered(io.BytesIO(text.encode()), commune="76351") == ({"0101": 800}, [])


def test_every_kind_has_its_columns():
    assert set(GROUPS) == set(Kind.values)
    assert all({"Voix", "% Voix/inscrits", "% Voix/exprimés"} <= set(group) for group in GROUPS.values())


@given(
    st.lists(st.text(st.characters(categories=["Lu", "Ll", "Pd"]), min_size=1), min_size=1, max_size=6).map(" ".join)
)
def test_no_word_of_a_name_is_lost_but_the_civility(name):
    parts = parts_of(name)

    words = name.split()
    said = words[1:] if parts.sex else words
    assert sorted(f"{parts.first} {parts.last}".split()) == sorted(said)
    assert parts.sex in {"", *CIVILITIES.values()}
