"""What the scripts do on an open page, in Chromium, with the edge's content security policy."""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from stoppress.theme.words import languages, words_for
from tests.theme import sample_kinds, sample_pages
from tests.theme.preview import rail
from tests.waiting import until

pytestmark = pytest.mark.browser
NAMES = [*sample_kinds.kinds(), *sample_kinds.hard_cases()]


def mute_live(page):
    """Keep the live stream silent, so that a test alone decides what arrives."""
    page.route("**/-/live", lambda route: route.abort())


@pytest.fixture
def quiet(chromium, preview):
    """Open a page whose live stream never speaks."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.clock.install(time=sample_pages.NOW)
    mute_live(page)
    yield page
    context.close()


def test_an_age_stays_current_and_keeps_the_exact_time(open_page):
    page = open_page("article")
    age = page.locator(".facts time").nth(1)
    expect(age).to_have_text("43 seconds ago")
    expect(age).to_have_attribute("title", "23 November 2026, 14:04 GMT")
    page.clock.run_for(30_000)
    expect(age).to_have_text("1 minute ago")


def test_no_age_is_finer_than_what_is_known(open_page):
    page = open_page("article-known-to-the-hour")
    updated, published = page.locator(".facts time").all()
    expect(published).to_have_text("1 hour ago")
    expect(published).not_to_have_attribute("data-fresh", "")
    expect(updated).to_have_text("23 November 2026")
    page.clock.run_for(2 * 3_600_000)
    expect(published).to_have_text("2 hours ago")
    expect(updated).to_have_text("23 November 2026")


def test_without_script_the_exact_time_stands(open_page):
    page = open_page("article", clock=False, java_script_enabled=False)
    expect(page.locator(".facts time").nth(1)).to_have_text("23 November 2026, 14:04 GMT")
    expect(page.locator("[data-views]")).to_have_text("1,738")
    assert page.locator("button:visible").count() == 0


def test_ages_are_in_the_papers_language(open_page):
    page = open_page("article-arabic-paper")
    age = page.locator(".facts time").first
    expect(age).to_have_text("قبل 43 ثانية")
    page.clock.run_for(80_000)
    expect(age).to_have_text("قبل دقيقتين")


def test_a_french_paper_loads_its_own_cuts_and_no_others(open_page):
    page = open_page("article-french-paper", clock=False)
    page.evaluate("document.fonts.ready.then(() => true)")
    fonts = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    cuts = {name.rsplit("/", 1)[1].split(".")[0] for name in fonts if name.endswith(".woff2")}
    assert cuts == {"text-french", "text-italic-french", "display-french", "label-french"}


def test_a_view_is_reported_after_a_second_and_the_answer_shown(quiet, preview):
    reports = []
    quiet.on("request", lambda asked: reports.append(asked) if "/-/reads" in asked.url else None)
    quiet.clock.pause_at(sample_pages.NOW + timedelta(seconds=60))  # else a slow machine's counts
    quiet.goto(preview.address("article"))
    quiet.clock.run_for(900)
    assert reports == []
    quiet.clock.run_for(200)
    expect(quiet.locator("[data-views]")).to_have_text("1,739")
    (told,) = (json.loads(asked.post_data) for asked in reports)
    assert re.fullmatch("[0-9a-f]{16}", told.pop("visit"))
    assert told == {"version": 2, "article": 100, "referrer": ""}


def test_a_picture_that_comes_late_does_not_begin_the_second_anew(quiet, preview):
    held, reports = [], []
    quiet.on("request", lambda asked: reports.append(asked) if "/-/reads" in asked.url else None)
    quiet.route("**/late.png", lambda route: held.append(route))
    quiet.add_init_script(
        "addEventListener('DOMContentLoaded', () => { "
        "const late = new Image(); late.src = '/late.png'; document.body.append(late) })"
    )
    quiet.clock.pause_at(sample_pages.NOW + timedelta(seconds=60))
    quiet.goto(preview.address("article"), wait_until="domcontentloaded")
    until(lambda: held or quiet.evaluate("0"), "the late picture to be asked for")
    quiet.clock.run_for(900)
    held[0].abort()
    quiet.wait_for_load_state("load")
    quiet.clock.run_for(200)
    until(lambda: len(reports) == 1 or quiet.evaluate("0"), "the view, a second after it began")


def test_the_rail_takes_in_new_stories_and_keeps_those_that_stay(quiet, preview):
    live_once(quiet)
    quiet.goto(preview.address("article"))
    first = quiet.locator("[data-rail-list] li").first
    expect(first).to_have_attribute("data-story", "102")
    quiet.evaluate("document.querySelector('[data-story=\"102\"]').marked = true")
    quiet.evaluate("window.dispatchLive()")
    run_until_arrived(quiet)
    expect(first).to_have_attribute("data-story", "100")
    assert quiet.locator("[data-rail-list] li").count() == 10
    assert quiet.evaluate("document.querySelector('[data-story=\"102\"]').marked")
    expect(quiet.locator("[data-rail-status]")).to_contain_text("New: Ferry pilots")


def test_the_rail_holds_still_under_the_pointer(quiet, preview):
    live_once(quiet)
    quiet.goto(preview.address("article"))
    quiet.locator("[data-rail-list]").hover()
    quiet.evaluate("window.dispatchLive()")
    more = quiet.get_by_role("button", name="Show new stories")
    quiet.clock.run_for(1000)
    expect(more).to_be_visible()
    expect(quiet.locator("[data-rail-list] li").first).to_have_attribute("data-story", "102")
    more.click()
    expect(quiet.locator("[data-rail-list] li").first).to_have_attribute("data-story", "100")
    expect(more).to_be_hidden()


def test_nothing_moves_while_stories_arrive(quiet, preview):
    live_once(quiet)
    quiet.goto(preview.address("article"))
    places = """[...document.querySelectorAll("h1, .story__body > *, .footer")]
        .map((element) => element.getBoundingClientRect().y)"""
    before = quiet.evaluate(places)
    quiet.evaluate("window.dispatchLive()")
    run_until_arrived(quiet)
    assert quiet.evaluate(places) == before


def live_once(page):
    """Give the page a stream that speaks when the test says so."""
    page.add_init_script(
        """
        const heard = {};
        window.EventSource = class {
          addEventListener(name, act) { heard[name] = act; }
          close() {}
        };
        window.dispatchLive = () => heard.change(
          { data: '{"change": 41, "tags": ["list:latest"]}' });
        """
    )
    page.route(
        "**/-/parts/latest/", lambda route: route.fulfill(body=rail(), content_type="text/html")
    )


def run_until_arrived(page):
    page.clock.run_for(1000)
    page.wait_for_selector("[data-story='100']")


def test_sharing_copies_the_address(open_page):
    page = open_page("article", permissions=["clipboard-read", "clipboard-write"])
    page.locator("summary").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == (
        sample_pages.ORIGIN + sample_pages.card(0).url
    )


def test_sharing_uses_the_device_where_it_can(chromium, preview):
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script("navigator.share = async (what) => { window.shared = what; }")
    page.goto(preview.address("article"))
    page.locator("summary").click()
    assert page.evaluate("window.shared.url") == sample_pages.ORIGIN + sample_pages.card(0).url
    assert not page.locator("details.share").get_attribute("open")
    context.close()


def test_the_viewer_goes_by_keys_and_gives_focus_back(open_page):
    page = open_page("picture-story")
    opener = page.locator("[data-view-picture]").nth(1)
    opener.focus()
    page.keyboard.press("Enter")
    count = page.locator("[data-viewer-count]")
    expect(count).to_have_text("2 of 6")
    page.keyboard.press("ArrowRight")
    expect(count).to_have_text("3 of 6")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    expect(count).to_have_text("1 of 6")
    expect(page.locator("[data-viewer-caption]")).to_contain_text("on the last evening")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_viewer_goes_by_swipe(open_page):
    page = open_page("picture-story", width=390)
    page.get_by_role("button", name="View full screen").click()
    page.mouse.move(300, 400)
    page.mouse.down()
    page.mouse.move(100, 400)
    page.mouse.up()
    expect(page.locator("[data-viewer-count]")).to_have_text("2 of 6")


def test_an_embed_is_loaded_only_when_asked(open_page):
    page = open_page("article", clock=False)
    page.route("https://player.vimeo.com/**", lambda route: route.fulfill(body="film"))
    assert page.locator("iframe").count() == 0
    page.get_by_role("button", name="Load it here").click()
    expect(page.locator("iframe[title='The ferry at dawn']")).to_be_visible()


def test_the_first_tab_skips_to_the_content(open_page):
    page = open_page("front")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("width", [320, 800, 1600])
def test_no_page_is_wider_than_the_screen(chromium, preview, width):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for name in NAMES:
        page.goto(preview.address(name))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert complaints == []
    context.close()


@pytest.mark.parametrize("width", [320, 390, 620, 700, 800, 900, 1100, 1280, 1440, 1800])
def test_pictures_are_asked_for_in_the_size_they_are_shown(chromium, preview, width):
    """A wrong `sizes` is invisible, and costs phones several times the bytes and the decoding."""
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    mute_live(page)
    for name in ("front", "section", "latest", "article-with-pictures"):
        page.goto(preview.address(name))
        for said, asked, needed in page.evaluate(ASKED_AND_NEEDED):
            assert 0.94 * needed <= asked <= 1.3 * needed + 8, (name, said, asked, needed)
    context.close()


# Of each picture: its place, the width its `sizes` asks for, and the width that fills its box.
ASKED_AND_NEEDED = """() => {
  const probe = document.body.appendChild(document.createElement("div"));
  const length = (text) => {
    probe.style.width = text;
    return probe.getBoundingClientRect().width;
  };
  const asked = (sizes) => {
    for (const part of sizes.split(",")) {
      const [, query, size] = part.match(/^\\s*(\\(.*\\))?\\s*(\\S+)$/);
      if (!query || matchMedia(query).matches) return length(size);
    }
  };
  return [...document.querySelectorAll(".page img[srcset]")].flatMap((img) => {
    const { width, height } = img.getBoundingClientRect();
    const shape = img.getAttribute("width") / img.getAttribute("height");
    const place = img.closest(".card, figure, [class*=portrait]").className;
    if (!width || place.includes("portrait")) return [];
    return [[place, asked(img.sizes), Math.max(width, height * shape)]];
  });
}"""


@pytest.mark.parametrize("language", languages())
def test_every_age_a_page_can_show_has_words(open_page, language):
    page = open_page("article", clock=False)
    said = dict(words_for(language).mapping("ages"))
    lacking = page.evaluate(
        """([language, said]) => {
          const plurals = new Intl.PluralRules(language);
          const most = { second: 59, minute: 59, hour: 23, day: 6 };
          return Object.entries(most).flatMap(([unit, last]) =>
            [...Array(last).keys()].map((n) => n + 1)
              .filter((n) => !said[unit][plurals.select(n)]).map((n) => `${n} ${unit}`));
        }""",
        [language, said],
    )
    assert lacking == []


@pytest.mark.parametrize("name", ["article", "front", "article-with-pictures"])
def test_nothing_shifts_while_a_page_loads(chromium, preview, name):
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    mute_live(page)
    page.goto(preview.address(name), wait_until="load")
    shift = page.evaluate(
        """() => new Promise(done => {
          let sum = 0;
          new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
            .observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => setTimeout(() => done(sum), 300));
        })"""
    )
    assert shift < 0.01
    context.close()
