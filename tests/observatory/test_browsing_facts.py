"""What follows from what a browser saw, and what betrays a banner: without a browser."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from arobase.observatory.cli.browse import browse
from arobase.observatory.rules.browsing import (
    Banner,
    Browsing,
    Moment,
    Phase,
    Reply,
    Request,
    after_acceptance,
    after_refusal,
    before_consent,
    own_domains,
    waiting_for_consent,
)
from arobase.observatory.rules.consent import plain
from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources.consent import read_signs, signs
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue

AT = datetime(2025, 11, 18, tzinfo=UTC)
HOSTS = ["ville.fr", "www.ville.fr", "ville.com", "cdn.tiers.com", "tiers.com", "autre.eu"]


def a_request(host: str, at_s: float, problem: str = "") -> Request:
    return Request(host, f"https://{host}/x", "script", None if problem else 200, 10, at_s, problem)


requests = st.lists(
    st.builds(a_request, st.sampled_from(HOSTS), st.floats(0, 20), st.sampled_from(["", Ending.PRIVATE.value])),
    max_size=12,
).map(tuple)


def a_browsing(before=(), refused=None, accepted=None, **facts) -> Browsing:
    """A site that led from ville.fr to ville.com; a choice is made after ten seconds."""
    final = "https://ville.com/"
    chosen = {"final": final, "reply": Reply.GIVEN, "replied_at_s": 10.0}
    phases = [Phase(Moment.BEFORE, Ending.ANSWERED, final, requests=before, banner=Banner("", True, True, False))]
    for moment, some in ((Moment.REFUSED, refused), (Moment.ACCEPTED, accepted)):
        phases.append(None if some is None else Phase(moment, Ending.ANSWERED, requests=some, **{**chosen, **facts}))
    return Browsing("ville.fr", AT, *phases)


@settings(deadline=None)  # the first example reads the public suffix list
@given(requests, requests, requests)
def test_third_parties_are_never_the_sites_own_and_every_request_of_another_counts_once(before, refused, accepted):
    found = a_browsing(before, refused, accepted)
    own = own_domains(found, registrable=registrable)
    early = before_consent(found, registrable=registrable)

    assert own == {"ville.fr", "ville.com"}
    others = [one for one in before if registrable(one.host) not in own and not one.problem]
    assert sum(one.requests for one in early) == len(others)
    assert len({one.domain for one in early}) == len(early)
    assert [one.at_s for one in early] == sorted(one.at_s for one in early)
    late = {registrable(one.host) for one in refused if one.at_s >= 10 and not one.problem} - own
    assert {one.domain for one in after_refusal(found, registrable=registrable)} == late
    waited = {one.domain for one in waiting_for_consent(found, registrable=registrable)}
    assert waited.isdisjoint(one.domain for one in early)
    assert waited <= {one.domain for one in after_acceptance(found, registrable=registrable)}


def test_what_could_not_be_refused_or_accepted_says_nothing():
    unseen = a_browsing()
    unoffered = a_browsing(refused=(a_request("tiers.com", 12),), reply=Reply.NOT_OFFERED, replied_at_s=None)

    assert [after_refusal(one, registrable=registrable) for one in (unseen, unoffered)] == [None, None]
    assert waiting_for_consent(unseen, registrable=registrable) is None


def test_the_signs_of_banners_contradict_neither_themselves_nor_the_catalogue():
    words = signs().words
    kinds = [words.refuse, words.accept, words.settings, words.weak]

    assert sum(map(len, kinds)) == len(frozenset.union(*kinds)), "a word means one thing"
    assert {plain(one) for kind in kinds for one in kind} == frozenset.union(*kinds)
    known = {"tarteaucitron", "axeptio", "didomi", "onetrust", "cookiebot", "orejime", "sirdata", "trustcommander"}
    assert known <= {tool.slug for tool in signs().tools} & set(catalogue().providers)


def test_a_mistake_among_the_signs_is_refused():
    text = "version: 1\ntools: {x: {name: X, baner: ['#x']}}\nwords: {}\nabout: []"

    with pytest.raises(ValidationError, match="baner"):
        read_signs(text)


@override_settings(CHROMIUM="/nowhere/chromium")
def test_without_a_chromium_the_command_says_what_to_install(tmp_path):
    told = CliRunner().invoke(browse, ["ville.test", "--out", str(tmp_path)])

    assert told.exit_code == 1
    assert "apt-get install chromium" in told.stderr


def test_what_is_no_domain_is_refused(tmp_path):
    told = CliRunner().invoke(browse, ["https://ville.test/", "--out", str(tmp_path)])

    assert told.exit_code == 1
    assert "ville.test" in told.stderr
