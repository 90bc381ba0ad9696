"""Towns whose declared page lies below a front page that is somebody else's: nothing of that page is told of them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from arobase.observatory.models import About, OfficialDomain, Purpose, Standing
from arobase.observatory.queries.kept import findings_of, profile_of
from arobase.observatory.rules.criteria.finding import Met, Why
from arobase.observatory.rules.criteria.presence import is_front_page_anothers
from arobase.observatory.rules.evidence import Reason
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.plan import Action, plan
from arobase.observatory.rules.profile import Layer, State
from arobase.observatory.rules.protection import OF_HOST, Protection
from arobase.observatory.rules.sovereignty import index
from arobase.observatory.rules.visits import Hop, Site
from arobase.observatory.sources import browsed, campaigns
from arobase.observatory.sources.alternatives import alternatives
from arobase.observatory.sources.announcers import Announcers
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.reading import standing
from arobase.observatory.sources.subjects import communes, listed
from builders import a_commune
from internet.web import the_internet
from observatory.test_watched import AT, HAVRE, TRACKED, NoCollector, page
from observatory.visiting import visited

DAY = AT.date()
HOST = "pistes.test"  # a platform, whose own front page has fonts, a video, a captcha and a map of others


@pytest.fixture(scope="module")
def site() -> Site:
    with the_internet() as net:
        return visited([HOST], net.manners())[HOST]


def seen(folder: Path, site: Site, *rows: str) -> list[Standing]:
    """Standings of the subjects of a list, from what a visit to the platform's front page showed."""
    path = folder / "list.csv"
    path.write_text("\n".join(["name,site", *rows]), encoding="utf-8")
    facts = {HOST: DomainFacts(HOST, DAY, {}, site)}
    return [standing(one, facts, catalogue(), DAY) for one in listed(path)]


def findings(one: Standing) -> dict[str, tuple[Met, Why]]:
    return {found.criterion: (found.met, found.why) for found in findings_of(one.criteria["findings"])}


def test_of_towns_at_one_host_none_gets_the_findings_of_its_front_page(tmp_path, site):
    towns = seen(tmp_path, site, f"Bourg,https://{HOST}/bourg", f"Mur,https://www.{HOST}/?ville=mur")

    for town in towns:
        profile, found = profile_of(town.profile), findings(town)
        assert (profile.layer(Layer.FONTS).state, profile.others) == (State.UNKNOWN, ())
        assert [one.reason for one in profile.layer(Layer.FONTS).because] == [Reason.ANOTHERS_PAGE]
        of_page = {found[one] for one in Protection if one not in OF_HOST}
        assert of_page == {(Met.UNKNOWN, Why.ANOTHERS_PAGE)}
        assert found["1.6"] == (Met.UNKNOWN, Why.ANOTHERS_PAGE)
        assert {part.layer: part.rank for part in index(profile).parts}[Layer.FONTS] is None
        asked = {one.action for one in plan(findings_of(town.criteria["findings"]), profile, alternatives())}
        assert not asked & {Action.THIRD_PARTIES_HOME, Action.SAY_WHO, Action.SAY_ACCESSIBLE, Action.STOP_TRACKING}
        assert not any(node.startswith("fonts:") for _service, _needs, soft, _laws in town.wires for node in soft)


def test_what_holds_for_the_host_is_told_of_each(tmp_path, site):
    town, _other = seen(tmp_path, site, f"Bourg,https://{HOST}/bourg", f"Mur,https://{HOST}/mur")

    found = findings(town)

    assert profile_of(town.profile).layer(Layer.CA).state is State.FOUND
    assert {found[one][0] for one in ("1.4", "1.5", Protection.LASTING_CERTIFICATE)} == {Met.MET}
    assert found[Protection.HSTS] == (Met.NOT_MET, Why.NO_HEADER)


