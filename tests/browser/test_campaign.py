"""A whole small campaign through its pages, as each role: configured, opened, handed in, read, decided, published."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from arobase.territories.rules.clocks import PARIS
from browser.conftest import AXE
from browser.test_every_page import ALL, violations
from people import CAMILLE, DOMINIQUE, SACHA, Person
from serving import running_site, signed_in
from verifying import independently

NAMES = ("opens", "closes", "review_closes", "deliberates", "ceremony")
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR", "reduced_motion": "reduce"}
YEAR = 2029  # the edition after the two invented ones


@pytest.fixture
def visit(chromium: Browser, tmp_path: Path) -> Iterator[Callable[[Person | None], Page]]:
    """Pages of a site of its own, since what is published here would show in the atlas of the other tests."""
    (tmp_path / "home").mkdir()
    with running_site(tmp_path / "home") as site:
        contexts = []

        def page_of(person: Person | None) -> Page:
            state = signed_in(chromium, person, site=site) if person else None
            contexts.append(chromium.new_context(base_url=site.url, storage_state=state, **DESKTOP))
            contexts[-1].add_init_script(path=AXE)
            return contexts[-1].new_page()

        yield page_of
        for context in contexts:
            context.close()


def told(page: Page, words: str) -> None:
    expect(page.locator(".messages")).to_contain_text(words)


def sound(page: Page, path: str) -> None:
    """Nothing for axe to say by day, and nothing wider than a phone."""
    page.goto(path)
    assert violations(page, ALL) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(DESKTOP["viewport"])


def configure(page: Page, *hours: int, **values: str) -> None:
    """Move the calendar to these hours from now, set other values, and keep that version."""
    page.goto(f"/campagnes/{YEAR}/configuration")
    now = timezone.localtime(timezone.now(), PARIS).replace(second=0, microsecond=0, tzinfo=None)
    text = page.locator("#text").input_value()
    days: dict[str, datetime] = dict(zip(NAMES, (now + timedelta(hours=one) for one in hours), strict=True))
    for name, value in {**{name: f"{day:%Y-%m-%d %H:%M}" for name, day in days.items()}, **values}.items():
        text = re.sub(rf"(?m)^  {name}: .*$", f"  {name}: {value}", text)
    page.fill("#text", text)
    if page.locator("#reason").count():
        page.fill("#reason", "Le test avance l’horloge")
    page.get_by_role("button", name="Garder cette version").click()
    told(page, "gardée")


def test_a_campaign_from_its_configuration_to_its_laureate(visit):
    sacha, camille, dominique, anyone = (visit(person) for person in (SACHA, CAMILLE, DOMINIQUE, None))

    sacha.goto("/campagnes")
    sacha.get_by_role("button", name="Préparer l’édition suivante").click()
    configure(sacha, -48, 24, 48, 72, 96, reviews="1")
    sacha.goto(f"/campagnes/{YEAR}")
    sacha.get_by_role("button", name="Ouvrir la campagne").click()
    told(sacha, "ouverte")

    camille.goto("/participer")
    camille.get_by_role("button", name="Le Havre").click()
    camille.wait_for_selector("form[data-ready]")
    camille.fill("#strategie", "Des services que chacun peut faire en ligne.")
    camille.fill("#elu-referent", "adjointe au numérique")
    camille.fill("#agents", "12")
    camille.select_option("#premiere-fois", index=1)
    for standing in camille.locator("select[name$=standing]").all():
        standing.select_option("true")
    expect(camille.locator("[data-save-status]")).to_contain_text("Enregistré à")
    camille.get_by_role("button", name="Déposer le dossier").click()
    told(camille, "Déposé")
    with camille.expect_download() as receipt:
        camille.get_by_role("link", name="Reçu (PDF)").click()
    assert receipt.value.suggested_filename.startswith(f"recu-{YEAR}-76351")
    dossier = camille.url

    sacha.goto(f"/campagnes/{YEAR}/jury")
    sacha.fill("#email", DOMINIQUE.email)
    sacha.get_by_role("button", name="Inviter au jury").click()
    dominique.goto("/jury")
    seat = dominique.locator("section").filter(has_text=f"Édition {YEAR}")
    seat.get_by_role("button", name="Accepter la charte").click()
    configure(sacha, -48, -1, 48, 72, 96)
    sacha.goto(f"/campagnes/{YEAR}/jury")
    sacha.get_by_role("button", name="Attribuer", exact=True).click()
    told(sacha, "1 lectures attribuées")

    dominique.goto("/jury")
    dominique.locator("section").filter(has_text=f"Édition {YEAR}").get_by_role("link", name="Le Havre").click()
    dominique.wait_for_selector("form[data-ready]")
    for mark in dominique.locator("select[name^=mark]").all():
        mark.select_option("8")
    dominique.fill("#comment-town", "Un bel élan.")
    expect(dominique.locator("[data-save-status]")).to_contain_text("Enregistré à")
    dominique.get_by_role("button", name="Terminer l’évaluation").click()
    told(dominique, "Évaluation terminée")

    configure(sacha, -48, -2, -1, 72, 96)
    sacha.goto(f"/campagnes/{YEAR}/deliberation")
    sacha.get_by_role("button", name="Proposer d’après les notes").click()
    told(sacha, "1 proposition")
    sacha.get_by_label(DOMINIQUE.name).check()
    sacha.get_by_role("button", name="Noter").click()
    expect(sacha.locator("#present ~ p").first).to_contain_text("Le quorum est atteint")
    sacha.get_by_label("Niveau").select_option("4")
    sacha.get_by_label("Motif").fill("Vu sur place")
    sacha.get_by_role("button", name="Décider").click()
    told(sacha, "pas encore publié")

    camille.goto(dossier)
    expect(camille.locator("main")).not_to_contain_text("Votre résultat")
    configure(sacha, -48, -4, -3, -2, -1)
    sacha.goto(f"/campagnes/{YEAR}/deliberation")
    sacha.get_by_role("button", name="Publier maintenant").click()
    told(sacha, "1 résultat publié")

    camille.reload()
    expect(camille.locator("main")).to_contain_text(f"4 arobases au label {YEAR}")
    expect(camille.locator("main")).to_contain_text("Un bel élan.")
    anyone.goto("/territoires/commune/76351")
    expect(anyone.locator(".label-history")).to_contain_text(str(YEAR))

    anyone.goto(f"/label/{YEAR}/commune/76351")
    with anyone.expect_download() as badge:
        anyone.get_by_role("link", name="Badge signé (SVG)").click()
    anyone.get_by_role("link", name="Vérifier un badge").click()
    anyone.get_by_label("Fichier du badge").set_input_files(badge.value.path())
    anyone.get_by_role("button", name="Vérifier").click()
    expect(anyone.locator("#answer")).to_have_text("Authentique et valable.")
    expect(anyone.locator("main")).to_contain_text("Le Havre")
    credential = anyone.request.get(f"/label/{YEAR}/commune/76351/badge.json").json()
    listed = credential["credentialStatus"]["statusListCredential"]
    documents = {listed: anyone.request.get(listed).json()}
    assert independently(credential, documents) == {"verified": True, "problems": []}

    for path in (f"/label/{YEAR}/commune/76351", f"/label/{YEAR}/bilan"):
        sound(anyone, path)
    camille.goto(dossier)
    camille.get_by_text("Qu’en dites-vous").click()
    camille.get_by_label("Votre dossier a été lu").select_option("5")
    camille.get_by_label("Cet avis vous sert").select_option("4")
    camille.get_by_role("button", name="Évaluer cette évaluation").click()
    told(camille, "Merci")
    camille.get_by_label("Ce qui a été mal lu").fill("Le document 3 n’a pas été ouvert.")
    camille.get_by_role("button", name="Déposer un recours").click()
    told(camille, "Recours déposé")
    sound(camille, dossier)
    sound(sacha, f"/campagnes/{YEAR}/recours")
    expect(sacha.locator("main")).to_contain_text("Le document 3 n’a pas été ouvert.")

    sacha.goto(f"/label/{YEAR}/commune/76351")
    sacha.get_by_text("Retirer ce badge").click()
    sacha.get_by_label("Motif").fill("Essai")
    sacha.get_by_role("button", name="Retirer").click()
    told(sacha, "Badge retiré")
    documents = {listed: anyone.request.get(listed).json()}
    assert independently(credential, documents) == {"verified": False, "problems": ["revoked"]}
