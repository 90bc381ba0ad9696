"""Whom a page asks before anyone clicks: fonts, measures, maps, videos, and those of no layer.

A host below the territory's own registrable domain is its own, unless its name is known to be an alias of another's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from arobase.observatory.rules.companies import SELF, Sign
from arobase.observatory.rules.evidence import Evidence, Reason
from arobase.observatory.rules.layers.reading import Reading, found, nobody, plain, unknown
from arobase.observatory.rules.profile import Certainty, Held, Layer, LayerVerdict, State
from arobase.observatory.rules.visits import Kind, Page, Resource
from arobase.observatory.rules.watched import Watched

LAYERS = {
    Sign.FONTS: Layer.FONTS,
    Sign.ANALYTICS: Layer.ANALYTICS,
    Sign.MAPS: Layer.MAPS,
    Sign.VIDEO: Layer.VIDEO,
    Sign.CAPTCHA: Layer.CAPTCHA,
    Sign.CONSENT: Layer.CONSENT,
    Sign.CHAT: Layer.CHAT,
    Sign.OFFICE: Layer.OFFICE,
    Sign.SOCIAL: Layer.SOCIAL,
    Sign.LIBRARIES: Layer.LIBRARIES,
}
REASONS = {
    Kind.SCRIPT: Reason.SCRIPT,
    Kind.STYLE: Reason.STYLE,
    Kind.FONT: Reason.FONT,
    Kind.FRAME: Reason.FRAME,
    Kind.IMAGE: Reason.IMAGE,
    Kind.MEDIA: Reason.MEDIA,
    Kind.HINT: Reason.HINT,
    Kind.OTHER: Reason.OTHER,
}


@dataclass(frozen=True)
class ThirdParties:
    """Layers that a page tells, and whom it asks besides."""

    layers: Mapping[Layer, LayerVerdict]
    others: tuple[Held, ...] = ()


class _Asked(NamedTuple):
    """One asking: of which layer (None: of none), of whom, and by what one sees it."""

    layer: Layer | None
    provider: str
    evidence: Evidence


@dataclass(frozen=True)
class _PageReading:
    """A page being read; `own` are the registrable domains that are no third party."""

    reading: Reading
    own: frozenset[str]
    first_hosts: frozenset[str]

    def asked(self, resource: Resource) -> Iterable[_Asked]:
        """What one resource tells; nothing where it is the territory's own and of no program that counts."""
        host = plain(resource.host)
        path = urlsplit(resource.url).path or "/"
        alias = self._cloaked(host)
        name = alias or host
        operator = self.reading.registrable(name)
        if operator in self.own and not alias:
            return self._program(host, path, SELF)
        signs = self.reading.catalogue.asked(name, "/" if alias else path)
        program = self.reading.catalogue.program(host, path)
        if program and program.sign not in signs:  # somebody's own Matomo beside what that somebody is known for
            return self._program(host, path, next(iter(signs.values()), operator))
        if not signs:
            return [self._of(None, operator, resource, alias)]
        layers = [(LAYERS.get(sign), slug) for sign, slug in signs.items()]
        told = [self._of(layer, slug, resource, alias) for layer, slug in layers if layer]
        return told or [self._of(None, layers[0][1], resource, alias)]

    def _of(self, layer: Layer | None, provider: str, resource: Resource, alias: str) -> _Asked:
        if alias:
            return _Asked(layer, provider, Evidence(Reason.CLOAKED, f"{plain(resource.host)} → {alias}", provider))
        return _Asked(layer, provider, Evidence(REASONS[resource.kind], plain(resource.host), provider))

    def _program(self, host: str, path: str, provider: str) -> list[_Asked]:
        """A program that the site, or someone in no list, serves by itself."""
        program = self.reading.catalogue.program(host, path)
        if program is None:
            return []
        return [_Asked(LAYERS[program.sign], provider, Evidence(Reason.PROGRAM, f"{program.name} ({host})", provider))]

    def _cloaked(self, host: str) -> str:
        """What a sub-name of one's own is an alias of, where that is another's; empty for the site's own hosts."""
        if host in self.first_hosts or self.reading.registrable(host) not in self.own:
            return ""
        foreign = [one for one in self.reading.aliases(host) if self.reading.registrable(one) not in self.own]
        known = (one for one in foreign if self.reading.catalogue.asked(one, "/"))
        return next(known, foreign[-1] if foreign else "")


