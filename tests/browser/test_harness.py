"""The harness itself: a page that misbehaves must be heard."""

import pytest
from playwright.sync_api import Route

from browser.conftest import DESKTOP, Open

MISBEHAVIOURS = {
    "request to another host": "<!doctype html><img src='http://127.0.0.2:9/spy.png' alt=''>",
    "error on the page": "<!doctype html><script>throw new Error('broken')</script>",
    "console": "<!doctype html><script>console.error('lost')</script>",
}


@pytest.mark.parametrize("kind", MISBEHAVIOURS)
def test_a_page_that_misbehaves_is_heard(kind, opened: Open):
    def misbehave(route: Route) -> None:
        route.fulfill(body=MISBEHAVIOURS[kind], content_type="text/html")

    context, watch = opened(None, **DESKTOP)
    watch.take()
    tab = context.new_page()
    tab.route("**/mauvaise-page", misbehave)
    tab.goto("/mauvaise-page")
    tab.close()

    assert [complaint for complaint in watch.take() if complaint.startswith(kind)] != []


def test_an_inline_script_is_refused_and_heard(page, opened: Open):
    _context, watch = opened(None)
    page.goto("/sante")
    page.evaluate("""() => { const script = document.createElement('script');
                             script.textContent = 'document.title = "taken over"'; document.body.append(script); }""")

    assert page.title() == ""
    assert [complaint for complaint in watch.take() if "Content Security Policy" in complaint] != []
