"""Readings around the optimisation: caps, dossiers that everyone reads, alternates, phases of reading."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.label.actions.jury import distribute, limit
from arobase.label.models import Campaign, Juror, Review
from arobase.label.queries.configuration.editions import first_text, in_force, next_text
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.queries.configuration.text import BadConfiguration
from arobase.label.rules.assignment import Impossible
from arobase.label.rules.configuration import Others
from arobase.label.rules.reviews import sight
from arobase.label.rules.sharing import common, even_loads
from builders import a_campaign, a_commune, a_dossier, an_account, an_edition
from people import SACHA, Person

database = pytest.mark.django_db
PEOPLE = [Person(f"lecteur{n}@exemple.fr", f"Lecteur {n}", "juror") for n in range(1, 6)]
TOWNS = [("76351", "Le Havre"), ("14118", "Caen"), ("27229", "Évreux"), ("50129", "Cherbourg"), ("61001", "Alençon")]
caps = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.none() | st.integers(0, 12), min_size=1)


@given(caps, st.integers(0, 60), st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30)))
def test_what_a_juror_holds_stays_and_the_total_still_fits(caps, total, held):
    loads = even_loads(caps, total=total, held=held)

    assert all(least >= held.get(juror, 0) for juror, (least, _most) in loads.items())
    if sum(held.get(juror, 0) for juror in caps) <= total:
        assert sum(least for least, _most in loads.values()) <= total


@given(caps, st.integers(0, 60))
def test_loads_are_as_even_as_the_caps_allow_and_hold_the_total(caps, total):
    loads = even_loads(caps, total=total)

    most_possible = sum(total if cap is None else min(cap, total) for cap in caps.values())
    assert all(0 <= least <= most <= least + 1 for least, most in loads.values())
    assert all(cap is None or loads[juror][1] <= cap for juror, cap in caps.items())
    assert sum(least for least, _most in loads.values()) <= total
    assert sum(most for _least, most in loads.values()) >= min(total, most_possible)
    free = {loads[juror] for juror, cap in caps.items() if cap is None}
    assert len(free) <= 1, "those without a cap are treated alike"


@given(st.dictionaries(st.integers(1, 30), st.fractions(0, 100), min_size=1), st.integers(0, 8))
def test_dossiers_for_everyone_are_different_and_reach_from_the_weakest_to_the_strongest(scores, number):
    found = common(scores, {}, number=number)

    assert len(found) == len(set(found)) == min(number, len(scores))
    if number >= 2:
        assert {scores[one] for one in found} >= {min(scores.values()), max(scores.values())}


def test_a_dossier_with_a_conflict_is_not_for_everyone_while_others_are_free():
    assert common({one: Fraction(one) for one in (1, 2, 3)}, {1: 2, 3: 1}, number=1) == [2]


@pytest.fixture
def campaign() -> Campaign:
    """Five dossiers, five jurors, participation closed."""
    dossiers = [a_dossier(territory=a_commune(*town), submitted=True) for town in TOWNS]
    found, now = dossiers[0].campaign, timezone.now()
    found.revisions.create(number=2, text=an_edition(found.pk, around=now - timedelta(days=15)), at=now, reason="test")
    for person in PEOPLE:
        Juror.objects.create(campaign=found, user=an_account(person), invited_at=now, accepted_at=now)
    return found


def assigned(campaign: Campaign) -> dict[int, int]:
    distribute(campaign, by=None, at=timezone.now(), seconds=2, elapsed=lambda: 0.0)
    active = Review.objects.filter(state="assigned")
    return {juror.pk: active.filter(juror=juror).count() for juror in Juror.objects.order_by("pk")}


def configured(campaign: Campaign, before: str, after: str) -> None:
    last = campaign.revisions.last()
    assert before in last.text
    campaign.revisions.create(
        number=last.number + 1, text=last.text.replace(before, after), at=timezone.now(), reason="test"
    )


@database
def test_a_juror_reads_no_more_than_he_takes_and_the_others_share_the_rest(campaign):
    client, first = Client(), Juror.objects.order_by("pk")[0]
    client.force_login(an_account(SACHA))

    client.post(f"/campagnes/{campaign.pk}/jury/charges", {f"most-{first.pk}": "1"})

    loads = assigned(campaign)
    assert loads[first.pk] == 1 and sorted(loads.values())[1:] == [3, 3, 4, 4]


@database
def test_a_load_that_is_no_number_changes_nothing(campaign):
    client, first = Client(), Juror.objects.order_by("pk")[0]
    client.force_login(an_account(SACHA))

    page = client.post(f"/campagnes/{campaign.pk}/jury/charges", {f"most-{first.pk}": "peu"}, follow=True)

    first.refresh_from_db()
    assert first.most is None and "Rien n’est noté" in page.content.decode()


@database
def test_caps_that_leave_dossiers_unread_are_refused_with_a_reason(campaign):
    sacha = an_account(SACHA)
    for juror in Juror.objects.all():
        limit(juror.pk, 2, by=sacha)

    with pytest.raises(Impossible):
        assigned(campaign)
    assert not Review.objects.exists()


@database
def test_everyone_reads_the_common_dossiers_and_goes_on_doing_so(campaign):
    configured(campaign, "  common: 0", "  common: 2")

    loads = assigned(campaign)
    shared = set(campaign.dossiers.filter(is_common=True).values_list("pk", flat=True))
    again = assigned(campaign)

    assert len(shared) == 2 and all(Review.objects.filter(dossier=one).count() == 5 for one in shared)
    assert sum(loads.values()) == 2 * 5 + 3 * 3 and again == loads
    assert shared == set(campaign.dossiers.filter(is_common=True).values_list("pk", flat=True))


@database
def test_alternates_are_listed_and_read_nothing_yet(campaign):
    assigned(campaign)
    client = Client()
    client.force_login(an_account(SACHA))

    for dossier in campaign.dossiers.all():
        readers = set(Review.objects.filter(dossier=dossier, state="assigned").values_list("juror_id", flat=True))
        assert len(dossier.alternates) == 2 and not readers & set(dossier.alternates)
    assert "suppléants" in client.get(f"/campagnes/{campaign.pk}/jury/lectures").content.decode()


@database
def test_who_did_not_deliver_last_time_is_known_when_the_next_jury_is_made(campaign):
    assigned(campaign)
    juror = Juror.objects.order_by("pk")[0]
    left = Review.objects.filter(juror=juror).count()
    following = a_campaign(campaign.pk + 1)
    Juror.objects.create(campaign=following, user=juror.user, invited_at=timezone.now())
    client = Client()
    client.force_login(an_account(SACHA))

    page = client.get(f"/campagnes/{following.pk}/jury").content.decode()
    assert f"{left} lectures non rendues l’an dernier" in page
    later = a_campaign(campaign.pk + 2)
    Juror.objects.create(campaign=later, user=juror.user, invited_at=timezone.now())
    page = client.get(f"/campagnes/{later.pk}/jury").content.decode()
    assert "non rendue" not in page, "what was left two years ago is not last year’s"


PHASES = """  phases:
    - {name: {fr: "Lecture anonyme", en: "Blind reading"}, until: 2026-11-20 23:59, names: false, others: never}
    - {name: {fr: "Pause", en: "Pause"}, until: 2026-11-25 23:59, scores: false, others: after_own}
    - {name: {fr: "Échange", en: "Exchange"}, until: 2026-12-06 23:59, others: always}
