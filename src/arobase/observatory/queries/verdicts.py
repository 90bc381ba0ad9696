"""Every verdict that is known of a set, one by one: a campaign's, and where it says nothing what is known otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from arobase.observatory.models import About, Campaign
from arobase.observatory.queries.dependence import Dependence, Origin, published
from arobase.observatory.queries.follow import left_out, left_out_domains
from arobase.observatory.rules.companies import SELF, law_of, national
from arobase.observatory.rules.needs import Service, names_in
from arobase.observatory.rules.profile import Layer, State
from arobase.observatory.rules.services import LAYERS, MAIL


@dataclass(frozen=True)
class Verdict:
    """One provider of one layer of one subject; an empty provider where nobody holds it.

    held       what is told of the provider, as a profile keeps it (rules/profile.Held)
    index      of sovereignty, from 0 to 1, of the whole subject
    source     whose facts or verdict, empty where they are our own
    day        of the facts, or of the file that declares
    """

    subject: str
    name: str
    site: str
    mail: str
    layer: str
    state: str
    held: Mapping[str, Any]
    index: float | None
    origin: Origin
    source: str
    day: date | None


def verdicts(on: Dependence) -> Iterator[Verdict]:
    """All that is known of a set, by subject: first what its campaign saw, then what is known otherwise."""
    campaign = published(About(on.slug))
    if campaign:
        yield from _of_campaign(campaign, on)
    if on.slug == About.COMMUNES:
        yield from _otherwise(on)


def counted(on: Dependence) -> int:
    """Of how many subjects some verdict is known."""
    return len(set(on.subject_of.tolist()))


def _of_campaign(campaign: Campaign, on: Dependence) -> Iterator[Verdict]:
    origin = Origin.MEASURED if on.slug == About.COMMUNES else next(iter(on.sources))  # others have one source
    shown = campaign.standings.order_by("subject").defer("wires", "criteria")
    shown = shown.exclude(territory_id__in=left_out()).exclude(subject__in=left_out_domains())
    for one in shown.iterator(chunk_size=500):
        whose = (one.index, origin, campaign.source, campaign.began_at.date())
        for layer, verdict in one.profile["layers"].items():
            if verdict["state"] == State.UNKNOWN:
                continue  # what is missing is unknown
            for held in verdict["held"] or [{}]:
                yield Verdict(one.subject, one.name, one.site, one.mail, layer, verdict["state"], held, *whose)


def _otherwise(on: Dependence) -> Iterator[Verdict]:
    """What addresses, recorded facts and others tell of communes where our campaign does not."""
    for at, service in enumerate(on.graph.services):
        origin = on.origins[at]
        if origin is Origin.MEASURED:
            continue
        subject, source = on.subjects[int(on.subject_of[at])], on.sources.get(origin)
        whose = (None, origin, source.name if source else "", source.day if source else None)
        for layer, slug in _holders(service):
            held = _held(slug, subject.mail, on)
            yield Verdict(subject.id, subject.name, subject.site, subject.mail, layer, State.FOUND, held, *whose)


def _holders(service: Service) -> list[tuple[str, str]]:
    """Layer and slug of each provider that a service names, once; names that mail needs are its own domain's."""
    pairs = (node.partition(":") for node in dict.fromkeys(names_in(service.needs)))
    own = {Layer.DNS: Layer.MAIL_DNS} if service.service == MAIL else {}
    return [(own.get(Layer(layer), layer), slug) for layer, _colon, slug in pairs if layer in LAYERS]


def _held(slug: str, domain: str, on: Dependence) -> dict[str, Any]:
    """A provider as a profile keeps it; a node that is named after the subject's own domain is the subject itself."""
    if slug == domain:
        country = national(domain)
        return {"provider": SELF, "law": str(law_of(country)), "owner_country": country}
    country = on.catalogue.country_of(slug, own="")
    return {"provider": slug, "law": str(on.catalogue.law(slug)), "owner_country": country}
