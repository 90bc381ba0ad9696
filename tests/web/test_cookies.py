"""What a site leaves with those who only read it: nothing, until they choose a language."""

import pytest
from django.test import Client

from elections.nights import a_rehearsal


@pytest.mark.django_db
def test_a_reader_is_given_no_cookie_and_can_still_choose_a_language():
    reader = Client(enforce_csrf_checks=True)
    night = f"/elections/{a_rehearsal().pk}"

    for path in ("/", "/elections", night, "/observatoire", "/accessibilite"):
        assert not reader.get(path, follow=True).cookies, path
    chosen = reader.post("/langue", {"language": "en", "next": night})

    assert chosen["Location"] == night
    assert set(reader.cookies) == {"django_language"}
    assert '<html lang="en"' in reader.get(night).content.decode()
