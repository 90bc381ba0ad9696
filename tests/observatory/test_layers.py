"""Whom a territory stands on, layer by layer: worked cases, and what must never be concluded."""

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.queries.phrases import because
from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.companies import Sign
from arobase.observatory.rules.evidence import Evidence, Reason
from arobase.observatory.rules.facts import DomainFacts, Network
from arobase.observatory.rules.layers import pages, profile
from arobase.observatory.rules.needs import All, Any
from arobase.observatory.rules.profile import Certainty, Layer, Profile, State
from arobase.observatory.rules.providers import Law
from arobase.observatory.rules.questions import SELECTORS
from arobase.observatory.rules.services import services_of
from arobase.observatory.rules.visits import Certificate, Ending, Hop, Kind, Link, Page, Resource, Secured, Site, Visit
from arobase.observatory.rules.watched import Watched
from arobase.observatory.sources.facts import NAMES, registrable
from arobase.observatory.sources.providers import BadCatalogue, catalogue, read_catalogue
from arobase.observatory.sources.recorded_sites import BadLine, recorded_sites
from arobase.observatory.sources.site_agreement import measure_sites
from observatory.cases import FILTER, OUTLOOK, TENANT

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NEEDS_MIRROR = pytest.mark.skipif(
    not (settings.DATA_MIRROR and (settings.DATA_MIRROR / "observatory").is_dir()), reason="no mirror"
)
OVH, AMAZON, CLOUDFLARE = Network(16276, "OVH", "FR"), Network(16509, "AMAZON-02", "IE"), Network(13335, "CF", "US")
NAMESAKES = [
    "ville-orange.fr",
    "florange.fr",
    "bourganeuf.fr",
    "chateauneuf.com",
    "moussy-le-neuf.fr",
    "mairie-orange.fr",
]
TELECOMS = {"orange", "sfr", "free", "bouygues", "laposte", "oleane", "nordnet"}


def told(name: str, type: str, *records: str, aliases: tuple[str, ...] = ()) -> Answer:
    return Answer(name, type, Outcome.ANSWER if records or aliases else Outcome.NO_DATA, records, aliases)


def some_facts(
    *answers: Answer, domain: str = "ville.fr", site: Site | None = None, networks: dict[str, Network] | None = None
) -> DomainFacts:
    return DomainFacts(domain, DAY, {(one.name, one.type): one for one in answers}, site, networks or {})


def a_site(
    *asked: str | tuple[Kind, str],
    domain: str = "ville.fr",
    headers: dict[str, str] | None = None,
    cookies: tuple[str, ...] = (),
    certificate: Certificate | None = None,
    chain: tuple[Link, ...] = (),
) -> Site:
    """A site whose page asks these addresses, as scripts where no kind is told."""
    url = f"https://www.{domain}/"
    secured = Secured("TLSv1.3", certificate, chain) if certificate else None
    visit = Visit(url, Ending.ANSWERED, (Hop(url, 200, "192.0.2.1"),), secured, headers or {}, cookies)
    pairs = [(Kind.SCRIPT, one) if isinstance(one, str) else one for one in asked]
    resources = tuple(Resource(kind, address.split("/")[2], address) for kind, address in pairs)
    return Site(domain, NOON, (visit,), Page(url, resources=resources))


def a_certificate(
    issuer: str, *, subject: str = "ville.fr", issuer_name: str = "R11", problem: str = ""
) -> Certificate:
    return Certificate(subject, (subject,), issuer, issuer_name, DAY, date(2027, 1, 31), problem)


def read(web: DomainFacts | None, mail: DomainFacts | None = None) -> Profile:
    return profile(web, mail, catalogue(), registrable=registrable, on=DAY)


def holders(found: Profile, layer: Layer) -> list[str]:
    return [one.provider for one in found.layer(layer).held]


def reasons(found: Profile, layer: Layer) -> set[Reason]:
    verdict = found.layer(layer)
    return {one.reason for one in (*verdict.because, *(piece for held in verdict.held for piece in held.because))}


# A site that leads elsewhere

OF_OVH, OF_CLOUDFLARE = Network(16276, "OVH", "FR"), Network(13335, "CLOUDFLARENET", "US")


def leading_elsewhere(*, known: bool = True) -> Profile:
    """A site at OVH that answers with a redirect to a page behind Cloudflare."""
    hops = (Hop("https://ville.fr/", 301, "192.0.2.1"), Hop("https://www.agglo.example/", 200, "198.51.100.1"))
    visit = Visit("https://ville.fr/", Ending.ANSWERED, hops, headers={"cf-ray": "8a-CDG"})
    site = Site("ville.fr", NOON, (visit,), Page("https://www.agglo.example/"))
    networks = {"192.0.2.1": OF_OVH, "198.51.100.1": OF_CLOUDFLARE} if known else {"192.0.2.1": OF_OVH}
    return read(some_facts(told("ville.fr", "A", "192.0.2.1"), site=site, networks=networks))


def test_a_page_under_anothers_name_stands_where_its_own_address_does():
    found = leading_elsewhere()

    front = found.layer(Layer.CDN).held[0]
    assert (front.provider, front.systems, front.countries) == ("cloudflare", (13335,), ("US",))
    assert reasons(found, Layer.HOSTING) == {Reason.BEHIND_PROXY}
    start = found.through[Layer.HOSTING].held[0]
    assert (found.leads_to, start.provider, start.systems) == ("www.agglo.example", "ovh", (16276,))


def test_a_redirect_needs_who_serves_it_and_the_page_with_its_names():
    [web] = [one for one in services_of("v", "ville.fr", "", leading_elsewhere(), names=NAMES) if one.service == "web"]

    assert web.needs == All(
        (
            All(("hosting:ovh", "as:16276", "place:FR")),
            "zone:agglo.example",
            All(("cdn:cloudflare", "as:13335", "place:US")),
        )
    )


def test_where_nobody_knows_the_network_of_the_page_its_place_is_not_the_redirects():
    front = leading_elsewhere(known=False).layer(Layer.CDN).held[0]

    assert (front.provider, front.systems, front.countries) == ("cloudflare", (), ())


