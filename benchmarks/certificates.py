"""Certificates (PDF/A-2a, PDF/UA-1) and signed badges, one after another in one process, each of another town."""

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
        from openbadgeslib.ob3 import OB3LdpSigner

        from arobase.label.models import Award, Badge, Campaign, Edition
        from arobase.label.rules.badges import valid_until
        from arobase.label.sources.badges import credential
        from arobase.label.sources.keys import private_key, verification_method
        from arobase.label.views.received import certificate_pdf
        from arobase.territories.models import Territory

        now = timezone.now()
        edition = Edition(label_year=2027, number=28, ceremony_on=date(2027, 1, 28))
        edition.campaign = Campaign(edition=edition, published_at=now)
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
        signer = OB3LdpSigner(private_key(), verification_method())
        badges = [
            Badge(pk=number, award=one, level=one.level, valid_from=now, valid_until=valid_until(now, years=2))
            for number, one in enumerate(awards)
        ]
        signer.sign_to_json(credential(badges[0]), created=now)  # contexts are read once
        began = time.perf_counter()
        signed = [len(signer.sign_to_json(credential(one), created=now)) for one in badges]
        signing = time.perf_counter() - began
    return [("certificates", _told(spent, sizes)), ("signed badges", _told(signing, signed))]


def _told(spent: float, sizes: list[int]) -> str:
    each = f"{1000 * spent / TOWNS:.0f} ms and {sum(sizes) / TOWNS / 1000:.1f} kB each"
    return f"{TOWNS / spent:,.0f} per second, {each}"