def test_whoever_declares_the_front_page_is_judged_by_it(tmp_path, site):
    platform, _town = seen(tmp_path, site, f"Plateforme,https://{HOST}/", f"Mur,https://{HOST}/mur")

    assert profile_of(platform.profile).layer(Layer.FONTS).state is State.FOUND
    assert findings(platform)[Protection.LEGAL_NOTICE][0] is Met.MET


def test_the_fault_of_a_front_page_is_not_that_of_a_page_below(tmp_path, site):
    gone = replace(
        site, page=None, ways=tuple(replace(one, hops=(replace(one.hops[-1], status=404),)) for one in site.ways)
    )

    town, _other = seen(tmp_path, gone, f"Bourg,https://{HOST}/bourg", f"Mur,https://{HOST}/mur")

    assert findings(town)["1.3"] == (Met.UNKNOWN, Why.ANOTHERS_PAGE)


def test_where_a_front_page_leads_a_page_below_need_not(tmp_path, site):
    """A platform whose front page sends one on to its shop is not served, for its towns, by whoever serves the shop."""
    shop = Hop("https://boutique.wixsite.com/", 200, "192.0.2.9")
    led = replace(site, page=None, ways=tuple(replace(one, hops=(*one.hops, shop)) for one in site.ways))

    town, _other = seen(tmp_path, led, f"Bourg,https://{HOST}/bourg", f"Mur,https://{HOST}/mur")

    profile = profile_of(town.profile)
    assert (profile.leads_to, profile.layer(Layer.HOSTING).state) == ("", State.UNKNOWN)
    assert findings(town)["1.6"] == (Met.UNKNOWN, Why.ANOTHERS_PAGE)


@pytest.mark.parametrize(
    ("address", "domain", "is_shared", "is_anothers"),
    [
        ("https://ville.fr/fr/accueil", "ville.fr", False, False),
        ("https://ville.fr", "ville.fr", True, False),
        ("https://ville.fr/#contenu", "ville.fr", True, False),
        ("https://www.platforme.test/ville", "platforme.test", True, True),
        ("https://sites.google.com/view/ville", "sites.google.com", False, True),
        ("https://ville.wixsite.com/mairie", "ville.wixsite.com", False, True),
        ("https://ville.wixsite.com/", "ville.wixsite.com", False, False),
        ("https://inforoutes-ardeche.fr/ville", "inforoutes-ardeche.fr", False, True),
        ("", "", True, False),
    ],
)
def test_a_front_page_is_anothers_below_an_address_that_is_shared(address, domain, is_shared, is_anothers):
    assert is_front_page_anothers(address, domain, catalogue(), is_shared=is_shared) is is_anothers


@pytest.mark.django_db
def test_a_host_that_several_communes_declare_is_known_though_one_department_is_looked_at():
    for code in ("76351", "34172", "34173"):
        town = a_commune(code, f"Ville {code}")
        host = "seule.fr" if code == "34173" else "www.plateforme.test"
        told = {"territory": town, "purpose": Purpose.WEB, "host": host, "address": f"https://{host}/{code}"}
        OfficialDomain.objects.create(**told, source="DILA", since=DAY)

    assert {one.id: one.is_shared for one in communes()} == {
        "commune:34172": True,
        "commune:34173": False,
        "commune:76351": True,
    }


@pytest.mark.django_db
def test_the_page_of_a_town_says_that_its_own_was_not_read(client, tmp_path):
    browsed.write(campaigns.home_of(tmp_path), TRACKED)
    a_commune("76351", "Le Havre")
    campaigns.run(
        About.COMMUNES,
        lambda: [replace(HAVRE, address="https://ville.fr/le-havre", is_shared=True)],
        home=tmp_path,
        collector=NoCollector(),
        catalogue=catalogue(),
        announcers=lambda _folder: Announcers(lambda _address: None),
        now=lambda: AT + timedelta(hours=1),
        tell=lambda _step, _count: None,
    )

    shown = page(client)

    assert "La page déclarée n’a pas été lue" in shown
    assert "www.google-analytics.com" not in shown
    assert Standing.objects.get().criteria["watched_on"] is None
