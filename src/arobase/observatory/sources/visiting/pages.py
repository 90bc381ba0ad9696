"""What an HTML page has a browser ask for, and what it links to by law."""

import codecs
import re
from collections.abc import Iterator, Mapping
from itertools import islice

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

from arobase.observatory.rules.visits import Kind, Page, Resource
from arobase.observatory.sources.strangers import legible
from arobase.observatory.sources.visiting import mentions, stylesheets

MOST_RESOURCES = 1_000
MOST_LOOKED_AT = 20_000
MOST_LINKS = 5_000  # the last ones: what the law asks for stands at the foot
LONGEST_ADDRESS = 2_000
LONGEST_TEXT = 300
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]+)""", re.IGNORECASE)
# Python knows more, some of which take long or give no text: unicode_escape, punycode, utf-7
WEB_CHARSETS = re.compile(
    r"utf-8(-sig)?|utf-16(-[lb]e)?|ascii|iso8859-\d+|cp(125\d|874|866)|mac-roman|koi8-[ru]|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
)
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# WHATWG HTML standard, "scripting": a script of another type is data, which is not asked for
SCRIPTS = re.compile(r"(module|(text|application)/(x-)?(java|ecma|j|live)script(1\.\d)?)?", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)
ENDS_ITSELF = re.compile(r"[^<>]*/>")
DEEPEST = 1_000
MOST_SHAPES = 10_000  # that are believed to end themselves: who only pretends to draw nests no deeper than that
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
ENDED_BY_OTHERS = VOID | {"p", "li", "dd", "dt", "tr", "td", "th", "thead", "tbody", "option"}
FOREIGN = {"svg", "math"}
HOST = re.compile(rb"[a-z0-9._:-]+")
NOSCRIPT = re.compile(r"<(/?)noscript[\s/>]", re.IGNORECASE)
LINKS: Mapping[str, Kind] = {
    "stylesheet": Kind.STYLE,
    "modulepreload": Kind.SCRIPT,
    "icon": Kind.IMAGE,
    "apple-touch-icon": Kind.IMAGE,
    "manifest": Kind.OTHER,
    "preconnect": Kind.HINT,
    "dns-prefetch": Kind.HINT,
    "prefetch": Kind.HINT,
    "prerender": Kind.HINT,
}
PRELOADED: Mapping[str, Kind] = {
    "script": Kind.SCRIPT,
    "style": Kind.STYLE,
    "font": Kind.FONT,
    "image": Kind.IMAGE,
    "audio": Kind.MEDIA,
    "video": Kind.MEDIA,
    "track": Kind.MEDIA,
    "document": Kind.FRAME,
}
SOURCES: tuple[tuple[str, str, Kind], ...] = (
    ("iframe", "src", Kind.FRAME),
    ("frame", "src", Kind.FRAME),
    ("embed", "src", Kind.OTHER),
    ("object", "data", Kind.OTHER),
    ("img", "src", Kind.IMAGE),
    ("input[type=image]", "src", Kind.IMAGE),
    ("image", "href", Kind.IMAGE),
    ("video", "poster", Kind.IMAGE),
    ("video", "src", Kind.MEDIA),
    ("audio", "src", Kind.MEDIA),
    ("video source, audio source", "src", Kind.MEDIA),
    ("track", "src", Kind.MEDIA),
)


def page_of(body: bytes, *, url: str, content_type: str = "", is_cut: bool = False) -> Page:
    """Read a page; whatever the bytes, there is one.

    url           where it was found; relative addresses are told from there, or from its own <base>
    content_type  as the server says it
    """
    text = _with_scripts(_text(body, content_type))
    shallow = _not_too_deep(text)
    tree = LexborHTMLParser(shallow)
    base = _base(tree, httpx.URL(url))
    found = mentions.mentions(
        ((_said(link), link.attributes.get("href") or "") for link in tree.css("a[href]")[-MOST_LINKS:]),
        text=tree.body.text(separator=" ") if tree.body else "",
    )
    return Page(
        url=url,
        language=_attribute(tree, "html", "lang"),
        title=_clean(title.text()) if (title := tree.css_first("title")) else "",
        generator=_attribute(tree, 'meta[name="generator" i]', "content"),
        resources=_resources(tree, base),
        legal_notice=_linked(base, found.legal_notice),
        accessibility=_linked(base, found.accessibility),
        accessibility_claim=found.claim,
        privacy=_linked(base, found.privacy),
        is_cut=is_cut or len(shallow) < len(text),
        has_inline_scripts=any(_runs(one) and one.text().strip() for one in tree.css("script:not([src])")),
    )


def _text(body: bytes, content_type: str) -> str:
    """A mark at the start decides, then the server, then the page (WHATWG HTML standard, encoding sniffing)."""
    declared = CHARSET.search(body[:2048])
    told = re.search(r"charset\s*=\s*[\"']?([\w:.-]+)", content_type)
    named = next((name for mark, name in MARKS if body.startswith(mark)), "")
    for name in (named, told[1] if told else "", declared[1].decode("ascii") if declared else ""):
        try:
            if name:
                return body.decode(_web_name(name), "replace")
        except LookupError:
            continue
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        is_only_cut = error.end == len(body) and error.reason == "unexpected end of data"
        return body.decode("utf-8" if is_only_cut else "windows-1252", "replace")


def _web_name(name: str) -> str:
    """Python's name of a charset; on the web Latin-1 means windows-1252 (WHATWG Encoding standard)."""
    found = codecs.lookup(name)
    if not WEB_CHARSETS.fullmatch(found.name):
        raise LookupError(name)
    return "windows-1252" if found.name in {"iso8859-1", "ascii"} else found.name


