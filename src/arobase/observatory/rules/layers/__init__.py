"""From facts to verdicts: whom a territory stands on, layer by layer (docs/methodology/layers.md)."""

from datetime import date

from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.layers import mailboxes, pages, sites, zones
from arobase.observatory.rules.layers.reading import Reading
from arobase.observatory.rules.mail import Registrable, interpret
from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.rules.watched import Watched


def profile(
    web: DomainFacts | None,
    mail: DomainFacts | None,
    catalogue: Catalogue,
    *,
    registrable: Registrable,
    on: date,
    watched: Watched | None = None,
    country: str = "",
    is_page_anothers: bool = False,
) -> Profile:
    """The layers of one territory.

    web, mail    facts of the site's domain and of the mail domain, often the same; None where it has none or nobody
                 looked: the layers that it would tell are then unknown
    registrable  the part of a name that someone registered, by the public suffix list
    on           the day of which the profile tells
    watched      what a browser saw of the site, where one looked
    is_page_anothers  whether the page that was seen is not the one declared: the layers that it would tell are unknown
    country      of the territory, whose law holds over its own machines; where it is not told, the domain's ending may
    """
    layers: dict[Layer, LayerVerdict] = {}
    place = sites.Seen({})
    others: tuple[Held, ...] = ()
    if mail is not None:
        layers.update(_of_mail(Reading(mail, catalogue, registrable, country), web))
    if web is not None:
        reading = Reading(web, catalogue, registrable, country)
        place = sites.read(reading, is_page_anothers=is_page_anothers)
        layers |= {Layer.DNS: zones.name_servers(reading), **place.layers}
        seen = pages.third_parties(reading, watched) if not is_page_anothers else pages.of_another(reading)
        layers |= {**seen.layers, Layer.OFFICE: pages.joined(layers.get(Layer.OFFICE), seen.layers.get(Layer.OFFICE))}
        others = seen.others
    return Profile(on, layers, others, place.leads_to, place.through)


def _of_mail(reading: Reading, web: DomainFacts | None) -> dict[Layer, LayerVerdict]:
    domain, registrable = reading.facts.domain, reading.registrable
    facts = mailboxes.mail_facts(reading.facts, reading.catalogue)
    verdict = interpret(domain, facts, reading.catalogue, registrable=registrable, country=reading.country)
    found = mailboxes.layers(verdict, facts, reading)
    if web is not None and registrable(web.domain) == registrable(domain):
        return {**found, Layer.MAIL_DNS: zones.same(domain)}
    return {**found, Layer.MAIL_DNS: zones.name_servers(reading)}
