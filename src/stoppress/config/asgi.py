"""The app process's door: Django, with the number of requests in flight bounded.

Readers' pages and the desk have a bound each, so that a flood of misses can't shut editors out.
Whoever is over the bound waits; the edge gives up on those that wait too long.
"""

import asyncio
import os
from pathlib import Path
from typing import cast

from django.core.asgi import get_asgi_application

from stoppress.config.measuring import App, Measured
from stoppress.edge.asgi import Receive, Scope, Send
from stoppress.edge.metrics import FOLDER

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stoppress.config.settings")


class Bounded:
    """At most `limit` readers' requests, and as many of the desk, are in the app at once."""

    def __init__(self, app: App, *, limit: int, desk_prefix: str) -> None:
        self.app = app
        self.desk_prefix = desk_prefix
        self.readers = asyncio.Semaphore(limit)
        self.desk = asyncio.Semaphore(limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for a place, then hand the request to Django."""
        if scope["type"] != "http":  # Django has no answer to lifespan messages
            return
        is_desk = scope["path"].startswith(self.desk_prefix)
        async with self.desk if is_desk else self.readers:
            await self.app(scope, receive, send)


def _make_application() -> Measured:
    django = get_asgi_application()
    from django.conf import settings

    desk = settings.DESK_PREFIX
    bounded = Bounded(cast(App, django), limit=settings.RENDERS, desk_prefix=desk)
    return Measured(bounded, folder=Path(settings.STORE_DIR) / FOLDER, desk_prefix=desk)


application = _make_application()
