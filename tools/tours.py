"""Each role's tour in pictures, of what `make demo` shows, into docs/images/tours/.

The demonstration is filled anew in an empty home. An argument, if any, is a part of the names to be taken.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
OUTPUT = ROOT / "docs" / "images" / "tours"
COLOURS = 48  # enough for pages without photographs, at a third of the size
PATIENCE_S = 300
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1100, "height": 800}

DRAFT = "main a[href^='/dossiers/'] >> nth=-1"  # the edition that is open


@dataclass(frozen=True)
class Shot:
    """A picture: whose page, where, and what to bring into view first."""

    name: str
    who: str
    path: str
    scroll_to: str = ""
    click: str = ""
    on_phone: bool = False


SHOTS = (
    Shot("organiser-campaign", "organisatrice", "/campagnes/2027"),
    Shot("organiser-configuration", "organisatrice", "/campagnes/2028/configuration"),
    Shot("organiser-jury", "organisatrice", "/campagnes/2027/jury"),
    Shot("organiser-grades", "organisatrice", "/campagnes/2027/jury/notes"),
    Shot("agent-participation", "agent", "/participer"),
    Shot("agent-dossier", "agent", "/participer", click=DRAFT),
    Shot("agent-mosaic", "agent", "/participer", click=DRAFT, scroll_to="#progress"),
    Shot("agent-initiative", "agent", "/initiatives/nouvelle", on_phone=True),
    Shot("juror-readings", "jure1", "/jury"),
    Shot("juror-desk", "jure1", "/jury", click=".cases a[href^='/jury/']"),
    Shot("juror-score", "jure1", "/jury", click=".cases a[href^='/jury/']", scroll_to="form[data-autosave]"),
    Shot("visitor-library", "", "/initiatives", on_phone=True),
    Shot("visitor-town", "", "/territoires/commune/76351", on_phone=True),
    Shot("visitor-check", "", "/label/verifier", on_phone=True),
)


def main(wanted: str) -> None:
    from serving import AROBASE, CHROMIUM_ARGUMENTS, find_chromium, free_port  # tests/ is no package of the product

    found = find_chromium()
    if found is None:
        sys.exit("No Chromium here (apt-get install chromium, or AROBASE_CHROMIUM=/path/to/one).")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with tempfile.TemporaryDirectory() as home, (Path(home) / "demo.log").open("w+", encoding="utf-8") as said:
        environment = {**os.environ, "AROBASE_HOME": home, "AROBASE_LANG": "fr"}
        with subprocess.Popen(
            [AROBASE, "demo", "--port", str(port)], env=environment, stdout=said, stderr=said
        ) as demo:
            try:
                passwords = _wait(Path(said.name), demo, f"127.0.0.1:{port}")
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
                    for shot in SHOTS:
                        if wanted in shot.name:
                            _take(shot, browser, f"http://127.0.0.1:{port}", passwords)
                    browser.close()
            finally:
                demo.terminate()


def _wait(log: Path, demo: "subprocess.Popen[bytes]", address: str) -> dict[str, tuple[str, str]]:
    """The people of the demonstration by the first part of their address, once it answers."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and demo.poll() is None:
        text = log.read_text(encoding="utf-8")
        if address in text:
            time.sleep(3)  # it says so just before it listens
            return {
                name: (f"{name}@demo.example", word) for name, word in re.findall(r"(\w+)@demo\.example +(\S+)", text)
            }
        time.sleep(0.5)
    sys.exit(log.read_text(encoding="utf-8"))


def _take(shot: Shot, browser: Browser, address: str, passwords: dict[str, tuple[str, str]]) -> None:
    size = PHONE if shot.on_phone else DESKTOP
    context = browser.new_context(base_url=address, viewport=size, locale="fr-FR", reduced_motion="reduce")
    page = context.new_page()
    if shot.who:
        _sign_in(page, *passwords[shot.who])
    page.goto(shot.path)
    if shot.click:
        page.locator(shot.click).first.click()
    page.wait_for_load_state("networkidle")
    if shot.scroll_to:
        page.locator(shot.scroll_to).first.evaluate("one => one.scrollIntoView({block: 'start'})")
    path = OUTPUT / f"{shot.name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(path.relative_to(ROOT), f"{path.stat().st_size / 1000:.0f} kB", flush=True)
    context.close()


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/comptes/connexion")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/comptes/connexion" not in url)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
