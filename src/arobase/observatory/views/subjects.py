"""The page of one subject: what it stands on, what would break it, what to mend first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.observatory.models import About, OfficialDomain, Purpose
from arobase.observatory.queries import criteria_phrases, plan_phrases
from arobase.observatory.queries.dependence import Dependence, Origin, dependence
from arobase.observatory.queries.follow import changes, follow_of
from arobase.observatory.queries.outdated import outdated, outdated_said
from arobase.observatory.queries.phrases import because
from arobase.observatory.queries.standings import Seen, alike, criteria_met, seen, weak_points
from arobase.observatory.rules.criteria.finding import Finding, Met
from arobase.observatory.rules.criteria.judge import judge
from arobase.observatory.rules.criteria.presence import Presence
from arobase.observatory.rules.needs import names_in
from arobase.observatory.rules.plan import Measure, plan
from arobase.observatory.rules.profile import Certainty, Held, Layer, LayerVerdict, State
from arobase.observatory.rules.services import ZONE
from arobase.observatory.sources.alternatives import alternatives
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.follow.phrases import changed
from arobase.observatory.views.formula import formula_of
from arobase.observatory.views.outages import query_of
from arobase.observatory.views.sets import SET, said_of
from arobase.observatory.views.wording import (
    announcers_said,
    certainty_name,
    country_name,
    criteria_said,
    failure_name,
    law_name,
    layer_name,
    met_name,
    origin_name,
    owner_name,
    service_name,
)
from arobase.territories.models import Kind, Territory
from arobase.territories.rules.names import of_place
from arobase.web.access import ANYONE, open_to

FIRST_MEASURES = 5
RECENT = 10


@dataclass(frozen=True)
class HolderRow:
    """Who holds a layer, in words."""

    name: str
    owner: str
    law: str
    where: str
    certainty: str
    sentences: Sequence[str]
    query: str


@dataclass(frozen=True)
class LayerRow:
    """A layer: who holds it, or why nobody can be named."""

    name: str
    state: State
    holders: Sequence[HolderRow]
    sentences: Sequence[str]
    until: object


@dataclass(frozen=True)
class FindingRow:
    """A criterion, judged, in words."""

    code: str
    title: str
    met: Met
    says: str
    sentence: str
    remedy: str
    publish: Sequence[str]


@dataclass(frozen=True)
class MeasureRow:
    """A measure of the plan, in words."""

    what: str
    why: Sequence[str]
    how: Sequence[str]
    publish: Sequence[str]
    alternatives: Sequence[str]
    effort: int
    effect: int


@dataclass(frozen=True)
class WeakRow:
    """What breaks a service alone and what must fail together.

    origin  from where it is known what the service needs; empty where the page says it already
    """

    service: str
    alone: Sequence[str]
    together: Sequence[str]
    origin: str


@open_to(ANYONE)
@require_safe
def commune(request: HttpRequest, code: str) -> HttpResponse:
    """What a commune stands on."""
    territory = get_object_or_404(Territory, kind=Kind.COMMUNE, code=code, valid_to__isnull=True)
    on = dependence(catalogue(), About.COMMUNES)
    found = seen(territory.pk, About.COMMUNES)
    declared = OfficialDomain.objects.filter(territory=territory, until__isnull=True).order_by("-purpose")
    context = {
        **said_of(on),
        **_told(found, on),
        "weak": _weak(territory.pk, on),
        "territory": territory,
        "code": territory.code,
        **follow_of(territory.pk, request.user),
        "changes": [(one, changed(one, on.catalogue)) for one in changes().filter(territory=territory)[:RECENT]],
        "name": territory.name,
        "page_of": _("La page %(of_name)s")
        % {"of_name": of_place(territory.name, territory.name_link), "name": territory.name},
        "declared": declared,
        "undeclared": _undeclared(declared),
        "outdated": [outdated_said(one) for one in outdated(found, declared)] if found else [],
        "earlier": OfficialDomain.objects.filter(territory=territory, until__isnull=False).order_by("-until")[:RECENT],
        "otherwise": _otherwise(territory.pk, on),
        "declared_criteria": [] if found else _of_declared(declared),
        "alike": alike(territory, found.campaign) if found else None,
    }
    return render(request, "observatory/subject.html", context)


@open_to(ANYONE)
@require_safe
def subject(request: HttpRequest, domain: str) -> HttpResponse:
    """What a subject of another set stands on. Raises Http404 when it was never looked at."""
    if domain != domain.lower():  # names are the same in capitals, addresses are not: one page, one address
        return redirect(f"{reverse('observatory_subject', args=[domain.lower()])}{_query(request)}", permanent=True)
    slug = request.GET.get(SET, "")
    if slug not in About.values or slug == About.COMMUNES:
        raise Http404(slug)
    on = dependence(catalogue(), About(slug))
    found = seen(domain, About(slug))
    if found is None:
        raise Http404(domain)
    told = {**_told(found, on), "weak": _weak(domain, on)}
    context = {**said_of(on), **told, "name": found.standing.name, "domain": domain}
    return render(request, "observatory/subject.html", context)


def _query(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _otherwise(id: str, on: Dependence) -> list[tuple[str, str, str]]:
    """What is known of services without a measure of ours: service, providers, from where."""
    return [
        (
            service_name(on.graph.services[at].service),
            ", ".join(failure_name(name, on) for name in dict.fromkeys(names_in(on.graph.services[at].needs))),
            origin_name(on.origins[at], on),
        )
        for at in on.services_of(id)
        if on.origins[at] is not Origin.MEASURED
    ]


def _undeclared(declared: Iterable[OfficialDomain]) -> list[str]:
    """What the directory does not give of a territory of which it gives something."""
    given = {one.purpose for one in declared}
    return [service_name(purpose) for purpose in Purpose if given and purpose not in given]


def _of_declared(declared: Iterable[OfficialDomain]) -> list[FindingRow]:
    """The State's criteria as far as declarations alone tell them; what the directory does not give is unknown."""
    told = {one.purpose: one for one in declared}
    site, mail = told.get(Purpose.WEB), told.get(Purpose.MAIL)
    presence = Presence(site.address if site else None, mail.host if mail else None)
    judged = judge(presence, catalogue(), registrable=registrable)
    return [_finding(one) for one in judged.findings.values() if one.met is not Met.UNKNOWN]


