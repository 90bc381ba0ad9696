"""An initiative from the desk of an agent to a reader's phone, in a real browser."""

from playwright.sync_api import expect

from browser.conftest import PHONE, Open
from people import CAMILLE, SACHA

TITLE = "Pigeonnier connecté de la digue"


def test_an_agent_writes_the_organiser_publishes_and_anyone_finds_it_on_a_phone_without_scripts(opened: Open):
    desk = opened(CAMILLE)[0].new_page()
    desk.goto("/initiatives/bureau")
    desk.get_by_role("button", name="Écrire une initiative").click()
    desk.get_by_role("textbox", name="Titre").fill(TITLE)
    desk.get_by_role("textbox", name="Ce qui est fait").fill("Des nichoirs comptent leurs visiteurs.")
    desk.get_by_role("button", name="Enregistrer et proposer").click()
    expect(desk.get_by_text("Enregistré en brouillon, pas encore proposé.")).to_be_visible()

    desk.get_by_role("textbox", name="Pour qui").fill("les promeneurs")
    desk.locator("#started_on").fill("2025-04-01")
    desk.locator("#maturity").select_option("running")
    desk.locator("#doer").select_option("territory")
    desk.get_by_text("Démocratie locale", exact=True).click()
    desk.get_by_role("checkbox", name="Budget participatif").check()
    desk.get_by_role("button", name="Enregistrer et proposer").click()
    expect(desk.get_by_text("l’organisateur la lira")).to_be_visible()
    desk.close()

    queue = opened(SACHA)[0].new_page()
    queue.goto("/initiatives/moderation")
    queue.locator("article", has_text=TITLE).get_by_role("button", name="Publier").click()
    expect(queue.get_by_text("c’est fait")).to_be_visible()
    queue.close()

    phone = opened(None, script=False, **PHONE)[0].new_page()
    phone.goto("/initiatives?q=pigeonniers")
    phone.get_by_role("link", name=TITLE).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE)
    phone.close()


def test_two_agents_at_once_are_shown_both_versions(opened: Open):
    context, watch = opened(CAMILLE)
    first, second = context.new_page(), context.new_page()
    for tab in (first, second):
        tab.goto("/initiatives/1/modifier")
    first.get_by_role("textbox", name="Pour qui").fill("les élèves")
    first.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(first.get_by_text("Enregistré.")).to_be_visible()

    second.get_by_role("textbox", name="Pour qui").fill("les parents")
    second.get_by_role("button", name="Enregistrer", exact=True).click()

    alert = second.get_by_role("alert")
    expect(alert).to_contain_text("les élèves")
    expect(alert).to_contain_text("les parents")
    expect(second.get_by_role("textbox", name="Pour qui")).to_have_value("les parents")
    first.close()
    second.close()
    watch.take()  # the browser's own word on the answer 409
