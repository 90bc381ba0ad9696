"""Pictures: real ones, turned and stripped, and files that lie about what they are."""

import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from arobase.initiatives.models import Picture
from arobase.initiatives.sources.pictures import BadPicture, store
from builders import an_account, an_initiative
from people import CAMILLE

HERE = "Le Havre, 49.49 N"


def a_photo(size: tuple[int, int] = (40, 20), *, kind: str = "JPEG", orientation: int = 6) -> bytes:
    """Red above, blue below once turned upright; with place and camera in its EXIF."""
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = HERE
    sink = io.BytesIO()
    image.save(sink, kind, exif=exif)
    return sink.getvalue()


def a_bomb() -> bytes:
    """A PNG of 30,000 × 30,000 points in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    head = (30_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_picture_is_turned_upright_and_keeps_nothing_but_its_points(tmp_path):
    assert HERE.encode() in a_photo()

    written = store(io.BytesIO(a_photo()), folder=tmp_path)

    kept = (tmp_path / f"{written.sha256}.webp").read_bytes()
    assert (written.width, written.height) == (20, 40)
    assert HERE.encode() not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, dict(image.getexif())) == ("WEBP", {})


def test_a_large_picture_is_made_smaller(tmp_path):
    written = store(io.BytesIO(a_photo((4000, 1000), orientation=1)), folder=tmp_path)

    assert (written.width, written.height) == (1600, 400)
    with Image.open(tmp_path / f"{written.sha256}-petite.webp") as small:
        assert small.size == (480, 120)


def test_the_same_picture_is_kept_once(tmp_path):
    assert store(io.BytesIO(a_photo()), folder=tmp_path) == store(io.BytesIO(a_photo()), folder=tmp_path)

    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no picture"),
        (b"MZ" + bytes(400), "no picture"),
        (a_photo()[:300], "no picture"),
        (b"GIF89a" + bytes(60), "no picture"),
        (bytes(12 * 1024 * 1024 + 1), "too large"),
        (a_bomb(), "too many pixels"),
    ],
    ids=["empty", "svg", "program", "cut off", "gif", "too large", "bomb"],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(tmp_path, content, why):
    with pytest.raises(BadPicture) as refused:
        store(io.BytesIO(content), folder=tmp_path)

    assert refused.value.why == why
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_an_agent_shows_a_picture_with_words_and_takes_it_away():
    one = an_initiative()
    camille = Client()
    camille.force_login(an_account(CAMILLE))
    photo = SimpleUploadedFile("photo.jpg", a_photo(), content_type="image/jpeg")

    camille.post(f"/initiatives/{one.pk}/images", {"picture": photo, "alternative": "La salle du conseil"})

    picture = Picture.objects.get()
    answer = Client().get(f"/initiatives/images/{picture.sha256}.webp")
    assert answer.headers["Content-Type"] == "image/webp"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert 'alt="La salle du conseil"' in Client().get(f"/initiatives/{one.pk}").content.decode()
    camille.post(f"/initiatives/images/{picture.pk}/retirer")
    assert not Picture.objects.exists()
    assert Client().get(f"/initiatives/images/{picture.sha256}.webp").status_code == 404


@pytest.mark.django_db
def test_a_picture_without_words_is_refused_with_a_reason():
    one = an_initiative()
    camille = Client()
    camille.force_login(an_account(CAMILLE))
    photo = SimpleUploadedFile("photo.jpg", a_photo(), content_type="image/jpeg")

    page = camille.post(f"/initiatives/{one.pk}/images", {"picture": photo}, follow=True).content.decode()

    assert "Dites ce que l’image montre" in page
    assert not Picture.objects.exists()


@pytest.mark.django_db
def test_pictures_of_a_draft_are_not_shown_to_others():
    one = an_initiative(published=False)
    Picture.objects.create(initiative=one, sha256="a" * 64, width=1, height=1, alternative="x")

    assert Client().get(f"/initiatives/images/{'a' * 64}.webp").status_code == 404
