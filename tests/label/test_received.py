"""What a laureate receives: page, certificate, sign, badge; and who receives none."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.label.models import Award
from arobase.label.rules.signs import PALE, WARM, BadLevel, arobases, entry_sign, site_badge
from builders import a_campaign, a_commune

ADDRESS = "/label/2027/commune/76351"
FILES = ("", "/certificat.pdf", "/panneau.svg", "/insigne.svg")
NAMES = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\ufffe\uffff"), max_size=60
)


@pytest.fixture
def award() -> Award:
    campaign = a_campaign()
    campaign.state, campaign.published_at = "published", timezone.now() - timedelta(days=1)
    campaign.save()
    return Award.objects.create(
        edition=campaign.edition,
        territory=a_commune(),
        level=4,
        distinctions=["Éducation"],
        name_as_printed="Le Havre",
        placed_by="campaign",
    )


@pytest.mark.django_db
def test_a_laureate_has_its_page_its_certificate_its_sign_and_its_badge(award):
    visitor = Client()

    page, certificate, sign, badge = (visitor.get(f"{ADDRESS}{file}") for file in FILES)

    assert "4 arobases · Éducation" in page.content.decode()
    assert (
        certificate.content.startswith(b"%PDF-")
        and certificate.content == visitor.get(f"{ADDRESS}/certificat.pdf").content
    )
    assert {one["Content-Type"] for one in (sign, badge)} == {"image/svg+xml; charset=utf-8"}
    assert badge["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert f"{ADDRESS}/insigne.svg&quot;" in page.content.decode() or f"{ADDRESS}/insigne.svg" in page.content.decode()


@pytest.mark.django_db
def test_the_certificate_is_an_archive_and_readable_aloud(award):
    content = Client().get(f"{ADDRESS}/certificat.pdf").content

    assert b"<pdfaid:part>2</pdfaid:part>" in content and b"<pdfaid:conformance>A</pdfaid:conformance>" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content


@pytest.mark.django_db
def test_an_award_that_only_the_press_tells_gives_nothing(award):
    Award.objects.update(placed_by="exact")

    assert {Client().get(f"{ADDRESS}{file}").status_code for file in FILES} == {404}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/label/2026/commune/76351", "/label/2027/region/76351", "/label/2027/x/76351"])
def test_any_other_address_leads_nowhere(award, address):
    assert {Client().get(f"{address}{file}").status_code for file in FILES} == {404}


@given(NAMES, st.integers(1, 5), st.sampled_from([entry_sign, site_badge]))
def test_a_drawing_is_sound_xml_that_asks_nobody_for_anything(name, level, draw):
    text = draw(name, level, label_year=2027, said=f"{level} arobases")

    root = ET.fromstring(text)
    assert "href" not in text and "<script" not in text and "url(" not in text
    strokes = [path.get("stroke") for path in root.iter("{http://www.w3.org/2000/svg}path")]
    assert (strokes.count(WARM), strokes.count(PALE)) == (level, 5 - level)
    assert root.find("{http://www.w3.org/2000/svg}title").text.startswith(name[:1])


@pytest.mark.parametrize("level", [0, 6, -1])
def test_a_level_outside_1_to_5_is_refused(level):
    with pytest.raises(BadLevel):
        arobases(level)
