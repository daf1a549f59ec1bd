"""An exported site in a browser: it asks the server for nothing that files can't answer."""

import functools
import http.server
import threading

import pytest

from tests.browser.stories import published_story

pytestmark = pytest.mark.browser
AFTER_A_VIEW_MS = 1500  # a view is reported after one second of this clock


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(served, tmp_path_factory):
    """The newsroom's site, exported while it is served, at a server of files."""
    _, path = published_story(served, tmp_path_factory.mktemp("story"))
    root = tmp_path_factory.mktemp("site") / "site"
    done = served.run("export", str(root))
    assert done.returncode == 0, done.stdout + done.stderr
    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", path
        server.shutdown()


def test_exported_pages_ask_for_nothing_that_only_the_edge_has(chromium, site):
    address, story = site
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.clock.install()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", story, "/latest/", "/search/", "/404.html"):
        page.goto(path)
        page.clock.run_for(AFTER_A_VIEW_MS)
    page.goto(story)
    assert page.locator("[data-rail-list] li").count() == 10
    context.close()
    assert said == []
    assert asked
    assert not [url for url in asked if "/-/" in url]
