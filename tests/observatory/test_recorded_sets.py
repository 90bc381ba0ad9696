"""Facts that others recorded, as sets: nothing is concluded of what nobody looked at."""

import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as configured

from arobase.observatory.actions.domains import keep_domains
from arobase.observatory.models import About, Campaign, Standing
from arobase.observatory.queries.dependence import Origin, dependence, forget
from arobase.observatory.queries.kept import findings_of, profile_of
from arobase.observatory.rules.criteria.finding import Met
from arobase.observatory.rules.declared import Declared
from arobase.observatory.rules.profile import Layer, State
from arobase.observatory.rules.services import MAIL, WEB
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.recorded_sets import load_mail, load_sites
from arobase.registry.registers import LoadRequest
from builders import a_commune

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FRENCH = {"Accept-Language": "fr"}
SITES = [
    {
        "url": "https://agence.example",
        "status": 200,
        "headers": {"cf-ray": "1-CDG", "x-content-type-options": "nosniff"},
        "final": "https://agence.example/",
        "requests": {
            "agence.example": {"n": 1, "types": {"Document": 1}},
            "fonts.gstatic.com": {"n": 1, "types": {"Font": 1}},
        },
    },
    {"url": "https://musee.example", "status": None},
]
MAILS = [
    {"domain": "ville.example", "country": "FR", "recorded": 1770000000, "peer": {"name": "Ville", "population": 900},
     "dns": {"MX": [[10, "ville.mail.protection.outlook.com"]]}},
    {"domain": "filtre.example", "country": "DE", "recorded": 1770000000, "peer": None,
     "dns": {"MX": [[10, "mx01.cloud.vadesecure.com"]]}},
    {"domain": "filtre.example", "country": "DE", "recorded": 1770000001, "peer": None, "dns": {}},
]  # fmt: skip


