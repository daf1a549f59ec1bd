"""The preview served on a free port, and Chromium, for the tests that need eyes."""

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tests.theme import sample_pages
from tests.theme.preview import server


@pytest.fixture(scope="session")
def preview():
    """Serve the sample pages; `calls` are the views reported, `address` names a page."""
    serving, calls = server()
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{serving.server_address[1]}"
    yield SimpleNamespace(calls=calls, origin=origin, address=lambda name: f"{origin}/{name}/")
    serving.shutdown()
    serving.server_close()


@pytest.fixture
def open_page(chromium, preview) -> Callable:
    """Open a sample page in a context of its own, at the time of its newest story."""
    contexts = []

    def opened(name: str, width: int = 1280, height: int = 900, clock: bool = True, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        if clock:
            page.clock.install(time=sample_pages.NOW)
        page.goto(preview.address(name))
        return page

    yield opened
    for context in contexts:
        context.close()
