"""Which set of subjects a page is about: communes, or one of the others, as its address says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from arobase.observatory.models import About, Campaign, CampaignState
from arobase.observatory.queries.dependence import Dependence, Origin, dependence
from arobase.observatory.rules.services import SERVICES
from arobase.observatory.sources import study
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.wording import origin_name, service_name, subjects_named

SET = "jeu"


@dataclass(frozen=True)
class Named:
    """A set that can be chosen."""

    slug: str
    title: str


@dataclass(frozen=True)
class Known:
    """Of how many subjects it is known whom a service needs, and from where."""

    service: str
    known: int
    origins: Sequence[tuple[str, int]]


def titles() -> dict[str, str]:
    """What each set is called."""
    return {
        **{about.value: str(about.label) for about in About},
        study.SLUG: _("100 000 sites les plus visités du monde en 2020 (étude IMC 2020)"),
    }


def sets() -> list[Named]:
    """The sets that there is something to show of; communes always."""
    shown = set(Campaign.objects.filter(state=CampaignState.PUBLISHED).values_list("about", flat=True).distinct())
    here = {About.COMMUNES.value, *shown, *([study.SLUG] if study.is_here() else [])}
    return [Named(slug, title) for slug, title in titles().items() if slug in here]


def set_of(request: HttpRequest) -> Dependence:
    """The set that the address names, communes where it names none. Raises Http404."""
    slug = request.GET.get(SET) or About.COMMUNES.value
    if slug == study.SLUG and (found := study.study()):
        return found
    if slug not in About.values:
        raise Http404(slug)
    return dependence(catalogue(), About(slug))


def said_of(on: Dependence) -> dict[str, Any]:
    """What a page says of its set: how many, known from where, on which day."""
    known = [Known(service_name(kind), int(on.known(kind).sum()), _origins(on, kind)) for kind in on.of_kind]
    is_ground = on.slug == About.COMMUNES
    return {
        "set": Named(on.slug, titles()[on.slug]),
        "is_communes": is_ground,
        "subjects": subjects_named(on.slug, len(on.subjects)),
        "known": known,
        "unknown": [service_name(kind) for kind in SERVICES if kind not in on.of_kind] if is_ground else [],
        "on": on.on,
        "peopleless": int((~on.is_peopled).sum()) if on.is_peopled.any() else 0,
        "counts_people": on.counts_people,
        "hostless": 0 if on.slug == study.SLUG else on.hostless,
        "is_invented": on.slug == About.TRIAL,
        "is_study": on.slug == study.SLUG,
        "source": on.source,
        "directory": on.sources.get(Origin.DECLARED),
        "needs_set": "" if is_ground else on.slug,
    }


def _origins(on: Dependence, kind: str) -> list[tuple[str, int]]:
    counted = on.counted(kind)
    return [(origin_name(origin, on), counted[origin]) for origin in Origin if counted.get(origin)]
