"""The jury of a campaign through its pages: invited, seated, assigned, scoring; and what nobody may see."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from arobase.accounts.models import User
from arobase.label.actions import dossiers as dossier_actions
from arobase.label.actions import jury as seats
from arobase.label.models import Campaign, Conflict, Document, Dossier, Juror, Letter, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.reviews import grades
from arobase.label.rules.reviews import FOR_TOWN, mark_field
from arobase.label.rules.states import DossierVerb
from builders import a_commune, a_department, a_dossier, an_account, an_edition, an_epci, an_initiative
from people import CAMILLE, DOMINIQUE, SACHA, Person

pytestmark = pytest.mark.django_db
JURORS = [Person(f"jure{n}@exemple.fr", f"Juré {n}", "juror") for n in range(1, 5)]
CATEGORIES = ("democratie-et-services-publics", "vivre-ensemble", "partager-les-savoirs", "creer-de-la-richesse")
TOWNS = [("14118", "Caen", "14"), ("27229", "Évreux", "27"), ("50129", "Cherbourg", "50"), ("61001", "Alençon", "61")]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(User.objects.filter(email=person.email).first() or an_account(person))
    return client


def a_handed_in_dossier(code: str = "76351", name: str = "Le Havre", department: str = "76") -> Dossier:
    return a_dossier(territory=a_commune(code, name, department=a_department(department, department)), submitted=True)


def participation_closes(campaign: Campaign) -> None:
    """Move the calendar by eleven days: participation closed yesterday, reviews run for nine days."""
    text = an_edition(campaign.pk, around=timezone.now() - timedelta(days=11))
    campaign.revisions.create(number=2, text=text, at=timezone.now(), reason="test")


def seated(person: Person, campaign: Campaign, **facts) -> Juror:
    user = User.objects.filter(email=person.email).first() or an_account(person)
    return Juror.objects.create(
        campaign=campaign, user=user, invited_at=timezone.now(), accepted_at=timezone.now(), **facts
    )


@pytest.fixture
def jury():
    """Four dossiers handed in, participation closed, four jurors seated, everything assigned."""
    handed_in = [a_handed_in_dossier(*town) for town in TOWNS]
    campaign = handed_in[0].campaign
    participation_closes(campaign)
    for person in JURORS:
        seated(person, campaign)
    signed_in(SACHA).post(f"/campagnes/{campaign.pk}/jury/attribuer")
    return campaign


def mark(client: Client, review: Review, field: str, value: str, *, base=0, sequence=1):
    form = {"field": field, "value": value, "base": base, "client": "page", "sequence": sequence}
    return client.post(f"/jury/{review.pk}/champ", form)


def mark_all(client: Client, review: Review, value: int) -> None:
    for category in CATEGORIES:
        assert mark(client, review, mark_field(category), str(value)).status_code == 200


def test_a_juror_is_invited_accepts_and_scores_to_the_end(jury):
    sacha = signed_in(SACHA)
    sacha.post("/campagnes/2027/jury", {"email": "nouvelle@exemple.fr", "name": "Nouvelle"})
    assert Letter.objects.get(kind="jury").to == "nouvelle@exemple.fr"
    one = signed_in(JURORS[0])
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()

    page = one.get("/jury").content.decode()
    assert str(review.dossier.territory) in page
    mark_all(one, review, 8)
    mark(one, review, FOR_TOWN, "Très suivi.")
    one.post(f"/jury/{review.pk}/etat", {"verb": "finish"})

    review.refresh_from_db()
    assert (review.state, review.first_opinion_at is not None) == ("done", True)
    assert "Vos notes font 80,0 sur 100" in one.get(f"/jury/{review.pk}").content.decode()


def test_every_dossier_has_its_readers_and_loads_are_even(jury):
    pairs = list(Review.objects.values_list("dossier_id", "juror_id"))

    assert len(pairs) == len(set(pairs)) == 12
    assert {sum(juror == one.pk for _dossier, juror in pairs) for one in Juror.objects.all()} == {3}


def test_assigning_again_changes_nothing_and_a_drop_out_little(jury):
    before = set(Review.objects.values_list("dossier_id", "juror_id"))
    sacha = signed_in(SACHA)
    sacha.post("/campagnes/2027/jury/attribuer")
    assert set(Review.objects.filter(state="assigned").values_list("dossier_id", "juror_id")) == before

    gone = Juror.objects.first()
    signed_in(JURORS[0]).post("/jury", {"juror": gone.pk, "verb": "withdraw"})
    sacha.post("/campagnes/2027/jury/attribuer")

    after = set(Review.objects.filter(state="assigned").values_list("dossier_id", "juror_id"))
    assert {pair for pair in before if pair[1] != gone.pk} <= after and gone.pk not in {juror for _d, juror in after}


def test_nobody_reads_before_participation_has_closed():
    dossier = a_handed_in_dossier()
    seated(DOMINIQUE, dossier.campaign)

    page = signed_in(SACHA).post("/campagnes/2027/jury/attribuer", follow=True).content.decode()

    assert "n’est pas close" in page and not Review.objects.exists()


def test_an_impossible_assignment_says_who_stands_in_the_way(jury):
    dossier = Dossier.objects.get(territory_id="commune:14118")
    for juror in Juror.objects.all()[:2]:
        signed_in(SACHA).post(
            "/campagnes/2027/jury/conflits", {"juror": juror.pk, "dossier": dossier.pk, "reason": "x"}
        )

    page = signed_in(SACHA).post("/campagnes/2027/jury/attribuer", follow=True).content.decode()

    assert "Impossible" in page and "Caen" in page


def statuses(client: Client, review: Review) -> set[int]:
    """What every address of a review answers to someone."""
    return {
        client.get(f"/jury/{review.pk}").status_code,
        client.post(f"/jury/{review.pk}/champ", {"field": "x"}).status_code,
        client.post(f"/jury/{review.pk}/etat", {"verb": "finish"}).status_code,
    }


def test_a_dossier_is_never_visible_to_a_juror_in_conflict(jury):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    one = signed_in(JURORS[0])
    assert 404 not in statuses(one, review)

    signed_in(SACHA).post(
        "/campagnes/2027/jury/conflits", {"juror": review.juror_id, "dossier": review.dossier_id, "reason": "lien"}
    )

    assert statuses(one, review) == {404}
    assert str(review.dossier.territory) not in one.get("/jury").content.decode()


@pytest.mark.parametrize("tie", ["commune", "epci", "department", "partner"])
def test_conflicts_are_found_where_a_juror_works_in_its_epci_its_department_or_a_partner(jury, tie):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    town = review.dossier.territory
    elsewhere = a_commune("33063", "Bordeaux", department=a_department("33", "Gironde"))
    place = {
        "commune": lambda: town,
        "epci": lambda: _sharing_an_epci(town, elsewhere),
        "department": lambda: a_commune(f"{town.code[:2]}999", "Voisine", department=town.department),
        "partner": lambda: _a_partner(town, elsewhere),
    }[tie]()

    Juror.objects.filter(pk=review.juror_id).update(ties=[place.pk])

    assert statuses(signed_in(JURORS[0]), review) == {404}


def _sharing_an_epci(town, elsewhere):
    body = an_epci()
    for one in (town, elsewhere):
        one.epci = body
        one.save()
    return elsewhere


def _a_partner(town, elsewhere):
    one = an_initiative(town)
    one.partners = [{"name": "Bordeaux", "territory": elsewhere.pk}]
    one.save()
    return elsewhere


def test_an_address_that_is_not_confirmed_conflicts_with_everything(jury):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    review.juror.user.emailaddress_set.update(verified=False)

    assert statuses(signed_in(JURORS[0]), review) == {404}


def test_another_jurors_review_is_not_found_nor_a_draft(jury):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    assert statuses(signed_in(JURORS[1]), review) == {404}

    Dossier.objects.filter(pk=review.dossier_id).update(state="draft")

    assert statuses(signed_in(JURORS[0]), review) == {404}


def test_a_conflict_of_the_organiser_is_not_lifted_by_the_juror(jury):
    juror, dossier = Juror.objects.first(), Dossier.objects.first()
    seats.declare(juror, dossier, reason="x", by=User.objects.get(email=SACHA.email), at=timezone.now())

    with pytest.raises(Exception, match=str(juror.user_id)):
        seats.lift(Conflict.objects.get().pk, by=juror.user)

    assert Conflict.objects.exists()


def test_others_and_last_years_level_stay_hidden_until_ones_first_opinion(jury):
    first = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    second = Review.objects.filter(dossier=first.dossier).exclude(pk=first.pk).first()
    other = signed_in(next(person for person in JURORS if person.email == second.juror.user.email))
    mark_all(other, second, 2)
    other.post(f"/jury/{second.pk}/etat", {"verb": "finish"})
    one = signed_in(JURORS[0])

    before = one.get(f"/jury/{first.pk}").content.decode()
    mark_all(one, first, 9)
    after = one.get(f"/jury/{first.pk}").content.decode()

    assert str(second.juror) not in before and "première opinion" in before
    assert str(second.juror) in after and "20,0" in after


def test_a_review_is_finished_only_when_every_category_is_scored(jury):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    one = signed_in(JURORS[0])
    mark(one, review, mark_field(CATEGORIES[0]), "5")

    page = one.post(f"/jury/{review.pk}/etat", {"verb": "finish"}, follow=True).content.decode()

    assert "chaque catégorie attend" in page and Review.objects.get(pk=review.pk).state == "assigned"


@pytest.mark.parametrize(
    ("field", "value"), [("mark.vivre-ensemble", "11"), ("mark.vivre-ensemble", "-1"), ("mark.x", "5")]
)
def test_a_mark_outside_the_scale_is_refused(jury, field, value):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()

    assert mark(signed_in(JURORS[0]), review, field, value).status_code == 422


def test_after_the_reviews_have_closed_nothing_is_written(jury):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    text = an_edition(2027, around=timezone.now() - timedelta(days=21))
    jury.revisions.create(number=3, text=text, at=timezone.now(), reason="test")

    refused = mark(signed_in(JURORS[0]), review, mark_field(CATEGORIES[0]), "5")

    assert refused.status_code == 410 and "closes" in refused.json()["problem"]


def test_without_scripts_the_form_keeps_what_can_be_kept(jury):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    form = {"client": "form"}
    for name, value in ((mark_field(CATEGORIES[0]), "7"), (mark_field(CATEGORIES[1]), "99")):
        form |= {name: value, f"base:{name}": "0", f"was:{name}": ""}

    page = signed_in(JURORS[0]).post(f"/jury/{review.pk}", form)

    assert page.status_code == 422
    assert dict(review.marks.values_list("field", "value")) == {mark_field(CATEGORIES[0]): "7"}


def test_the_calibration_page_corrects_a_severe_juror_and_says_on_what_it_stands(jury):
    qualities = {dossier.pk: 4 + place for place, dossier in enumerate(Dossier.objects.order_by("pk"))}
    severe = Juror.objects.order_by("pk").first()
    for review in Review.objects.all():
        person = next(one for one in JURORS if one.email == review.juror.user.email)
        client = signed_in(person)
        mark_all(client, review, qualities[review.dossier_id] - (3 if review.juror == severe else 0))
        client.post(f"/jury/{review.pk}/etat", {"verb": "finish"})

    found = grades(jury)
    page = signed_in(SACHA).get("/campagnes/2027/jury/notes").content.decode()

    assert found.applied and len(found.rows) == 4
    order = [row.dossier.pk for row in found.rows]
    assert order == sorted(qualities, key=qualities.get, reverse=True)
    assert "12 évaluations terminées" in page and str(severe) in page


def test_the_calibration_page_of_an_empty_jury_says_so(jury):
    assert "rien encore à comparer" in signed_in(SACHA).get("/campagnes/2027/jury/notes").content.decode()


def test_a_juror_reads_the_documents_of_the_dossier_and_no_others(jury):
    agent = signed_in(Person("agent@caen.exemple.fr", "Claude", "agent", "commune:14118"))
    dossier = Dossier.objects.get(territory_id="commune:14118")
    file = BytesIO(b"%PDF-1.4 x")
    file.name = "bilan.pdf"
    agent.post(f"/dossiers/{dossier.pk}/documents", {"file": file})
    kept = Document.objects.get()
    readers = set(Review.objects.filter(dossier=dossier).values_list("juror__user__email", flat=True))

    answers = {person.email: signed_in(person).get(f"/documents/{kept.pk}").status_code for person in JURORS}

    assert {email for email, status in answers.items() if status == 200} == readers
    assert signed_in(CAMILLE).get(f"/documents/{kept.pk}").status_code == 404


def test_a_withdrawn_dossier_leaves_the_jurys_desk(jury):
    review = Review.objects.filter(juror__user__email=JURORS[0].email).first()
    calendar = in_force(jury).calendar
    dossier_actions.extend(
        review.dossier_id, until=calendar.closes_at + timedelta(days=3), reason="x", by=None, at=timezone.now()
    )
    dossier_actions.move(review.dossier_id, DossierVerb.REOPEN, by=None, at=timezone.now())

    assert statuses(signed_in(JURORS[0]), review) == {404}