def test_a_redirect_below_ones_own_name_leads_nowhere_else():
    visit = Visit("https://ville.fr/", Ending.ANSWERED, (Hop("https://www.ville.fr/", 200, "192.0.2.1"),))
    found = read(some_facts(site=Site("ville.fr", NOON, (visit,)), networks={"192.0.2.1": OF_OVH}))

    assert (found.leads_to, found.through, holders(found, Layer.HOSTING)) == ("", {}, ["ovh"])


# Names


def test_any_of_several_name_servers_providers_holds_a_domains_names():
    found = read(some_facts(told("ville.fr", "NS", "dns1.ovh.net.", "ns-12.awsdns-01.com.", "dns2.ovh.net.")))

    assert holders(found, Layer.DNS) == ["aws", "ovh"]
    assert [one.law for one in found.layer(Layer.DNS).held] == [Law.US, Law.EU]


def test_name_servers_under_ones_own_name_are_ones_own_and_their_network_is_told():
    facts = some_facts(
        told("ville.fr", "NS", "ns1.ville.fr."), told("ns1.ville.fr", "A", "192.0.2.7"), networks={"192.0.2.7": OVH}
    )
    held = read(facts).layer(Layer.DNS).held[0]

    assert (held.provider, held.owner_country, held.countries, held.systems) == ("self", "FR", ("FR",), (16276,))
    assert held.certainty is Certainty.LIKELY
    assert Evidence(Reason.SYSTEM, "AS16276", "ovh") in held.because


def test_a_sub_name_stands_on_the_name_servers_above_it():
    facts = some_facts(
        told("mairie.agglo.fr", "NS"), told("agglo.fr", "NS", "ns6.gandi.net."), domain="mairie.agglo.fr"
    )

    assert holders(read(facts), Layer.DNS) == ["gandi"]


def test_a_name_server_in_no_list_is_named_by_its_domain():
    held = read(some_facts(told("ville.fr", "NS", "ns1.hebergeur-local.example."))).layer(Layer.DNS).held[0]

    assert (held.provider, held.law, held.certainty) == ("hebergeur-local.example", Law.UNKNOWN, Certainty.LIKELY)


def test_names_not_asked_and_names_without_servers_are_two_things():
    asked = read(some_facts(told("ville.fr", "NS"))).layer(Layer.DNS)
    silent = Answer("ville.fr", "NS", Outcome.TIMEOUT)

    assert asked.state is State.NONE
    assert read(some_facts(silent)).layer(Layer.DNS).state is State.UNKNOWN
    assert read(None).layer(Layer.DNS).state is State.UNKNOWN


def test_the_mail_domains_names_are_told_where_it_is_another():
    web = some_facts(told("ville.fr", "NS", "dns1.ovh.net"))
    mail = some_facts(told("agglo.fr", "NS", "ns6.gandi.net"), domain="agglo.fr")

    assert holders(read(web, mail), Layer.MAIL_DNS) == ["gandi"]
    assert reasons(read(web, web), Layer.MAIL_DNS) == {Reason.SAME_DOMAIN}


# Host and proxy


def test_the_alias_of_www_tells_the_host():
    facts = some_facts(told("www.ville.fr", "A", "192.0.2.1", aliases=("ville.netlify.app.",)))

    found = read(facts)
    assert holders(found, Layer.HOSTING) == ["netlify"]
    assert found.layer(Layer.HOSTING).held[0].certainty is Certainty.SURE


def test_the_system_that_announces_the_address_tells_the_host_and_where_it_stands_is_another_column():
    held = (
        read(some_facts(told("ville.fr", "A", "192.0.2.1"), networks={"192.0.2.1": AMAZON})).layer(Layer.HOSTING).held
    )

    assert [(one.provider, one.countries, one.owner_country, one.law) for one in held] == [
        ("aws", ("IE",), "US", Law.US)
    ]
    assert held[0].certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    ("headers", "cookies", "proxy"),
    [
        ({"cf-ray": "9bf272df685c9e52-CDG"}, (), "cloudflare"),
        ({"server": "cloudflare"}, (), "cloudflare"),
        ({"x-amz-cf-id": "abc"}, (), "cloudfront"),
        ({"via": "1.1 04b9.cloudfront.net (CloudFront)"}, (), "cloudfront"),
        ({"x-served-by": "cache-par-lfpg1960024-PAR"}, (), "fastly"),
        ({"x-akamai-transformed": "9 - 0 pmb=mRUM,1"}, (), "akamai"),
        ({"x-ogo-cache": "HIT"}, (), "ogo"),
        ({"x-cdn": "Imperva"}, (), "imperva"),
        ({}, ("visid_incap_3172065",), "imperva"),
        ({"cdn-pullzone": "1"}, (), "bunny"),
    ],
)
def test_what_a_proxy_writes_into_the_answer_gives_it_away_and_hides_the_host(headers, cookies, proxy):
    facts = some_facts(
        told("www.ville.fr", "A", "192.0.2.1"),
        site=a_site(headers=headers, cookies=cookies),
        networks={"192.0.2.1": AMAZON},
    )

    found = read(facts)
    assert holders(found, Layer.CDN) == [proxy]
    assert found.layer(Layer.HOSTING).state is State.UNKNOWN
    assert reasons(found, Layer.HOSTING) == {Reason.BEHIND_PROXY}


def test_an_address_of_a_proxys_system_is_a_proxy_and_no_host():
    found = read(some_facts(told("ville.fr", "A", "192.0.2.1"), networks={"192.0.2.1": CLOUDFLARE}))

    assert holders(found, Layer.CDN) == ["cloudflare"]
    assert found.layer(Layer.HOSTING).state is State.UNKNOWN