def of_another(reading: Reading) -> ThirdParties:
    """Nothing: the page that was read is somebody else's."""
    return ThirdParties({layer: unknown(Reason.ANOTHERS_PAGE, reading.facts.domain) for layer in LAYERS.values()})


def third_parties(reading: Reading, watched: Watched | None = None) -> ThirdParties:
    """Whom the site's page asks, by layer; every layer is unknown where no page was read.

    watched  what its scripts ask besides, as a browser saw it
    """
    site = reading.facts.site
    if site is None or site.page is None:
        reason = Reason.NOT_READ if site else Reason.NOT_VISITED
        return ThirdParties({layer: unknown(reason, reading.facts.domain) for layer in LAYERS.values()})
    final = plain(urlsplit(site.page.url).hostname or reading.facts.domain)
    ends = {final, watched.final} if watched and watched.final else {final}
    own = frozenset({reading.own, *map(reading.registrable, ends)})
    firsts = frozenset({reading.facts.domain, f"www.{reading.facts.domain}", *ends})
    page = _PageReading(reading, own, firsts)
    by_layer: dict[Layer | None, dict[str, set[Evidence]]] = defaultdict(lambda: defaultdict(set))
    for resource in (*site.page.resources, *_besides(site.page, watched)):
        for one in page.asked(resource):
            by_layer[one.layer][one.provider].add(one.evidence)
    is_whole = watched.is_whole if watched else site.page.is_whole
    layers = {
        layer: _verdict(layer, by_layer.get(layer, {}), site.page, reading, is_whole=is_whole)
        for layer in LAYERS.values()
    }
    return ThirdParties(layers, found(_held(by_layer.get(None, {}), reading)).held)


def _besides(page: Page, watched: Watched | None) -> list[Resource]:
    """Hosts that a browser saw asked and that the page's text does not name."""
    named = {plain(one.host) for one in page.resources}
    hosts = [plain(one) for one in watched.hosts] if watched else []
    return [Resource(Kind.OTHER, host, f"https://{host}/") for host in hosts if host and host not in named]


def joined(first: LayerVerdict | None, second: LayerVerdict | None) -> LayerVerdict:
    """One layer told from two sides, as the office suite is by mail and by the page: whoever either shows."""
    told = [one for one in (first, second) if one]
    held = [one for verdict in told for one in verdict.held]
    if not held:
        return told[0] if told else LayerVerdict(State.UNKNOWN)
    by_provider: dict[str, Held] = {}
    for one in held:
        there = by_provider.setdefault(one.provider, one)
        if there is not one:  # what the page shows counts for the site, whatever the mail shows already
            by_provider[one.provider] = replace(there, because=(*there.because, *one.because))
    return found(by_provider.values())


def _verdict(
    layer: Layer, asked: Mapping[str, set[Evidence]], page: Page, reading: Reading, *, is_whole: bool
) -> LayerVerdict:
    if asked:
        return found(_held(asked, reading))
    if page.is_cut or layer is Layer.OFFICE:  # a home page does not tell what a town works with
        return unknown(Reason.NOT_READ, reading.facts.domain)
    if not is_whole:
        return unknown(Reason.NOT_WATCHED, page.url)
    return nobody(Reason.NOTHING_ASKED, page.url)


def _held(asked: Mapping[str, set[Evidence]], reading: Reading) -> list[Held]:
    return [
        reading.hold(provider, sorted(evidence), certainty=_certainty({one.reason for one in evidence}))
        for provider, evidence in asked.items()
    ]


def _certainty(reasons: set[Reason]) -> Certainty:
    """Sure for something fetched, likely for a program told by its name, unsure for a mere hint to connect."""
    if reasons - {Reason.HINT, Reason.PROGRAM}:
        return Certainty.SURE
    return Certainty.LIKELY if Reason.PROGRAM in reasons else Certainty.UNSURE
