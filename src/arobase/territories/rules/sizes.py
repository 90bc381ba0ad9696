"""Population classes of communes, in one table."""

from dataclasses import dataclass

SOURCE = "Code général des collectivités territoriales, art. L. 2334-3 : groupes démographiques de communes, regroupés"


@dataclass(frozen=True, slots=True)
class SizeClass:
    """Communes of `at_least` inhabitants and fewer than `below` (None: no upper bound)."""

    slug: str
    at_least: int
    below: int | None

    def holds(self, population: int) -> bool:
        return self.at_least <= population and (self.below is None or population < self.below)


# Each bound is one of the law's fifteen groups; with a few hundred laureates a year, six classes keep more than a
# handful in each. The press counts laureates "above 100,000 inhabitants" (2006): the highest bound answers it.
SIZE_CLASSES = (
    SizeClass("moins-de-500", 0, 500),
    SizeClass("500-a-1999", 500, 2_000),
    SizeClass("2000-a-9999", 2_000, 10_000),
    SizeClass("10000-a-49999", 10_000, 50_000),
    SizeClass("50000-a-99999", 50_000, 100_000),
    SizeClass("100000-et-plus", 100_000, None),
)
NOT_A_COMMUNE = "intercommunalites-et-autres"  # EPCI, departments, regions: no class of communes fits them
UNKNOWN = "population-inconnue"
SIZES = (*(size.slug for size in SIZE_CLASSES), NOT_A_COMMUNE, UNKNOWN)


def size_of(population: int | None, *, is_commune: bool) -> str:
    """The slug of the class a laureate falls in.

    >>> size_of(10_000, is_commune=True), size_of(9_999, is_commune=True), size_of(80_000, is_commune=False)
    ('10000-a-49999', '2000-a-9999', 'intercommunalites-et-autres')
    """
    if not is_commune:
        return NOT_A_COMMUNE
    if population is None:
        return UNKNOWN
    return next(size.slug for size in SIZE_CLASSES if size.holds(population))
