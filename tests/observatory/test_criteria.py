"""The State's criteria, on towns made up for one reason each, and on what all communes declare."""

import csv
import doctest
import gzip
import importlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.queries.criteria_phrases import remedy, sentence, title
from arobase.observatory.rules import dmarc, spf
from arobase.observatory.rules.answers import Outcome
from arobase.observatory.rules.criteria.beyond import Beyond
from arobase.observatory.rules.criteria.finding import Finding, Met, Why
from arobase.observatory.rules.criteria.judge import judge
from arobase.observatory.rules.criteria.presence import Presence
from arobase.observatory.rules.criteria.referential import SHARED, SOVEREIGN, Criterion, Level, Section, asked_for
from arobase.observatory.rules.evidence import Evidence, Reason
from arobase.observatory.rules.facts import Network
from arobase.observatory.rules.providers import Law, Sign
from arobase.observatory.rules.visits import Ending, Secured
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue
from observatory.presences import (
    NETWORKS,
    RECORDS,
    a_certificate,
    a_failure,
    a_judgement,
    a_profile,
    a_site,
    a_visit,
    by,
    held,
    some_facts,
)

OBSERVED = (settings.DATA_MIRROR or Path("/nowhere")) / "observatory"
NEEDS_MIRROR = pytest.mark.skipif(not OBSERVED.is_dir(), reason="AROBASE_DATA_MIRROR has no observatory")
RULES = "arobase.observatory.rules"
WITH_EXAMPLES = [
    "questions",
    "spf",
    "spf_reach",
    "dkim",
    "dmarc",
    "facts",
    "senders",
    "safeguards",
    "trackers",
    "criteria.finding",
    "criteria.judge",
]
WITH_EXAMPLES += ["criteria.presence", "criteria.referential"]


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_in_the_rules_hold(module):
    told = doctest.testmod(importlib.import_module(f"{RULES}.{module}"))

    assert told.attempted
    assert told.failed == 0


def test_town_in_order_reaches_both_levels():
    told = a_judgement()

    assert {one: finding.met for one, finding in told.findings.items()} == dict.fromkeys(Criterion, Met.MET)
    assert told.level(Level.A) is told.level(Level.AA) is Met.MET


def test_levels_ask_for_what_the_referential_says():
    assert len(asked_for(Level.AA)) == 16
    assert set(asked_for(Level.AA)) - set(asked_for(Level.A)) == {
        Criterion.REDIRECTS,
        Criterion.HTTPS_DECLARED,
        Criterion.DMARC,
        Criterion.STRICT_DMARC,
    }
    assert asked_for(Level.A, Section.SITE)[-1] is Criterion.STAYS


def test_town_that_nobody_visited_is_unknown_not_bad():
    told = judge(Presence("https://www.ville.fr/", "ville.fr"), catalogue(), registrable=registrable)

    assert Counter(one.met for one in told.findings.values()) == {Met.MET: 6, Met.UNKNOWN: 10}
    assert told.level(Level.A) is Met.UNKNOWN


def test_nothing_declared_is_a_finding_and_nothing_known_is_none():
    none, nobody_knows = a_judgement("", ""), a_judgement(None, None)

    assert none.findings[Criterion.SITE_DECLARED].why is Why.NOTHING_DECLARED
    assert none.findings[Criterion.SPF].why is Why.NO_MAIL
    assert {one.met for one in nobody_knows.findings.values()} == {Met.UNKNOWN}


@pytest.mark.parametrize("ending", sorted(SOVEREIGN))
def test_endings_of_the_states_list_are_sovereign(ending):
    assert a_judgement(f"https://ville.{ending}/").findings[Criterion.SOVEREIGN_ENDING].met is Met.MET


@pytest.mark.parametrize("host", ["ville.com", "ville.org", "ville.bl", "ville.fr.com", "ville.cat"])
def test_other_endings_are_not(host):
    told = a_judgement(f"https://{host}/").findings[Criterion.SOVEREIGN_ENDING]

    assert (told.met, told.why) == (Met.NOT_MET, Why.ENDING)


HTTP, SECURE = "http://www.ville.fr/", "https://www.ville.fr/"


def invalid():
    secured = Secured("TLSv1.3", a_certificate(problem="certificate has expired"))
    return a_visit(SECURE, SECURE, ending=Ending.TLS, secured=secured)


