"""After the ceremony: evaluators evaluated in return, the edition in numbers, excellence, what was kept checked."""

import csv
import io
import json
from fractions import Fraction

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.label.actions import outcomes
from arobase.label.cli import label as label_command
from arobase.label.models import Award, Edition, Feedback, Review, Snapshot
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.distinctions import excellent_until
from arobase.label.rules.distinctions import EXCELLENCE
from arobase.label.rules.feedback import Asked, BadAnswer, summed_up
from arobase.label.rules.statistics import Result, grouped
from builders import an_account
from juries import SITE, decide_all
from people import ALIX, CAMILLE

database = pytest.mark.django_db
results = st.builds(Result, st.integers(1, 5), st.sampled_from("abc"), st.sampled_from("de"), st.just(""))


@pytest.fixture
def camille() -> Client:
    client = Client()
    client.force_login(an_account(CAMILLE))
    return client


def answered(client: Client, review: Review, **given: str) -> int:
    form = {"was_read": "5", "is_useful": "2", "comment": "Merci", **given}
    return client.post(f"/dossiers/{review.dossier_id}/avis/{review.pk}", form).status_code


@database
def test_a_town_evaluates_its_evaluators_and_the_organiser_reads_it(published, camille, sacha):
    dossier = published.dossiers.get(territory_id="commune:76351")
    first = dossier.reviews.order_by("pk").first()

    assert answered(camille, first) == 302
    answered(camille, first, was_read="4")

    page = camille.get(f"/dossiers/{dossier.pk}").content.decode()
    assert "Changer ma réponse" in page and first.juror.user.name not in page
    jury = sacha.get("/campagnes/2027/jury").content.decode()
    assert "4,0 (n = 1)" in jury and "2,0 (n = 1)" in jury and "Merci" in jury


@database
def test_a_juror_sees_what_is_said_from_three_answers_on(published, camille):
    reviews = list(Review.objects.filter(juror__user__email="jure1@exemple.fr"))
    juror = Client()
    juror.force_login(reviews[0].juror.user)
    at = timezone.now()
    for number, review in enumerate(reviews):
        assert "Les territoires disent" not in juror.get("/jury").content.decode(), f"after {number}"
        Feedback.objects.create(review=review, was_read=3 + number % 2, is_useful=2, at=at)

    assert "dossier lu 3,3 (n = 3)" in juror.get("/jury").content.decode()


@database
@pytest.mark.parametrize("given_", [{"was_read": "6"}, {"is_useful": ""}, {"was_read": "-1"}])
def test_an_answer_outside_the_scale_is_refused(published, camille, given_):
    review = Review.objects.filter(dossier__territory_id="commune:76351").first()

    answered(camille, review, **given_)

    assert not Feedback.objects.exists()


@database
def test_nobody_evaluates_what_is_not_theirs_or_not_published(campaign, camille):
    own = Review.objects.filter(dossier__territory_id="commune:76351").first()
    other = Review.objects.filter(dossier__territory_id="commune:14118").first()
    stranger = Client()
    stranger.force_login(an_account(ALIX))

    assert answered(camille, own) == 404, "not published yet"
    decide_all(campaign, level=2)
    outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)
    assert answered(camille, other) == 404
    assert (
        camille.post(f"/dossiers/{own.dossier_id}/avis/{other.pk}", {"was_read": 5, "is_useful": 5}).status_code == 404
    )
    assert answered(stranger, own) == 403
    assert not Feedback.objects.exists()


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=9))
def test_a_mean_lies_among_the_answers_and_few_are_not_shown(answers):
    said = summed_up([{Asked.WAS_READ: read, Asked.IS_USEFUL: useful} for read, useful in answers])

    assert said.number == len(answers) and said.may_be_shown == (len(answers) >= 3)
    if answers:
        assert min(answers)[0] <= said.means[Asked.WAS_READ] <= max(answers)[0]
    with pytest.raises(BadAnswer):
        summed_up([{Asked.WAS_READ: 3}])


@database
def test_an_edition_in_numbers_for_anyone_once_it_is_published(campaign):
    decide_all(campaign, level=4)
    assert Client().get("/label/2027/bilan").status_code == 404 == Client().get("/label/2027/bilan.csv").status_code
    outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)

    page = Client().get("/label/2027/bilan").content.decode()

    assert "3 dossiers décidés sur 3 commencés, 9 évaluations par 3 jurés" in page and "Seine-Maritime" not in page
    rows = list(csv.DictReader(io.StringIO(Client().get("/label/2027/bilan.csv").content.decode("utf-8-sig"))))
    for grouping in {one["grouping"] for one in rows}:
        assert sum(int(one["dossiers"]) for one in rows if one["grouping"] == grouping) == 3
        assert sum(int(one["level_4"]) for one in rows if one["grouping"] == grouping) == 3


@given(st.lists(results, max_size=30))
def test_no_dossier_is_lost_or_counted_twice_in_a_grouping(found):
    for by in (lambda one: one.kind, lambda one: one.size, lambda _one: ""):
        rows = grouped(found, by)

        assert sum(row.number for row in rows) == len(found)
        assert sum(row.mean * row.number for row in rows) == sum((Fraction(one.level) for one in found), Fraction(0))
        assert all(1 <= row.mean <= 5 for row in rows)


def five_arobases(years: range) -> None:
    for year in years:
        edition, _is_new = Edition.objects.get_or_create(label_year=year)
        Award.objects.create(edition=edition, territory_id="commune:76351", level=5, name_as_printed="Le Havre")


@database
def test_the_sixth_five_arobases_name_a_territory_of_excellence_for_three_years(campaign):
    five_arobases(range(2022, 2027))
    decide_all(campaign, level=5)

    outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)

    given_ = {one.territory_id: one.distinctions for one in Award.objects.filter(edition=2027)}
    assert given_ == {"commune:76351": [EXCELLENCE], "commune:14118": [], "commune:27229": []}
    assert [excellent_until("commune:76351", label_year=year) for year in (2026, 2027, 2029, 2030)] == [
        None,
        2029,
        2029,
        None,
    ]
    assert "jusqu’au label 2029" in Client().get("/territoires/commune/76351").content.decode()


@database
def test_five_of_them_do_not(campaign):
    five_arobases(range(2023, 2027))
    decide_all(campaign, level=5)

    outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)

    assert not any(one.distinctions for one in Award.objects.filter(edition=2027))


@database
def test_what_was_kept_at_each_milestone_is_what_it_gives_today(published):
    told = CliRunner().invoke(label_command, ["check", "--json"])

    assert told.exit_code == 0 and json.loads(told.stdout) == {"checked": 9, "wrong": []}
    assert set(Snapshot.objects.values_list("milestone", flat=True)) == {"submitted", "reviewed", "decided"}


@database
def test_a_snapshot_that_somebody_changed_is_found(published):
    altered, rescored = Snapshot.objects.all()[:2]
    altered.content["answers"]["strategie"] = "Autre chose"
    altered.save()
    rescored.score = "99"
    rescored.save()

    told = CliRunner().invoke(label_command, ["check", "--json"])

    wrong = json.loads(told.stdout)["wrong"]
    found = {(one["altered"], one["rescored"]) for one in wrong}
    assert (told.exit_code, len(wrong), found) == (1, 2, {(True, False), (False, True)})
