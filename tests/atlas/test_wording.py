"""Where an area is, in French, over names of every sort; rates as a person reads them."""

from fractions import Fraction

import pytest
from django.utils import translation

from arobase.atlas.rules.dynamics import Partial
from arobase.atlas.rules.wording import in_area
from arobase.atlas.views import wording


@pytest.mark.parametrize(
    ("kind", "name", "link", "phrase"),
    [
        ("region", "Bretagne", 0, "en Bretagne"),
        ("region", "Grand Est", 2, "dans le Grand Est"),
        ("region", "Pays de la Loire", 4, "dans les Pays de la Loire"),
        ("region", "Mayotte", 0, "à Mayotte"),
        ("former-region", "Limousin", 2, "en Limousin"),
        ("former-region", "Nord-Pas-de-Calais", 2, "dans le Nord-Pas-de-Calais"),
        ("department", "Seine-Maritime", 3, "dans la Seine-Maritime"),
        ("department", "Isère", 5, "dans l’Isère"),
        ("department", "Eure-et-Loir", 1, "en Eure-et-Loir"),
        ("department", "Paris", 0, "à Paris"),
        ("department", "Haute-Corse", 3, "en Haute-Corse"),
        ("epci", "CU Le Havre Seine Métropole", 0, "dans la communauté urbaine Le Havre Seine Métropole"),
        ("epci", "Eurométropole de Strasbourg", 0, "dans l’Eurométropole de Strasbourg"),
        ("epci", "Bordeaux Métropole", 0, "à Bordeaux Métropole"),
        ("collectivity", "Wallis et Futuna", 0, "à Wallis et Futuna"),
    ],
)
def test_area_joins_a_french_sentence(kind: str, name: str, link: int, phrase: str) -> None:
    assert in_area(name, kind=kind, link=link) == phrase


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 8), "0,13"),  # halves upwards
        (Fraction(1_234_567, 1), "1 234 567,00"),
        (Fraction(0), "0,00"),
        (None, "–"),
        (Partial(12, 226), "12 connus sur 226"),
        (Partial(0, None), "0 connu, total non publié"),
    ],
)
def test_rate_is_rounded_once_or_says_why_not(value: Fraction | Partial | None, shown: str) -> None:
    with translation.override("fr"):
        assert wording.rate(value).replace("\xa0", " ").replace("\u202f", " ") == shown
