"""What search engines are told: every territory has a page.

Without django.contrib.sites: the site's own address is a setting.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from arobase.territories.queries.pages import codes, counts_by_kind
from arobase.territories.rules.addresses import KINDS, SLUGS
from arobase.web.access import ANYONE, open_to

PER_PAGE = 10_000
XML = "application/xml; charset=utf-8"


@open_to(ANYONE)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of sitemaps: so many pages for each kind of territory."""
    counts = counts_by_kind()
    addresses = [
        settings.SITE_URL + reverse("sitemap_page", args=[slug, page])
        for kind, slug in SLUGS.items()
        for page in range(1, -(-counts.get(kind, 0) // PER_PAGE) + 1)
    ]
    return render(request, "territories/sitemap.xml", {"addresses": addresses}, content_type=XML)


@open_to(ANYONE)
def sitemap_page(request: HttpRequest, kind: str, page: int) -> HttpResponse:
    """The addresses of territories of a kind, ten thousand a page."""
    found = codes(KINDS[kind], first=(page - 1) * PER_PAGE, number=PER_PAGE) if kind in KINDS and page else []
    if not found:
        raise Http404(f"{kind} {page}")
    # One address is reversed, the others differ by their code alone: reversing 10,000 takes seconds.
    stem = (settings.SITE_URL + reverse("territory", args=[kind, found[0]])).removesuffix(found[0])
    context = {"addresses": [stem + code for code in found]}
    return render(request, "territories/sitemap_page.xml", context, content_type=XML)


@open_to(ANYONE)
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; the API is for programs that know what they ask."""
    lines = [
        "User-agent: *",
        "Disallow: /api/",
        "Disallow: /comptes/",
        "Disallow: /recherche",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
