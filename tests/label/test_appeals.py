"""Appeals: within the delay, read by others, nobody ends worse off, everything recorded."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.accounts.models import User
from arobase.label.actions import appeals
from arobase.label.actions.jury import declare
from arobase.label.models import Appeal, Award, Badge, Decision, Juror, Letter, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.reviews import grades
from arobase.label.rules.appeals import APPEAL, WorseThanBefore, outcome
from builders import an_account
from conftest import ROOT
from juries import SITE, finish
from people import CAMILLE, SACHA, Person

database = pytest.mark.django_db
OTHERS = [Person(f"autre{n}@exemple.fr", f"Autre {n}", "juror") for n in range(1, 4)]


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.BADGE_KEY = tmp_path / "keys" / "badges.pem"


@pytest.fixture
def le_havre(published):
    return published.dossiers.get(territory_id="commune:76351")


@pytest.fixture
def camille() -> Client:
    client = Client()
    client.force_login(an_account(CAMILLE))
    return client


@pytest.fixture
def others(published) -> list[Juror]:
    now = timezone.now()
    return [
        Juror.objects.create(campaign=published, user=an_account(one), invited_at=now, accepted_at=now)
        for one in OTHERS
    ]


def who(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def filed(dossier, client) -> Appeal:
    client.post(f"/dossiers/{dossier.pk}/recours", {"grounds": "Vous n’avez pas lu le document 3."})
    return Appeal.objects.get(dossier=dossier)


@database
def test_an_appeal_goes_from_the_town_through_other_readers_to_a_new_level(le_havre, camille, others, sacha):
    before = json.loads(Client().get("/label/2027/commune/76351/badge.json").content)
    appeal = filed(le_havre, camille)
    assert "n’avez pas lu le document 3" in sacha.get("/campagnes/2027/recours").content.decode()
    first = grades(le_havre.campaign).rows

    sacha.post(f"/campagnes/recours/{appeal.pk}", {"verb": "admit"})
    second = list(appeal.reviews.select_related("juror__user"))
    assert len(second) == 2 and not {one.juror_id for one in second} & {
        one.juror_id for one in Review.objects.filter(dossier=le_havre, appeal=None)
    }
    reader = Client()
    reader.force_login(second[0].juror.user)
    desk = reader.get(f"/jury/{second[0].pk}").content.decode()
    assert "seconde lecture" in desk and "Continuez" not in desk
    for review in second:
        finish(review, 9, at=timezone.now())
    assert [one.raw.value for one in grades(le_havre.campaign).rows] == [one.raw.value for one in first]
    answer = {"verb": "conclude", "level": "3", "reason": "Le document le montre."}
    sacha.post(f"/campagnes/recours/{appeal.pk}", answer)

    assert Award.objects.get(territory_id="commune:76351").level == 3
    events = list(Decision.objects.get(dossier=le_havre).events.order_by("pk").values_list("verb", "level", "reason"))
    assert events[-1] == ("appeal", 3, "Le document le montre.")
    badge = json.loads(Client().get("/label/2027/commune/76351/badge.json").content)
    assert badge["id"] != before["id"] and Badge.objects.filter(revoked_at=None, level=3).exists()
    assert "Le document le montre." in Letter.objects.get(kind="appeal").body
    assert "3 arobases au label 2027" in camille.get(f"/dossiers/{le_havre.pk}").content.decode()


@database
def test_an_appeal_that_changes_nothing_leaves_the_badge_alone(le_havre, camille, others, sacha):
    appeal = filed(le_havre, camille)
    sacha.post(f"/campagnes/recours/{appeal.pk}", {"verb": "admit"})
    for review in appeal.reviews.select_related("juror__user"):
        finish(review, 2, at=timezone.now())

    sacha.post(f"/campagnes/recours/{appeal.pk}", {"verb": "conclude", "level": "2", "reason": "Bien lu."})

    assert Award.objects.get(territory_id="commune:76351").level == 2
    assert not Badge.objects.exclude(revoked_at=None).exists() and Letter.objects.filter(kind="appeal").count() == 1


@database
def test_nobody_appeals_before_the_publication_or_after_the_delay(campaign, camille):
    dossier = campaign.dossiers.get(territory_id="commune:76351")
    user, closes = an_account(SACHA), in_force(campaign).calendar.appeals_close_at()

    camille.post(f"/dossiers/{dossier.pk}/recours", {"grounds": "Trop tôt"})

    assert not Appeal.objects.exists() and "Recours" not in camille.get(f"/dossiers/{dossier.pk}").content.decode()
    with pytest.raises(appeals.NotTheirs):
        appeals.file(dossier.pk, grounds="x", by=user, at=closes)


@database
def test_the_delay_ends_to_the_microsecond(le_havre, camille):
    closes = in_force(le_havre.campaign).calendar.appeals_close_at()
    by = who(camille)

    with pytest.raises(appeals.OutOfTime):
        appeals.file(le_havre.pk, grounds="x", by=by, at=closes)
    assert appeals.file(le_havre.pk, grounds="x", by=by, at=closes - timedelta(microseconds=1)).level_before == 2
    with pytest.raises(appeals.AlreadyFiled):
        appeals.file(le_havre.pk, grounds="y", by=by, at=closes - timedelta(days=1))


@database
def test_who_read_it_or_is_in_conflict_does_not_read_it_again(le_havre, camille, others, sacha):
    declare(others[0], le_havre, reason="partenaire", by=others[0].user, at=timezone.now())
    declare(others[1], le_havre, reason="partenaire", by=others[1].user, at=timezone.now())
    appeal = filed(le_havre, camille)

    page = sacha.post(f"/campagnes/recours/{appeal.pk}", {"verb": "admit"}, follow=True).content.decode()

    assert [one.juror_id for one in appeal.reviews.all()] == [others[2].pk]
    assert "1 juré relira" in page and "Nommer 1 autre lecteur" in page


@database
def test_without_another_juror_nothing_is_half_done(le_havre, camille, sacha):
    appeal = filed(le_havre, camille)

    page = sacha.post(f"/campagnes/recours/{appeal.pk}", {"verb": "admit"}, follow=True).content.decode()

    appeal.refresh_from_db()
    assert "Aucun autre juré n’est libre" in page and appeal.state == "filed"


@database
def test_an_unfinished_reading_and_a_lower_level_are_refused(le_havre, camille, others, sacha):
    appeal, now = filed(le_havre, camille), timezone.now()
    by = who(sacha)
    first, second = appeals.admit(appeal.pk, by=by, at=now)
    finish(first, 9, at=now)

    with pytest.raises(appeals.Unread):
        appeals.conclude(appeal.pk, 3, reason="x", by=by, at=now, site=SITE)
    finish(second, 9, at=now)
    with pytest.raises(WorseThanBefore):
        appeals.conclude(appeal.pk, 1, reason="x", by=by, at=now, site=SITE)
    with pytest.raises(appeals.NoGrounds):
        appeals.conclude(appeal.pk, 3, reason=" ", by=by, at=now, site=SITE)
    appeal.refresh_from_db()
    assert appeal.state == "reading" and Award.objects.get(territory_id="commune:76351").level == 2


@database
def test_a_town_takes_its_appeal_back_and_a_second_reader_reads_no_more(le_havre, camille, others, sacha):
    appeal = filed(le_havre, camille)
    sacha.post(f"/campagnes/recours/{appeal.pk}", {"verb": "admit"})

    camille.post(f"/dossiers/{le_havre.pk}/recours", {"verb": "withdraw"})

    reader = Client()
    reader.force_login(appeal.reviews.first().juror.user)
    assert reader.get(f"/jury/{appeal.reviews.first().pk}").status_code == 404


@database
def test_an_appeal_that_cannot_be_read_is_answered(le_havre, camille, sacha):
    appeal = filed(le_havre, camille)

    sacha.post(
        f"/campagnes/recours/{appeal.pk}", {"verb": "reject", "reason": "Une nouvelle action n’est pas un motif."}
    )

    assert "Une nouvelle action" in camille.get(f"/dossiers/{le_havre.pk}").content.decode()
    assert Letter.objects.get(kind="appeal").to == CAMILLE.email


@given(st.integers(1, 5), st.integers(-1, 7))
def test_an_appeal_never_lowers_a_level(before, level):
    try:
        assert before <= outcome(before, level) == level <= 5
    except WorseThanBefore:
        assert level < before or level > 5


def test_the_docs_draw_the_states_of_an_appeal():
    page = (ROOT / "docs/methodology/deliberation.md").read_text(encoding="utf-8").partition("## Appeals")[2]
    drawn = set(re.findall(r"^ +(\w+) --> (\w+) : (\w+)$", page, re.MULTILINE))

    assert drawn == {(str(state), str(to), str(verb)) for (state, verb), to in APPEAL.transitions.items()}