"""


def test_each_phase_says_who_sees_and_does_what():
    found = configuration_of(first_text().replace("  common: 0", PHASES + "  common: 0"))
    jury, closes = found.jury, found.calendar.closes_at

    blind, pause, exchange = (jury.phase(closes + timedelta(days=days)) for days in (1, 22, 30))
    assert (blind.names, blind.others, blind.may_score) == (False, Others.NEVER, True)
    assert (pause.may_score, exchange.others) == (False, Others.ALWAYS)
    assert not sight(blind, has_first_opinion=True).others and not sight(blind, has_first_opinion=True).last_level
    assert sight(exchange, has_first_opinion=False).others and not sight(exchange, has_first_opinion=False).last_level
    assert jury.phase(blind.until) == pause, "a phase ends at its very instant"
    assert jury.phase(closes + timedelta(days=99)) == exchange


def test_phases_that_do_not_follow_one_another_are_refused():
    text = first_text().replace("  common: 0", PHASES + "  common: 0")

    for change in (("2026-12-06 23:59, others: always", "2026-12-05 23:59, others: always"), ("11-25", "11-15")):
        with pytest.raises(BadConfiguration) as refused:
            configuration_of(text.replace(*change))
        assert "phases de lecture" in str(refused.value.problems[0].text)


def test_the_next_edition_has_the_same_phases_a_year_later():
    text = next_text(first_text().replace("  common: 0", PHASES + "  common: 0"))

    assert [one.until.year for one in configuration_of(text).jury.phases] == [2027, 2027, 2027]


@database
def test_in_a_blind_phase_no_name_is_shown_and_in_a_pause_nothing_is_written(campaign):
    assigned(campaign)
    calendar = in_force(campaign).calendar
    until = calendar.review_closes_at.astimezone().isoformat(" ", "minutes")
    blind = (
        f'  phases:\n    - {{name: {{fr: "Anonyme", en: "Blind"}}, until: "{until}", names: false, others: never}}\n'
    )
    configured(campaign, "  common: 0", blind + "  common: 0")
    review = Review.objects.select_related("juror__user", "dossier__territory")[0]
    juror = Client()
    juror.force_login(review.juror.user)

    pages = [juror.get(path).content.decode() for path in ("/jury", f"/jury/{review.pk}")]
    assert not any(str(review.dossier.territory) in page for page in pages) and "Anonyme" in pages[1]
    saving = {"field": "mark.vivre-ensemble", "value": "6", "base": "0", "client": "page", "sequence": "1"}
    assert juror.post(f"/jury/{review.pk}/champ", saving).status_code == 200
    configured(campaign, "names: false", "scores: false")
    assert juror.post(f"/jury/{review.pk}/champ", {**saving, "sequence": "2", "base": "1"}).status_code == 410


@database
def test_a_juror_who_comes_late_gets_a_seat_although_others_finished_more_than_their_share(campaign):
    assigned(campaign)
    now = timezone.now()
    Review.objects.filter(state="assigned").update(state="done", first_opinion_at=now, finished_at=now)
    late = an_account(Person("tard@exemple.fr", "Tard", "juror"))
    Juror.objects.create(campaign=campaign, user=late, invited_at=now, accepted_at=now)

    distribute(campaign, by=None, at=now, seconds=2, elapsed=lambda: 0.0)

    assert Review.objects.filter(state="done").count() == 15 and not Review.objects.filter(juror__user=late).exists()
