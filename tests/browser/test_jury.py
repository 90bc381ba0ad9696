"""A juror at work in a real browser: invited, seated by the charter, scoring by keyboard, finished."""

import re

from playwright.sync_api import expect

from people import DOMINIQUE, SACHA


def test_a_juror_is_invited_seated_assigned_and_scores(opened):
    organising, _watch = opened(SACHA)
    sacha = organising.new_page()
    sacha.goto("/campagnes/2027/jury")
    sacha.fill("#email", DOMINIQUE.email)
    sacha.get_by_role("button", name="Inviter au jury").click()
    expect(sacha.locator(".messages")).to_contain_text("est invité")

    reading, _watch = opened(DOMINIQUE)
    dominique = reading.new_page()
    dominique.goto("/jury")
    dominique.get_by_label("Vivre ensemble").check()
    dominique.get_by_role("button", name="Accepter la charte").click()
    expect(dominique.locator(".messages")).to_contain_text("Charte acceptée")
    sacha.get_by_role("button", name="Attribuer", exact=True).click()
    expect(sacha.locator(".messages")).to_contain_text("lectures attribuées")

    dominique.reload()
    dominique.locator(".cases a").first.click()
    dominique.wait_for_selector("form[data-ready]")
    for mark in dominique.locator("select[name^=mark]").all():
        mark.focus()
        dominique.keyboard.type("8")
    expect(dominique.locator("[data-save-status]")).to_have_text(re.compile("Enregistré à"))
    dominique.get_by_role("button", name="Terminer l’évaluation").click()
    expect(dominique.locator(".messages")).to_contain_text("Évaluation terminée")
    expect(dominique.locator("main")).to_contain_text("Vos notes font 80,0 sur 100")

    for page in (sacha, dominique):
        page.close()