def test_of_two_proxies_the_address_is_that_of_whose_system_it_is():
    facts = some_facts(
        told("www.ville.fr", "A", "192.0.2.1"),
        site=a_site(headers={"cf-ray": "1", "x-fastly-request-id": "1"}),
        networks={"192.0.2.1": CLOUDFLARE},
    )

    held = read(facts).layer(Layer.CDN).held
    assert [(one.provider, one.systems) for one in held] == [("cloudflare", (13335,)), ("fastly", ())]


def test_a_host_that_leaves_its_own_header_is_told_behind_a_proxy():
    found = read(some_facts(site=a_site(headers={"cf-ray": "1", "x-vercel-id": "cdg1::abc"})))

    assert (holders(found, Layer.CDN), holders(found, Layer.HOSTING)) == (["cloudflare"], ["vercel"])


def test_a_header_that_only_sounds_like_a_proxys_tells_nothing():
    found = read(some_facts(site=a_site(headers={"x-served-by": "mycache-1", "server": "notcloudflare"})))

    assert found.layer(Layer.CDN).state is State.NONE


def test_no_visit_and_no_network_leave_proxy_and_host_unknown():
    found = read(some_facts(told("ville.fr", "A", "192.0.2.1")))

    assert (found.layer(Layer.CDN).state, found.layer(Layer.HOSTING).state) == (State.UNKNOWN, State.UNKNOWN)
    assert reasons(found, Layer.HOSTING) == {Reason.NO_NETWORK}


def test_a_name_without_addresses_has_no_site():
    facts = some_facts(*(told(name, type) for name in ("ville.fr", "www.ville.fr") for type in ("A", "AAAA")))

    assert read(facts).layer(Layer.HOSTING).state is State.NONE


def test_an_address_in_no_list_is_told_by_its_own_name_else_by_its_system():
    here = told("ville.fr", "A", "192.0.2.1")
    network = {"192.0.2.1": Network(64500, "LOCAL", "FR")}
    reverse = told("1.2.0.192.in-addr.arpa", "PTR", "srv1.agence-web.example.")

    assert holders(read(some_facts(here, reverse, networks=network)), Layer.HOSTING) == ["agence-web.example"]
    assert holders(read(some_facts(here, networks=network)), Layer.HOSTING) == ["as64500"]


SCALEWAY = Network(12876, "SCALEWAY", "FR")


def hosted(networks: dict[str, Network], *answers: Answer) -> Profile:
    """A site at these addresses."""
    four, six = (sorted(one for one in networks if (":" in one) is is_six) for is_six in (False, True))
    return read(some_facts(told("ville.fr", "A", *four), told("ville.fr", "AAAA", *six), *answers, networks=networks))


def test_two_machines_at_two_hosts_stand_in_for_one_another():
    found = hosted({"192.0.2.1": OVH, "192.0.2.2": OVH, "192.0.2.3": SCALEWAY})

    here = found.layer(Layer.HOSTING).held
    assert [(one.provider, one.systems, [piece.seen for piece in one.because]) for one in here] == [
        ("ovh", (16276,), ["AS16276"]),
        ("scaleway", (12876,), ["AS12876"]),
    ]
    web = services_of("ville", "ville.fr", "", found, names=NAMES)[0]
    assert web.needs == Any(
        (All(("hosting:ovh", "as:16276", "place:FR")), All(("hosting:scaleway", "as:12876", "place:FR")))
    )


def test_a_machine_in_no_list_stands_in_for_one_that_is_listed():
    reverse = told("2.2.0.192.in-addr.arpa", "PTR", "srv1.agence-web.example.")
    found = hosted({"192.0.2.1": OVH, "192.0.2.2": Network(64500, "LOCAL", "FR")}, reverse)

    assert holders(found, Layer.HOSTING) == ["agence-web.example", "ovh"]


def test_an_address_of_ipv6_alone_replaces_none_of_ipv4():
    """Whoever has no IPv6 needs the other; when IPv6 fails, everybody falls back to it."""
    both = {"192.0.2.1": OVH, "2001:db8::1": SCALEWAY}

    assert holders(hosted(both), Layer.HOSTING) == ["ovh"]
    assert holders(hosted({"2001:db8::1": SCALEWAY}), Layer.HOSTING) == ["scaleway"]


MACHINES = st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3"])


@given(st.dictionaries(MACHINES, st.sampled_from([OVH, SCALEWAY, AMAZON])))
def test_each_host_holds_the_site_by_addresses_of_its_own_alone(networks):
    found = hosted(networks)

    assert sorted(system for one in found.layer(Layer.HOSTING).held for system in one.systems) == sorted(
        {one.system for one in networks.values()}
    )


def test_a_site_below_somebodys_domain_stands_there_and_names_are_not_its_own():
    facts = some_facts(told("intramuros.org", "NS", "ns1.intramuros.org"), domain="barentin.intramuros.org")

    found = read(facts)
    assert (holders(found, Layer.HOSTING), holders(found, Layer.DNS)) == (["intramuros"], ["intramuros"])


def test_below_a_name_that_does_not_exist_there_is_neither_site_nor_mail():
    gone = some_facts(Answer("ville.fr", "NS", Outcome.NO_NAME))

    found = read(gone, gone)
    assert {found.layer(one).state for one in (Layer.DNS, Layer.HOSTING, Layer.MAIL, Layer.GATEWAY)} == {State.NONE}


def test_a_name_that_is_denied_for_one_type_alone_exists():
    """Some servers answer so to a question for IPv6 (RFC 4074, section 4.2)."""
    here = [told("ville.fr", "A", "192.0.2.1"), told("ville.fr", "MX", "10 mx1.mail.ovh.net")]
    facts = some_facts(*here, Answer("ville.fr", "AAAA", Outcome.NO_NAME), networks={"192.0.2.1": OVH})

    found = read(facts, facts)
    assert (holders(found, Layer.HOSTING), holders(found, Layer.MAIL)) == (["ovh"], ["ovh"])


# Authority


