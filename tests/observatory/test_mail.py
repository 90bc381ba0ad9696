"""Whose the mailboxes are: worked examples from labelled cases, and what must never be concluded."""

import csv
import json
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.rules.agreement import rate
from arobase.observatory.rules.mail import Basis, Reason
from arobase.observatory.rules.providers import Law, Sign
from arobase.observatory.rules.spf import authorised, terms
from arobase.observatory.sources import confidence
from arobase.observatory.sources.agreement import measure
from arobase.observatory.sources.providers import BadCatalogue, catalogue, read_catalogue
from conftest import ROOT
from observatory.cases import FILTER, OUTLOOK, TENANT, verdict

OBSERVED = (settings.DATA_MIRROR or Path("/nowhere")) / "observatory"
NEEDS_MIRROR = pytest.mark.skipif(not OBSERVED.is_dir(), reason="AROBASE_DATA_MIRROR has no observatory")

NAMESAKES = [
    "ville-orange.fr",
    "commune-creuzier-le-neuf.fr",
    "bourganeuf.fr",
    "moussyleneuf.fr",
    "mairie-florange.fr",
    "mairie.chateauneuf.com",
    "monteneuf.com",
]


def test_the_mail_exchanger_of_a_provider_tells_whose_the_mailboxes_are():
    found = verdict(mx=(OUTLOOK,), mx_countries=["FR"])

    assert (found.provider, found.gateway, found.basis) == ("microsoft", "", Basis.MX)
    assert [one.seen for one in found.because] == [OUTLOOK]


def test_where_the_server_stands_and_whose_law_its_owner_obeys_are_told_apart():
    found = verdict(mx=(OUTLOOK,), mx_countries=["FR"])

    assert (found.countries, found.owner_country, found.law) == (("FR",), "US", Law.US)


@pytest.mark.parametrize(
    ("facts", "basis"),
    [
        ({"dkim": [TENANT]}, Basis.BEHIND_STRONG),
        ({"autodiscover": ["autodiscover.outlook.com"]}, Basis.BEHIND_STRONG),
        ({"verifications": ["microsoft"]}, Basis.BEHIND_ACCOUNT),
        ({"spf": "v=spf1 include:spf.protection.outlook.com -all"}, Basis.BEHIND_SPF),
    ],
)
def test_a_filter_hides_no_mailbox_that_something_tells_of(facts, basis):
    found = verdict(mx=(FILTER,), **facts)

    assert (found.provider, found.gateway, found.basis) == ("microsoft", "vadesecure", basis)


def test_a_filter_with_nothing_behind_leaves_the_mailbox_unknown():
    found = verdict(mx=(FILTER,), spf="v=spf1 include:spf.cloud.vadesecure.com -all")

    assert (found.provider, found.gateway, found.law) == ("", "vadesecure", Law.UNKNOWN)
    assert found.because[-1].reason is Reason.NOTHING_BEHIND


@pytest.mark.parametrize(
    ("host", "provider", "law"),
    [
        ("mail.sictiam.fr", "sictiam", Law.EU),  # listed by its exchangers alone
        ("mail.agence.example", "agence.example", Law.UNKNOWN),
        ("mx01.cloud.vadesecure.com", "", Law.UNKNOWN),  # the filter itself
        ("abc.mailinblack.com", "", Law.UNKNOWN),  # or another
        ("%{d}", "", Law.UNKNOWN),
        ("192.0.2.5", "", Law.UNKNOWN),
    ],
)
def test_a_host_that_spf_names_behind_a_filter_is_whose_its_name_is(host, provider, law):
    found = verdict(mx=(FILTER,), spf=f"v=spf1 a:{host} -all")

    assert (found.provider, found.gateway, found.law) == (provider, "vadesecure", law)


def test_who_only_forwards_mail_holds_no_mailbox():
    """Cloudflare's Email Routing hands on what comes; its SPF record has to be published for it."""
    found = verdict(mx=("route1.mx.cloudflare.net",), spf="v=spf1 include:_spf.mx.cloudflare.net ~all")

    assert (found.provider, found.gateway) == ("", "cloudflare")


def test_an_operator_under_an_ending_of_the_state_obeys_its_law():
    found = verdict("prefecture.example", mx=("mx.interieur.gouv.fr",))

    assert (found.provider, found.owner_country, found.law) == ("interieur.gouv.fr", "FR", Law.EU)


def test_the_record_that_a_dns_host_writes_by_itself_is_no_mailbox():
    """Anniviers (VS): an SPF record of Infomaniak's, who hosts the zone, before Microsoft's keys."""
    spf = "v=spf1 include:spf.infomaniak.ch ?all"

    assert verdict(mx=("mx1-eu1.ppe-hosted.com",), spf=spf).provider == ""
    assert verdict(mx=("mx1-eu1.ppe-hosted.com",), spf=spf, dkim=[TENANT]).provider == "microsoft"


