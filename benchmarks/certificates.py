"""Certificates: PDF/A-2a and PDF/UA-1 by typst, one after another in one process, each of another town."""

import os
import tempfile
import time
from datetime import date

import django

TOWNS = 100


def run() -> list[tuple[str, str]]:
    """Without a database: awards that are never saved."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["AROBASE_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
        django.setup()
        from django.utils import timezone

        from arobase.label.models import Award, Campaign, Edition
        from arobase.label.views.received import certificate_pdf
        from arobase.territories.models import Territory

        edition = Edition(label_year=2027, number=28, ceremony_on=date(2027, 1, 28))
        edition.campaign = Campaign(edition=edition, published_at=timezone.now())
        awards = [
            Award(
                edition=edition,
                territory=Territory(id=f"commune:{code}", kind="commune", code=str(code), name=f"Commune {code}"),
                level=1 + code % 5,
                distinctions=["Éducation"] if code % 3 else [],
            )
            for code in range(10_000, 10_000 + TOWNS)
        ]
        certificate_pdf(awards[0])  # fonts are read once
        began = time.perf_counter()
        sizes = [len(certificate_pdf(one)) for one in awards]
        spent = time.perf_counter() - began
    each = f"{1000 * spent / TOWNS:.0f} ms and {sum(sizes) / TOWNS / 1000:.0f} kB each"
    return [("certificates", f"{TOWNS / spent:,.0f} per second, {each}")]