@pytest.mark.parametrize(
    ("issuer", "slug"),
    [
        ("Let's Encrypt", "letsencrypt"),
        ("Google Trust Services LLC", "google"),
        ("Sectigo Limited", "sectigo"),
        ("DigiCert Inc", "digicert"),
        ("GoDaddy.com, Inc.", "godaddy"),
        ("DHIMYOTIS", "certigna"),
        ("Autorité inconnue", "Autorité inconnue"),
        ("Amazonie", "Amazonie"),
    ],
)
def test_the_issuers_organisation_tells_the_authority_and_the_certificates_last_day_is_kept(issuer, slug):
    verdict = read(some_facts(site=a_site(certificate=a_certificate(issuer)))).layer(Layer.CA)

    assert ([one.provider for one in verdict.held], verdict.until) == ([slug], date(2027, 1, 31))


SECTIGO = Link("Gandi RSA Domain Validation", "The USERTRUST Network", "USERTrust RSA", date(2030, 1, 1))
USERTRUST = Link("USERTrust RSA", "The USERTRUST Network", "USERTrust RSA", date(2038, 1, 18))


def test_a_reseller_depends_on_the_company_of_its_root_as_well():
    found = read(some_facts(site=a_site(certificate=a_certificate("Gandi SAS"), chain=(SECTIGO, USERTRUST))))

    verdict = found.layer(Layer.CA)

    assert [(one.provider, one.law) for one in verdict.held] == [("gandi_ca", Law.EU), ("sectigo", Law.US)]
    assert [one.seen for one in verdict.held[0].because] == [
        "Gandi SAS",
        "Gandi RSA Domain Validation (2030-01-01) ← USERTrust RSA (2038-01-18)",
    ]
    web = next(one for one in services_of("ville", "ville.fr", "", found, names=NAMES) if one.service == "web")
    assert {"ca:gandi_ca", "ca:sectigo"} <= set(web.degraded_by)


@pytest.mark.parametrize(
    ("issuer", "chain"),
    [
        ("Sectigo Limited", (SECTIGO, USERTRUST)),
        # Amazon's root is also signed by Starfield's, and clients trust it by itself: nobody depends on Starfield
        ("Amazon", (Link("Amazon Root CA 1", "Starfield Technologies, Inc.", "Starfield Root - G2", DAY),)),
        ("Gandi SAS", ()),
        ("Gandi SAS", (Link("Racine", "Autorité inconnue", "Racine", DAY),)),
    ],
)
def test_where_the_root_is_the_signers_own_or_not_seen_the_signer_stands_alone(issuer, chain):
    assert len(read(some_facts(site=a_site(certificate=a_certificate(issuer), chain=chain))).layer(Layer.CA).held) == 1


def test_a_certificate_that_signs_itself_is_ones_own():
    own = a_certificate("", issuer_name="ville.fr", problem="self-signed")

    assert holders(read(some_facts(site=a_site(certificate=own))), Layer.CA) == ["self"]


def test_what_may_issue_says_nothing_of_who_did():
    found = read(some_facts(told("ville.fr", "CAA", '0 issue "letsencrypt.org"'), site=a_site()))

    assert found.layer(Layer.CA).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("issuer", "slug"),
    [
        ("Certainly", "certainly"),
        ("cPanel, LLC", "cpanel"),
        ("cPanel, Inc.", "cpanel"),
        ("eMudhra Technologies Limited", "emsign"),
        ("Network Solutions L.L.C.", "networksolutions"),
    ],
)
def test_smaller_authorities_are_known_by_their_organisation(issuer, slug):
    found = read(some_facts(site=a_site(certificate=a_certificate(issuer))))

    assert holders(found, Layer.CA) == [slug]


# Third parties


@pytest.mark.parametrize(
    ("address", "layer", "slug"),
    [
        ("https://fonts.googleapis.com/css2", Layer.FONTS, "google"),
        ("https://fonts.bunny.net/css", Layer.FONTS, "bunny"),
        ("https://www.googletagmanager.com/gtm.js", Layer.ANALYTICS, "google"),
        ("https://logs1407.xiti.com/hit.xiti", Layer.ANALYTICS, "piano"),
        ("https://ville.matomo.cloud/matomo.js", Layer.ANALYTICS, "matomo"),
        ("https://www.google.com/maps/embed", Layer.MAPS, "google"),
        ("https://data.geopf.fr/wmts", Layer.MAPS, "ign"),
        ("https://a.tile.openstreetmap.org/1/1/1.png", Layer.MAPS, "osm"),
        ("https://www.youtube.com/embed/x", Layer.VIDEO, "youtube"),
        ("https://www.google.com/recaptcha/api.js", Layer.CAPTCHA, "google"),
        ("https://challenges.cloudflare.com/turnstile/v0/api.js", Layer.CAPTCHA, "cloudflare"),
        ("https://tarteaucitron.io/load.js", Layer.CONSENT, "tarteaucitron"),
        ("https://client.crisp.chat/l.js", Layer.CHAT, "crisp"),
        ("https://docs.google.com/forms/d/x", Layer.OFFICE, "google"),
        ("https://platform.twitter.com/widgets.js", Layer.SOCIAL, "twitter"),
        ("https://cdn.jsdelivr.net/npm/x", Layer.LIBRARIES, "jsdelivr"),
        ("https://cdnjs.cloudflare.com/ajax/libs/x", Layer.LIBRARIES, "cloudflare"),
    ],
)
def test_a_third_party_is_told_by_what_the_page_asks_it_for(address, layer, slug):
    found = read(some_facts(site=a_site(address)))

    held = {each: holders(found, each) for each in pages.LAYERS.values() if holders(found, each)}
    assert held == {layer: [slug]}
    assert found.layer(layer).held[0].because == (Evidence(Reason.SCRIPT, address.split("/")[2], slug),)
    assert found.others == ()


def test_a_third_party_in_no_list_is_named_by_its_domain_and_a_known_one_of_no_layer_by_its_slug():
    found = read(some_facts(site=a_site("https://cdn.agence.example/x.js", "https://www.google.com/complete")))

    assert [(one.provider, one.law) for one in found.others] == [("agence.example", Law.UNKNOWN), ("google", Law.US)]


