"""Take the screenshots in docs/images anew, of a demo newsroom made for it. Run: make screenshots.

They show what an editor sees at 1,280 pixels; the demo's stories are of today, so each run differs.
"""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.served import CHROMIUM, SWITCHES, Served, serving
from tests.waiting import until

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SIZE = {"width": 1280, "height": 1000}
SUMMED_WITHIN_SECONDS = 240


def main() -> None:
    """Make a demo, look at it, write what is seen."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "demo") as newsroom,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page(viewport=SIZE, base_url=newsroom.address)
        _log_in(page, newsroom)
        _show_readership(page)
        page.screenshot(path=IMAGES / "readership.png")
        _show_story(page)
        page.screenshot(path=IMAGES / "story-numbers.png")
        browser.close()


def _log_in(page: Page, newsroom: Served) -> None:
    page.goto("/desk/login/")
    page.get_by_label("Username").fill("editor")
    page.locator("input[name=password]").fill(newsroom.password_of("editor"))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")


def _show_readership(page: Page) -> None:
    def is_summed() -> bool:
        page.goto("/desk/readership/?range=30d")
        return page.locator(".desk-chart__views").count() >= 29  # today may have just begun

    until(is_summed, "the sums of thirty days", seconds=SUMMED_WITHIN_SECONDS)


def _show_story(page: Page) -> None:
    """The story that was corrected lately."""
    page.goto("/desk/stories/?q=Dockers+accept")
    page.locator(".desk-table__views a").first.click()
    page.goto(re.sub(r"\?.*|$", "?range=first", page.url, count=1))


if __name__ == "__main__":
    main()