@pytest.fixture(autouse=True)
def mirror(tmp_path, settings) -> Path:
    forget()
    folder = tmp_path / "observatory"
    folder.mkdir()
    for name, rows in (("site_observations", SITES), ("recorded_dns", MAILS)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    settings.DATA_MIRROR = tmp_path
    yield tmp_path
    forget()


def load(loader, *departments: str):
    request = LoadRequest(frozenset(departments), lambda _what, _done, _total: None)
    return loader(request, now=lambda: NOW)


def record(*told: tuple[str, dict, dict | None]) -> None:
    """Mail of these domains, in France: their DNS, and what a peer says of them."""
    with gzip.open(configured.DATA_MIRROR / "observatory" / "recorded_dns.jsonl.gz", "wt", encoding="utf-8") as file:
        for domain, dns, peer in told:
            row = {"domain": domain, "country": "FR", "recorded": 1770000000, "peer": peer, "dns": dns}
            file.write(json.dumps(row) + "\n")


def test_a_recorded_site_gets_findings_only_of_what_was_recorded(client):
    assert load(load_sites).rows == 2

    found = {
        one.criterion: one.met
        for one in findings_of(Standing.objects.get(subject="agence.example").criteria["findings"])
    }
    page = client.get("/observatoire/sites/agence.example?jeu=sites-publics", headers=FRENCH).content.decode()

    assert found == {
        "no-third-party": Met.NOT_MET,
        "no-us-third-party": Met.NOT_MET,
        "no-tracking-cookie": Met.MET,
        "hsts": Met.NOT_MET,
        "csp": Met.NOT_MET,
        "nosniff": Met.MET,
        "referrer-policy": Met.NOT_MET,
    }
    assert "Le nom n’existe pas" not in page and "Remettre le site en service" not in page
    assert "16 janvier 2026, sans rien cliquer (DashLord @ 6151c15)" in page
    assert "Niveau" not in page and "référentiel de l’État" not in page


def test_in_english_days_and_signs_are_english(client):
    record(("ville.example", {"MX": [[10, "mx1.ovh.net"]]}, {"name": "Ville", "population": 900}))
    load(load_mail)
    town = a_commune("76351", "Le Havre")
    keep_domains({(town.pk, "mail"): Declared("ville.example", "", "DILA", None)}, among={town.pk}, on=NOW.date())
    forget()

    page = client.get("/observatoire/communes/76351", headers={"Accept-Language": "en"}).content.decode()

    main = page[page.index("<main") : page.index("</main")]
    assert "Mail: ville.example" in main and "Mail: OVHcloud" in main
    assert "1 July 2026" in main
    assert not re.search(r"\s[:;?!]", re.sub(r"<[^>]*>", "", main))


def test_authorities_of_several_countries_are_told_by_country_with_its_name(client):
    load(load_mail)

    page = client.get("/observatoire/panne?jeu=europe&tombe=gateway:vadesecure", headers=FRENCH).content.decode()

    assert "Par pays" in page and "Par région" not in page
    assert '<th scope="row">Allemagne</th>' in page and '<th scope="row">DE</th>' not in page


def test_an_owner_of_no_known_country_has_no_empty_parentheses(client, mirror):
    site = {**SITES[0], "headers": {"x-gitbook-cache": "hit"}, "final": "https://agence.example/"}
    with gzip.open(mirror / "observatory" / "site_observations.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(site) + "\n")
    load(load_sites)

    pages = [
        client.get(address, headers=FRENCH).content.decode()
        for address in ("/observatoire?jeu=sites-publics", "/observatoire/sites/agence.example?jeu=sites-publics")
    ]

    assert all(">GitBook<" in page and "()" not in page for page in pages)


@pytest.mark.parametrize(
    ("name", "link", "said"),
    [
        ("Paris", 0, "La page de Paris"),
        ("Albi", 1, "La page d’Albi"),
        ("Le Havre", 2, "La page du Havre"),
        ("La Rochelle", 3, "La page de La Rochelle"),
        ("Les Lilas", 4, "La page des Lilas"),
    ],
)
def test_a_town_s_name_joins_the_sentence_as_french_asks(client, name, link, said):
    a_commune("99001", name, name_link=link)

    assert f">{said}</a>" in client.get("/observatoire/communes/99001", headers=FRENCH).content.decode()


def test_a_site_that_did_not_answer_is_unknown(client):
    load(load_sites)

    standing = Standing.objects.get(subject="musee.example")

    assert {one.met for one in findings_of(standing.criteria["findings"])} == {Met.UNKNOWN}
    assert profile_of(standing.profile).layer(Layer.CDN).state is State.UNKNOWN
    assert dependence(catalogue(), About.PUBLIC_SITES).counted(WEB) == {Origin.RECORDED: 1}


def test_mail_that_stops_at_its_filter_is_known_though_the_mailbox_is_not():
    load(load_mail)

    on = dependence(catalogue(), About.EUROPE)
    filters = [name for name in on.graph.number if name.startswith("gateway:")]
    lost = [on.graph.services[at].territory for at in on.graph.spread(filters).services.tolist()]

    assert on.counted(MAIL) == {Origin.RECORDED: 2}
    assert lost == ["filtre.example"]


def test_a_domain_met_twice_is_kept_once_and_loading_again_changes_nothing():
    first, again = load(load_mail), load(load_mail)

    assert (first.rows, first.changes["added"], again.changes["added"]) == (2, 2, 0)
    assert Campaign.objects.filter(about=About.EUROPE).count() == 1


def test_limited_to_departments_only_france_is_read():
    assert load(load_mail, "76").rows == 1


def test_the_page_says_whose_population_is_unknown(client):
    load(load_mail)

    assert "Population inconnue pour 1" in client.get("/observatoire?jeu=europe", headers=FRENCH).content.decode()


def test_a_commune_whose_recorded_mail_needs_several_names_them_all(client):
    """Its filter and its mailboxes: either takes the mail with it."""
    told = {"MX": [[10, "mx01.cloud.vadesecure.com"]], "TXT": ["v=spf1 include:spf.protection.outlook.com -all"]}
    record(("paris.example", told, None))
    load(load_mail)
    paris = a_commune("75056", "Paris")
    keep_domains({(paris.pk, "mail"): Declared("paris.example", "", "DILA", None)}, among={paris.pk}, on=NOW.date())
    forget()

    page = client.get("/observatoire/communes/75056", headers=FRENCH).content.decode()
    told = client.get("/api/observatoire/communes/75056").json()["otherwise"]

    assert "Vade Secure (filtre de courrier), noms de vadesecure.com, Microsoft 365 (messagerie)" in page
    assert [(one["needs"], one["origin"]) for one in told] == [
        ({"all": [{"all": ["gateway:vadesecure", "zone:vadesecure.com"]}, "mail:microsoft"]}, "recorded")
    ]
    assert [one["name"] for one in told[0]["providers"]] == ["Vade Secure", "vadesecure.com", "Microsoft 365"]


def test_where_many_populations_are_unknown_outages_stand_by_the_number_of_subjects(client):
    """Two small towns at one provider come before a large one at another: of half of them nobody says how large."""
    small = {"MX": [[10, "mx1.ovh.net"]]}
    large = {"MX": [[10, "x.mail.protection.outlook.com"]]}
    record(
        ("a.example", small, None),
        ("b.example", small, None),
        ("c.example", large, {"name": "C", "population": 9000}),
    )
    load(load_mail)

    page = client.get("/observatoire?jeu=europe", headers=FRENCH)
    words = page.content.decode().replace("\xa0", " ").replace("\u202f", " ")
    row = client.get("/observatoire/panne.json?jeu=europe&tombe=ovh").json()

    assert [one["reach"].failure for one in page.context["providers"]] == ["ovh", "microsoft"]
    assert "Par nombre de ceux dont un service s’éteindrait : la population de trop d’entre eux est inconnue." in words
    assert "9 000 habitants" not in words
    assert '<td class="number">–</td>' in words
    assert {one["population"] for one in row} == {None}


def test_each_country_has_its_own_concentration(client):
    """One provider alone in Germany, two that share France; of whom nothing is known counts nowhere but in n."""
    record(
        ("a.fr", {"MX": [[10, "mx1.ovh.net"]]}, None),
        ("b.fr", {"MX": [[10, "x.mail.protection.outlook.com"]]}, None),
        ("c.fr", {}, None),
    )
    others = [{**MAILS[0], "domain": "a.de", "country": "DE"}]
    with gzip.open(configured.DATA_MIRROR / "observatory" / "recorded_dns.jsonl.gz", "at", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in others)
    load(load_mail)

    page = client.get("/observatoire/concentration?jeu=europe&couche=mail", headers=FRENCH)
    told = client.get("/api/observatoire/concentration?jeu=europe&couche=mail").json()["rows"]
    rows = client.get("/observatoire/concentration.json?jeu=europe").json()

    assert [(one["region"], one["known"], one["subjects"]) for one in told] == [
        (None, 3, 4),
        ("DE", 1, 1),
        ("FR", 2, 3),
    ]
    assert [one["hhi"] for one in told] == pytest.approx([5 / 9, 1, 1 / 2])
    assert [(one["first"]["provider"], one["largest"]["1"]) for one in told[1:]] == [
        ("microsoft", 1),
        ("microsoft", 0.5),
    ]
    assert [one["name"] for one in page.context["rows"]] == ["Ensemble", "Allemagne", "France"]
    assert "2 sur 3" in page.content.decode()
    assert [one["hhi"] for one in rows if one["layer"] == "mail"] == [one["hhi"] for one in told]


def test_a_set_of_which_nothing_is_known_says_so_on_the_page_of_concentration(client):
    page = client.get("/observatoire/concentration", headers=FRENCH).content.decode()

    assert "rien à compter pour l’instant" in page


def test_page_and_file_count_the_same_laws(client):
    """A host of one's own obeys its country's law, which no list of providers tells."""
    record(
        ("ville.fr", {"MX": [[10, "mail.ville.fr"]]}, None),
        ("bourg.bzh", {"MX": [[10, "mail.bourg.bzh"]]}, None),
        ("a.fr", {"MX": [[10, "mx.agglo.example"]]}, None),
        ("b.fr", {"MX": [[10, "mx1.ovh.net"]]}, None),
        ("c.fr", {"MX": [[10, "x.mail.protection.outlook.com"]]}, None),
        ("mairie.gouv.fr", {"MX": [[10, "mx.interieur.gouv.fr"]]}, None),
    )
    load(load_mail)

    shown = client.get("/observatoire?jeu=europe").context["layers"]
    rows = client.get("/observatoire/donnees.json?jeu=europe").json()
    laws = Counter(one["law"] for one in rows if one["layer"] == "mail")

    assert dict(next(one["share"] for one in shown if one["slug"] == "mail").by_law) == laws
    assert laws == {"EU": 4, "US": 1, "unknown": 1}


def test_without_a_mirror_nothing_is_loaded_and_a_sentence_says_so(settings):
    settings.DATA_MIRROR = None

    assert [(load(one).layer, bool(load(one).note)) for one in (load_sites, load_mail)] == [(None, True)] * 2
