"""What a browser saw is read by the criteria: from three visits to findings, from the home to the page."""

import doctest
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from arobase.observatory.models import About, Standing
from arobase.observatory.queries.dependence import forget
from arobase.observatory.rules import watched as rules
from arobase.observatory.rules.browsing import Banner, Browsing, Cookie, Moment, Phase, Reply, Request
from arobase.observatory.rules.criteria.finding import Met, Why
from arobase.observatory.rules.protection import Protection, protect
from arobase.observatory.rules.visits import Ending
from arobase.observatory.rules.watched import Watched, watched_in
from arobase.observatory.sources import browsed, campaigns
from arobase.observatory.sources.announcers import Announcers
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.subjects import Target
from builders import a_commune
from observatory.presences import some_facts

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)
BOTH, ONLY_YES, NEITHER = (
    Banner("", refusal, acceptance, False) for refusal, acceptance in ((True, True), (False, True), (False, False))
)
THIRD, COOKIE = Protection.NO_THIRD_PARTY, Protection.NO_TRACKING_COOKIE
EASY, KEPT = Protection.REFUSE_AS_EASILY, Protection.REFUSAL_KEPT


def a_request(host: str, problem: str = "") -> Request:
    return Request(host, f"https://{host}/x", "script", None if problem else 200, 10, 0.5, problem)


def a_cookie(name: str, domain: str = "www.ville.fr") -> Cookie:
    return Cookie(name, domain, "/", True, False, "Lax", 3600)


def a_phase(moment: Moment, *cookies: str, **told) -> Phase:
    final = told.pop("final", "https://www.ville.fr/")
    return Phase(moment, Ending.ANSWERED, final, cookies=tuple(map(a_cookie, cookies)), **told)


def answered(moment: Moment, *cookies: str, reply: Reply = Reply.GIVEN, **told) -> Phase:
    return a_phase(moment, *cookies, reply=reply, replied_at_s=3.0 if reply is Reply.GIVEN else None, **told)


def a_browsing(banner: Banner | None = None, *, refused=None, accepted=None, at=AT, **before) -> Browsing:
    cookies = before.pop("cookies", ())
    return Browsing("ville.fr", at, a_phase(Moment.BEFORE, *cookies, banner=banner, **before), refused, accepted)


def refused(*cookies: str, **told) -> Phase:
    return answered(Moment.REFUSED, *cookies, **told)


def accepted(*cookies: str, **told) -> Phase:
    return answered(Moment.ACCEPTED, *cookies, **told)


def findings(browsing: Browsing) -> dict:
    told = protect(some_facts(), catalogue(), registrable=registrable, watched=watched_in(browsing))
    return {one.criterion: one for one in told}


def test_examples_in_the_rules_hold():
    assert doctest.testmod(rules).failed == 0


def test_hosts_and_cookies_are_those_of_the_visit_where_nothing_was_clicked():
    requests = (a_request("www.ville.fr"), a_request("traceur.com"), a_request("traceur.com"))
    found = watched_in(
        a_browsing(BOTH, requests=requests, cookies=["_ga"], refused=refused(), accepted=accepted("_fbp"))
    )

    assert found == Watched(
        hosts=("www.ville.fr", "traceur.com"),
        cookies=(("_ga", "www.ville.fr"),),
        refuses_as_easily=True,
        is_whole=True,
        kept=(),
        has_banner=True,
        final="www.ville.fr",
        on=date(2026, 11, 18),
    )


@pytest.mark.parametrize("ending", [one for one in Ending if one is not Ending.ANSWERED])
def test_a_site_that_showed_no_page_tells_nothing(ending):
    assert watched_in(Browsing("ville.fr", AT, Phase(Moment.BEFORE, ending))) is None


def test_what_our_proxy_kept_from_leaving_was_asked_of_nobody():
    found = watched_in(a_browsing(requests=(a_request("interne.test", Ending.PRIVATE), a_request("parti.com", "x"))))

    assert found.hosts == ("parti.com",)


@pytest.mark.parametrize("how", ["is_crashed", "is_cut"])
def test_a_visit_that_broke_off_was_not_watched_to_the_end(how):
    assert watched_in(a_browsing(**{how: True})).is_whole is False


REFUSING = [
    # banner, refused, accepted, whether refusing is as easy
    (None, None, None, None),
    (ONLY_YES, answered(Moment.REFUSED, reply=Reply.NOT_OFFERED), accepted(), False),
    (NEITHER, answered(Moment.REFUSED, reply=Reply.NOT_OFFERED), None, None),
    (BOTH, refused(asked_again=False), accepted(asked_again=False), True),
    (BOTH, refused(asked_again=True), accepted(asked_again=False), False),
    (BOTH, refused(asked_again=True), accepted(asked_again=True), True),
    (BOTH, refused(asked_again=True), None, True),
    (BOTH, answered(Moment.REFUSED, reply=Reply.NOT_TAKEN), accepted(), None),
    (BOTH, answered(Moment.REFUSED, reply=Reply.NO_BANNER), accepted(), None),
    (BOTH, refused(is_cut=True), accepted(), None),
    (BOTH, None, None, None),
    (replace(BOTH, acceptance=False), refused(), None, True),
]