def test_a_monitor_of_errors_measures_no_audience():
    found = read(some_facts(site=a_site("https://sessions.bugsnag.com/x.js")))

    assert [one.provider for one in found.others] == ["bugsnag"]
    assert not found.layer(Layer.ANALYTICS).held


def test_the_towns_own_hosts_are_no_third_party():
    found = read(some_facts(site=a_site((Kind.IMAGE, "https://static.ville.fr/a.png"))))

    assert (found.others, found.layer(Layer.ANALYTICS).state) == ((), State.NONE)


def test_what_scripts_and_frames_may_ask_is_unknown_until_a_browser_watched():
    page = some_facts(site=a_site("https://www.ville.fr/app.js"))
    layers = {
        hosts: profile(page, None, catalogue(), registrable=registrable, on=DAY, watched=watched).layer(Layer.FONTS)
        for hosts, watched in {
            "nobody": None,
            "to the end": Watched(("www.ville.fr",)),
            "cut": Watched(("www.ville.fr",), is_whole=False),
            "fonts": Watched(("www.ville.fr", "fonts.googleapis.com")),
        }.items()
    }

    assert {name: one.state for name, one in layers.items()} == {
        "nobody": State.UNKNOWN,
        "to the end": State.NONE,
        "cut": State.UNKNOWN,
        "fonts": State.FOUND,
    }
    assert [one.reason for one in layers["nobody"].because] == [Reason.NOT_WATCHED]
    assert [one.provider for one in layers["fonts"].held] == ["google"]


def test_a_name_of_the_towns_that_is_an_alias_of_anothers_is_a_third_party():
    cloaked = told("hmul.ville.fr", "A", "192.0.2.9", aliases=("ville.eulerian.net.",))
    page = a_site("https://hmul.ville.fr/x.js")

    found = read(some_facts(cloaked, site=page))
    assert holders(found, Layer.ANALYTICS) == ["eulerian"]
    assert reasons(found, Layer.ANALYTICS) == {Reason.CLOAKED}
    assert holders(read(some_facts(site=page)), Layer.ANALYTICS) == []


def test_the_alias_of_the_sites_own_host_is_its_host_and_no_third_party():
    facts = some_facts(
        told("www.ville.fr", "A", "192.0.2.1", aliases=("x.cdn.cloudflare.net",)),
        site=a_site("https://www.ville.fr/a.js"),
    )

    found = read(facts)
    assert (found.others, holders(found, Layer.CDN)) == ((), ["cloudflare"])


def test_a_program_that_the_town_serves_itself_is_its_own():
    found = read(
        some_facts(site=a_site("https://stats.ville.fr/matomo.js", "https://www.ville.fr/js/tarteaucitron.js"))
    )

    assert (holders(found, Layer.ANALYTICS), holders(found, Layer.CONSENT)) == (["self"], ["self"])
    assert found.layer(Layer.ANALYTICS).held[0].law is Law.EU


def test_a_mere_hint_to_connect_is_unsure():
    found = read(some_facts(site=a_site((Kind.HINT, "https://fonts.gstatic.com/"))))

    assert found.layer(Layer.FONTS).held[0].certainty is Certainty.UNSURE


def test_a_page_that_was_not_read_tells_nothing_of_third_parties():
    not_read = replace(a_site(), page=None)
    cut = a_site()
    cut = replace(cut, page=replace(cut.page, is_cut=True))

    for facts in (some_facts(), some_facts(site=not_read), some_facts(site=cut)):
        assert {read(facts).layer(each).state for each in pages.LAYERS.values()} == {State.UNKNOWN}


def test_what_a_state_alone_may_register_tells_its_law():
    found = read(some_facts(site=a_site("https://www.info.gouv.fr/x.js")))

    assert [(one.provider, one.owner_country, one.law) for one in found.others] == [("info.gouv.fr", "FR", Law.EU)]


# Mail


def mail_of(*answers: Answer, networks: dict[str, Network] | None = None) -> Profile:
    return read(None, some_facts(*answers, networks=networks))


def test_mail_is_read_from_the_answers_of_name_servers_with_where_its_servers_stand():
    found = mail_of(
        told("ville.fr", "MX", f"0 {OUTLOOK}."),
        told(OUTLOOK, "A", "192.0.2.25"),
        networks={"192.0.2.25": Network(8075, "MICROSOFT", "NL")},
    )

    held = found.layer(Layer.MAIL).held[0]
    assert (held.provider, held.countries, held.owner_country, held.systems) == ("microsoft", ("NL",), "US", (8075,))
    assert found.layer(Layer.GATEWAY).state is State.NONE
    assert holders(found, Layer.OFFICE) == ["microsoft"]


@pytest.mark.parametrize(
    ("behind", "certainty"),
    [
        (told("selector1._domainkey.ville.fr", "TXT", aliases=(TENANT,)), Certainty.LIKELY),
        (told("autodiscover.ville.fr", "A", aliases=("autodiscover.outlook.com", "x.office.com")), Certainty.LIKELY),
        (told("_autodiscover._tcp.ville.fr", "SRV", "0 0 443 autodiscover.outlook.com."), Certainty.LIKELY),
        (told("ville.fr", "TXT", "MS=ms1234"), Certainty.LIKELY),
        (told("ville.fr", "TXT", "v=spf1 include:spf.protection.outlook.com -all"), Certainty.UNSURE),
    ],
)
def test_a_filter_never_hides_the_mailbox_that_something_tells_of(behind, certainty):
    found = mail_of(told("ville.fr", "MX", f"10 {FILTER}."), behind)

    assert (holders(found, Layer.MAIL), holders(found, Layer.GATEWAY)) == (["microsoft"], ["vadesecure"])
    assert found.layer(Layer.MAIL).held[0].certainty is certainty


def answered_alike(target: str, *texts: str) -> list[Answer]:
    """What a wildcard alias makes of every name below a domain."""
    names = [(f"{one}._domainkey.ville.fr", "TXT") for one in SELECTORS] + [("autodiscover.ville.fr", "A")]
    return [told(name, type, *(texts if type == "TXT" else ()), aliases=(target,)) for name, type in names]


