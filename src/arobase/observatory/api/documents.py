"""What the API answers: plain documents made from queries, every figure with n, day and origin."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from arobase.observatory.models import About, Campaign, OfficialDomain, OptOut
from arobase.observatory.queries import criteria_phrases
from arobase.observatory.queries.concentration import Concentration
from arobase.observatory.queries.dependence import Dependence, Origin
from arobase.observatory.queries.holders import holders
from arobase.observatory.queries.outages import Loss, Outage, Toll
from arobase.observatory.queries.outdated import outdated
from arobase.observatory.queries.phrases import because
from arobase.observatory.queries.standings import Seen
from arobase.observatory.rules.evidence import Evidence
from arobase.observatory.rules.needs import names_in
from arobase.observatory.rules.needs import told as as_json
from arobase.observatory.rules.profile import Held, Layer, LayerVerdict
from arobase.observatory.rules.providers import Catalogue
from arobase.territories.models import Territory

Document = dict[str, Any]


def origin_of(on: Dependence) -> Document:
    """Which set, of how many, of what day and from whom, and of how many each service is known from where."""
    counted = {origin for kind in on.of_kind for origin in on.counted(kind)}
    sources = {origin: source for origin, source in on.sources.items() if origin in counted}
    day = on.on or max((one.day for one in sources.values()), default=None)
    return {
        "set": on.slug,
        "n": len(on.subjects),
        "day": day.isoformat() if day else None,
        "source": on.source or "; ".join(one.name for one in sources.values() if one.name) or None,
        "sources": {
            str(origin): {"source": one.name or None, "day": one.day.isoformat()} for origin, one in sources.items()
        },
        "known": {
            kind: {
                "n": int(on.known(kind).sum()),
                "origins": {str(origin): n for origin, n in sorted(on.counted(kind).items())},
            }
            for kind in on.of_kind
        },
    }


def concentration(one: Concentration, on: Dependence) -> Document:
    """How a layer is shared out in one region, or in the set as a whole."""
    slug, count = one.first or ("", 0)
    return {
        "layer": str(one.layer),
        "region": one.region,
        "region_name": on.regions.get(one.region, one.region) if one.region else None,
        "subjects": one.subjects,
        "known": one.known,
        "hhi": one.index,
        "largest": {str(k): share for k, share in one.largest.items()},
        "first": {**named(slug, on.catalogue), "subjects": count} if one.first else None,
    }


def standing(found: Seen, on: Dependence) -> Document:
    """Everything that a campaign says of a subject."""
    campaign, kept = found.campaign, found.standing
    return {
        "state": "measured",
        "campaign": {
            "number": campaign.pk,
            "day": campaign.began_at.date().isoformat(),
            "rules": campaign.rules,
            "n": campaign.figures.get("n", 0),
            "origin": str(_origin(campaign)),
            "source": campaign.source or None,
            "networks": campaign.figures.get("networks"),
        },
        "site": kept.site,
        "mail": kept.mail,
        "population": kept.population,
        "layers": [_layer(layer, found.profile.layer(layer), on.catalogue) for layer in Layer],
        "leads_to": found.profile.leads_to or None,
        "through": [_layer(layer, one, on.catalogue) for layer, one in found.profile.through.items()],
        "criteria": [
            {
                "criterion": one.criterion,
                "title": criteria_phrases.title(one.criterion),
                "met": str(one.met),
                "sentence": criteria_phrases.sentence(one),
                "seen": list(one.seen),
            }
            for one in found.findings
        ],
        "levels": {level: str(met) for level, met in found.levels.items()},
        "watched_on": found.watched_on.isoformat() if found.watched_on else None,
        "index": {"value": kept.index, "known_share": kept.known_share},
    }


def _origin(campaign: Campaign) -> Origin:
    if campaign.about == About.TRIAL:
        return Origin.INVENTED
    return Origin.RECORDED if campaign.source else Origin.MEASURED


def _layer(layer: Layer, verdict: LayerVerdict, catalogue: Catalogue) -> Document:
    return {
        "layer": str(layer),
        "state": str(verdict.state),
        "until": verdict.until.isoformat() if verdict.until else None,
        "held": [_held(one, catalogue) for one in verdict.held],
        "because": [_evidence(one, catalogue) for one in verdict.because],
    }


def _held(one: Held, catalogue: Catalogue) -> Document:
    return {
        **named(one.provider, catalogue),
        "law": str(one.law),
        "owner_country": one.owner_country or None,
        "server_countries": list(one.countries),
        "systems": list(one.systems),
        "hosts": list(one.hosts),
        "certainty": str(one.certainty),
        "because": [_evidence(piece, catalogue) for piece in one.because],
    }


def _evidence(one: Evidence, catalogue: Catalogue) -> Document:
    return {"reason": str(one.reason), "seen": one.seen, "sentence": because(one, catalogue)}


def named(slug: str, catalogue: Catalogue) -> Document:
    """A provider with its owners, the last one last."""
    known = catalogue.providers.get(slug)
    owners = [{"name": one.name, "country": one.country} for one in catalogue.owners(slug)]
    return {"provider": slug, "name": known.name if known else slug, "owners": owners}


def commune(territory: Territory, found: Seen | None, on: Dependence) -> Document:
    """A commune: what it declares, what is known of it otherwise, and what our campaign saw where there is one."""
    told: Document = {
        "id": territory.pk,
        "code": territory.code,
        "name": territory.name,
        "population": territory.population,
    }
    opt_out = OptOut.objects.filter(territory=territory, until__isnull=True).first()
    if opt_out:
        return {**told, "state": "opted-out", "since": opt_out.since.isoformat()}
    declared = OfficialDomain.objects.filter(territory=territory, until__isnull=True).order_by("purpose", "host")
    told["declared"] = [
        {
            "purpose": str(one.purpose),
            "host": one.host,
            "address": one.address or None,
            "source": one.source,
            "since": one.since.isoformat(),
        }
        for one in declared
    ]
    told["otherwise"] = [
        {
            "service": one.service,
            "needs": as_json(one.needs),
            "providers": [_failure(name, on) for name in dict.fromkeys(names_in(one.needs))],
            "origin": str(on.origins[at]),
        }
        for at, one in enumerate(on.graph.services)
        if one.territory == territory.pk and on.origins[at] is not Origin.MEASURED
    ]
    if not found:
        return {**told, "state": "not-measured"}
    stale = [
        {"purpose": str(one.purpose), "measured": one.measured, "since": one.since.isoformat() if one.since else None}
        for one in outdated(found, declared)
    ]
    return {**told, "outdated": stale, **standing(found, on)}


def providers(on: Dependence, *, layer: str | None) -> list[Document]:
    """Every provider that some service names, the one that most name first; of one layer where it is given."""
    rows = []
    for slug, layers in holders(on).items():
        counted = {name: _subjects(numbers, on) for name, numbers in layers.items() if layer in {None, name}}
        if counted:
            rows.append({**named(slug, on.catalogue), "law": str(on.catalogue.law(slug)), "layers": counted})
    if layer:
        rows.sort(key=lambda row: (-row["layers"][layer]["subjects"], row["provider"]))
    return rows


def _subjects(numbers: Sequence[int], on: Dependence) -> Document:
    origins = Counter(str(on.origins[at]) for at in numbers)
    return {"subjects": len({int(on.subject_of[at]) for at in numbers}), "origins": dict(sorted(origins.items()))}


def dependents(layers: Mapping[str, Sequence[int]], on: Dependence) -> list[tuple[str, int]]:
    """Layer and number of every service that names a provider."""
    return [(layer, at) for layer, numbers in layers.items() for at in numbers]


def dependent(layer: str, at: int, on: Dependence) -> Document:
    """Who depends, by which service."""
    return {
        **_subject_at(at, on),
        "layer": layer,
        "service": on.graph.services[at].service,
        "origin": str(on.origins[at]),
    }


def _subject_at(at: int, on: Dependence) -> Document:
    one = on.subjects[int(on.subject_of[at])]
    return {"id": one.id, "code": one.code or None, "name": one.name, "population": one.population}


def outage(shown: Outage) -> Document:
    """What an outage takes, in figures."""
    return {
        "fails": [_failure(one, shown.on) for one in shown.failures],
        "service": shown.kind,
        "services": {
            kind: {
                "lost": _toll(shown.tolls[kind]),
                "degraded": _toll(shown.degraded_tolls[kind]),
                "redundant": _toll(shown.redundant_tolls[kind]),
                "indirect": _toll(shown.indirect_tolls[kind]),
            }
            for kind in shown.tolls
        },
        "simulation": True,
    }


def _failure(failure: str, on: Dependence) -> Document:
    return {"failure": failure, "name": on.name(failure)}


def _toll(toll: Toll) -> Document:
    return {
        "subjects": toll.towns,
        "inhabitants": toll.inhabitants if toll.known_inhabitants else None,
        "of_known": toll.known,
        "of_known_inhabitants": toll.known_inhabitants or None,
    }


def loss(one: Loss) -> Document:
    """A service that is lost or degraded, with the chain that explains it."""
    return {
        "id": one.subject.id,
        "code": one.subject.code or None,
        "name": one.subject.name,
        "population": one.subject.population,
        "service": one.service,
        "effect": "lost" if one.is_lost else "degraded",
        "why": list(one.why),
        "direct": one.is_direct,
        "until": one.until.isoformat() if one.until else None,
        "origin": str(one.origin),
    }