@pytest.mark.parametrize(("banner", "no", "yes", "expected"), REFUSING)
def test_refusing_is_as_easy_where_it_takes_one_click_and_is_remembered_as_long(banner, no, yes, expected):
    assert watched_in(a_browsing(banner, refused=no, accepted=yes)).refuses_as_easily is expected


def test_a_browser_tells_of_a_site_that_nobody_visited():
    told = findings(a_browsing(BOTH, requests=(a_request("www.ville.fr"),), refused=refused(), accepted=accepted()))

    assert {told[one].met for one in (THIRD, Protection.NO_US_THIRD_PARTY, COOKIE, EASY, KEPT)} == {Met.MET}
    assert told[Protection.HSTS].met is told[Protection.LEGAL_NOTICE].met is Met.UNKNOWN


def test_the_site_that_it_led_to_is_no_third_party():
    requests = (a_request("ville.fr"), a_request("cdn.agglo-ville.eu"))
    told = findings(a_browsing(requests=requests, final="https://www.agglo-ville.eu/"))

    assert told[THIRD].met is Met.MET


def test_cookies_that_follow_after_a_refusal_are_named():
    told = findings(a_browsing(BOTH, refused=refused("_ga", "choix"), accepted=accepted()))[KEPT]

    assert (told.met, told.why, told.seen) == (
        Met.NOT_MET,
        Why.TRACKED_ANYWAY,
        ("_ga (Google Analytics, www.ville.fr)",),
    )


WHYS = [
    (a_browsing(), Why.NO_BANNER),
    (a_browsing(is_cut=True), Why.CUT),
    (a_browsing(BOTH, refused=answered(Moment.REFUSED, reply=Reply.NOT_TAKEN)), Why.NOT_TRIED),
]


@pytest.mark.parametrize(("browsing", "why"), WHYS)
def test_what_could_not_be_refused_is_unknown_and_says_why(browsing, why):
    told = findings(browsing)

    assert {(told[one].met, told[one].why) for one in (EASY, KEPT)} == {(Met.UNKNOWN, why)}


def test_what_was_not_watched_to_the_end_is_not_cleared():
    told = findings(a_browsing(is_cut=True, requests=(a_request("www.ville.fr"),)))

    assert {(told[one].met, told[one].why) for one in (THIRD, COOKIE)} == {(Met.UNKNOWN, Why.CUT)}


# From the home to the page

HAVRE = Target("commune:76351", "Le Havre", "commune:76351", "FR", 166_687, "https://ville.fr/", "ville.fr", "")
TRACKED = a_browsing(
    BOTH,
    requests=(a_request("www.google-analytics.com"),),
    cookies=["_ga"],
    refused=refused("_ga"),
    accepted=accepted(),
)


class NoCollector:
    """Nobody asks and nobody visits: all that there is was seen by a browser."""

    def ask(self, _domains, folder):
        folder.mkdir(parents=True, exist_ok=True)

    def visit(self, _domains, _folder):
        pass

    def ask_zones(self, _zones, _folder):
        return {}


def a_campaign(home, at=AT):
    a_commune("76351", "Le Havre")
    return campaigns.run(
        About.COMMUNES,
        lambda: [HAVRE],
        home=home,
        collector=NoCollector(),
        catalogue=catalogue(),
        announcers=lambda _folder: Announcers(lambda _address: None),
        now=lambda: at,
        tell=lambda _step, _count: None,
    )


def page(client) -> str:
    forget()
    return client.get("/observatoire/communes/76351", headers={"Accept-Language": "fr"}).content.decode()


@pytest.mark.django_db
def test_what_a_browser_saw_stands_on_the_page_with_why_how_and_the_day(client, tmp_path):
    browsed.write(campaigns.home_of(tmp_path), TRACKED)
    a_campaign(tmp_path)

    shown = page(client)

    assert "le 18 novembre 2026, sans rien cliquer (vu par nous" in shown
    assert "www.google-analytics.com" in shown
    assert "Des cookies de suivi sont là après un refus" in shown
    assert "Réglez l’outil de consentement" in shown


@pytest.mark.django_db
def test_without_a_browser_the_page_says_that_none_looked(client, tmp_path):
    a_campaign(tmp_path)

    assert "Aucun navigateur n’a encore regardé cette page" in page(client)


@pytest.mark.django_db
def test_what_was_seen_too_long_ago_tells_nothing_of_today(client, tmp_path):
    browsed.write(campaigns.home_of(tmp_path), TRACKED)
    a_campaign(tmp_path, at=AT + timedelta(days=91))

    assert Standing.objects.get().criteria["watched_on"] is None
    assert "Aucun navigateur" in page(client)


def test_the_latest_look_counts_wherever_it_is_kept(tmp_path):
    later = replace(TRACKED, browsed_at=AT + timedelta(days=1))
    browsed.write(tmp_path / "a", later)
    browsed.write(tmp_path / "b", TRACKED)

    assert browsed.latest([tmp_path / "b", tmp_path / "a", tmp_path / "none"], "ville.fr") == later
    assert browsed.latest([tmp_path / "none"], "ville.fr") is None
