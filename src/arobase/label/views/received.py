"""What a laureate receives: its page, the certificate, the artwork of the sign, the badge for its web site."""

import io
import json
from importlib.resources import files

import segno
import typst
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.accounts.access import ORGANISERS
from arobase.label.models import Award
from arobase.label.queries.badges import latest_badge
from arobase.label.queries.phrases import level_words
from arobase.label.queries.received import received
from arobase.label.rules.signs import INK, SIDE, arobases, entry_sign, site_badge
from arobase.web.access import ANYONE, open_to

KEPT_S = 3600


@open_to(ANYONE)
@require_safe
def laureate(request: HttpRequest, year: int, kind: str, code: str) -> HttpResponse:
    """What a town received, with its files and the lines to copy into its web site."""
    award = _award(year, kind, code)
    path = {"year": year, "kind": kind, "code": code}
    badge = latest_badge(award.pk)
    context = {
        "award": award,
        "badge": badge,
        "is_over": badge is not None and timezone.now() >= badge.valid_until,
        "may_revoke": ORGANISERS.admits(request.user),
        "words": level_words(award.level or 1),
        "path": path,
        "page_address": settings.SITE_URL + reverse("laureate", kwargs=path),
        "badge_address": settings.SITE_URL + reverse("site_badge", kwargs=path),
    }
    return render(request, "label/laureate.html", context)


@open_to(ANYONE)
@require_safe
def certificate(request: HttpRequest, year: int, kind: str, code: str) -> HttpResponse:
    """The certificate as a PDF, in the reader's language."""
    award = _standing(year, kind, code)
    answer = HttpResponse(certificate_pdf(award), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificat-{year}-{code}.pdf"'
    return answer


@open_to(ANYONE)
@require_safe
def sign(request: HttpRequest, year: int, kind: str, code: str) -> HttpResponse:
    """The artwork of the entry sign."""
    award = _standing(year, kind, code)
    answer = _drawing(
        entry_sign(str(award.territory), award.level or 1, label_year=year, said=level_words(award.level or 1))
    )
    answer["Content-Disposition"] = f'attachment; filename="panneau-{year}-{code}.svg"'
    return answer


@open_to(ANYONE)
@require_safe
def badge(request: HttpRequest, year: int, kind: str, code: str) -> HttpResponse:
    """The badge that other sites show as an image, from here and from nobody else."""
    award = _standing(year, kind, code)
    answer = _drawing(
        site_badge(str(award.territory), award.level or 1, label_year=year, said=level_words(award.level or 1))
    )
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _drawing(text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="image/svg+xml; charset=utf-8")
    answer["Cache-Control"] = f"public, max-age={KEPT_S}"
    return answer


def _award(year: int, kind: str, code: str) -> Award:
    found = received(year, kind, code)
    if found is None:
        raise Http404
    return found


def _standing(year: int, kind: str, code: str) -> Award:
    """The award whose certificate, sign and badge may be shown: not one that was taken back."""
    award = _award(year, kind, code)
    badge = latest_badge(award.pk)
    if badge is not None and badge.revoked_at is not None:
        raise Http404
    return award


def certificate_pdf(award: Award) -> bytes:
    """The certificate (PDF/A-2a and PDF/UA-1, fonts embedded), dated by the publication: the same bytes each time."""
    level, published_at = award.level or 1, award.edition.campaign.published_at
    ceremony = award.edition.ceremony_on
    day = formats.date_format(ceremony, "DATE_FORMAT") if ceremony else ""
    number = award.edition.number
    facts = {
        "title": _("Certificat"),
        "label": _("Territoires, Villes et Villages Internet"),
        "territory": str(award.territory),
        "level": level_words(level),
        "drawing": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {5 * SIDE} {SIDE}">{arobases(level)}</svg>',
        "mentions": _("Mentions : %(names)s") % {"names": ", ".join(award.distinctions)} if award.distinctions else "",
        "edition": _("Édition %(year)s, %(number)se du label, cérémonie du %(day)s")
        % {"year": award.edition_id, "number": number, "day": day}
        if number
        else _("Édition %(year)s, cérémonie du %(day)s") % {"year": award.edition_id, "day": day},
        "check": _("À vérifier sur %(address)s") % {"address": settings.SITE_URL + _address(award)},
        "qr": _qr_code(settings.SITE_URL + _address(award)),
        "sample": _("Exemple inventé pour la démonstration") if award.is_sample else "",
        "lang": "en" if (get_language() or "fr").startswith("en") else "fr",
    }
    source = files("arobase.label").joinpath("typst/certificate.typ").read_bytes()
    return bytes(
        typst.compile(
            source,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(published_at.timestamp()) if published_at else None,
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        )
    )


def _address(award: Award) -> str:
    path = {"year": award.edition_id, "kind": award.territory.slug, "code": award.territory.code}
    return reverse("laureate", kwargs=path)


def _qr_code(address: str) -> str:
    """An SVG document that telephones read; with room for a quarter of it to be stained."""
    drawn = io.BytesIO()
    segno.make(address, error="q").save(drawn, kind="svg", xmldecl=False, dark=INK, omitsize=True)
    return drawn.getvalue().decode()
