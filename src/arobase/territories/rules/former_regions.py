"""The 22 regions of the metropole before 2016, with their departments.

Source: INSEE, Code officiel géographique au 1er janvier 2015; merged by law no. 2015-29 of 16 January 2015, in force
on 1 January 2016.
"""

from dataclasses import dataclass
from datetime import date

MERGED_ON = date(2016, 1, 1)
LAST_DAY = date(2015, 12, 31)


@dataclass(frozen=True)
class FormerRegion:
    """A region as it was on 31 December 2015; `link` is INSEE's TNCC."""

    code: str
    name: str
    link: int
    departments: tuple[str, ...]


def _region(code: str, name: str, link: int, departments: str) -> FormerRegion:
    return FormerRegion(code, name, link, tuple(departments.split()))


FORMER_REGIONS = (
    _region("11", "Île-de-France", 1, "75 77 78 91 92 93 94 95"),
    _region("21", "Champagne-Ardenne", 0, "08 10 51 52"),
    _region("22", "Picardie", 0, "02 60 80"),
    _region("23", "Haute-Normandie", 0, "27 76"),
    _region("24", "Centre", 2, "18 28 36 37 41 45"),
    _region("25", "Basse-Normandie", 0, "14 50 61"),
    _region("26", "Bourgogne", 0, "21 58 71 89"),
    _region("31", "Nord-Pas-de-Calais", 2, "59 62"),
    _region("41", "Lorraine", 0, "54 55 57 88"),
    _region("42", "Alsace", 1, "67 68"),
    _region("43", "Franche-Comté", 0, "25 39 70 90"),
    _region("52", "Pays de la Loire", 4, "44 49 53 72 85"),
    _region("53", "Bretagne", 0, "22 29 35 56"),
    _region("54", "Poitou-Charentes", 2, "16 17 79 86"),
    _region("72", "Aquitaine", 1, "24 33 40 47 64"),
    _region("73", "Midi-Pyrénées", 0, "09 12 31 32 46 65 81 82"),
    _region("74", "Limousin", 2, "19 23 87"),
    _region("82", "Rhône-Alpes", 0, "01 07 26 38 42 69 73 74"),
    _region("83", "Auvergne", 1, "03 15 43 63"),
    _region("91", "Languedoc-Roussillon", 2, "11 30 34 48 66"),
    _region("93", "Provence-Alpes-Côte d'Azur", 0, "04 05 06 13 83 84"),
    _region("94", "Corse", 0, "2A 2B"),
)
REGION_BEFORE_2016 = {department: region.code for region in FORMER_REGIONS for department in region.departments}
