"""Our layers beside what another project saw in the same page loads of French public sites."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from arobase.observatory.rules.agreement import Rate
from arobase.observatory.rules.companies import SELF
from arobase.observatory.rules.layers import pages, profile
from arobase.observatory.rules.profile import Held, Layer, Profile
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.recorded import folder
from arobase.observatory.sources.recorded_sites import FILE, PEERS_MEASURES, PEERS_NAMES, RecordedSite, recorded_sites

Seen = tuple[RecordedSite, Profile]


@dataclass(frozen=True)
class Beside:
    """In how many sites both saw something, only they, only we, and neither."""

    both: int
    only_theirs: int
    only_ours: int
    neither: int

    @property
    def rate(self) -> Rate:
        """How often both said the same."""
        return Rate(self.both + self.neither, self.both + self.neither + self.only_theirs + self.only_ours)


@dataclass(frozen=True)
class SiteAgreement:
    """Sites read, those with a page load, tables of agreement by what is compared, and what the loads show.

    layers  by `layer: provider`, where the other project's names say as much
    shares  of page loads by what they ask for before any consent
    """

    sites: int
    loads: int
    third_party: Beside
    proxy: Beside
    layers: Mapping[str, Beside]
    measures: Mapping[str, Beside]
    shares: Mapping[str, Rate]


def measure_sites() -> SiteAgreement:
    """Read every recorded load and compare. Raises recorded.NoMirror and recorded_sites.BadLine."""
    seen = [(one, _profile(one)) for one in recorded_sites(folder() / FILE)]
    loads = [(one, found) for one, found in seen if one.third_parties is not None]
    return SiteAgreement(
        len(seen),
        len(loads),
        _beside((bool(one.third_parties), bool(third_parties(found))) for one, found in loads),
        _beside((one.has_cf_ray, "cloudflare" in _slugs(found.layer(Layer.CDN).held)) for one, found in seen),
        _layers(loads),
        _measures(loads),
        _shares(loads),
    )


def third_parties(found: Profile) -> set[str]:
    """Everybody but the site itself whom its page asks, in whatever layer."""
    held = [one for layer in pages.LAYERS.values() for one in found.layer(layer).held]
    return _slugs([*held, *found.others]) - {SELF}


def _profile(one: RecordedSite) -> Profile:
    return profile(one.facts, None, catalogue(), registrable=registrable, on=one.facts.on, watched=one.watched)


def _slugs(held: Iterable[Held]) -> set[str]:
    return {one.provider for one in held}


def _beside(pairs: Iterable[tuple[bool, bool]]) -> Beside:
    count: dict[tuple[bool, bool], int] = defaultdict(int)
    for pair in pairs:
        count[pair] += 1
    return Beside(count[True, True], count[True, False], count[False, True], count[False, False])


def _layers(loads: list[Seen]) -> dict[str, Beside]:
    names: dict[tuple[str, Layer], set[str]] = defaultdict(set)
    for name, place in PEERS_NAMES.items():
        names[place].add(name)
    return {
        f"{layer}: {slug}": _beside(
            (not told.isdisjoint(one.third_parties or ()), slug in _slugs(found.layer(layer).held))
            for one, found in loads
        )
        for (slug, layer), told in names.items()
    }


def _measures(loads: list[Seen]) -> dict[str, Beside]:
    """Who measures the audience: the other project ran scripts and read what they are, we read names."""
    told = [(one, found) for one, found in loads if one.measure is not None]
    by_word = {
        word: _beside((one.measure in PEERS_MEASURES[word], _measures_by(word, found)) for one, found in told)
        for word in PEERS_MEASURES
    }
    anybody = _beside((bool(one.measure), bool(found.layer(Layer.ANALYTICS).held)) for one, found in told)
    return {"*": anybody, **by_word}


def _measures_by(word: str, found: Profile) -> bool:
    held = found.layer(Layer.ANALYTICS).held
    return word in _slugs(held) or any(
        piece.seen.lower().startswith(f"{word} (") for one in held for piece in one.because
    )


def _shares(loads: list[Seen]) -> dict[str, Rate]:
    """How many loads ask anybody, a company whose law is foreign, or one of the layers."""
    asked = [third_parties(found) for _one, found in loads]
    known = catalogue()
    of_company = [{known.owners(slug)[-1].slug for slug in slugs if slug in known.providers} for slugs in asked]
    told = {
        "*": [bool(slugs) for slugs in asked],
        "Google": ["alphabet" in companies for companies in of_company],
        "Cloudflare": ["cloudflare" in slugs for slugs in asked],
        "US": [any(known.law(slug) == "US" for slug in slugs) for slugs in asked],
    }
    for layer in pages.LAYERS.values():
        if layer is not Layer.OFFICE:
            told[str(layer)] = [bool(_slugs(found.layer(layer).held) - {SELF}) for _one, found in loads]
    return {name: Rate(sum(each), len(each)) for name, each in told.items()}
