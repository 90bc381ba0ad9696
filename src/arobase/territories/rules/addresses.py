"""The French words by which kinds of territory stand in addresses: /territoires/commune/76351."""

from types import MappingProxyType

SLUGS = MappingProxyType(
    {
        "commune": "commune",
        "delegated": "commune-deleguee",
        "associated": "commune-associee",
        "arrondissement": "arrondissement",
        "department": "departement",
        "region": "region",
        "former-region": "ancienne-region",
        "epci": "epci",
        "collectivity": "collectivite",
    }
)
KINDS = MappingProxyType({slug: kind for kind, slug in SLUGS.items()})


def path_of(id: str) -> tuple[str, str]:
    """Slug and code of a territory, the two arguments of its address.

    >>> path_of("department:76")
    ('departement', '76')
    """
    kind, _, code = id.partition(":")
    return SLUGS[kind], code
