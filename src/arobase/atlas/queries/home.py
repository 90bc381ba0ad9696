"""What the first page says in figures: how many laureates are known, of how many, and the latest edition in short."""

from dataclasses import dataclass

from django.db.models import Count

from arobase.label.models import Award
from arobase.label.queries.awards import EditionShown, editions
from arobase.territories.models import Kind, Territory
from arobase.territories.rules.addresses import SLUGS
from arobase.territories.rules.names import intercommunal_name, typeset

LEVELS = range(5, 0, -1)
FOREMOST = 8


@dataclass(frozen=True, slots=True)
class Laureate:
    """A laureate of the latest edition, with the two arguments of its address."""

    name: str
    slug: str
    code: str
    level: int


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest edition of which laureates are known.

    by_level   (level, known laureates), from five down to one; those without a stated level are in `edition.known` only
    foremost   the best of them, the most populated first
    """

    edition: EditionShown
    by_level: tuple[tuple[int, int], ...]
    foremost: tuple[Laureate, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The figures of the first page.

    laureates   territories of today with at least one known award
    awards      known awards; `rewarded` published ones, in the `totalled` editions whose total is known, of which
                `known_there` are known
    """

    communes: int
    laureates: int
    awards: int
    known_there: int
    rewarded: int
    totalled: int
    first: int | None
    last: int | None
    latest: Latest | None

    @property
    def is_sample(self) -> bool:
        """Whether published awards are missing here."""
        return self.known_there < self.rewarded


def home() -> Home:
    """Everything that the first page shows."""
    all_editions = editions()
    with_awards = [edition for edition in all_editions if edition.known]
    totalled = [edition for edition in all_editions if edition.total is not None]
    return Home(
        communes=Territory.objects.filter(kind=Kind.COMMUNE, valid_to__isnull=True).count(),
        laureates=Award.objects.values("territory_id").distinct().count(),
        awards=sum(edition.known for edition in with_awards),
        known_there=sum(edition.known for edition in totalled),
        rewarded=sum(edition.total or 0 for edition in totalled),
        totalled=len(totalled),
        first=with_awards[0].label_year if with_awards else None,
        last=with_awards[-1].label_year if with_awards else None,
        latest=_latest(with_awards[-1]) if with_awards else None,
    )


def _latest(edition: EditionShown) -> Latest:
    of_edition = Award.objects.filter(edition_id=edition.label_year, level__isnull=False)
    counts = dict(of_edition.order_by().values_list("level").annotate(number=Count("pk")))
    rows = of_edition.select_related("territory").order_by("-level", "-territory__population", "territory_id")
    foremost = tuple(_laureate(award) for award in rows[:FOREMOST])
    return Latest(edition, tuple((level, counts[level]) for level in LEVELS if level in counts), foremost)


def _laureate(award: Award) -> Laureate:
    territory = award.territory
    name = intercommunal_name(territory.name) if territory.kind == Kind.EPCI else typeset(territory.name)
    return Laureate(name, SLUGS[territory.kind], territory.code, award.level or 0)
