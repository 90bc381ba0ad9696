"""What a page asks for and links to, read from its HTML alone."""

import doctest
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.rules.visits import Kind, Page
from arobase.observatory.sources import strangers
from arobase.observatory.sources.visiting import mentions
from arobase.observatory.sources.visiting.pages import page_of

HERE = "https://www.ville.test/accueil/"
MEGABYTE = 1_000_000


def read(html: str, **facts) -> Page:
    return page_of(html.encode(), url=HERE, **facts)


def asked(html: str) -> list[tuple[Kind, str]]:
    return [(one.kind, one.url) for one in read(html).resources]


def test_addresses_are_told_from_where_the_page_stands_or_from_its_base():
    assert asked("<script src=a.js></script><img src='../b.png'>") == [
        (Kind.SCRIPT, "https://www.ville.test/accueil/a.js"),
        (Kind.IMAGE, "https://www.ville.test/b.png"),
    ]
    assert asked("<base href='//cdn.test/x/'><script src=a.js></script>") == [(Kind.SCRIPT, "https://cdn.test/x/a.js")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script type=module src=//x.test/a></script>", [(Kind.SCRIPT, "https://x.test/a")]),
        ("<link rel='preload' as=font href=//x.test/f>", [(Kind.FONT, "https://x.test/f")]),
        ("<link rel='shortcut icon' href=//x.test/i>", [(Kind.IMAGE, "https://x.test/i")]),
        ("<link rel='dns-prefetch preconnect' href=//x.test>", [(Kind.HINT, "https://x.test")]),
        ("<img srcset='//x.test/1 1x, //x.test/2 2x'>", [(Kind.IMAGE, f"https://x.test/{n}") for n in "12"]),
        ("<video poster=//x.test/p></video>", [(Kind.IMAGE, "https://x.test/p")]),
        ("<video><source src=//x.test/v></video>", [(Kind.MEDIA, "https://x.test/v")]),
        ("<p style='background: url( \"//x.test/b\" )'>", [(Kind.IMAGE, "https://x.test/b")]),
        ("<style>@import url('//x.test/s');</style>", [(Kind.STYLE, "https://x.test/s")]),
        ("<style>@font-face{src:url(//x.test/f) format('woff2')}</style>", [(Kind.FONT, "https://x.test/f")]),
        ("<style>p{background:url(//x.test/b)}</style>", [(Kind.IMAGE, "https://x.test/b")]),
        ("<embed src=//x.test/e>", [(Kind.OTHER, "https://x.test/e")]),
        ("<object data=//x.test/o></object>", [(Kind.OTHER, "https://x.test/o")]),
    ],
)
def test_whatever_a_browser_would_ask_for_is_seen(html, expected):
    assert asked(html) == expected


@pytest.mark.parametrize(
    ("html", "is_whole"),
    [
        ("<p>Mairie", True),
        ('<script type="application/ld+json">{"@type": "City"}</script>', True),
        ("<script> </script>", True),
        ("<script>ask('https://mesure.test')</script>", False),
        ('<script type="module">ask()</script>', False),
        ('<iframe src="https://film.test/"></iframe>', False),
    ],
)
def test_a_page_that_runs_something_may_ask_for_more_than_its_text_says(html, is_whole):
    assert read(html).is_whole is is_whole


@pytest.mark.parametrize(
    "html",
    [
        "<noscript><img src=//x.test/1></noscript>",
        "<head><noscript><img src=//x.test/1></noscript></head>",
        "<script type='text/plain' src=//x.test/1></script>",
        "<script type='application/json' src=//x.test/1></script>",
        "<!-- <script src=//x.test/1></script> -->",
        "<style>/* @import '//x.test/1'; */</style>",
        "<iframe data-src=//x.test/1></iframe>",
        "<template><img src=//x.test/1></template>",
        "<img src='data:image/png;base64,AAAA'>",
        "<img src='http://[x/'><script src='javascript:1'></script>",
        "<link rel=canonical href=//x.test/1><a href=//x.test/1>x</a>",
    ],
)
def test_what_no_browser_would_ask_for_is_not_seen(html):
    assert asked(html) == []
    assert asked(f"{html}<img src=//y.test/1>") == [(Kind.IMAGE, "https://y.test/1")]


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("<a href=/x>Mentions légales</a>", "legal_notice"),
        ("<a href=/x>MENTIONS&nbsp;LÉGALES</a>", "legal_notice"),
        ("<a href=/x aria-label='Mentions légales'><svg></svg></a>", "legal_notice"),
        ("<a href=/mentions-legales/>Infos</a>", "legal_notice"),
        ("<a href=/x>Accessibilité : non conforme</a>", "accessibility"),
        ("<a href=/x>Déclaration d’accessibilité</a>", "accessibility"),
        ("<a href=/x>Accessibilité</a>", "accessibility"),
        ("<a href=/x>Politique de confidentialité</a>", "privacy"),
        ("<a href=/x>Protection des données personnelles</a>", "privacy"),
        ("<a href=/x>RGPD</a>", "privacy"),
    ],
)
def test_a_link_is_found_by_what_it_says_or_where_it_leads(link, kind):
    page = read(f"<p>Bienvenue</p>{link}")

    found = {name: getattr(page, name) for name in ("legal_notice", "accessibility", "privacy")}
    assert {name for name, address in found.items() if address} == {kind}
    assert found[kind].startswith("https://www.ville.test/")


