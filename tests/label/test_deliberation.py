"""From grades to a published label: proposals, decisions, quorum, trace, all at once or nothing."""

from datetime import timedelta
from fractions import Fraction
from itertools import permutations

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.label.actions import deliberation, outcomes
from arobase.label.actions.awards import derive
from arobase.label.actions.ticking import tick
from arobase.label.models import Award, Campaign, Decision, DecisionEvent, Juror, Letter, Review
from arobase.label.queries.configuration.editions import in_force
from arobase.label.rules.deliberation import DECISION, has_quorum, meeting_order, movements
from arobase.label.rules.distinctions import excellence, is_excellent
from arobase.label.rules.states import NotPossible
from builders import an_account
from conftest import ROOT
from juries import JURORS, SITE, decide_all
from people import CAMILLE

database = pytest.mark.django_db


@database
def test_a_meeting_proposes_decides_and_publishes_through_its_pages(campaign, sacha):
    an_account(CAMILLE)
    address = f"/campagnes/{campaign.pk}/deliberation"
    sacha.post(f"{address}/proposer")
    sacha.post(f"{address}/presents", {"present": list(Juror.objects.values_list("pk", flat=True))})
    for one in Decision.objects.all():
        form = {"level": "3", "reason": "Un réseau de médiateurs", "mentions": ["education"]}
        sacha.post(f"/campagnes/decisions/{one.pk}", form)

    page = sacha.get(address).content.decode()
    assert "3 décisions sur 3" in page and not Award.objects.exists()
    assert sacha.get(f"{address}/proces-verbal.pdf").content.startswith(b"%PDF-1.")
    early = sacha.post(f"/campagnes/{campaign.pk}/publier", {"verb": "publish"}, follow=True).content.decode()
    assert "Rien n’est publié avant la cérémonie" in early and not Award.objects.exists()

    outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)
    award = Award.objects.get(territory_id="commune:76351")
    assert (award.level, award.distinctions, award.placed_by) == (3, ["Éducation"], "campaign")
    camille = Client()
    camille.login(email=CAMILLE.email, password="une phrase assez longue")
    assert Letter.objects.get(kind="result").to == CAMILLE.email


@database
def test_the_town_reads_its_result_and_the_jurys_words_without_their_names(campaign):
    camille = Client()
    camille.force_login(an_account(CAMILLE))
    dossier = campaign.dossiers.get(territory_id="commune:76351")
    decide_all(campaign, level=2)

    before = camille.get(f"/dossiers/{dossier.pk}").content.decode()
    outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)
    after = camille.get(f"/dossiers/{dossier.pk}").content.decode()

    assert "Votre résultat" not in before and "Continuez" not in before
    assert "2 arobases au label 2027" in after and "Continuez" in after
    assert not any(person.name in after for person in JURORS)


@database
def test_nothing_decided_shows_anywhere_before_it_is_published(campaign):
    decide_all(campaign, level=5)
    visitor = Client()

    pages = [visitor.get(path).content.decode() for path in ("/atlas", "/territoires/commune/76351", "/")]

    assert not Award.objects.exists()
    assert not any("2027" in page and "5 arobases sur 5" in page for page in pages)


@database
def test_publication_is_refused_to_the_microsecond_and_then_happens_once(campaign):
    decide_all(campaign)
    ceremony = in_force(campaign).calendar.ceremony_at

    with pytest.raises(outcomes.NotYet):
        outcomes.publish(campaign.pk, by=None, at=ceremony - timedelta(microseconds=1), site=SITE)
    assert outcomes.publish(campaign.pk, by=None, at=ceremony, site=SITE) == 3
    with pytest.raises(NotPossible):
        outcomes.publish(campaign.pk, by=None, at=ceremony, site=SITE)
    assert Award.objects.count() == 3


@database
def test_one_undecided_dossier_holds_everything_back(campaign):
    decide_all(campaign)
    deliberation.undo(Decision.objects.last().pk, by=None, at=timezone.now())

    with pytest.raises(outcomes.Undecided):
        outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)

    assert not Award.objects.exists() and not Letter.objects.filter(kind="result").exists()
    assert Campaign.objects.get().state == "open"


@database
def test_what_breaks_half_way_leaves_nothing_published(campaign, monkeypatch):
    an_account(CAMILLE)
    decide_all(campaign)
    monkeypatch.setattr(outcomes, "level_words", lambda level: 1 / 0)  # the power fails in the middle

    with pytest.raises(ZeroDivisionError):
        outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)

    assert not Award.objects.exists() and not Decision.objects.filter(state="published").exists()