SITES = [
    # what the ways are, the criterion, met, why
    ([a_failure(HTTP, Ending.TIMEOUT), a_failure(SECURE, Ending.TIMEOUT)], "1.3", Met.UNKNOWN, Why.NO_ANSWER),
    ([a_failure(HTTP, Ending.NO_NAME), a_failure(SECURE, Ending.NO_NAME)], "1.3", Met.NOT_MET, Why.NO_NAME),
    ([a_failure(HTTP, Ending.PRIVATE), a_failure(SECURE, Ending.PRIVATE)], "1.3", Met.NOT_MET, Why.PRIVATE_ADDRESS),
    ([a_failure(HTTP, Ending.FORBIDDEN), a_failure(SECURE, Ending.FORBIDDEN)], "1.3", Met.UNKNOWN, Why.ROBOTS),
    ([a_failure(HTTP, Ending.UNREADABLE), a_failure(SECURE, Ending.UNREADABLE)], "1.3", Met.UNKNOWN, Why.NO_ANSWER),
    ([a_visit(HTTP, status=301, ending=Ending.UNREADABLE)], "1.7", Met.UNKNOWN, Why.NO_ANSWER),
    ([a_visit(HTTP, status=500), a_visit(SECURE, status=500)], "1.3", Met.NOT_MET, Why.ERROR_PAGE),
    ([a_visit(HTTP, status=403), a_visit(SECURE, status=403)], "1.3", Met.UNKNOWN, Why.GUARDED),
    ([a_failure(HTTP, Ending.REFUSED), a_visit(SECURE, status=403)], "1.3", Met.UNKNOWN, Why.GUARDED),
    ([a_failure(SECURE, Ending.REFUSED)], "1.3", Met.MET, Why.AS_ASKED),
    ([a_failure(SECURE, Ending.REFUSED)], "1.4", Met.NOT_MET, Why.REFUSED),
    ([a_failure(SECURE, Ending.TLS)], "1.4", Met.NOT_MET, Why.NO_ENCRYPTION),
    ([a_visit(SECURE, HTTP)], "1.4", Met.NOT_MET, Why.STAYS_ON_HTTP),
    ([a_visit(HTTP, HTTP)], "1.4", Met.NOT_MET, Why.STAYS_ON_HTTP),
    ([invalid()], "1.4", Met.MET, Why.AS_ASKED),
    ([invalid()], "1.5", Met.NOT_MET, Why.CERTIFICATE),
    ([a_failure(SECURE, Ending.TIMEOUT)], "1.5", Met.UNKNOWN, Why.NO_ANSWER),
    ([a_visit(SECURE, "https://agglo.fr/ville")], "1.6", Met.NOT_MET, Why.LEADS_ELSEWHERE),
    ([a_visit(SECURE, "https://portail.ville.fr/")], "1.6", Met.MET, Why.AS_ASKED),
    ([a_failure("https://ville.fr/", Ending.NO_NAME)], "1.7", Met.NOT_MET, Why.NO_VARIANT),
    ([a_visit("http://ville.fr/", "http://ville.fr/")], "1.7", Met.NOT_MET, Why.STAYS_ON_HTTP),
    ([a_visit("https://ville.fr/", "https://ville.fr/")], "1.7", Met.NOT_MET, Why.VARIANTS_DIFFER),
    (
        [a_failure("http://ville.fr/", Ending.TIMEOUT), a_failure("https://ville.fr/", Ending.NO_NAME)],
        *("1.7", Met.NOT_MET, Why.NO_VARIANT),
    ),
    ([a_failure("https://ville.fr/", Ending.TIMEOUT)], "1.7", Met.UNKNOWN, Why.NO_ANSWER),
]


@pytest.mark.parametrize(("ways", "criterion", "met", "why"), SITES)
def test_site_is_judged_by_how_its_ways_end(ways, criterion, met, why):
    told = a_judgement(web=some_facts(site=a_site(*ways))).findings[Criterion(criterion)]

    assert (told.met, told.why) == (met, why)


def without_www():
    return replace(a_site(), ways=tuple(one for one in a_site().ways if "www." not in one.start))


WWW, WWW6 = ("www.ville.fr", "A"), ("www.ville.fr", "AAAA")
UNTRIED = [
    # what name servers said of www, met, why: for the way that nobody tried
    ({}, Met.UNKNOWN, Why.NOT_MEASURED),
    ({WWW: ("192.0.2.80",)}, Met.UNKNOWN, Why.NOT_MEASURED),
    ({WWW: Outcome.TIMEOUT, WWW6: Outcome.FAILED}, Met.UNKNOWN, Why.NOT_MEASURED),
    ({WWW: (), WWW6: Outcome.TIMEOUT}, Met.UNKNOWN, Why.NOT_MEASURED),
    ({WWW: (), WWW6: ("2001:db8::80",)}, Met.UNKNOWN, Why.NOT_MEASURED),
    ({WWW: (), WWW6: ()}, Met.NOT_MET, Why.NO_VARIANT),
    ({WWW: Outcome.NO_NAME}, Met.NOT_MET, Why.NO_VARIANT),
]