@pytest.mark.parametrize(
    "target", ["cluster021.hosting.ovh.net", "ghs.googlehosted.com", "autodiscover.outlook.com", TENANT]
)
@pytest.mark.parametrize("texts", [(), ("1|www.ville.fr",)])
def test_a_wildcard_alias_tells_nothing_of_the_mailboxes(target, texts):
    found = mail_of(told("ville.fr", "MX", "1 mail.ville.fr."), *answered_alike(target, *texts))

    assert holders(found, Layer.MAIL) == ["self"]
    assert reasons(found, Layer.MAIL) == {Reason.OWN_HOST}


def test_a_wildcard_that_answers_for_the_site_too_is_no_autodiscover():
    host = "cluster021.hosting.ovh.net"
    names = (told("autodiscover.ville.fr", "A", aliases=(host,)), told("www.ville.fr", "A", aliases=(host,)))
    sender = told("ville.fr", "TXT", "v=spf1 include:mx.ovh.com -all")

    assert Reason.AUTODISCOVER not in reasons(
        mail_of(told("ville.fr", "MX", "1 mail.ville.fr."), sender, *names), Layer.MAIL
    )


def test_two_selectors_that_lead_to_keys_of_their_own_or_to_the_same_key_tell_of_the_mailbox():
    mx, keys = (
        told("ville.fr", "MX", f"10 {FILTER}."),
        [f"{one}._domainkey.ville.fr" for one in ("selector1", "selector2")],
    )
    apart = mail_of(mx, *(told(one, "TXT", aliases=(f"{one.partition('.')[0]}-ville.{TENANT}",)) for one in keys))
    alike = mail_of(mx, *(told(one, "TXT", "v=DKIM1; k=rsa; p=MIGf", aliases=(TENANT,)) for one in keys))

    assert holders(apart, Layer.MAIL) == holders(alike, Layer.MAIL) == ["microsoft"]
    assert [
        sum(one.reason is Reason.DKIM for one in found.layer(Layer.MAIL).held[0].because) for found in (apart, alike)
    ] == [2, 1]


def test_an_alias_whose_text_is_no_key_is_no_selector():
    found = mail_of(
        told("ville.fr", "MX", f"10 {FILTER}."),
        told("selector1._domainkey.ville.fr", "TXT", "a note", aliases=(TENANT,)),
    )

    assert holders(found, Layer.MAIL) == []


def test_a_filter_behind_an_alias_of_ones_own_is_a_filter_and_mail_is_lost_with_it():
    name = "abc.mailinblack.com"
    alias = told("mx.ville.fr", "A", "192.0.2.1", aliases=(name,))
    facts = some_facts(told("ville.fr", "MX", "10 mx.ville.fr."), alias)
    found = read(facts, facts)

    assert (found.layer(Layer.MAIL).state, holders(found, Layer.GATEWAY)) == (State.UNKNOWN, ["mailinblack"])
    mail = services_of("ville", "ville.fr", "ville.fr", found, names=NAMES)[-1]
    assert (mail.service, mail.needs) == ("mail", All(("gateway:mailinblack", "zone:mailinblack.com")))


@pytest.mark.parametrize("type", ["MX", "NS"])
@pytest.mark.parametrize("host", ["192.0.2.5", "localhost", "[2001:db8::1]", "2001:db8::1"])
def test_an_address_or_a_single_label_is_no_operator(type, host):
    facts = some_facts(told("ville.fr", type, f"10 {host}." if type == "MX" else f"{host}."))
    found, layer = read(facts, facts), {"MX": Layer.MAIL, "NS": Layer.DNS}[type]

    assert (found.layer(layer).state, reasons(found, layer)) == (State.UNKNOWN, {Reason.NO_HOST})
    assert services_of("ville", "ville.fr", "ville.fr", found, names=NAMES) == []


def test_an_exchanger_that_is_an_address_leaves_the_next_to_tell():
    found = mail_of(told("ville.fr", "MX", "10 192.0.2.5.", "20 mx.agence.example."))

    assert holders(found, Layer.MAIL) == ["agence.example"]


@pytest.mark.parametrize(("qualifier", "is_told"), [("", True), ("+", True), ("?", False), ("~", False), ("-", False)])
def test_what_an_included_record_vouches_for_counts_as_far_as_it_is_vouched_for(qualifier, is_told):
    found = mail_of(
        told("ville.fr", "MX", "10 mail.ville.fr."),
        told("ville.fr", "TXT", f"v=spf1 mx {qualifier}include:x.example -all"),
        told("x.example", "TXT", "v=spf1 include:spf.protection.outlook.com -all"),
        told("autodiscover.ville.fr", "A", aliases=("autodiscover.outlook.com",)),
    )

    assert (holders(found, Layer.MAIL) == ["microsoft"]) is is_told
    assert (Reason.SPF_BELOW in reasons(found, Layer.MAIL)) is is_told


@pytest.mark.parametrize("domain", ["ville.bzh", "ville.paris", "ville.com"])
def test_a_towns_own_machines_are_under_its_country_s_law_whatever_its_ending(domain):
    facts = some_facts(told(domain, "MX", f"10 mail.{domain}."), told(domain, "NS", f"ns1.{domain}."), domain=domain)
    here, nowhere = (
        profile(facts, facts, catalogue(), registrable=registrable, on=DAY, country=country) for country in ("FR", "")
    )

    held = [here.layer(one).held[0] for one in (Layer.MAIL, Layer.DNS)]
    assert [(one.provider, one.law, one.owner_country) for one in held] == [("self", Law.EU, "FR")] * 2
    assert nowhere.layer(Layer.MAIL).held[0].law is Law.UNKNOWN