@pytest.mark.parametrize(
    "link",
    [
        "<a href=#>Mentions légales</a>",
        "<a href=javascript:ouvrir()>Mentions légales</a>",
        "<p>Mentions légales</p>",
        "<a href=/x>Accessibilité des bâtiments aux fauteuils</a>",
        "<a href=/x>Confidentialité de l’accueil des enfants</a>",
    ],
)
def test_what_only_resembles_such_a_link_is_none(link):
    page = read(link)

    assert (page.legal_notice, page.accessibility, page.privacy) == ("", "", "")


def test_of_several_links_on_accessibility_the_one_with_the_claim_is_meant():
    page = read(
        "<a href=/pmr>Accessibilité</a><footer><a href=/rgaa>Accessibilité : partiellement conforme</a></footer>"
    )

    assert (page.accessibility, page.accessibility_claim) == ("https://www.ville.test/rgaa", "partiellement conforme")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Château</title>".encode(), ""),
        ("<title>Château</title>".encode("latin-1"), ""),
        ("<title>Château</title>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("<meta charset=iso-8859-15><title>Château</title>".encode("iso-8859-15"), "text/html"),
        ("\ufeff<title>Château</title>".encode("utf-16-le"), "text/html; charset=utf-8"),
        ("<title>Château</title>".encode(), "text/html; charset=nonsense"),
        ("<title>Château</title>é".encode()[:-1], ""),
        ("<title>Château</title>".encode(), "text/html; charset=punycode"),
        ("<meta charset=unicode_escape><title>Château</title>".encode(), ""),
    ],
)
def test_a_page_is_read_in_the_letters_it_is_written_in(body, content_type):
    assert page_of(body, url=HERE, content_type=content_type).title == "Château"


def test_a_name_that_is_none_in_any_script_breaks_nothing():
    page = read(
        "<img src=http://xn--zzzzz99/a><a href=http://xn--/>RGPD</a><script src=https://mairie-é.test/b></script>"
    )

    assert page.resources[0].host == "xn--mairie--hya.test"


@pytest.mark.parametrize(
    "shape", ['<path d="M0 0h24v24H0z"/>', "<path d='M0'></path>", '<use href="#i" />', '<g><circle r="1"/></g>']
)
def test_a_page_full_of_shapes_is_read_to_its_foot(shape):
    drawn = f"<svg><title>Plan</title>{shape * 1_100}</svg>"
    page = read(f"<h1>Bourg</h1>{drawn}<script src=//x.test/a></script><a href=/x>Mentions légales</a>")

    assert (page.is_cut, page.legal_notice) == (False, "https://www.ville.test/x")
    assert [one.host for one in page.resources] == ["x.test"]


def test_what_ends_itself_outside_a_drawing_ends_nothing():
    assert read("<svg/><div/>" * 1_100 + "<a href=/x>Mentions légales</a>").is_cut
    assert read("<svg></svg>" + "<div/>" * 1_100).is_cut


@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(lambda text: f"<a href='{text}'>{text}<img src={text}>".encode())
)
def test_whatever_the_bytes_there_is_a_page(body):
    page = page_of(body, url=HERE)

    assert page.url == HERE
    assert all(one.url.startswith(("http://", "https://")) and one.host for one in page.resources)


HOSTILE = {
    "nesting": b"<div>" * (MEGABYTE // 5),
    "nesting that pretends to be drawn": b"<svg><p>" + b"<div/>" * (MEGABYTE // 6),
    "links within links": b"<b><a href=/x>" * (MEGABYTE // 14),
    "fonts that never end": b"<style>" + b"@font-face{" * (MEGABYTE // 11),
    "comments that never end": b"<style>" + b"/*" * (MEGABYTE // 2),
    "addresses that never end": b"<style>" + b"url(" * (MEGABYTE // 4),
    "spaces": b"<style>url(" + b" " * MEGABYTE,
    "a type of spaces": b"<script src=x type='" + b" " * MEGABYTE + b"y'>",
    "candidates": b"<img srcset='" + b"1 " * (MEGABYTE // 2) + b"'>",
    "noscript": b"<noscript>" * (MEGABYTE // 10),
    "pictures": b"".join(b"<img src=%d>" % n for n in range(MEGABYTE // 14)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_megabyte_is_read_in_time(kind):
    """Each took from seconds to minutes with a plain pattern or parser; the bound is far above what it takes now."""
    began = process_time()

    page = page_of(HOSTILE[kind], url=HERE)

    assert process_time() - began < 5
    assert len(page.resources) <= 1_000


def test_examples_in_the_text_hold():
    assert [doctest.testmod(module).failed for module in (mentions, strangers)] == [0, 0]
