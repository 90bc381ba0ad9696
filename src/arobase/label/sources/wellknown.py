"""A short list of well-known laureates, each with its source: what the atlas shows while there is nothing more."""

from arobase.label.rules.lines import PrintedLine

_PALMARES_2008 = "banquedesterritoires « Palmarès des dixièmes labels » (24 novembre 2008)"
_RECORD_2009 = "banquedesterritoires « Record : seize communes » (15 décembre 2009)"
# year, territory, code, level, mention, source
_ROWS = (
    ("2001", "Parthenay", "79202", "5", "", "01net.com 2001 « Parthenay, une ville Internet 5 @@@@@ »"),
    ("2005", "Le Havre", "76351", "5", "", "lagazettedescommunes.com 2006"),
    ("2006", "Parthenay", "79202", "5", "", "lagazettedescommunes.com 2006"),
    ("2008", "Épinal", "88160", "5", "", _PALMARES_2008),
    ("2008", "Vannes", "56260", "5", "", _PALMARES_2008),
    ("2009", "Notre-Dame-de-Gravenchon", "", "5", "", _RECORD_2009),
    ("2009", "Saint-Martin-d’Hères", "38421", "5", "", _RECORD_2009),
    ("2011", "Narbonne", "11262", "5", "", "01net.com 2011"),
    ("2014", "Lille", "59350", "4", "", "lagazettefrance « Les Villes Internet se multiplient »"),
    ("2017", "Angers", "49007", "5", "", "france3-regions 2017"),
    ("2021", "Agen", "47001", "", "Territoire d’excellence numérique", "banquedesterritoires « 22e label »"),
    ("2022", "Les Abymes", "97101", "4", "", "actu-medias.info 2022"),
    ("2022", "CA du Centre Littoral", "249730045", "4", "", "actu-medias.info 2022"),
    ("2024", "Frontignan", "34108", "5", "", "lindependant.fr 2024"),
    ("2026", "Brétigny-sur-Orge", "91103", "3", "", "evasionfm.com 2026"),
)
_COLUMNS = ("year", "territory", "code", "level", "mention", "source")
WELL_KNOWN = tuple(
    PrintedLine(number, dict(zip(_COLUMNS, row, strict=True))) for number, row in enumerate(_ROWS, start=2)
)
