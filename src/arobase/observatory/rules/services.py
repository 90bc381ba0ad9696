"""The services of a town, and what each needs: read off its profile, layer by layer.

Any one of the name servers is enough; a site needs its names, everything that stands in front of it and its host, and
where it leads to a page under another's name, that name and whatever serves the redirect besides; mail
needs its domain's names, a way in (any one of the filters, or the mailboxes' own exchangers) and the mailboxes. What a
page asks of third parties only degrades it. An authority that fails stops renewals, not pages: degraded, until the
certificate ends.

Names of nodes: `layer:slug` for a provider in one layer (layers of one company fail apart), `as:16276` for an
autonomous system, `place:FR` for a country in which servers' addresses are registered, `zone:example.net` for the names
of an operator's own servers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from arobase.observatory.rules.companies import SELF, Law, names_a_host
from arobase.observatory.rules.evidence import OF_ACCOUNTS, OF_EXCHANGERS
from arobase.observatory.rules.needs import NOTHING, All, Any, Need, Provider, Service, Told, of_told, told
from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Catalogue, Sign

WEB, MAIL, NAMES = "web", "mail", "names"
SERVICES = (WEB, MAIL, NAMES)
# What a visitor misses when it is gone. Analytics are left out: nobody misses them; of an office suite a page misses
# the documents that it embeds, not the suite with which those who keep it work.
SOFT = (
    Layer.LIBRARIES,
    Layer.FONTS,
    Layer.MAPS,
    Layer.VIDEO,
    Layer.CAPTCHA,
    Layer.CONSENT,
    Layer.CHAT,
    Layer.OFFICE,
    Layer.SOCIAL,
)
SYSTEM, PLACE, ZONE = "as", "place", "zone"
LAYERS = frozenset(str(layer) for layer in Layer)


@dataclass(frozen=True)
class Names:
    """How names are cut, by the public suffix list.

    registrable  the part that someone registered, or was given below a platform's domain (`ville.github.io`)
    zone         the part that a registry delegated: all customers of a platform share its name servers (`github.io`)
    """

    registrable: Callable[[str], str]
    zone: Callable[[str], str]


def services_of(subject: str, site: str, mail: str, profile: Profile, *, names: Names) -> list[Service]:
    """The services that are known of a subject; a service whose layers are unknown is left out, not taken as standing.

    A site that was visited is known as far as what stands in front and what its page asks; its host may be unknown.

    site, mail  domains, by which what is the subject's own is called
    """
    made, posted = _Wiring(site, names), _Wiring(mail, names)
    named = made.any_of(Layer.DNS, profile)
    front, host = made.all_of(Layer.CDN, profile), made.any_of(Layer.HOSTING, profile)
    found = []
    if named:
        found.append(Service(subject, NAMES, named, (), made.laws(profile, Layer.DNS)))
    is_seen = profile.layer(Layer.CDN).state is not State.UNKNOWN
    if front or host or is_seen:
        missed = [name for layer in (*SOFT, Layer.CA) for name in made.soft(layer, profile.layer(layer))]
        start = Profile(profile.on, profile.through)  # where the domain only leads elsewhere, it must answer too
        led = [made.all_of(Layer.CDN, start), made.any_of(Layer.HOSTING, start), made.zone_of(profile.leads_to)]
        laws = made.laws(start, Layer.CDN, Layer.HOSTING)
        laws |= made.laws(profile, Layer.DNS, Layer.CDN, Layer.HOSTING, Layer.CA, *SOFT)
        found.append(Service(subject, WEB, _all([named, *led, front, host]), tuple(dict.fromkeys(missed)), laws))
    boxes, filtered = posted.any_of(Layer.MAIL, profile), posted.any_of(Layer.GATEWAY, profile)
    is_open = any(map(_takes_mail, profile.layer(Layer.MAIL).held))  # mail that finds no filter goes on to it
    if boxes or filtered:  # mail that stops at its filter is lost, whoever holds the mailboxes
        is_same = profile.layer(Layer.MAIL_DNS).state is State.NONE and made.own == posted.own
        mail_names = named if is_same else posted.any_of(Layer.MAIL_DNS, profile)
        soft = tuple(posted.soft(Layer.GATEWAY, profile.layer(Layer.GATEWAY))) if is_open else ()
        laws = posted.laws(profile, Layer.DNS if is_same else Layer.MAIL_DNS, Layer.GATEWAY, Layer.MAIL)
        found.append(Service(subject, MAIL, _all([mail_names, None if is_open else filtered, boxes]), soft, laws))
    return found


def _takes_mail(held: Held) -> bool:
    """Whether mailboxes have an exchanger of their own among the domain's."""
    return any(one.reason in OF_EXCHANGERS and one.slug == held.provider for one in held.because)


def _asked(layer: Layer, verdict: LayerVerdict) -> Iterable[Held]:
    """Holders of a layer on whom a service rests: of an office suite, those whose documents the page shows."""
    if layer is not Layer.OFFICE:
        return verdict.held
    return [one for one in verdict.held if any(piece.reason not in OF_ACCOUNTS for piece in one.because)]