@pytest.mark.parametrize(("answers", "met", "why"), UNTRIED)
def test_way_that_was_not_tried_is_unknown_unless_name_servers_say_that_it_has_no_name(answers, met, why):
    """It was taken for a missing name where nobody had asked: sites recorded by one way in failed 1.3 and 1.7."""
    told = a_judgement(web=some_facts(answers, site=without_www())).findings

    assert (told[Criterion.REDIRECTS].met, told[Criterion.REDIRECTS].why) == (met, why)
    assert told[Criterion.REACHABLE].met is met
    assert {told[one].met for one in (Criterion.HTTPS, Criterion.CERTIFICATE, Criterion.STAYS)} == {met}


def test_site_below_anothers_name_needs_no_www():
    site = a_site(
        *(a_failure(f"{scheme}://www.ville.agglo.fr/", Ending.NO_NAME) for scheme in ("http", "https")),
        *(a_visit(f"{scheme}://ville.agglo.fr/", "https://ville.agglo.fr/") for scheme in ("http", "https")),
        domain="ville.agglo.fr",
    )
    told = a_judgement("https://ville.agglo.fr/", web=some_facts(domain="ville.agglo.fr", site=site))

    assert told.findings[Criterion.REDIRECTS].met is Met.MET


def test_address_declared_without_encryption_is_given_as_it_should_stand():
    told = a_judgement("http://www.ville.fr").findings[Criterion.HTTPS_DECLARED]

    assert (told.met, told.publish) == (Met.NOT_MET, ("https://www.ville.fr/",))


@pytest.mark.parametrize("domain", ["orange.fr", "gmail.com", "collectivite47.fr"])
def test_address_at_a_providers_domain_is_not_the_towns_own(domain):
    told = a_judgement(mail=domain, letters=some_facts(domain=domain)).findings

    assert told[Criterion.OWN_DOMAIN].why is told[Criterion.SAME_DOMAIN].why is Why.PROVIDER_DOMAIN


@pytest.mark.parametrize("domain", ["ville-orange.fr", "bourganeuf.fr", "florange.fr"])
def test_name_that_ends_like_a_providers_is_the_towns_own(domain):
    assert a_judgement(mail=domain).findings[Criterion.OWN_DOMAIN].met is Met.MET


def test_shared_domains_are_not_in_the_catalogue_already():
    assert [one for one in SHARED if catalogue().known(Sign.ADDRESSES, one)] == []