@pytest.mark.parametrize(
    "spf",
    [
        "v=spf1 -all include:spf.protection.outlook.com",
        "v=spf1 ?include:spf.protection.outlook.com -all",
        "v=spf1 -include:spf.protection.outlook.com ~all",
        "v=spf1 include:spf.protection.outlook.com.example.org -all",
        "v=spf10 include:spf.protection.outlook.com -all",
    ],
)
def test_what_spf_does_not_vouch_for_tells_nothing(spf):
    assert verdict(mx=(FILTER,), spf=spf).provider == ""


def test_a_host_that_receives_but_may_not_send_holds_no_mailbox():
    """Orée d'Anjou, checked by hand: a host of its own receives, only Exchange Online may send."""
    found = verdict(
        "oreedanjou.fr", mx=("webmail.oreedanjou.fr",), spf="v=spf1 include:spf.protection.outlook.com -all"
    )

    assert (found.provider, found.basis) == ("microsoft", Basis.BEHIND_SPF)


def test_a_host_of_ones_own_is_ones_own():
    found = verdict("ville.fr", mx=("mail.ville.fr",), spf="v=spf1 mx -all", mx_systems=[16276])

    assert (found.provider, found.law) == ("self", Law.EU)
    assert [(one.reason, one.slug) for one in found.because] == [(Reason.OWN_HOST, "self"), (Reason.SYSTEM, "ovh")]


def test_an_operator_in_no_list_is_named_by_its_domain():
    found = verdict("town.es", mx=("mx.exemple-operateur.es",))

    assert (found.provider, found.basis, found.law) == ("exemple-operateur.es", Basis.OPERATOR, Law.UNKNOWN)


@pytest.mark.parametrize("domain", NAMESAKES)
def test_a_town_named_like_a_telecom_is_no_customer_of_it(domain):
    assert verdict(domain, mx=None).provider == ""


@pytest.mark.parametrize(
    ("domain", "provider"),
    [("orange.fr", "orange"), ("wanadoo.fr", "orange"), ("neuf.fr", "sfr"), ("gmail.com", "google")],
)
def test_mail_at_a_providers_own_domain_is_a_finding(domain, provider):
    assert (verdict(domain, mx=None).provider, verdict(domain, mx=None).basis) == (provider, Basis.ADDRESS)


@pytest.mark.parametrize(
    ("mx", "reason"), [(None, Reason.NOT_ASKED), ((), Reason.NO_MX), (("",), Reason.NULL_MX), ((".",), Reason.NULL_MX)]
)
def test_not_asked_no_exchanger_and_no_mail_wanted_are_three_things(mx, reason):
    assert [one.reason for one in verdict(mx=mx).because] == [reason]


