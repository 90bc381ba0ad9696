"""Organisers bring in a file, look at it, confirm, and settle what waits."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arobase.label.actions.settlement import AlreadySettled, NotAllowed, place
from arobase.label.models import Award, Import, Line, Settlement
from arobase.label.queries.history import history_panel
from builders import an_account
from label.towns import load_towns
from people import ALIX, SACHA

pytestmark = pytest.mark.django_db
FILE = "year,territory,level\n2009,Parthenay,5\n2009,La Rochelle,4\n2005,Bromont,5\nvingt,Le Havre,3\n"


@pytest.fixture
def organiser(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    load_towns()
    client = Client()
    client.force_login(an_account(SACHA))
    return client


def upload(client, content=FILE):
    file = SimpleUploadedFile("palmarès.csv", content.encode() if isinstance(content, str) else content)
    return client.post(reverse("imports"), {"file": file})


def a_waiting_line(client, name):
    draft = upload(client).url
    client.post(f"{draft}/confirmer")
    return Line.objects.get(printed__territory=name)


def settle(client, line, **form):
    return client.post(reverse("label_line", args=[line.pk]), form)


def test_a_file_is_previewed_confirmed_and_its_lines_wait(organiser):
    draft = upload(organiser).url
    page = organiser.get(draft)
    assert "Charente-Maritime (17)" in page.text
    assert Award.objects.count() == 0
    organiser.post(f"{draft}/confirmer")
    assert (Award.objects.count(), Line.objects.filter(placed_as=None).count()) == (1, 3)
    assert "Bromont" in organiser.get(reverse("imports")).text


def test_sending_and_confirming_twice_is_harmless(organiser):
    first, again = upload(organiser).url, upload(organiser).url
    assert first == again
    for _time in range(2):
        organiser.post(f"{first}/confirmer")
    assert (Import.objects.count(), Line.objects.count(), Award.objects.count()) == (1, 4, 1)


def test_a_draft_can_be_dropped_and_an_import_cannot(organiser):
    draft = upload(organiser).url
    organiser.post(f"{draft}/abandonner")
    assert Import.objects.count() == 0
    draft = upload(organiser).url
    organiser.post(f"{draft}/confirmer")
    organiser.post(f"{draft}/abandonner")
    assert Import.objects.count() == 1


@pytest.mark.parametrize("content", ["", "nom,niveau\nParthenay,5\n", b"\x00\x01\x02"])
def test_an_unreadable_file_is_refused_with_a_sentence(organiser, content):
    answer = upload(organiser, content)
    assert (answer.status_code, 'role="alert"' in answer.text, Import.objects.count()) == (422, True, 0)


def test_a_candidate_is_chosen_and_the_choice_undone(organiser):
    line = a_waiting_line(organiser, "La Rochelle")
    for _time in range(2):
        settle(organiser, line, verb="place", candidate="commune:17300")
    award = Award.objects.get(territory_id="commune:17300")
    assert (award.level, award.placed_by) == (4, "settled")
    for _time in range(2):
        settle(organiser, line, verb="undo")
    assert not Award.objects.filter(territory_id="commune:17300").exists()
    assert list(Settlement.objects.values_list("verb", "by__email")) == [
        ("placed", SACHA.email),
        ("undone", SACHA.email),
    ]


def test_a_territory_is_typed_by_code_or_by_name(organiser):
    line = a_waiting_line(organiser, "La Rochelle")
    assert settle(organiser, line, verb="place", territory="La Rochelle").status_code == 422
    settle(organiser, line, verb="place", territory="La Rochelle (70)")
    assert Award.objects.filter(territory_id="commune:70450").exists()


def test_a_missing_year_is_asked_for(organiser):
    line = a_waiting_line(organiser, "Le Havre")
    assert settle(organiser, line, verb="place", territory="76351").status_code == 422
    settle(organiser, line, verb="place", territory="76351", year="2010", level="3")
    assert Award.objects.get(territory_id="commune:76351").edition_id == 2010
    settle(organiser, line, verb="undo")
    assert Line.objects.get(pk=line.pk).year is None


def test_a_line_is_set_aside_with_a_reason_only(organiser):
    line = a_waiting_line(organiser, "Bromont")
    assert settle(organiser, line, verb="set-aside", reason=" ").status_code == 422
    settle(organiser, line, verb="set-aside", reason="au Québec")
    line.refresh_from_db()
    assert (line.set_aside_because, line.settled_by.email) == ("au Québec", SACHA.email)


def test_a_settled_line_is_not_settled_otherwise_nor_read_anew(organiser):
    line = a_waiting_line(organiser, "La Rochelle")
    settle(organiser, line, verb="place", candidate="commune:17300")
    sacha = line.source_import.received_by
    with pytest.raises(AlreadySettled):
        place(line.pk, territory_id="commune:70450", by=sacha, at=timezone.now())
    upload(organiser, FILE.replace(",", ";"))
    organiser.post(f"{upload(organiser, FILE.replace(',', ';')).url}/confirmer")
    line.refresh_from_db()
    assert line.placed_as_id == "commune:17300"


def test_only_organisers_settle(organiser):
    line = a_waiting_line(organiser, "La Rochelle")
    stranger = an_account(ALIX)
    with pytest.raises(NotAllowed):
        place(line.pk, territory_id="commune:17300", by=stranger, at=timezone.now())
    organiser.force_login(stranger)
    assert organiser.get(reverse("imports")).status_code == 403


def test_long_lists_come_in_pages_for_the_same_number_of_statements(organiser, django_assert_max_num_queries):
    rows = "".join(f"2009,Nulle-Part-{number},1\n" for number in range(120))
    draft = upload(organiser, "year,territory,level\n" + rows).url
    organiser.post(f"{draft}/confirmer")
    for address in (f"{draft}?page=2", reverse("imports")):
        with django_assert_max_num_queries(10):
            page = organiser.get(address)
        assert page.text.count('<th scope="row">') == 50


def test_the_panel_draws_the_history_or_nothing(organiser):
    from django.template.loader import render_to_string

    a_waiting_line(organiser, "Bromont")
    context = history_panel("commune:79202")
    drawn = render_to_string("label/panels/history.html", dict(context))
    assert "5 arobases sur 5" in drawn
    assert "2009" in drawn
    assert history_panel("commune:34108") is None
