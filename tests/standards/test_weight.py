"""What a first visit costs over the wire, and that nothing moves while a page loads."""

import re

import pytest

pytestmark = pytest.mark.standards
ARTICLE_BYTES = 60_000  # in all, fonts included, of an article without pictures
STYLES_BYTES = 14_000
SCRIPTS_BYTES = 10_000
SIZES = """() => performance.getEntries()
    .filter(entry => "transferSize" in entry)
    .map(entry => [entry.name, entry.transferSize])"""
SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


@pytest.fixture
def plain_article(served, kinds) -> str:
    """An article whose page shows no picture."""
    months = re.findall(r'href="(/world/\d{4}/\d\d/)"', served.get("/world/").text)
    for month in months:
        for path in re.findall(r'href="(/world/\d{4}/\d\d/\d\d/[^"/]+/)"', served.get(month).text):
            if "<img" not in served.get(path).text:
                return path
    raise AssertionError("every article of World has a picture")


def test_an_article_without_pictures_is_light(visit, plain_article):
    page = visit(plain_article)
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")
    sizes = dict(page.evaluate(SIZES))

    def of(ending: str) -> int:
        return sum(size for name, size in sizes.items() if name.endswith(ending))

    assert of(".css") > 0
    assert of(".woff2") > 0
    assert sum(sizes.values()) <= ARTICLE_BYTES, sizes
    assert of(".css") <= STYLES_BYTES
    assert of(".js") <= SCRIPTS_BYTES


@pytest.mark.parametrize("kind", ["front", "article", "picture story", "section"])
def test_nothing_moves_while_a_page_loads(visit, kinds, kind):
    page = visit(kinds[kind], width=390)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate(SHIFT) < 0.01


@pytest.mark.parametrize("width", [320, 768, 1600])
def test_no_page_is_wider_than_the_screen(visit, kinds, width):
    page = visit("/", width=width)
    for kind, path in kinds.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, kind