@database
def test_a_campaign_that_may_publishes_itself_at_the_second_of_the_ceremony(campaign):
    decide_all(campaign)
    ceremony = in_force(campaign).calendar.ceremony_at
    assert tick(at=ceremony, site=SITE)["published"] == 0, "nobody said that it may"
    outcomes.release(campaign.pk, itself=True, by=None)

    before, then, after = (tick(at=ceremony + timedelta(seconds=n), site=SITE)["published"] for n in (-1, 0, 1))

    assert (before, then, after) == (0, 1, 0)


@database
def test_without_a_quorum_nothing_is_decided(campaign, sacha):
    deliberation.propose(campaign, by=None, at=timezone.now())
    deliberation.attend(campaign, {Juror.objects.first().pk}, by=None)

    page = sacha.post(f"/campagnes/decisions/{Decision.objects.first().pk}", {"level": "2"}, follow=True)

    assert "Pas de quorum" in page.content.decode() and not Decision.objects.filter(state="decided").exists()


@database
def test_deciding_otherwise_needs_a_reason_and_undoing_leaves_a_trace(campaign):
    decide_all(campaign)
    now = timezone.now()
    one = Decision.objects.first()
    other = 5 if one.proposed != 5 else 4

    with pytest.raises(deliberation.ReasonNeeded):
        deliberation.decide(one.pk, other, by=None, at=now)
    deliberation.decide(one.pk, other, reason="Des usages montrés sur place", by=None, at=now)
    deliberation.undo(one.pk, by=None, at=now)

    one.refresh_from_db()
    assert (one.state, one.level) == ("proposed", None)
    trace = list(DecisionEvent.objects.filter(decision=one).values_list("verb", "level"))
    assert trace == [("propose", one.proposed), ("decide", one.proposed), ("decide", other), ("undo", other)]


@database
def test_proposing_again_leaves_what_is_decided(campaign):
    decide_all(campaign, level=4)

    deliberation.propose(campaign, by=None, at=timezone.now())

    assert set(Decision.objects.values_list("state", "level")) == {("decided", 4)}


@database
def test_a_dossier_that_nobody_read_holds_the_proposals_back_and_is_named(campaign, sacha):
    dossier = campaign.dossiers.get(territory_id="commune:14118")
    Review.objects.filter(dossier=dossier).update(state="assigned")

    page = sacha.post(f"/campagnes/{campaign.pk}/deliberation/proposer", follow=True).content.decode()

    assert "Caen" in page and not Decision.objects.exists()


@database
def test_a_file_imported_later_does_not_undo_what_the_jury_decided(campaign):
    decide_all(campaign, level=4)
    outcomes.publish(campaign.pk, by=None, at=in_force(campaign).calendar.ceremony_at, site=SITE)

    derive([(2027, "commune:76351")])

    assert Award.objects.get(territory_id="commune:76351").level == 4


JUROR_SETS = st.frozensets(st.sampled_from("abcd"), max_size=3)


@given(st.lists(JUROR_SETS, max_size=6))
def test_the_meetings_order_is_the_best_there_is(away):
    given_ = dict(enumerate(away))

    found = movements([given_[one] for one in meeting_order(given_)])

    assert sorted(meeting_order(given_)) == sorted(given_)
    assert found == min(movements(list(way)) for way in permutations(away)) if away else found == 0


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=5), min_size=12, max_size=40))
def test_a_long_meetings_order_is_never_worse_than_the_one_given(away):
    given_ = dict(enumerate(away))
    order = meeting_order(given_)

    assert sorted(order) == sorted(given_)
    assert movements([given_[one] for one in order]) <= movements(away)


@given(st.integers(0, 60), st.integers(1, 60), st.fractions(0, 1))
def test_a_quorum_is_exact_and_nobody_is_never_one(present, seated, share):
    assert has_quorum(present, seated=seated, share=share) == (present > 0 and Fraction(present, seated) >= share)


@given(st.dictionaries(st.integers(1999, 2040), st.none() | st.integers(1, 5)))
def test_excellence_takes_six_times_five_and_lasts_three_years(levels):
    named = excellence(levels)
    fives = sum(level == 5 for level in levels.values())

    assert len(named) == fives // 6
    assert all(is_excellent(named, label_year=year + n) for year in named for n in range(3))
    assert not any(is_excellent([year], label_year=year + 3) for year in named)


def test_the_docs_draw_the_states_of_a_decision():
    page = (ROOT / "docs/methodology/deliberation.md").read_text(encoding="utf-8")

    assert all(f"    {state} --> {to} : {verb}\n" in page for (state, verb), to in DECISION.transitions.items())