def test_where_a_filter_stands_says_nothing_of_the_mailbox_behind():
    found = mail_of(
        told("ville.fr", "MX", f"10 {FILTER}."),
        told(FILTER, "A", "192.0.2.25"),
        told("selector1._domainkey.ville.fr", "TXT", aliases=(TENANT,)),
        networks={"192.0.2.25": OVH},
    )

    assert [one.countries for one in found.layer(Layer.GATEWAY).held] == [("FR",)]
    assert [(one.provider, one.countries) for one in found.layer(Layer.MAIL).held] == [("microsoft", ())]


def test_a_second_exchanger_at_anothers_lends_the_mailboxes_neither_systems_nor_countries():
    found = mail_of(
        told("ville.fr", "MX", "1 mx1.mail.ovh.net.", "10 aspmx.l.google.com."),
        told("mx1.mail.ovh.net", "A", "192.0.2.25"),
        told("aspmx.l.google.com", "A", "192.0.2.26"),
        networks={"192.0.2.25": OVH, "192.0.2.26": Network(15169, "GOOGLE", "US")},
    )

    told_of = [(one.provider, one.systems, one.countries) for one in found.layer(Layer.MAIL).held]
    assert told_of == [("ovh", (16276,), ("FR",))]


def test_two_filters_are_told_each_with_its_own_addresses():
    other = "mx01.hornetsecurity.com"
    found = mail_of(
        told("ville.fr", "MX", f"10 {FILTER}.", f"20 {other}."),
        told(FILTER, "A", "192.0.2.25"),
        told(other, "A", "192.0.2.26"),
        networks={"192.0.2.25": OVH, "192.0.2.26": Network(24679, "HORNET", "DE")},
    )

    held = found.layer(Layer.GATEWAY).held
    assert [(one.provider, one.countries) for one in held] == [("hornetsecurity", ("DE",)), ("vadesecure", ("FR",))]


def test_no_exchanger_a_null_one_and_a_silent_server_are_told_apart():
    states = [
        mail_of(one).layer(Layer.MAIL).state
        for one in (told("ville.fr", "MX"), told("ville.fr", "MX", "0 ."), Answer("ville.fr", "MX", Outcome.TIMEOUT))
    ]

    assert states == [State.NONE, State.NONE, State.UNKNOWN]


@pytest.mark.parametrize("domain", NAMESAKES)
def test_a_town_named_like_a_telecom_is_its_customer_in_no_layer(domain):
    hosts = [f"ns1.{domain}", f"mail.{domain}"]
    facts = some_facts(
        told(domain, "NS", hosts[0]),
        told(domain, "MX", f"10 {hosts[1]}"),
        told(f"www.{domain}", "A", "192.0.2.1", aliases=(f"web.{domain}",)),
        domain=domain,
        site=a_site(f"https://cartes.{domain}/x.js", domain=domain),
    )

    found = read(facts, facts)
    held = {one.provider for verdict in found.layers.values() for one in verdict.held} | {
        one.provider for one in found.others
    }
    assert not held & TELECOMS
    assert holders(found, Layer.MAIL) == holders(found, Layer.DNS) == ["self"]


# What always holds

ADDRESSES = [
    "https://fonts.googleapis.com/css",
    "https://www.google.com/recaptcha/api.js",
    "https://www.googletagmanager.com/gtm.js",
    "https://matomo.agence.example/matomo.js",
    "https://cdn.agence.example/a.js",
    "https://www.ville.fr/a.js",
    "https://stats.ville.fr/piwik.js",
    "https://data.geopf.fr/wmts",
]
ANSWERS = [
    told("ville.fr", "NS", "dns1.ovh.net", "ns1.ville.fr"),
    told("ville.fr", "MX", f"10 {FILTER}", f"10 {OUTLOOK}", "20 mail.ville.fr"),
    told("ville.fr", "TXT", "v=spf1 include:spf.protection.outlook.com -all", "MS=ms1"),
    told("selector1._domainkey.ville.fr", "TXT", aliases=(TENANT,)),
    told("www.ville.fr", "A", "192.0.2.1", "192.0.2.2"),
    told("stats.ville.fr", "A", aliases=("ville.eulerian.net",)),
]
NETWORKS = {"192.0.2.1": OVH, "192.0.2.2": AMAZON}
addresses = st.lists(st.tuples(st.sampled_from(list(Kind)), st.sampled_from(ADDRESSES)), max_size=8)
some_answers = st.lists(st.sampled_from(ANSWERS), max_size=6, unique_by=lambda one: (one.name, one.type))


@given(addresses, some_answers, st.randoms(use_true_random=False))
def test_the_order_of_resources_and_answers_changes_nothing(asked, answers, random):
    mixed, turned = random.sample(asked, len(asked)), random.sample(answers, len(answers))
    turned = [replace(one, records=tuple(random.sample(one.records, len(one.records)))) for one in turned]

    first = some_facts(*answers, site=a_site(*asked), networks=NETWORKS)
    second = some_facts(*turned, site=a_site(*mixed), networks=NETWORKS)
    assert read(first, first) == read(second, second)


@given(addresses, addresses, some_answers, some_answers)
def test_more_evidence_never_turns_found_into_unknown(asked, more_asked, answers, more_answers):
    """One exception is not among these: to learn that a proxy stands in front hides the host."""
    less = some_facts(*answers, site=a_site(*asked), networks=NETWORKS)
    more = some_facts(*more_answers, *answers, site=a_site(*asked, *more_asked), networks=NETWORKS)

    before, after = read(less, less), read(more, more)
    for layer, verdict in before.layers.items():
        if verdict.state is State.FOUND:
            assert after.layer(layer).state is State.FOUND, layer
    for layer in pages.LAYERS.values():
        told_before = {one.provider for one in before.layer(layer).held}
        cloaked = {"self"}  # a name of one's own may turn out to be an alias of another's
        assert told_before - cloaked <= {one.provider for one in after.layer(layer).held}


@given(addresses)
def test_every_address_asked_is_told_somewhere_or_is_the_towns_own(asked):
    found = read(some_facts(site=a_site(*asked)))

    seen = {piece.seen for layer in pages.LAYERS.values() for one in found.layer(layer).held for piece in one.because}
    seen |= {piece.seen for one in found.others for piece in one.because}
    for _kind, address in asked:
        host = address.split("/")[2]
        assert registrable(host) == "ville.fr" or any(host in one for one in seen)


