"""INSEE's movements, on a small file made by hand: mergers, splits, new names, a change of department."""

import csv
import io
from datetime import date

import pytest

from arobase.territories.rules.geographic_code import Link
from arobase.territories.rules.movements import History, NotMovements, parse

# Notre-Dame-de-Gravenchon and three others became Port-Jérôme-sur-Seine in 2016 (delegated communes).
# Oudalle joined Rogerville in 1973 and left it again in 1980; another neighbour stayed. Invented, but for the names.
# Châlons-sur-Marne became Châlons-en-Champagne. Freigné passed from Maine-et-Loire to Loire-Atlantique.
FILE = """MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,\
TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP
32,2016-01-01,COM,76476,0,,,Notre-Dame-de-Gravenchon,COM,76476,0,,,Port-Jérôme-sur-Seine
32,2016-01-01,COM,76476,0,,,Notre-Dame-de-Gravenchon,COMD,76476,0,,,Notre-Dame-de-Gravenchon
32,2016-01-01,COM,76031,1,,,Auberville-la-Campagne,COM,76476,0,,,Port-Jérôme-sur-Seine
32,2016-01-01,COM,76031,1,,,Auberville-la-Campagne,COMD,76031,1,,,Auberville-la-Campagne
33,1973-01-01,COM,76489,1,,,Oudalle,COM,76533,0,,,Rogerville
33,1973-01-01,COM,76489,1,,,Oudalle,COMA,76489,1,,,Oudalle
33,1973-01-01,COM,76999,1,,,Le Voisin,COM,76533,0,,,Rogerville
33,1973-01-01,COM,76533,0,,,Rogerville,COM,76533,0,,,Rogerville
21,1980-01-01,COM,76533,0,,,Rogerville,COM,76533,0,,,Rogerville
21,1980-01-01,COM,76533,0,,,Rogerville,COM,76489,1,,,Oudalle
21,1980-01-01,COMA,76489,1,,,Oudalle,COM,76489,1,,,Oudalle
10,1997-11-01,COM,51108,0,,,Châlons-sur-Marne,COM,51108,0,,,Châlons-en-Champagne
41,2018-01-01,COM,49144,0,,,Freigné,COM,44225,0,,,Freigné
32,2018-01-01,COM,44225,0,,,Freigné,COM,44180,0,,,Vallons-de-l'Erdre
"""
TODAY = {
    "76476": "Port-Jérôme-sur-Seine",
    "76533": "Rogerville",
    "76489": "Oudalle",
    "51108": "Châlons-en-Champagne",
    "44180": "Vallons-de-l'Erdre",
}


def movements(text=FILE):
    return parse(csv.DictReader(io.StringIO(text)))


def links_of(code):
    history = History(movements(), today=TODAY)
    return [link for link in history.links() if link.former_code == code]


def test_merged_commune_becomes_the_new_one_on_its_day():
    assert links_of("76031") == [
        Link("commune", "76031", "Auberville-la-Campagne", "commune:76476", "merged", date(2016, 1, 1))
    ]


def test_seat_that_kept_its_code_is_known_by_its_former_name():
    assert links_of("76476") == [
        Link("commune", "76476", "Notre-Dame-de-Gravenchon", "commune:76476", "merged", date(2016, 1, 1))
    ]


def test_renamed_commune_keeps_its_former_name():
    assert links_of("51108") == [
        Link("commune", "51108", "Châlons-sur-Marne", "commune:51108", "renamed", date(1997, 11, 1))
    ]


def test_restored_commune_is_itself_again_and_came_from_the_one_that_it_left():
    assert links_of("76489") == []
    assert links_of("76533") == [Link("commune", "76533", "Rogerville", "commune:76489", "split", date(1980, 1, 1))]


def test_who_joined_before_a_split_and_stayed_is_followed_to_the_one_that_stayed():
    assert links_of("76999") == [Link("commune", "76999", "Le Voisin", "commune:76533", "merged", date(1973, 1, 1))]


def test_new_department_on_the_day_of_a_merger_is_followed_when_the_days_differ():
    later = FILE.replace("32,2018-01-01,COM,44225", "32,2018-06-01,COM,44225")
    history = History(movements(later), today=TODAY)

    assert [link for link in history.links() if link.former_code == "49144"] == [
        Link("commune", "49144", "Freigné", "commune:44180", "recoded", date(2018, 1, 1))
    ]


def test_new_department_and_merger_on_one_day_are_one_journey():
    assert [(link.successor, link.event) for link in links_of("49144")] == [("commune:44180", "recoded")]


def test_first_days_are_those_of_new_and_restored_communes():
    days = History(movements(), today=TODAY).first_days()

    assert days == {"76476": date(2016, 1, 1), "76489": date(1980, 1, 1), "44180": date(2018, 1, 1)}


def test_commune_that_leads_nowhere_is_left_out():
    assert History(movements(), today={}).links() == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("MOD,DATE_EFF\n31,2016-01-01\n", 2),
        (FILE.replace("1997-11-01", "in 1997"), 13),
        (FILE.replace("COM,51108", "TOWN,51108", 1), 13),
    ],
)
def test_another_file_is_refused_with_its_line(text, line):
    with pytest.raises(NotMovements) as refused:
        movements(text)

    assert refused.value.line == line
