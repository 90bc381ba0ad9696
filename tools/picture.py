"""The README's picture: the atlas of all France as it is served, into docs/images/atlas.png."""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
PICTURE = ROOT / "docs" / "images" / "atlas.png"


def main() -> None:
    from serving import CHROMIUM_ARGUMENTS, find_chromium, run_arobase, serving  # tests/ is no package of the product

    found = find_chromium()
    if found is None:
        sys.exit("No Chromium here (apt-get install chromium, or AROBASE_CHROMIUM=/path/to/one).")
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "AROBASE_HOME": home}
        run_arobase("data", "load", environment=environment)
        with serving(environment) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
            page = browser.new_page(viewport={"width": 1280, "height": 1120}, locale="fr-FR", color_scheme="light")
            page.goto(f"{address}/atlas")
            page.locator("#map[data-ready]").wait_for(timeout=60_000)
            page.wait_for_load_state("networkidle")
            PICTURE.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURE)
            browser.close()
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