class _Wiring:
    """Needs of one subject."""

    def __init__(self, domain: str, names: Names) -> None:
        self.own = names.registrable(domain)
        self.own_zone = names.zone(domain)
        self.zone = names.zone

    def all_of(self, layer: Layer, profile: Profile) -> Need | None:
        """All that hold a layer, one behind the other; None where nobody is known to."""
        needs = [self._held(layer, one) for one in profile.layer(layer).held]
        return _all(needs) if needs else None

    def any_of(self, layer: Layer, profile: Profile) -> Need | None:
        """Any of those that hold a layer; None where nobody is known to."""
        needs = [self._held(layer, one) for one in profile.layer(layer).held]
        if not needs:
            return None
        return needs[0] if len(needs) == 1 else Any(tuple(needs))

    def zone_of(self, host: str) -> Need | None:
        """The names of somebody else's host; None for one's own, and for what is no name."""
        zone = self.zone(host) if names_a_host(host) else self.own_zone
        return f"{ZONE}:{zone}" if zone != self.own_zone else None

    def soft(self, layer: Layer, verdict: LayerVerdict) -> Iterable[str]:
        """What degrades: the third parties themselves, as far as the service asks them for something."""
        return (self._node(layer, one) for one in _asked(layer, verdict) if one.provider != SELF)

    def laws(self, profile: Profile, *layers: Layer) -> dict[str, Law]:
        """By node, the law that counts, as far as the profile says; also of those it can do without."""
        held = ((layer, one) for layer in layers for one in profile.layer(layer).held)
        return {self._node(layer, one): one.law for layer, one in held if one.law is not Law.UNKNOWN}

    def _node(self, layer: Layer, held: Held) -> str:
        """What is one's own is called by what was registered, as whoever else uses it calls it."""
        serves = Layer.DNS if layer is Layer.MAIL_DNS else layer
        return f"{serves}:{self.own if held.provider == SELF else held.provider}"

    def _held(self, layer: Layer, held: Held) -> Need:
        zones = dict.fromkeys(map(self.zone, held.hosts))
        foreign = [f"{ZONE}:{zone}" for zone in zones if zone != self.own_zone]
        groups = [foreign if len(foreign) == len(zones) else []]
        groups.append([f"{SYSTEM}:{one}" for one in held.systems])
        groups.append([f"{PLACE}:{one}" for one in held.countries])
        return _all([self._node(layer, held), *(_one_of(group) for group in groups)])


def _one_of(names: Sequence[str]) -> Need | None:
    if not names:
        return None
    return names[0] if len(names) == 1 else Any(tuple(names))


def _all(needs: Iterable[Need | None]) -> Need:
    parts = [one for one in needs if one is not None]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def zone_needs(zone: str, servers: Sequence[str], catalogue: Catalogue, *, zone_of: Callable[[str], str]) -> Need:
    """What an operator's own zone needs: any of its name servers, and the zones that those are named in.

    servers  names of its name servers; of none, nothing is known and nothing is needed
    """
    homes: dict[str, dict[str, None]] = {}
    for server in servers:
        home = zone_of(server)
        if home == zone:
            return NOTHING  # it serves itself
        homes.setdefault(catalogue.known(Sign.NS, server) or home, {})[f"{ZONE}:{home}"] = None
    from_whom = [_all([f"{Layer.DNS}:{slug}", _one_of(tuple(named))]) for slug, named in homes.items()]
    return Any(tuple(from_whom)) if len(from_whom) > 1 else next(iter(from_whom), NOTHING)


def provider(node: str, catalogue: Catalogue, zones: Mapping[str, Need]) -> Provider:
    """A node of the graph with what fails together with it.

    zones  needs of operators' zones, by name
    """
    kind, _colon, what = node.partition(":")
    if kind == ZONE:
        return Provider(node, needs=zones.get(what, NOTHING))
    if kind not in LAYERS or what not in catalogue.providers:
        return Provider(node)
    owners = catalogue.owners(what)
    seats = dict.fromkeys(one.country for one in owners if one.country)  # each obeys the law of its own
    groups = (what, *(f"owner:{one.slug}" for one in owners), *(f"country:{one}" for one in seats))
    return Provider(node, owner=owners[-1].slug, country=owners[-1].country, groups=groups)


def services_in(subject: str, wires: Iterable[Sequence[object]]) -> list[Service]:
    """The services that were written down as [service, needs, degraded by, law by node]; older ones without laws."""
    return [_read(subject, *one) for one in wires]  # type: ignore[arg-type]  # JSON that `written` made


def _read(subject: str, kind: str, needs: Told, soft: Sequence[str], laws: Mapping[str, str] | None = None) -> Service:
    read = {node: Law(law) for node, law in (laws or {}).items()}
    return Service(subject, kind, of_told(needs), tuple(soft), read)


def written(services: Iterable[Service]) -> list[list[object]]:
    """Services as JSON.

    >>> services_in("a", written([Service("a", "web", "dns:ovh", ("fonts:google",))]))[0].degraded_by
    ('fonts:google',)
    """
    return [[one.service, told(one.needs), list(one.degraded_by), dict(one.laws)] for one in services]
