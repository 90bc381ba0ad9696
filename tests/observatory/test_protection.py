"""What data protection asks of a site: pages made up for one reason each, and public sites recorded in a browser."""

import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.queries.criteria_phrases import remedy, sentence, title
from arobase.observatory.rules.criteria.finding import Finding, Met, Why
from arobase.observatory.rules.protection import Protection, protect
from arobase.observatory.rules.safeguards import hsts
from arobase.observatory.rules.visits import Ending, Kind, Page, Resource, Secured
from arobase.observatory.rules.watched import Watched
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue
from observatory.presences import DAY, a_certificate, a_failure, a_site, a_visit, some_facts

RECORDED = (settings.DATA_MIRROR or Path("/nowhere")) / "observatory" / "site_observations.jsonl.gz"
NEEDS_MIRROR = pytest.mark.skipif(not RECORDED.is_file(), reason="AROBASE_DATA_MIRROR has no site observations")
SECURE = "https://www.ville.fr/"
SAFE = {
    "strict-transport-security": "max-age=31536000",
    "content-security-policy": "default-src 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
SAID = {"legal_notice": "/mentions", "privacy": "/donnees", "accessibility": "/accessibilite"}


def a_page(*hosts: str, kind: Kind = Kind.STYLE, **told) -> Page:
    """A page that asks these hosts, with all that must be said."""
    resources = tuple(Resource(kind, host, f"https://{host}/x") for host in hosts)
    return Page(told.pop("url", SECURE), resources=resources, **{**SAID, "accessibility_claim": "partially", **told})


def findings(
    page: Page | None = None, *, headers=SAFE, until: date = date(2027, 2, 1), watched: Watched | None = None, **told
) -> dict[str, Finding]:
    """The findings on a site whose page comes with these headers."""
    secured = Secured("TLSv1.3", a_certificate(until=until, problem=told.pop("problem", "")))
    seen = {"headers": headers, "secured": secured, "cookies": told.pop("cookies", ())}
    ways = [a_visit(one.start, **seen) for one in a_site().ways]
    facts = some_facts(told.pop("changed", None), site=a_site(*ways, page=page or a_page(), **told))
    return {one.criterion: one for one in protect(facts, catalogue(), registrable=registrable, watched=watched)}


def test_site_in_order_meets_all_but_what_a_browser_alone_tells():
    told = findings(over_ipv6=True)

    unmet = [name for name, one in told.items() if one.met is not Met.MET]
    assert unmet == [Protection.REFUSE_AS_EASILY, Protection.REFUSAL_KEPT]
    assert list(told) == list(Protection)


def test_site_that_nobody_visited_is_unknown():
    told = protect(some_facts(), catalogue(), registrable=registrable)

    assert {one.met for one in told} == {Met.UNKNOWN}


THIRD, US, COOKIE = Protection.NO_THIRD_PARTY, Protection.NO_US_THIRD_PARTY, Protection.NO_TRACKING_COOKIE


def test_third_party_on_the_page_is_named_with_its_law():
    told = findings(a_page("fonts.googleapis.com", "www.ville.fr", "static.ville.fr"))

    assert (told[THIRD].met, told[THIRD].seen) == (Met.NOT_MET, ("fonts.googleapis.com",))
    assert (told[US].met, told[US].why) == (Met.NOT_MET, Why.LAW)


def test_third_party_in_the_united_states_obeys_their_law_whoever_owns_it():
    told = findings(a_page("player.vimeo.com"))

    assert (told[US].met, told[US].seen) == (Met.NOT_MET, ("player.vimeo.com",))


def test_third_party_of_nobody_known_leaves_its_law_open():
    told = findings(a_page("cdn.example.net"))

    assert (told[THIRD].met, told[US].met) == (Met.NOT_MET, Met.UNKNOWN)


def test_page_with_scripts_of_its_own_is_not_cleared_before_a_browser_ran_them():
    page = a_page("www.ville.fr", kind=Kind.SCRIPT)
    read, looked = findings(page), findings(page, watched=Watched(("www.ville.fr",)))

    assert (read[THIRD].met, read[THIRD].why) == (Met.UNKNOWN, Why.INCOMPLETE)
    assert looked[THIRD].met is Met.MET


@pytest.mark.parametrize("kind", [Kind.STYLE, Kind.IMAGE, Kind.FRAME])
def test_whoever_a_page_asks_may_set_a_cookie_that_only_a_browser_sees(kind):
    told = findings(a_page("www.youtube.com", kind=kind))

    assert (told[COOKIE].met, told[COOKIE].why) == (Met.UNKNOWN, Why.INCOMPLETE)


def test_page_with_a_frame_of_its_own_is_not_cleared_before_a_browser_opened_it():
    assert findings(a_page("www.ville.fr", kind=Kind.FRAME))[THIRD].met is Met.UNKNOWN


def test_browser_that_did_not_watch_to_the_end_clears_nothing():
    told = findings(watched=Watched(("www.ville.fr",), is_whole=False))

    assert {told[one].met for one in (THIRD, US, COOKIE)} == {Met.UNKNOWN}


def test_hint_alone_asks_for_nothing():
    assert findings(a_page("fonts.gstatic.com", kind=Kind.HINT))[THIRD].met is Met.MET


def test_browser_sees_what_the_page_alone_does_not_show():
    watched = Watched(
        ("www.ville.fr", "www.google-analytics.com"), (("_ga_X1", "www.ville.fr"), ("lang", "www.ville.fr"))
    )
    told = findings(watched=watched)

    assert told[THIRD].seen == ("www.google-analytics.com",)
    assert told[COOKIE].seen == ("_ga_X1 (Google Analytics, www.ville.fr)",)


@pytest.mark.parametrize(
    ("cookie", "met"), [("_ga; path=/", Met.NOT_MET), ("PHPSESSID", Met.MET), ("_gala", Met.NOT_MET)]
)
def test_cookie_of_the_server_itself_is_read_by_its_name(cookie, met):
    assert findings(cookies=(cookie,))[COOKIE].met is met


@pytest.mark.parametrize(("told", "met"), [(True, Met.MET), (False, Met.NOT_MET), (None, Met.UNKNOWN)])
def test_refusing_is_judged_only_where_a_browser_told(told, met):
    assert findings(watched=Watched((), refuses_as_easily=told))[Protection.REFUSE_AS_EASILY].met is met


def test_page_that_was_cut_may_still_have_its_links():
    bare = {"legal_notice": "", "privacy": "", "accessibility": ""}
    whole, cut = findings(a_page(**bare)), findings(a_page(**bare, is_cut=True))

    assert whole[Protection.LEGAL_NOTICE].why is Why.NO_LINK
    assert cut[Protection.LEGAL_NOTICE].met is Met.UNKNOWN


def test_page_that_was_cut_may_still_ask_others():
    assert findings(a_page(is_cut=True))[THIRD].met is Met.UNKNOWN


def test_of_two_headers_joined_on_the_way_the_first_counts():
    """As recorded at 1000-premiers-jours.fr (DashLord)."""
    told = hsts("max-age=15552000; includeSubDomains, max-age=15552000; includeSubDomains; preload")

    assert (told.max_age_s, told.includes_below) == (15_552_000, True)
    assert hsts("max-age=31536000, max-age=0").is_long


def test_accessibility_statement_without_its_claim_is_not_enough():
    told = findings(a_page(accessibility_claim=""))[Protection.ACCESSIBILITY]

    assert (told.met, told.why) == (Met.NOT_MET, Why.NO_CLAIM)


HEADERS = [
    ({"strict-transport-security": "max-age=0"}, Protection.HSTS, Met.NOT_MET, Why.TOO_SHORT),
    ({"strict-transport-security": "max-age=15552000"}, Protection.HSTS, Met.NOT_MET, Why.TOO_SHORT),
    ({"strict-transport-security": "includeSubDomains"}, Protection.HSTS, Met.NOT_MET, Why.MALFORMED),
    ({"strict-transport-security": ""}, Protection.HSTS, Met.NOT_MET, Why.NO_HEADER),
    ({"content-security-policy": "upgrade-insecure-requests"}, Protection.CONTENT_POLICY, Met.NOT_MET, Why.TOO_LAX),
    ({"x-content-type-options": "sniff"}, Protection.NO_SNIFFING, Met.NOT_MET, Why.MALFORMED),
    ({"x-content-type-options": "nosniff, nosniff"}, Protection.NO_SNIFFING, Met.MET, Why.AS_ASKED),
    ({"referrer-policy": "unsafe-url"}, Protection.REFERRER, Met.NOT_MET, Why.TOO_LAX),
    ({"referrer-policy": "unsafe-url, no-referrer"}, Protection.REFERRER, Met.MET, Why.AS_ASKED),
    ({"referrer-policy": "no-referrer, strict-origin, new-one"}, Protection.REFERRER, Met.MET, Why.AS_ASKED),
]


@pytest.mark.parametrize(("changed", "criterion", "met", "why"), HEADERS)
def test_header_is_read_as_browsers_do(changed, criterion, met, why):
    told = findings(headers={**SAFE, **changed})[criterion]

    assert (told.met, told.why) == (met, why)


def test_page_in_clear_has_no_lasting_https_whatever_its_headers_say():
    ways = [a_visit(one.start, "http://ville.fr/", headers=SAFE) for one in a_site().ways]
    facts = some_facts(site=a_site(*ways, page=a_page(url="http://ville.fr/")))
    told = {one.criterion: one for one in protect(facts, catalogue(), registrable=registrable)}

    assert (told[Protection.HSTS].met, told[Protection.HSTS].why) == (Met.NOT_MET, Why.STAYS_ON_HTTP)
    assert told[Protection.CONTENT_POLICY].met is Met.MET


UNTIL = [
    (date(2026, 12, 15), Met.MET, Why.AS_ASKED),
    (date(2026, 12, 14), Met.NOT_MET, Why.ENDS_SOON),
    (DAY, Met.NOT_MET, Why.ENDS_SOON),
    (date(2026, 11, 22), Met.NOT_MET, Why.EXPIRED),
]


@pytest.mark.parametrize(("until", "met", "why"), UNTIL)
def test_certificate_must_last_three_weeks_more(until, met, why):
    told = findings(until=until)[Protection.LASTING_CERTIFICATE]

    assert (told.met, told.why) == (met, why)


def test_certificate_of_a_site_that_closed_its_door_is_unknown():
    ways = [a_failure(f"https://{www}ville.fr/", Ending.TIMEOUT) for www in ("", "www.")]
    ways += [a_failure(f"http://{www}ville.fr/", Ending.TIMEOUT) for www in ("", "www.")]
    told = protect(some_facts(site=a_site(*ways)), catalogue(), registrable=registrable)

    assert {one.met for one in told if one.criterion != Protection.IPV6} == {Met.UNKNOWN}


IPV6 = [
    ({"over_ipv6": False}, Met.NOT_MET),
    ({}, Met.UNKNOWN),
    ({"changed": {("ville.fr", "AAAA"): ()}}, Met.NOT_MET),
    ({"changed": {("ville.fr", "AAAA"): None}}, Met.UNKNOWN),
]


@pytest.mark.parametrize(("told", "met"), IPV6)
def test_ipv6_is_what_was_tried_or_what_cannot_be(told, met):
    assert findings(**told)[Protection.IPV6].met is met


@given(st.integers(0, 10**9), st.booleans(), st.booleans(), st.sampled_from([";", " ; "]))
def test_hsts_reads_the_same_in_either_order_and_case(age, below, turned, between):
    parts = [f"MAX-AGE={age}", *(["IncludeSubDomains"] if below else [])]
    told = hsts(between.join(reversed(parts) if turned else parts))

    assert (told.max_age_s, told.includes_below, told.is_long) == (age, below, age >= 15_768_000)


def test_each_criterion_has_words():
    unmet = [Finding(one, Met.NOT_MET, Why.NO_HEADER) for one in Protection]

    assert all(title(one.criterion) and sentence(one) and remedy(one) for one in unmet)


@NEEDS_MIRROR
def test_recorded_public_sites_agree_with_others_on_who_calls_third_parties():
    """655 French public sites loaded in Chromium without a click (DashLord @ 6151c15, January 2026)."""
    counts: Counter[str] = Counter()
    with gzip.open(RECORDED, "rt", encoding="utf-8") as file:
        for row in filter(lambda one: "requests" in one, map(json.loads, file)):
            found = recorded(row)
            counts["loads"] += 1
            counts["third parties"] += found[THIRD].met is Met.NOT_MET
            counts["of US law"] += found[US].met is Met.NOT_MET
            counts["named by the peer alone"] += bool(row.get("peer_third_parties")) and found[THIRD].met is Met.MET

    assert (counts["loads"], counts["third parties"]) == (576, 371)
    assert 0 < counts["of US law"] <= counts["third parties"]
    assert counts["named by the peer alone"] == 0


def recorded(row: dict) -> dict[str, Finding]:
    """The findings on one recorded load."""
    host = row["final"].split("/")[2]
    headers = {
        name: one if isinstance(one, str) else ", ".join(one) for name, one in (row.get("headers") or {}).items()
    }
    site = a_site(a_visit(f"https://{host}/", row["final"], headers=headers), page=Page(row["final"]), domain=host)
    cookies = tuple((one["name"], host) for one in row.get("cookies") or ())
    watched = Watched(tuple(row["requests"]), cookies)
    facts = some_facts(domain=host, site=site)
    return {one.criterion: one for one in protect(facts, catalogue(), registrable=registrable, watched=watched)}