def _told(found: Seen | None, on: Dependence) -> dict[str, Any]:
    """Everything that a campaign says of a subject, in words."""
    if found is None:
        return {"seen": None}
    codes = {finding.criterion: finding for finding in found.findings}
    measures = [measure_row(one) for one in measures_of(found)]
    before = _("%(layer)s, avant la redirection")
    state = [_finding(one) for code, one in codes.items() if code[0].isdigit()]
    return {
        "seen": found,
        "standing": found.standing,
        "formula": formula_of(found),
        "announcers": announcers_said(found.campaign.figures.get("networks", {})),
        "leads_to": found.profile.leads_to,
        "layers": [
            *(layer_row(layer, found.profile.layer(layer), on) for layer in Layer),
            *(layer_row(layer, one, on, template=before) for layer, one in found.profile.through.items()),
        ],
        "site_criteria": [one for one in state if one.code.startswith("1.")],
        "mail_criteria": [one for one in state if one.code.startswith("2.")],
        "other_criteria": [_finding(one) for code, one in codes.items() if not code[0].isdigit()],
        "levels": [(level, met, met_name(met)) for level, met in found.levels.items()],
        "criteria_said": criteria_said(criteria_met(found.standing)),
        "first_measures": measures[:FIRST_MEASURES],
        "more_measures": measures[FIRST_MEASURES:],
    }


def measures_of(found: Seen) -> tuple[Measure, ...]:
    """What this subject should do, what comes first first."""
    return plan(found.findings, found.profile, alternatives())


def layer_row(layer: Layer, verdict: LayerVerdict, on: Dependence, *, template: str = "%(layer)s") -> LayerRow:
    """A layer in words."""
    return LayerRow(
        template % {"layer": layer_name(layer)},
        verdict.state,
        [_holder(layer, one, on) for one in verdict.held],
        [because(one, on.catalogue) for one in verdict.because],
        verdict.until,
    )


def _holder(layer: Layer, held: Held, on: Dependence) -> HolderRow:
    owners = on.catalogue.owners(held.provider)
    serves = Layer.DNS if layer is Layer.MAIL_DNS else layer
    node = f"{serves}:{held.provider}"
    return HolderRow(
        on.name(node),
        " → ".join(map(owner_name, owners)),
        law_name(held.law),
        ", ".join(map(country_name, held.countries)),
        "" if held.certainty is Certainty.SURE else certainty_name(held.certainty),
        [because(one, on.catalogue) for one in held.because],
        query_of(on, [node]) if node in on.graph.number else "",
    )


def _finding(one: Finding) -> FindingRow:
    return FindingRow(
        one.criterion if one.criterion[0].isdigit() else "",
        criteria_phrases.title(one.criterion),
        one.met,
        met_name(one.met),
        criteria_phrases.sentence(one),
        criteria_phrases.remedy(one) if one.met is Met.NOT_MET else "",
        one.publish,
    )


def measure_row(one: Measure) -> MeasureRow:
    """A measure in words."""
    return MeasureRow(
        plan_phrases.what(one),
        plan_phrases.why(one, catalogue()),
        plan_phrases.how(one),
        one.publish,
        [plan_phrases.alternative(other) for other in one.alternatives],
        one.estimate.effort,
        one.estimate.effect,
    )


def _weak(id: str, on: Dependence) -> list[WeakRow]:
    """By service: what breaks it alone, and what must fail together.

    Operators' zones are left out: they break with whoever serves them, who is named.
    """
    return [
        WeakRow(
            service_name(one.service),
            _named([cut for cut in cuts if len(cut) == 1], on),
            _named([cut for cut in cuts if len(cut) > 1], on),
            "" if one.origin is Origin.MEASURED or on.slug != About.COMMUNES else origin_name(one.origin, on),
        )
        for one in weak_points(id, on)
        for cuts in [[cut for cut in one.cuts if not any(name.startswith(f"{ZONE}:") for name in cut)]]
    ]


def _named(cuts: Iterable[Iterable[str]], on: Dependence) -> list[str]:
    return [" + ".join(failure_name(one, on) for one in sorted(cut)) for cut in cuts]
