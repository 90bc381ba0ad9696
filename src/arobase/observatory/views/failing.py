"""What can be made to fail, and what an address makes fail."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from arobase.observatory.queries.dependence import Dependence
from arobase.observatory.queries.failures import called, near
from arobase.observatory.queries.overview import Reach, kind_of, overview
from arobase.observatory.views.wording import failure_name

FIRST_CHOICES = 12
MOST_CHOICES = 60  # of one sort; others are reached by their name
MOST_NEAR = 5
FAILS, NAMED = "tombe", "nom"


@dataclass(frozen=True)
class Asked:
    """What an address makes fail.

    failures  what fails: ticked and known, then what the typed name means
    unknown   what is ticked, and nothing here is called so
    typed     the name as it was typed
    meant     what that may mean, the likeliest first
    near      what is called nearly so, where nothing is called so
    """

    failures: Sequence[str]
    unknown: Sequence[str]
    typed: str
    meant: Sequence[str]
    near: Sequence[str]

    @property
    def is_typed_in_vain(self) -> bool:
        return bool(self.typed and not self.meant)

    @property
    def is_in_vain(self) -> bool:
        """Whether something is asked for that is not here."""
        return bool(self.unknown) or self.is_typed_in_vain


@dataclass(frozen=True)
class Choice:
    """Something that can be made to fail, ticked or not; who loses or misses something, where that was counted."""

    failure: str
    name: str
    towns: int
    degraded: int
    is_chosen: bool


@dataclass(frozen=True)
class Choices:
    """What can be made to fail, of one sort."""

    title: str
    choices: Sequence[Choice]

    @property
    def is_open(self) -> bool:
        return any(one.is_chosen for one in self.choices)


def asked_to_fail(request: HttpRequest, on: Dependence) -> Asked:
    """What the address makes fail: ticked, or typed by its name."""
    ticked = [one for one in dict.fromkeys(request.GET.getlist(FAILS)) if one]
    typed = request.GET.get(NAMED, "").strip()
    meant = called(typed, on) if typed else []
    known = [one for one in ticked if on.graph.can_fail(one)]
    return Asked(
        list(dict.fromkeys([*known, *meant[:1]])),
        [one for one in ticked if one not in known],
        typed,
        meant,
        near(typed, on, at_most=MOST_NEAR) if typed and not meant else [],
    )


def choices(chosen: Sequence[str], on: Dependence) -> list[Choices]:
    """What can fail: those that would take most first, the others by sort, folded away unless one of them is ticked."""
    reaches = overview(on).reaches
    made = {one.failure: _choice(one, chosen, on) for one in reaches}
    asked = [Choice(one, failure_name(one, on), 0, 0, True) for one in chosen if one not in made]
    few = {"place", "system"}  # told of those alone whose addresses are known
    first = [one for one in made.values() if kind_of(one.failure) not in few][:FIRST_CHOICES]
    sorts = {
        "provider": _("D’autres prestataires, en entier"),
        "layer": _("Une couche d’un prestataire"),
        "group": _("Groupes"),
        "country": _("Pays dont le droit s’applique"),
        "place": _("Pays où sont enregistrées les adresses"),
        "system": _("Réseaux (systèmes autonomes)"),
        "authority": _("Autorités de certification"),
    }
    rest = [one for one in made.values() if one not in first]
    by_sort = {sort: [one for one in rest if kind_of(one.failure) == sort] for sort in sorts}
    more = [Choices(title, _cut(by_sort[sort])) for sort, title in sorts.items() if by_sort[sort]]
    return [Choices("", [*asked, *first]), *more]


def _choice(one: Reach, chosen: Sequence[str], on: Dependence) -> Choice:
    name = failure_name(one.failure, on)
    return Choice(one.failure, name, one.towns, one.degraded, one.failure in chosen)


def _cut(choices: Sequence[Choice]) -> list[Choice]:
    return [one for at, one in enumerate(choices) if at < MOST_CHOICES or one.is_chosen]