TXT, DM, MX = ("ville.fr", "TXT"), ("_dmarc.ville.fr", "TXT"), ("ville.fr", "MX")
NOTHING = {(name, type): () for name in ("ville.fr", "www.ville.fr") for type in ("A", "AAAA")}
NOTHING |= {("www.ville.fr", "MX"): ()}
BELOW, OPEN, LISTED = ("b.fr", "TXT"), (Met.NOT_MET, Why.ANYONE), (Met.MET, Why.AS_ASKED)
LETTERS = [
    ({MX: Outcome.TIMEOUT}, "2.4", Met.UNKNOWN, Why.NO_ANSWER),
    ({MX: Outcome.FAILED}, "2.8", Met.UNKNOWN, Why.NO_ANSWER),
    ({one: Outcome.NO_NAME for one in RECORDS if one[0] == "ville.fr"}, "2.4", Met.NOT_MET, Why.NO_NAME),
    ({("ville.fr", "AAAA"): Outcome.NO_NAME}, "2.4", Met.MET, Why.AS_ASKED),
    ({MX: ()}, "2.4", Met.NOT_MET, Why.NO_MX),
    ({MX: ("0 ",)}, "2.4", Met.NOT_MET, Why.NULL_MX),
    ({MX: ("0 .",)}, "2.4", Met.NOT_MET, Why.NULL_MX),
    ({TXT: Outcome.TIMEOUT}, "2.5", Met.UNKNOWN, Why.NO_ANSWER),
    ({TXT: Outcome.REFUSED}, "2.5", Met.UNKNOWN, Why.NO_ANSWER),
    ({TXT: None}, "2.5", Met.UNKNOWN, Why.NOT_MEASURED),
    ({TXT: ()}, "2.5", Met.NOT_MET, Why.NO_RECORD),
    ({TXT: ("v=spf1 mx -all", "v=spf1 -all")}, "2.5", Met.NOT_MET, Why.SEVERAL_RECORDS),
    ({TXT: ("v=spf1 +all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 mx ?all",)}, "2.5", Met.MET, Why.NEUTRAL),
    ({TXT: ("v=spf1 mx",)}, "2.5", Met.MET, Why.NEUTRAL),
    ({TXT: ("v=spf1 mx ~all",)}, "2.5", Met.MET, Why.AS_ASKED),
    ({TXT: ("v=spf1 " + "a:h.fr " * 11 + "-all",)}, "2.5", Met.NOT_MET, Why.TOO_MANY_LOOKUPS),
    ({TXT: ("v=spf1 include:ville.fr -all",)}, "2.5", Met.NOT_MET, Why.LOOP),
    ({TXT: ("v=spf1 include:b.fr -all",), ("b.fr", "TXT"): ()}, "2.5", Met.NOT_MET, Why.NOWHERE),
    ({TXT: ("v=spf1 include:b.fr -all",), ("b.fr", "TXT"): Outcome.TIMEOUT}, "2.5", Met.UNKNOWN, Why.NO_ANSWER),
    ({TXT: ("v=spf1 redirect=b.fr",), ("b.fr", "TXT"): Outcome.FAILED}, "2.5", Met.UNKNOWN, Why.NO_ANSWER),
    ({TXT: ("v=spf1 include:b.fr -all",)}, "2.5", Met.UNKNOWN, Why.NOT_MEASURED),
    ({TXT: ("v=spf1 include:b.fr +all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 mx ip4:0.0.0.0/0 -all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 mx ip6:::/0 -all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 mx ~ip4:0.0.0.0/0 ~ip6:::/0 +all",)}, "2.5", *LISTED),
    ({TXT: ("v=spf1 mx ~ip4:0.0.0.0/0 +all",)}, "2.5", *OPEN),  # to all of IPv6
    ({TXT: ("v=spf1 a/0 -all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 mx:h.fr//0 -all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 ip4:16.0.0.0/8 include:b.fr -all",), BELOW: ("v=spf1 ip4:17.0.0.0/9 -all",)}, "2.5", *OPEN),
    ({TXT: ("v=spf1 -ip4:17.0.0.0/8 include:b.fr -all",), BELOW: ("v=spf1 ip4:16.0.0.0/7 -all",)}, "2.5", *LISTED),
    ({TXT: ("v=spf1 ip4:17.0.0.0/8 ip4:17.1.0.0/16 -all",)}, "2.5", *LISTED),
    ({TXT: ("v=spf1 ?ip4:0.0.0.0/1 mx/24 -all",)}, "2.5", *LISTED),
    ({TXT: ("v=spf1 ip6:2000::/3 -all",)}, "2.5", *OPEN),
    ({TXT: ("v=spf1 mx ip4:192.0.2.0/30 -all",)}, "2.5", Met.MET, Why.AS_ASKED),
    ({TXT: ("v=spf1 include:b.fr -all",), ("b.fr", "TXT"): ("v=spf1 +all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({TXT: ("v=spf1 -include:b.fr ~all",), ("b.fr", "TXT"): ("v=spf1 +all",)}, "2.5", Met.MET, Why.AS_ASKED),
    ({TXT: ("v=spf1 include:b.fr -all",), ("b.fr", "TXT"): ("v=spf1 foo -all",)}, "2.5", Met.NOT_MET, Why.MALFORMED),
    ({TXT: ("v=spf1 ipv4:192.0.2.1 -all",)}, "2.5", Met.NOT_MET, Why.MALFORMED),
    ({TXT: ("v=spf1 mx -all foo",)}, "2.5", Met.NOT_MET, Why.MALFORMED),
    ({TXT: ("v=spf1 a a:www.ville.fr mx:www.ville.fr mx -all",), **NOTHING}, "2.5", Met.NOT_MET, Why.TOO_MANY_VOID),
    ({TXT: ("v=spf1 a mx:www.ville.fr mx -all",), **NOTHING}, "2.5", Met.MET, Why.AS_ASKED),
    ({TXT: ("v=spf1 redirect=b.fr",), ("b.fr", "TXT"): ("v=spf1 +all",)}, "2.5", Met.NOT_MET, Why.ANYONE),
    ({DM: Outcome.TIMEOUT}, "2.6", Met.UNKNOWN, Why.NO_ANSWER),
    ({DM: ()}, "2.6", Met.NOT_MET, Why.NO_RECORD),
    ({DM: ("v=DMARC1; p=reject", "v=DMARC1; p=none")}, "2.6", Met.NOT_MET, Why.SEVERAL_RECORDS),
    ({DM: ("v=DMARC1; p=block",)}, "2.6", Met.NOT_MET, Why.MALFORMED),
    ({DM: ("v=DMARC1; p=block; rua=mailto:a@ville.fr",)}, "2.6", Met.MET, Why.AS_ASKED),
    ({DM: ("v=DMARC1; p=none",)}, "2.6", Met.MET, Why.AS_ASKED),
    ({DM: ("v=DMARC1; p=none",)}, "2.7", Met.NOT_MET, Why.POLICY_NONE),
    # The State's program finds "p=" in "sp=" and calls the first strict and the second lax.
    ({DM: ("v=DMARC1; sp=reject; p=none",)}, "2.7", Met.NOT_MET, Why.POLICY_NONE),
    ({DM: ("v=DMARC1; sp=none; p=reject",)}, "2.7", Met.MET, Why.AS_ASKED),
    ({DM: ("v=DMARC1; p=quarantine; pct=99",)}, "2.7", Met.NOT_MET, Why.PARTIAL),
    ({DM: ("v=DMARC1; p=reject; pct=50",)}, "2.7", Met.MET, Why.AS_ASKED),
    ({DM: ("v=DMARC1; p=reject; sp=foo",)}, "2.6", Met.NOT_MET, Why.MALFORMED),
    ({DM: ("v=DMARC1; p=reject; sp=foo; rua=mailto:a@ville.fr",)}, "2.6", Met.MET, Why.AS_ASKED),
    ({DM: ("v=DMARC1; p=reject; sp=foo; rua=mailto:a@ville.fr",)}, "2.7", Met.NOT_MET, Why.POLICY_NONE),
    ({DM: ("v=DMARC1; p=reject; np=foo",)}, "2.6", Met.NOT_MET, Why.MALFORMED),
    ({DM: ("v=DMARC1; p=block; rua=nobody",)}, "2.6", Met.NOT_MET, Why.MALFORMED),
    ({DM: ("v=DMARC1; p=reject; t=y",)}, "2.7", Met.NOT_MET, Why.TRIED),
    ({DM: ("v=DMARC1; p=reject; t=n",)}, "2.7", Met.MET, Why.AS_ASKED),
]


@pytest.mark.parametrize(("changed", "criterion", "met", "why"), LETTERS)
def test_mail_is_judged_by_what_name_servers_said(changed, criterion, met, why):
    told = a_judgement(letters=some_facts(changed)).findings[Criterion(criterion)]

    assert (told.met, told.why) == (met, why)


@pytest.mark.parametrize(
    "word",
    [
        "ipv4:192.0.2.1",
        "include:",
        "include",
        "ip4:999.1.1.1",
        "ip4:192.0.2.0/33",
        "ip4:192.0.2.0/255.255.255.0",
        "ip6:192.0.2.1",
    ]
    + [
        "ip4:",
        "foo",
        "all:b.fr",
        "a:",
        "a:b.fr/33",
        "mx//129",
        "mx/24:b.fr",
        "a:b.fr/",
        "exists:b",
        "include:b.123",
        "++mx",
        "+-mx",
    ]
    + [
        "include:%{x}.b.fr",
        "include:50%.b.fr",
        "redirect=",
        "exp=b",
        "ptr:",
        "include:é.fr",
        "redirect:b.fr",
        "-redirect=b.fr",
    ],
)
def test_a_word_that_is_no_term_is_found_wherever_it_stands(word):
    assert spf.misread(f"v=spf1 mx -all {word}") == word


@pytest.mark.parametrize(
    "word",
    ["a", "A:B.fr", "a/24", "a//64", "a/24//64", "a:b.fr/24//64", "mx:b.fr.", "?mx", "ptr", "ptr:b.fr", "-all", "ALL"]
    + ["ip4:192.0.2.1", "ip4:192.0.2.7/24", "ip6:2001:db8::/32", "IP6:::1", "include:_spf.b.fr", "redirect=_spf.b.fr"]
    + [
        "exists:%{i}._spf.%{d2}",
        "exists:%{l1r-}.%{d}",
        "include:b.xn--p1ai",
        "exp=why.b.fr",
        "op=auth",
        "x-y=",
        "include:a.b-c",
    ],
)
def test_a_term_of_the_standard_is_read(word):
    assert spf.misread(f"v=spf1 {word}") == ""


@given(st.text(alphabet="+-~?aimx4p:/=%{d}.1r _"))
def test_whatever_stands_in_a_record_is_read_or_told(text):
    record = f"v=spf1 {text}"

    assert spf.misread(record) in {"", *record.split()}
    assert all(one.mechanism or spf.misread(record) for one in spf.terms(record))


OWN = held("self", because=(Evidence(Reason.OWN_HOST, "mx1.ville.fr", "self"),))
BEHIND = {"gateway": by(held("vadesecure"))}
FIRST_LINES = [
    ({"mail": by(OWN)}, "mx ~all"),
    ({"mail": by(held("microsoft", Law.US))}, "include:spf.protection.outlook.com ~all"),
    ({"mail": by(held("google", Law.US))}, "include:_spf.google.com ~all"),
    ({"mail": by(held("ovh"))}, "include:mx.ovh.com ~all"),
    # What a filter sends on the town's behalf, or an operator of whom no list tells, somebody must say.
    ({"mail": by(held("microsoft", Law.US)), **BEHIND}, "include:spf.protection.outlook.com ?all"),
    ({"mail": by(held("self")), **BEHIND}, "mx ?all"),
    ({"mail": by(held("agglo.fr", Law.UNKNOWN))}, "mx ?all"),
    ({}, "mx ?all"),
]


@pytest.mark.parametrize(("layers", "record"), FIRST_LINES)
def test_town_without_spf_reads_a_line_that_lets_its_own_mail_pass(layers, record):
    told = a_judgement(letters=some_facts({TXT: ()}), profile=a_profile(**layers)).findings[Criterion.SPF]

    assert told.publish == (f'ville.fr. TXT "v=spf1 {record}"',)
    assert ("à compléter" in remedy(told)) is record.endswith("?all")


@pytest.mark.parametrize(
    ("published", "closed"),
    [
        ("v=spf1 mx +all", "v=spf1 include:mx.ovh.com mx ~all"),
        ("v=spf1 include:MX.ovh.com +all", "v=spf1 include:MX.ovh.com ~all"),
    ],
)
def test_a_record_that_lets_anyone_send_is_closed_with_the_mailboxes_own_senders_in_it(published, closed):
    told = a_judgement(letters=some_facts({TXT: (published,)}), profile=a_profile(mail=by(held("ovh")))).findings

    assert told[Criterion.SPF].publish == (f'ville.fr. TXT "{closed}"',)


def test_what_a_plan_proposes_to_include_is_a_name_that_the_provider_is_known_by():
    proposed = {one.spf_include: slug for slug, one in catalogue().providers.items() if one.spf_include}

    assert {"microsoft", "google", "ovh"} <= set(proposed.values())
    assert {name: catalogue().known(Sign.SPF, name) for name in proposed} == proposed


def test_town_without_a_policy_reads_the_first_line_and_the_one_to_come():
    told = a_judgement(letters=some_facts({DM: ()})).findings
    first, later = (told[one].publish for one in (Criterion.DMARC, Criterion.STRICT_DMARC))

    assert first == ('_dmarc.ville.fr. TXT "v=DMARC1; p=none; rua=mailto:dmarc@ville.fr"',)
    assert later == ('_dmarc.ville.fr. TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@ville.fr"',)


REPAIRS = [
    ({TXT: ("v=spf1 mx +all",)}, ('ville.fr. TXT "v=spf1 mx ~all"',)),
    ({TXT: ("v=spf1 mx ip4:0.0.0.0/0 -all",)}, ('ville.fr. TXT "v=spf1 mx -all"',)),
    ({TXT: ("v=spf1 a/0 mx ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all",)}, ('ville.fr. TXT "v=spf1 mx -all"',)),
    # `all` beside `redirect` would switch it off (RFC 7208, section 6.1).
    ({TXT: ("v=spf1 redirect=b.fr",), ("b.fr", "TXT"): ("v=spf1 +all",)}, ()),
    ({TXT: (), MX: ()}, ('ville.fr. TXT "v=spf1 -all"',)),
]


@pytest.mark.parametrize(("changed", "lines"), REPAIRS)
def test_line_to_publish_keeps_what_is_right(changed, lines):
    assert a_judgement(letters=some_facts(changed)).findings[Criterion.SPF].publish == lines


def test_policy_that_only_watches_keeps_its_reports_in_the_line_to_publish():
    facts = some_facts({DM: ("v=DMARC1; p=none; rua=mailto:r@agence.fr",)})
    told = a_judgement(letters=facts).findings[Criterion.STRICT_DMARC]

    assert told.publish == ('_dmarc.ville.fr. TXT "v=DMARC1; p=quarantine; rua=mailto:r@agence.fr"',)


def letters_below(above: tuple[str, ...] | Outcome | None):
    changed = {
        ("mairie.ville.fr", "MX"): ("10 mx1.ville.fr",),
        ("_dmarc.mairie.ville.fr", "TXT"): (),
        ("_dmarc.ville.fr", "TXT"): above,
    }
    return a_judgement(mail="mairie.ville.fr", letters=some_facts(changed, domain="mairie.ville.fr")).findings


def test_policy_for_names_below_comes_from_the_organisational_domain():
    strict, lax, unasked = (
        letters_below(one)[Criterion.STRICT_DMARC]
        for one in (("v=DMARC1; p=none; sp=reject",), ("v=DMARC1; p=reject; sp=none",), None)
    )

    assert (strict.met, lax.met, unasked.met) == (Met.MET, Met.NOT_MET, Met.UNKNOWN)


def test_every_exchanger_must_stand_in_the_union_not_only_the_first():
    networks = {**NETWORKS, "192.0.2.2": Network(64501, "NET", "US")}
    told = a_judgement(letters=some_facts(networks=networks)).findings[Criterion.MX_IN_UNION]

    assert (told.met, told.seen) == (Met.NOT_MET, ("mx2.ville.fr (US)",))


@pytest.mark.parametrize(("country", "met"), [("EU", Met.MET), ("AP", Met.UNKNOWN), ("ZZ", Met.UNKNOWN)])
def test_network_of_no_one_country_is_placed_by_what_its_code_says(country, met):
    networks = {**NETWORKS, "192.0.2.2": Network(64501, "NET", country)}

    assert a_judgement(letters=some_facts(networks=networks)).findings[Criterion.MX_IN_UNION].met is met


PARENT = ("ville.fr", "CAA")
ISSUERS = [
    # what the town's own name says, what the name above says, met, why
    (("0 issue letsencrypt.org",), None, Met.MET, Why.AS_ASKED),
    ((), ("0 issue letsencrypt.org",), Met.MET, Why.INHERITED),
    ((), (), Met.NOT_MET, Why.NO_RECORD),
    ((), None, Met.UNKNOWN, Why.NOT_MEASURED),
    ((), Outcome.TIMEOUT, Met.UNKNOWN, Why.NO_ANSWER),
]


@pytest.mark.parametrize(("own", "above", "met", "why"), ISSUERS)
def test_who_may_issue_is_said_by_the_nearest_name_above(own, above, met, why):
    facts = some_facts({("mairie.ville.fr", "CAA"): own, PARENT: above}, domain="mairie.ville.fr", site=a_site())
    told = {one.criterion: one for one in a_judgement(web=facts).beyond}[Beyond.CAA]

    assert (told.met, told.why) == (met, why)


def test_exchanger_without_a_known_network_leaves_it_open():
    networks = {"192.0.2.1": NETWORKS["192.0.2.1"]}
    told = a_judgement(letters=some_facts(networks=networks)).findings[Criterion.MX_IN_UNION]

    assert (told.met, told.seen) == (Met.UNKNOWN, ("mx2.ville.fr",))


def test_law_of_the_owner_is_another_finding_than_the_place_of_the_server():
    told = a_judgement(profile=a_profile(mail=by(held("microsoft", Law.US))))

    assert told.findings[Criterion.MX_IN_UNION].met is Met.MET
    assert [(one.met, one.seen) for one in told.beyond if one.criterion == Beyond.MAIL_LAW] == [
        (Met.NOT_MET, ("Microsoft 365 (US)",))
    ]


OWN_LEVELS = [
    # site, mail, the level of the mail part: as the State's program grants it
    ("", "ville.fr", Met.MET),
    ("https://ville.com/", "ville.fr", Met.MET),
    ("https://autre.fr/", "ville.fr", Met.NOT_MET),
    ("", "ville.com", Met.NOT_MET),
    ("", "orange.fr", Met.NOT_MET),
]


@pytest.mark.parametrize(("site", "mail", "level"), OWN_LEVELS)
def test_own_level_of_mail_does_not_wait_for_a_site(site, mail, level):
    records = {(mail, type): told for (name, type), told in RECORDS.items() if name == "ville.fr"}
    told = a_judgement(site, mail, letters=some_facts({**records, (f"_dmarc.{mail}", "TXT"): ("v=DMARC1; p=reject",)}))

    assert told.level(Level.A, Section.MAIL) is level
    assert told.level(Level.A) is Met.NOT_MET


def test_site_that_nobody_knows_leaves_the_whole_open_and_mail_its_own_level():
    told = a_judgement(None, "ville.fr")

    assert told.level(Level.A, Section.MAIL) is Met.MET
    assert told.level(Level.A) is Met.UNKNOWN


POLICIES = st.sampled_from([*dmarc.Policy])


@given(POLICIES, st.none() | POLICIES, st.integers(0, 100), st.permutations(["p", "sp", "pct", "rua"]))
def test_dmarc_reads_the_same_in_whatever_order_its_tags_stand(policy, below, share, order):
    tags = {"p": policy, "pct": share, "rua": "mailto:a@ville.fr", **({"sp": below} if below else {})}
    told = dmarc.read("v=DMARC1;" + "; ".join(f"{tag}={tags[tag]}" for tag in order if tag in tags))

    assert (told.policy, told.below, told.share) == (policy, below or policy, share)


OUTCOMES = st.sampled_from([Outcome.REFUSED, Outcome.FAILED, Outcome.TIMEOUT, Outcome.BAD])


@given(st.dictionaries(st.sampled_from([MX, TXT, DM]), OUTCOMES | st.none()))
def test_silence_of_a_server_never_counts_against_a_town(silences):
    told = a_judgement(letters=some_facts(silences))

    assert Met.NOT_MET not in {one.met for one in told.findings.values()}


SILENT_WAYS = st.dictionaries(
    st.sampled_from([HTTP, SECURE, "http://ville.fr/", "https://ville.fr/"]),
    st.sampled_from([Ending.TIMEOUT, Ending.FORBIDDEN, Ending.UNREADABLE]),
)


@given(SILENT_WAYS)
def test_silence_of_a_site_never_counts_against_a_town(silences):
    told = a_judgement(web=some_facts(site=a_site(*(a_failure(*one) for one in silences.items()))))

    assert Met.NOT_MET not in {one.met for one in told.findings.values()}


def test_each_reason_and_remedy_has_words():
    findings = [Finding(one, Met.NOT_MET, why, ("x",), ("y",)) for one in Criterion for why in Why]

    assert all(title(one) for one in Criterion)
    assert all(sentence(one).endswith((".", "?")) and "%(" not in sentence(one) for one in findings)
    assert all(remedy(one) for one in findings)


def rows() -> list[dict[str, str]]:
    with gzip.open(OBSERVED / "communes_sites_fr.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@NEEDS_MIRROR
def test_declared_sites_and_addresses_of_all_communes_come_to_the_known_totals():
    """Totals of the mirror's README, which counts as the State's program does where the two can be told apart."""
    told = [
        (row, judge(Presence(row["site"], row["mail_domain_2026"]), catalogue(), registrable=registrable).findings)
        for row in rows()
    ]
    sites = [(row["site"], found) for row, found in told if row["site"]]
    outside = [site for site, found in sites if found[Criterion.SOVEREIGN_ENDING].met is not Met.MET]
    mayotte = [site for site, _found in sites if site.rstrip("/").endswith(".yt")]
    same = [row for row, found in told if found[Criterion.SAME_DOMAIN].met is Met.MET]
    same_but_shared = [
        row["site"]
        for row, found in told
        if found[Criterion.SAME_DOMAIN].why is Why.PROVIDER_DOMAIN
        and Presence(row["site"], "").domain == row["mail_domain_2026"]
    ]
    anothers = [row for row, found in told if found[Criterion.OWN_DOMAIN].why is Why.PROVIDER_DOMAIN]

    assert len(sites) == 21_466
    # The README's 2,591 take .yt for a foreign extension; the State's list has it, and four sites of Mayotte use it.
    # An e-mail address at orange.fr is given as a site: no ending of a site to us.
    assert len(outside) + len(mayotte) == 2_591 + 1
    # One more name is equal: www.bajus.fr is declared without http://.
    assert len(same) + len(same_but_shared) == 10_519 + 1
    # We do not count those of a provider, such as 26 towns with site and mail at intramuros.org.
    assert (len(same), sum("intramuros.org" in site for site in same_but_shared)) == (10_474, 26)
    # 88 communes with an address at info82.com and 19 at lapagelocale.fr, which our catalogue knows, come on top.
    assert abs(len(anothers) - 88 - 19 - 18_903) <= 5
