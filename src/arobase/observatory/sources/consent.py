"""Banners that ask for consent: what betrays them, read from consent.yaml, and the search for one on a page."""

from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from playwright.async_api import ElementHandle, Error, Frame, Page
from pydantic import BaseModel, ConfigDict, Field

from arobase.observatory.rules.browsing import Banner
from arobase.observatory.rules.consent import ConsentTool, ConsentWords, plain

HOUSE = files("arobase.observatory")
FRAMES = ("consent", "cmp", "cookie", "privacy", "gdpr", "rgpd")  # frames whose address tells that they ask for it
MOST_FRAMES = 20


class _Tool(BaseModel):
    """A tool as it stands in the file; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid")

    name: str
    banner: tuple[str, ...] = Field(min_length=1)
    refuse: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsentSigns:
    """All that betrays a banner."""

    version: str
    tools: tuple[ConsentTool, ...]
    words: ConsentWords


@dataclass(frozen=True)
class FoundBanner:
    """A banner on a page, and the buttons of its first layer."""

    banner: Banner
    refuse: ElementHandle | None
    accept: ElementHandle | None


def read_signs(text: str) -> ConsentSigns:
    """Signs from YAML. Raises pydantic's ValidationError with the place of what is wrong."""
    told = yaml.safe_load(text)
    tools = [ConsentTool(slug, **_Tool.model_validate(row).model_dump()) for slug, row in told["tools"].items()]
    kinds = {kind: frozenset(map(plain, some)) for kind, some in told["words"].items()}
    return ConsentSigns(str(told["version"]), tuple(tools), ConsentWords(**kinds, about=tuple(told["about"])))


@cache
def signs() -> ConsentSigns:
    """The signs that come with this release."""
    return read_signs((HOUSE / "consent.yaml").read_text(encoding="utf-8"))


@cache
def _script() -> str:
    return (HOUSE / "finding_banner.js").read_text(encoding="utf-8")


async def find_banner(page: Page) -> FoundBanner | None:
    """The banner that shows on a page now, in its main frame or another; touches nothing."""
    for frame in page.frames[:MOST_FRAMES]:
        try:
            if frame is not page.main_frame and not await (await frame.frame_element()).is_visible():
                continue
            found = await _within(frame, by_words=frame is page.main_frame or _asks_for_consent(frame))
        except Error:  # the frame went away, or is still to come
            continue
        if found:
            return found
    return None


def _asks_for_consent(frame: Frame) -> bool:
    """Whether words count in a frame: a video's own consent is not that of the site."""
    return any(part in frame.url.lower() for part in FRAMES)


async def _within(frame: Frame, *, by_words: bool) -> FoundBanner | None:
    handle = await frame.evaluate_handle(_script(), _told(by_words))
    parts = await handle.get_properties()
    if "tool" not in parts:
        return None
    refuse, accept, settings = (parts[kind].as_element() for kind in ("refuse", "accept", "settings"))
    tool = str(await parts["tool"].json_value())
    return FoundBanner(Banner(tool, refuse is not None, accept is not None, settings is not None), refuse, accept)


def _told(by_words: bool) -> dict[str, Any]:
    known = signs()
    words = {kind: sorted(some) for kind, some in asdict(known.words).items() if kind != "about"}
    tools = [asdict(tool) for tool in known.tools]
    return {"tools": tools, "words": words, "about": known.words.about, "byWords": by_words}