@NEEDS_MIRROR
def test_every_row_that_a_person_checked_is_what_that_person_found():
    with (OBSERVED / "labelled_mail.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["domain"]]
    assert len(rows) == 140

    for row in rows:
        dns = json.loads(row["dns"] or "{}")
        mx = tuple(host for _preference, host in dns["MX"]) if "MX" in dns else None
        found = verdict(row["domain"], mx=mx, spf=" ".join(dns.get("TXT", ())))
        assert found.gateway == row["gateway"], row["domain"]
        assert not row["not_provider"] or found.provider != row["not_provider"], row["domain"]
        if row["provider"] in {"microsoft", "google"}:
            assert found.provider == row["provider"], row["domain"]
        elif row["provider"]:  # of one's own, domestic, or an operator: never one of the large
            assert found.provider not in {"microsoft", "google", "aws"}, row["domain"]


@NEEDS_MIRROR
def test_verdicts_agree_with_peers_where_their_evidence_is_recorded_and_confidence_is_what_was_measured():
    found = measure()

    assert {name: sum(pairs.values()) for name, pairs in found.tables.items()} == {
        "recorded_dns": 7_974,
        "municipal_mail_at_ch": 2_956,
    }
    for name, pairs in found.tables.items():
        assert rate(pairs).share >= 0.97, (name, pairs)
    for basis, known in confidence.table().items():
        if known.against is not confidence.Against.DEFINITION:
            measured = found.with_signals if known.against is confidence.Against.SIGNALS else found.with_peers
            assert known.rate == measured[basis], basis


def test_the_catalogue_names_enough_providers_and_every_owner():
    known = catalogue()
    told = (ROOT / "docs" / "methodology" / "layers.md").read_text(encoding="utf-8")

    assert len(known.providers) >= 250
    assert f": {len(known.providers)} providers with their company" in told
    assert all(known.owners(slug) for slug in known.providers)
    patterns = [
        (sign, pattern) for one in known.providers.values() for sign, found in one.signs.items() for pattern in found
    ]
    twice = {pair for pair in patterns if patterns.count(pair) > 1}
    assert not {pattern for sign, pattern in twice if sign in {Sign.MX, Sign.GATEWAY, Sign.NS, Sign.SPF}}


@pytest.mark.parametrize(
    ("slug", "country", "law"),
    [
        ("ovh", "FR", Law.EU),
        ("gandi", "NL", Law.EU),
        ("hosteurope", "US", Law.US),
        ("ionos", "DE", Law.EU),
        ("infomaniak", "CH", Law.ADEQUATE),
        ("linkedin", "US", Law.US),
        ("yandex", "RU", Law.OTHER),
        ("hornetsecurity", "US", Law.US),
        ("vadesecure", "US", Law.US),
        ("identrust", "SE", Law.US),
        ("zerossl", "SE", Law.US),
        ("ptempresas", "LU", Law.EU),
        ("telenet", "BM", Law.OTHER),
        ("a1", "MX", Law.OTHER),
        ("exoscale", "MX", Law.OTHER),
        ("altospam", "US", Law.US),
        # A fund is a last owner like any other.
        ("contabo", "US", Law.US),
        ("inetum", "US", Law.US),
        ("barracuda", "US", Law.US),
        # A company in the United States obeys their law whoever owns it.
        ("mimecast", "GB", Law.US),
        ("vimeo", "IT", Law.US),
        ("imperva", "FR", Law.US),
        ("oxalide", "GB", Law.ADEQUATE),
        ("readspeaker", "JP", Law.ADEQUATE),
        ("certeurope", "IT", Law.EU),
        ("tipimail", "FR", Law.EU),
        ("unpkg", "US", Law.US),
        ("mailanyone", "US", Law.US),
        ("staysecure", "US", Law.US),
        ("uniteddomains", "DE", Law.EU),
        ("titan", "", Law.UNKNOWN),
    ],
)
def test_the_weakest_law_of_a_company_and_its_owners_counts(slug, country, law):
    assert (catalogue().owners(slug)[-1].country, catalogue().law(slug)) == (country, law)


@pytest.mark.parametrize(
    ("exchanger", "slug", "law"),
    [
        ("mx.dehuesca.es", "dehuesca", Law.EU),
        ("estafeta1.dpteruel.es", "dpteruel", Law.EU),
        ("mail10.regioit-aachen.de", "regioit", Law.EU),
        ("gw11.civitec.de", "regioit", Law.EU),
        ("mx00.udag.de", "uniteddomains", Law.EU),
        ("mx1.titan.email", "titan", Law.UNKNOWN),
    ],
)
def test_a_public_body_s_exchangers_are_its_own_and_those_that_a_host_resells_are_their_maker_s(exchanger, slug, law):
    assert (verdict(mx=(exchanger,)).provider, catalogue().law(slug)) == (slug, law)


def test_a_catalogue_that_contradicts_itself_is_refused():
    with pytest.raises(BadCatalogue, match="nobody"):
        read_catalogue("{version: 1, companies: {}, providers: {a: {name: A, company: nobody}}}")
    with pytest.raises(ValueError, match="mxx"):
        read_catalogue("{version: 1, companies: {a: [A, FR]}, providers: {a: {name: A, mxx: [a.fr]}}}")


labels = st.text("abcdefgneuforange", min_size=1, max_size=12)


@given(labels, st.sampled_from(["orange.fr", "neuf.fr", "outlook.com", "ovh.net"]))
def test_a_pattern_begins_where_a_label_begins(before, pattern):
    known = catalogue()

    for sign in (Sign.ADDRESSES, Sign.MX, Sign.NS):
        glued = known.known(sign, before + pattern)
        assert glued == "" or any(
            (before + pattern).endswith(f".{one}") or before + pattern == one
            for one in known.providers[glued].signs[sign]
        )


@given(
    st.lists(st.sampled_from(["a", "mx", "include:a.fr", "?include:b.fr", "-all", "redirect=c.fr", "ip4:192.0.2.1"]))
)
def test_nothing_after_all_counts(words):
    record = " ".join(["v=spf1", *words])

    counted = list(terms(record))
    if "-all" in words:
        before = " ".join(["v=spf1", *words[: words.index("-all") + 1]])
        assert counted == list(terms(before)) or "redirect=c.fr" in words
        assert "c.fr" not in authorised(record)
    assert "b.fr" not in authorised(record)
