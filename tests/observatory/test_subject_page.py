"""A commune's page: how its index is worked out, of how many its figures are, and of which domain they tell."""

import re
from datetime import UTC, date, datetime

import pytest

from arobase.observatory.actions import campaigns, follow
from arobase.observatory.models import About, OfficialDomain, Purpose, Standing
from arobase.observatory.queries.dependence import forget
from arobase.observatory.queries.kept import findings_document, profile_document
from arobase.observatory.rules.criteria.finding import Finding, Met, Why, met, unmet
from arobase.observatory.rules.criteria.referential import Criterion
from arobase.observatory.rules.profile import Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Law
from arobase.observatory.rules.sovereignty import VERSION, index
from builders import a_department, a_territory, an_account
from observatory.presences import by, held
from people import CAMILLE

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 11, 23, tzinfo=UTC)
FRENCH = {"Accept-Language": "fr"}
PAGE = "/observatoire/communes/76351"
PROFILE = Profile(
    BEGAN.date(),
    {
        Layer.MAIL: by(held("microsoft", Law.US)),
        Layer.HOSTING: by(held("ovh")),
        Layer.DNS: by(held("ovh")),
        Layer.CDN: LayerVerdict(State.NONE),
        Layer.GATEWAY: LayerVerdict(State.NONE),
        Layer.MAIL_DNS: LayerVerdict(State.NONE),
        Layer.FONTS: LayerVerdict(State.NONE),
    },
)


@pytest.fixture(autouse=True)
def nothing_read_before():
    forget()
    yield
    forget()


def findings(kept: int, lost: int, unknown: int) -> list:
    codes = iter(Criterion)
    told = [met(next(codes)) for _n in range(kept)] + [unmet(next(codes), Why.NO_RECORD) for _n in range(lost)]
    return findings_document([*told, *(Finding(next(codes), Met.UNKNOWN, Why.NOT_MEASURED) for _n in range(unknown))])


def measured(*rows: tuple[str, float | None, list], profile: Profile = PROFILE) -> None:
    """A campaign over Le Havre and these towns, each with its index and its findings."""
    department, campaign, standings = a_department(), campaigns.begin(About.COMMUNES, at=BEGAN), []
    for at, (name, value, told) in enumerate(rows):
        town = a_territory("commune", f"7635{at + 1}", name, population=20_000 + at, department=department)
        here = dict.fromkeys(("site", "mail"), "havre.fr")
        facts = {"profile": profile_document(profile), "criteria": {"findings": told}, "index": value, **here}
        standings.append(Standing(subject=town.pk, territory=town, name=name, known_share=1, **facts))
        for purpose in Purpose:
            OfficialDomain.objects.create(
                territory=town, purpose=purpose, host="havre.fr", source="DILA", since=date(2026, 11, 1)
            )
    campaigns.keep_standings(campaign, standings)
    campaigns.conclude(campaign, at=BEGAN, domains=1, rules="", zones={}, figures={})


def words(answer) -> str:
    """The page's text, without markup and with plain spaces."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def test_the_index_can_be_worked_out_again_from_the_page(client):
    made = index(PROFILE)
    measured(("Le Havre", float(made.value), findings(9, 2, 5)))

    page = client.get(PAGE, headers=FRENCH)

    formula = page.context["formula"]
    weights, values = zip(*((one.weight, one.value) for one in formula.parts if one.value is not None), strict=True)
    worked_out = sum(weight * value for weight, value in zip(weights, values, strict=True)) / sum(weights)
    assert worked_out == pytest.approx(float(made.value))
    shown = words(page)[words(page).index("Comment cet indice est calculé") :]
    assert "somme de poids × valeur ÷ somme des poids" in shown
    assert f"règles {VERSION}" in shown
    assert "Messagerie droit américain ou autre 24 0 0" in shown
    assert "Hébergement droit européen 18 0,9 16,2" in shown
    assert "Polices personne d’autre 2 1 2" in shown
    assert "Mesure d’audience inconnu, ne compte pas 4 – –" in shown
    assert "Le chiffre affiché a été calculé par les règles d’alors" not in shown


def test_a_figure_that_other_rules_gave_says_so(client):
    measured(("Le Havre", 0.99, findings(9, 2, 5)))

    assert "Le chiffre affiché a été calculé par les règles d’alors" in words(client.get(PAGE, headers=FRENCH))


def test_criteria_are_told_of_how_many_that_are_known_and_of_how_many_there_are(client):
    measured(("Le Havre", 0.5, findings(9, 2, 5)))

    assert "Critères de l’État remplis : 9 sur 11 connus (16 en tout)." in words(client.get(PAGE, headers=FRENCH))


def test_a_median_is_over_those_of_which_the_figure_is_known_who_are_named(client):
    """A neighbour of which nothing is known is neither good nor bad."""
    measured(
        ("Le Havre", 0.5, findings(9, 2, 5)),
        ("Dieppe", 0.8, findings(8, 2, 0)),
        ("Rouen", None, findings(6, 4, 0)),
        ("Elbeuf", None, findings(0, 0, 16)),
    )

    page = client.get(PAGE, headers=FRENCH)

    told = words(page)
    assert "3 communes semblables mesurées : indice médian 80 % (connu pour 1)" in told
    assert "critères remplis, médiane 70 % (connue pour 2)" in told
    links = re.findall(r'href="/observatoire/communes/(\d+)">([^<]+)<', page.content.decode())
    assert {("76352", "Dieppe"), ("76353", "Rouen"), ("76354", "Elbeuf")} <= set(links)


def test_what_was_measured_of_the_domain_before_a_correction_says_so_and_makes_no_letter(client):
    measured(("Le Havre", 0.5, findings(9, 2, 5)))
    assert client.get(f"{PAGE}/lettre.pdf").status_code == 200
    assert "avant la correction" not in words(client.get(PAGE, headers=FRENCH))

    hand = follow.Hand(an_account(CAMILLE), BEGAN)
    new = {"host": "www.nouveau-havre.fr", "address": "https://www.nouveau-havre.fr/"}
    follow.correct_domain("commune:76351", Purpose.WEB, **new, hand=hand, on=date(2026, 11, 25))

    said = "Site : mesuré sur havre.fr, avant la correction du 25 novembre 2026 ; www.nouveau-havre.fr ne l’est"
    pages = [client.get(one, headers=FRENCH) for one in (PAGE, "/territoires/commune/76351", f"{PAGE}/lettre.pdf")]
    assert all(said in words(one) for one in pages)
    assert (pages[-1].status_code, "La lettre au maire (PDF)" in words(pages[0])) == (404, False)
    told = client.get("/api/observatoire/communes/76351").json()
    assert told["outdated"] == [{"purpose": "web", "measured": "havre.fr", "since": "2026-11-25"}]


def test_a_domain_that_is_declared_no_more_is_said_to_be_so(client):
    measured(("Le Havre", 0.5, findings(9, 2, 5)))
    OfficialDomain.objects.filter(purpose=Purpose.MAIL).update(until=date(2026, 11, 25))

    assert "Messagerie : mesuré sur havre.fr, qui n’est plus déclaré." in words(client.get(PAGE, headers=FRENCH))
