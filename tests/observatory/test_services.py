"""What a town's services need, read off its layers: which providers stand in for one another, and which do not."""

import pytest

from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.evidence import Evidence, Reason
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.layers import profile
from arobase.observatory.rules.layers.pages import joined
from arobase.observatory.rules.needs import All, Any, Need, Service, names_in
from arobase.observatory.rules.outage import Graph
from arobase.observatory.rules.profile import LayerVerdict, Profile, State
from arobase.observatory.rules.services import provider, services_of, zone_needs
from arobase.observatory.sources.facts import NAMES, registrable, zone_of
from arobase.observatory.sources.providers import catalogue
from observatory.presences import DAY, a_profile, by, held

OVH = held("ovh", because=(Evidence(Reason.MX, "mx1.mail.ovh.net", "ovh"),))
BEHIND = held("ovh", because=(Evidence(Reason.DKIM, "ovhmo-selector-1", "ovh"),))


def service(kind: str, profile: Profile) -> Service:
    found = services_of("ville", "ville.fr", "ville.fr", profile, names=NAMES)
    return next(one for one in found if one.service == kind)


def is_lost(service: Service, failed: str) -> bool:
    graph = Graph([service], [])
    return bool(list(graph.lost(graph.spread([failed]))))


def test_of_two_proxies_one_behind_the_other_each_is_needed():
    web = service("web", a_profile(cdn=by(held("cloudflare"), held("fastly"))))

    assert web.needs == All(("cdn:cloudflare", "cdn:fastly"))


def test_any_one_of_two_filters_lets_mail_in_and_the_mailboxes_are_needed():
    mail = service("mail", a_profile(mail=by(BEHIND), gateway=by(held("mailinblack"), held("vadesecure"))))

    assert [is_lost(mail, one) for one in ("gateway:vadesecure", "mail:ovh")] == [False, True]
    assert mail.needs == All((Any(("gateway:mailinblack", "gateway:vadesecure")), "mail:ovh"))


def test_mail_finds_its_way_round_a_filter_where_the_mailboxes_have_an_exchanger_themselves():
    mail = service("mail", a_profile(mail=by(OVH), gateway=by(held("vadesecure"))))

    assert (mail.needs, mail.degraded_by) == ("mail:ovh", ("gateway:vadesecure",))


@pytest.mark.parametrize(("country", "takes"), [("US", True), ("IT", True), ("FR", False)])
def test_a_company_with_an_owner_abroad_fails_with_either_law(country, takes):
    graph = Graph([Service("ville", "web", "video:vimeo")], [provider("video:vimeo", catalogue(), {})])

    failing = [f"country:{country}"] if f"country:{country}" in graph.failures else []

    assert bool(len(graph.spread(failing).services)) is takes


def test_mail_that_only_a_filter_takes_is_lost_with_it():
    unseen = LayerVerdict(State.UNKNOWN)

    assert is_lost(service("mail", a_profile(mail=by(BEHIND), gateway=by(held("vadesecure")))), "gateway:vadesecure")
    assert is_lost(service("mail", a_profile(mail=unseen, gateway=by(held("vadesecure")))), "gateway:vadesecure")


def told_of(domain: str, server: str, exchanger: str) -> dict[str, Need]:
    """What a domain's services need, from the names of its server and exchanger alone."""
    answers = {("NS", server), ("MX", f"10 {exchanger}")}
    facts = DomainFacts(
        domain, DAY, {(domain, type): Answer(domain, type, Outcome.ANSWER, (one,)) for type, one in answers}
    )
    read = profile(facts, facts, catalogue(), registrable=registrable, on=DAY)
    return {one.service: one.needs for one in services_of(domain, domain, domain, read, names=NAMES)}


def test_towns_below_one_domain_and_its_customers_stand_on_the_same_node():
    towns = [told_of(one, "ns1.agglo.fr.", "mx.agglo.fr.") for one in ("a.agglo.fr", "b.agglo.fr", "agglo.fr")]
    customer = told_of("c.fr", "ns1.agglo.fr.", "mx.agglo.fr.")

    assert [one["names"] for one in towns] == ["dns:agglo.fr"] * 3
    assert [one["mail"] for one in towns] == [All(("dns:agglo.fr", "mail:agglo.fr"))] * 3
    assert set(names_in(customer["mail"])) == {"dns:agglo.fr", "mail:agglo.fr", "zone:agglo.fr"}


@pytest.mark.parametrize(
    ("host", "zone"),
    [
        ("mairie.edgekey.net", "edgekey.net"),
        ("cluster001.hosting.ovh.net", "ovh.net"),
        ("d1.cloudfront.net", "cloudfront.net"),
        ("mairie.azurewebsites.net", "azurewebsites.net"),
        ("mairie.gv.at", "mairie.gv.at"),
    ],
)
def test_customers_of_a_platform_share_its_zone(host, zone):
    web = service("web", a_profile(hosting=by(held("x", hosts=(host,)))))

    assert web.needs == All(("hosting:x", f"zone:{zone}"))


def zone(*servers: str) -> Need:
    return zone_needs("editeur.fr", servers, catalogue(), zone_of=zone_of)


def test_servers_of_one_provider_in_several_zones_need_any_of_these():
    aws = zone("ns-1.awsdns-12.com", "ns-2.awsdns-13.net")

    assert aws == All(("dns:aws", Any(("zone:awsdns-12.com", "zone:awsdns-13.net"))))
    assert zone("dns1.ovh.net", "ns1.ovh.net") == All(("dns:ovh", "zone:ovh.net"))


def test_a_zone_that_serves_itself_needs_nobody():
    assert zone("ns1.editeur.fr", "dns1.ovh.net") == All(())


def test_a_site_misses_the_documents_it_embeds_and_not_the_suite_of_its_mailboxes():
    """A page that asks Microsoft for nothing is whole when Microsoft falls, wherever the town's mail is."""
    account = held("microsoft", because=(Evidence(Reason.ACCOUNT, "ville.fr", "microsoft"),))
    verified = held("google", because=(Evidence(Reason.VERIFICATION, "google", "google"),))
    embedded = held("onlyoffice", because=(Evidence(Reason.FRAME, "https://docs.example/", "onlyoffice"),))

    web = service("web", a_profile(hosting=by(held("ovh")), office=by(account, verified, embedded)))

    assert web.degraded_by == ("office:onlyoffice",)


def test_documents_embedded_from_where_the_mailboxes_are_count_for_the_site_too():
    account = held("microsoft", because=(Evidence(Reason.ACCOUNT, "ville.fr", "microsoft"),))
    embedded = held("microsoft", because=(Evidence(Reason.FRAME, "https://forms.office.com/", "microsoft"),))

    web = service("web", a_profile(hosting=by(held("ovh")), office=joined(by(account), by(embedded))))

    assert web.degraded_by == ("office:microsoft",)
