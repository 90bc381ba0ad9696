"""Page loads of French public sites that another project recorded in January 2026: facts, and what it concluded."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.visits import Ending, Hop, Kind, Page, Resource, Site, Visit
from arobase.observatory.rules.watched import Watched

FILE = "site_observations.jsonl.gz"
KINDS = {
    "Script": Kind.SCRIPT,
    "Stylesheet": Kind.STYLE,
    "Font": Kind.FONT,
    "Document": Kind.FRAME,
    "Image": Kind.IMAGE,
    "Media": Kind.MEDIA,
}
# The scan's first days: what was seen of those without a page load of their own (the mirror's README).
FIRST_DAY = datetime.fromisoformat("2026-01-16T00:00:00+00:00")
# Names of third-party-web, which the recording uses, where they are of one layer of ours.
PEERS_NAMES = {
    "Google Fonts": ("google", Layer.FONTS),
    "Google Tag Manager": ("google", Layer.ANALYTICS),
    "Google Analytics": ("google", Layer.ANALYTICS),
    "Google/Doubleclick Ads": ("google", Layer.ANALYTICS),
    "Google Maps": ("google", Layer.MAPS),
    "Google reCAPTCHA": ("google", Layer.CAPTCHA),
    "YouTube": ("youtube", Layer.VIDEO),
    "Vimeo": ("vimeo", Layer.VIDEO),
    "Dailymotion": ("dailymotion", Layer.VIDEO),
    "JSDelivr CDN": ("jsdelivr", Layer.LIBRARIES),
    "Cloudflare CDN": ("cloudflare", Layer.LIBRARIES),
    "Unpkg": ("unpkg", Layer.LIBRARIES),
    "Bootstrap CDN": ("bootstrapcdn", Layer.LIBRARIES),
    "jQuery CDN": ("jquery", Layer.LIBRARIES),
    "FontAwesome CDN": ("fontawesome", Layer.FONTS),
    "Adobe TypeKit": ("adobe", Layer.FONTS),
    "Matomo": ("matomo", Layer.ANALYTICS),
    "XiTi": ("piano", Layer.ANALYTICS),
    "Hotjar": ("hotjar", Layer.ANALYTICS),
    "New Relic": ("newrelic", Layer.ANALYTICS),
    "Sentry": ("sentry", Layer.ANALYTICS),
    "Plausible": ("plausible", Layer.ANALYTICS),
    "AB Tasty": ("abtasty", Layer.ANALYTICS),
    "WordPress Site Stats": ("automattic", Layer.ANALYTICS),
    "tarteaucitron.io": ("tarteaucitron", Layer.CONSENT),
    "axept.io": ("axeptio", Layer.CONSENT),
    "Didomi": ("didomi", Layer.CONSENT),
    "Cookiebot": ("cookiebot", Layer.CONSENT),
    "TagCommander": ("trustcommander", Layer.CONSENT),
    "Trustcommander": ("trustcommander", Layer.CONSENT),
    "Crisp": ("crisp", Layer.CHAT),
    "AddToAny": ("addtoany", Layer.SOCIAL),
    "Facebook": ("facebook", Layer.SOCIAL),
    "Twitter": ("twitter", Layer.SOCIAL),
    "Mapbox": ("mapbox", Layer.MAPS),
    "geopf.fr": ("ign", Layer.MAPS),
    "openstreetmap.org": ("osm", Layer.MAPS),
    "jawg.io": ("jawg", Layer.MAPS),
}
# Its words for who measures a page's audience, by ours.
PEERS_MEASURES = {
    "matomo": {"matomo", "piwik"},
    "google": {"google-analytics"},
    "eulerian": {"eulerian"},
    "piano": {"piano"},
}


class BadLine(ValueError):
    """A line of the recording is not in the form that its README tells; the message names it."""


class _Cookie(BaseModel):
    name: str


class _Requests(BaseModel):
    """What one host was asked for: how often, by kind."""

    n: int
    types: dict[str, int] = Field(default_factory=dict)
    http: int = 0


class _Tracking(BaseModel):
    tracking: bool | None = None
    service: str | None = ""


class _Line(BaseModel):
    """One site as it was recorded; `requests` is missing where no page was loaded."""

    url: str = Field(pattern=r"^https?://[^/]+")
    status: int | None = None
    headers: dict[str, str | list[str]] = Field(default_factory=dict)
    cookies: list[_Cookie] = Field(default_factory=list)
    final: str = ""
    fetched: datetime = FIRST_DAY
    requests: dict[str, _Requests] | None = None
    peer_third_parties: list[str] | None = None
    peer_tracking: _Tracking = Field(default_factory=_Tracking)


@dataclass(frozen=True)
class RecordedSite:
    """One site's facts, and what the recording project concluded from them.

    third_parties  its names of whom the page asks; None where no page was loaded
    measure        its word for who measures the audience, empty where it saw nobody, None where it does not say
    has_cf_ray     whether the answer bears the header by which Cloudflare numbers requests
    watched        what its browser saw before any click; None where no page was loaded
    """

    facts: DomainFacts
    third_parties: tuple[str, ...] | None
    measure: str | None
    has_cf_ray: bool
    watched: Watched | None


def recorded_sites(path: Path) -> Iterator[RecordedSite]:
    """Every site of the recording. Raises BadLine."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                yield _recorded(_Line.model_validate(json.loads(text)))
            except ValueError as error:  # of JSON and of pydantic alike
                raise BadLine(f"{path.name}, line {number}: {error}") from error


def _recorded(line: _Line) -> RecordedSite:
    host = (urlsplit(line.url).hostname or "").rstrip(".")
    domain = host.removeprefix("www.")
    headers = {
        name.lower(): value if isinstance(value, str) else ", ".join(value) for name, value in line.headers.items()
    }
    final = line.final or line.url
    ending = Ending.ANSWERED if line.status else Ending.UNREADABLE
    hops = (Hop(final, line.status),) if line.status else ()
    start = line.url if urlsplit(line.url).path else f"{line.url}/"
    visit = Visit(start, ending, hops, None, headers, tuple(one.name for one in line.cookies))
    page = None if line.requests is None else Page(final, resources=tuple(_resources(line.requests)))
    site = Site(domain, line.fetched, (visit,), page)
    facts = DomainFacts(domain, line.fetched.date(), site=site)
    told = None if line.peer_third_parties is None else tuple(line.peer_third_parties)
    seen = line.peer_tracking
    measure = None if seen.tracking is None else (seen.service or "") if seen.tracking else ""
    return RecordedSite(facts, told, measure, "cf-ray" in headers, _watched(line, final, host))


def _watched(line: _Line, final: str, host: str) -> Watched | None:
    """Whose cookies they are was not recorded: they stand under the site's own name."""
    if line.requests is None:
        return None
    cookies = tuple((one.name, host) for one in line.cookies)
    return Watched(tuple(line.requests), cookies, final=urlsplit(final).hostname or "", on=line.fetched.date())


def _resources(requests: dict[str, _Requests]) -> Iterator[Resource]:
    """One resource a host and kind: paths were not recorded."""
    for host, asked in requests.items():
        scheme = "http" if asked.http == asked.n else "https"
        for kind in {KINDS.get(one, Kind.OTHER): None for one in asked.types or ("?",)}:
            yield Resource(kind, host, f"{scheme}://{host}/")