def _with_scripts(text: str) -> str:
    """The page as a browser with scripts takes it: without what stands in `noscript`."""
    kept, start, is_within = [], 0, False
    for mark in NOSCRIPT.finditer(text):
        is_end = bool(mark[1])
        if is_end != is_within:
            continue
        if not is_end:
            kept.append(text[start : mark.start()])
        start, is_within = mark.end(), not is_end
    return "".join([*kept, "" if is_within else text[start:]])


def _not_too_deep(text: str) -> str:
    """The page up to where its elements nest deeper than any browser draws: the parser's time grows with the depth."""
    depth = drawing = shapes = 0
    for tag in TAG.finditer(text):
        name, is_end = tag[2].lower(), bool(tag[1])
        # In SVG and MathML, and there alone, an element may end itself (WHATWG HTML standard, "foreign elements").
        is_drawn = drawing or name in FOREIGN
        if is_drawn and shapes < MOST_SHAPES and ENDS_ITSELF.match(text, tag.end()):
            shapes += 1
            continue
        if name in FOREIGN:
            drawing = max(0, drawing - 1) if is_end else drawing + 1
        if name not in ENDED_BY_OTHERS:
            depth = max(0, depth - 1) if is_end else depth + 1
        if depth > DEEPEST:
            return text[: tag.start()]
    return text


def _base(tree: LexborHTMLParser, url: httpx.URL) -> httpx.URL:
    told = tree.css_first("base[href]")
    return _joined(url, told.attributes.get("href") if told else "") or url


def _joined(base: httpx.URL, told: str | None) -> httpx.URL | None:
    """An address on the web, without its fragment; None where it is none."""
    try:
        found = base.join((told or "").strip().replace("\n", "").replace("\t", ""))
    except (httpx.InvalidURL, ValueError):
        return None
    return found if found.scheme in {"http", "https"} and HOST.fullmatch(found.raw_host) else None


def _resources(tree: LexborHTMLParser, base: httpx.URL) -> tuple[Resource, ...]:
    found: dict[Resource, None] = {}
    for kind, told in islice(dict.fromkeys(islice(_asked_for(tree), MOST_LOOKED_AT)), MOST_RESOURCES):
        url = _joined(base, told) if told.strip() else None
        if url:
            found[Resource(kind, url.raw_host.decode("ascii"), str(url.copy_with(fragment=None))[:LONGEST_ADDRESS])] = (
                None
            )
    return tuple(found)


def _asked_for(tree: LexborHTMLParser) -> Iterator[tuple[Kind, str]]:
    for script in tree.css("script[src]"):
        if _runs(script):
            yield Kind.SCRIPT, script.attributes.get("src") or ""
    for link in tree.css("link[href]"):
        yield from _link(link)
    for style in tree.css("style"):
        yield from stylesheets.named(style.text())
    for selector, attribute, kind in SOURCES:
        for node in tree.css(selector):
            yield kind, node.attributes.get(attribute) or ""
    for node in tree.css("img[srcset], picture source[srcset]"):
        yield from ((Kind.IMAGE, one) for one in _of_set(node.attributes.get("srcset") or ""))
    for node in tree.css("[style]"):
        yield from stylesheets.named(node.attributes.get("style") or "")


def _runs(script: LexborNode) -> bool:
    return SCRIPTS.fullmatch((script.attributes.get("type") or "").partition(";")[0].strip()) is not None


def _link(link: LexborNode) -> Iterator[tuple[Kind, str]]:
    href = link.attributes.get("href") or ""
    for relation in (link.attributes.get("rel") or "").lower().split():
        if relation == "preload":
            yield PRELOADED.get((link.attributes.get("as") or "").lower(), Kind.OTHER), href
        elif relation in LINKS:
            yield LINKS[relation], href


def _of_set(told: str) -> Iterator[str]:
    """Addresses of a `srcset` (candidates parted by a comma and a space, each an address and its width)."""
    for candidate in re.split(r", | [\d.]+[wxh] ?,", " ".join(told.split())):
        if words := candidate.split():
            yield words[0]


def _said(link: LexborNode) -> str:
    """Everything by which a link says where it leads."""
    told = [link.text(separator=" "), *(link.attributes.get(name) or "" for name in ("aria-label", "title"))]
    return " ".join([*told, *(one.attributes.get("alt") or "" for one in link.css("img[alt]"))])


def _linked(base: httpx.URL, href: str) -> str:
    found = _joined(base, href) if href else None
    return str(found)[:LONGEST_ADDRESS] if found else ""


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    found = tree.css_first(selector)
    return _clean((found.attributes.get(name) if found else "") or "")


def _clean(text: str) -> str:
    return legible(" ".join(text.split())[:LONGEST_TEXT])