def test_every_reason_has_its_sentence():
    for reason in Reason:
        assert "ville.fr" in because(Evidence(reason, "ville.fr", "ovh"), catalogue()), reason


# The catalogue


def patterns(*, but: frozenset[Sign] = frozenset()) -> list[tuple[Sign, str, str]]:
    return [
        (sign, pattern, one.slug)
        for one in catalogue().providers.values()
        for sign, found in one.signs.items()
        if sign not in but
        for pattern in found
    ]


def test_no_pattern_is_claimed_by_two_providers_and_no_system_either():
    claims: dict[tuple[Sign, str], set[str]] = {}
    for sign, pattern, slug in patterns():
        claims.setdefault((sign, pattern.lower()), set()).add(slug)
    systems = [asn for one in catalogue().providers.values() for asn in (*one.asn, *one.cdn_asn)]

    assert {key: slugs for key, slugs in claims.items() if len(slugs) > 1} == {}
    assert len(systems) == len(set(systems))


def test_patterns_of_names_are_domains_in_lower_case():
    texts = frozenset({Sign.CA, Sign.TXT, Sign.CDN_HEADERS, Sign.HOST_HEADERS})
    domain = re.compile(r"(_?[a-z0-9-]+(-\*)?\.)+[a-z0-9-]+(/[a-z]+)?")
    wrong = [(slug, pattern) for _sign, pattern, slug in patterns(but=texts) if not domain.fullmatch(pattern)]

    assert wrong == []


def test_every_provider_has_a_company_and_a_source_and_no_slug_is_written_twice():
    text = (files("arobase.observatory") / "providers.yaml").read_text(encoding="utf-8")
    slugs = re.findall(r"^  ([a-z0-9_]+):", text[text.index("\nproviders:") :], re.MULTILINE)

    assert len(slugs) == len(set(slugs)) == len(catalogue().providers) >= 250
    assert [one.slug for one in catalogue().providers.values() if not one.source] == []
    assert [slug for slug in catalogue().providers if not catalogue().owners(slug)] == []


def test_secnumcloud_names_the_offer_and_tells_qualified_from_on_the_way():
    known = catalogue().providers

    assert [one.offer for one in known["s3ns"].qualifications] == ["PREMI3NS"]
    assert (known["s3ns"].secnumcloud, known["ovh"].secnumcloud, known["scaleway"].secnumcloud) == (True, True, False)
    assert not known["bleu"].secnumcloud


def test_a_catalogue_with_an_unknown_source_is_refused():
    with pytest.raises(BadCatalogue, match="rumour"):
        read_catalogue("{version: 1, companies: {a: [A, FR]}, providers: {a: {name: A, source: rumour}}}")


def a_list(source: str = "2025-11", *, more: str = "", companies: str = "a: [A, FR]") -> str:
    return (
        f'{{version: "2025-11-18", sources: {{read: [Somewhere, {source}]}}, companies: {{{companies}}}, '
        f"providers: {{hostess: {{name: Hostess, company: a, source: read{more}}}}}}}"
    )


@pytest.mark.parametrize("month", ["2025-13", "2025-00", "2025", "soon", "2025-11-03", "~"])
def test_a_source_that_was_read_in_no_month_is_refused(month):
    with pytest.raises(BadCatalogue, match=r"^hostess: source 'read' was read in .*2025-11"):
        read_catalogue(a_list(month))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (a_list("2025-12"), "source 'read' was read in 2025-12, after the list of 2025-11-18"),
        (
            a_list(more=", secnumcloud: [{offer: X, state: qualified, seen: 2026-01}]"),
            "secnumcloud 'X' was read in 2026-01",
        ),
        (a_list(more=", secnumcloud: [{offer: X, state: qualified, seen: 2025-13}]"), "2025-13"),
    ],
)
def test_what_was_read_after_the_list_was_written_is_refused(text, what):
    assert read_catalogue(a_list()).version == "2025-11-18"
    with pytest.raises(BadCatalogue, match=r"^hostess: ") as refused:
        read_catalogue(text)
    assert what in str(refused.value)


@pytest.mark.parametrize(
    ("companies", "ring"),
    [
        ("a: [A, FR, a]", "a → a"),
        ("a: [A, FR, b], b: [B, US, a]", "a → b → a"),
        ("a: [A, FR, b], b: [B, US, c], c: [C, DE, b]", "b → c → b"),
    ],
)
def test_owners_that_go_round_are_refused_for_none_of_them_is_the_last(companies, ring):
    with pytest.raises(BadCatalogue) as refused:
        read_catalogue(a_list(companies=companies))

    assert str(refused.value) == f"hostess: its owners go round ({ring}); one must be the last"


# The recorded page loads


def test_a_line_of_the_recording_that_is_not_as_told_is_named(tmp_path: Path):
    path = tmp_path / "sites.jsonl.gz"
    good = {"url": "https://ville.fr", "status": 200, "requests": {"ville.fr": {"n": 1, "types": {"Document": 1}}}}
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps(good) + "\n" + json.dumps({**good, "url": "ville"}) + "\n")

    lines = recorded_sites(path)
    assert next(lines).facts.site.page.resources[0].kind is Kind.FRAME
    with pytest.raises(BadLine, match="line 2"):
        next(lines)


@NEEDS_MIRROR
def test_layers_of_the_recorded_loads_are_those_that_another_project_saw():
    found = measure_sites()

    assert (found.sites, found.loads) == (655, 576)
    assert (found.proxy.both, found.proxy.only_theirs, found.proxy.only_ours) == (37, 0, 0)
    assert (found.third_party.both, found.third_party.only_theirs, found.third_party.only_ours) == (362, 9, 0)
    for name, one in found.layers.items():
        assert one.only_theirs == 0, name
        assert one.only_ours <= 1, name
