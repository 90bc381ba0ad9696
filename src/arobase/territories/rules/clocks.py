"""Whose clock a place lives by."""

from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# IANA time zones of the departments and collectivities overseas (tz database, zone.tab).
OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
    "989": "America/Mexico_City",
}
DEPARTMENT = 3  # characters of an overseas department's code


def zone_of(code: str) -> ZoneInfo:
    """The time zone of a commune or a department, by its code.

    >>> zone_of("97411").key, zone_of("974").key, zone_of("76").key
    ('Indian/Reunion', 'Indian/Reunion', 'Europe/Paris')
    """
    name = OVERSEAS.get(code[:DEPARTMENT])
    return ZoneInfo(name) if name else PARIS
