"""The app process's door: Django, with the number of requests in flight bounded.

Readers' pages and the desk have a bound each, so that a flood of misses can't shut editors out.
Whoever is over the bound waits; the edge gives up on those that wait too long.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stoppress.config.settings")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


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


def _make_application() -> Bounded:
    django = get_asgi_application()
    from django.conf import settings

    return Bounded(cast(App, django), limit=settings.RENDERS, desk_prefix=settings.DESK_PREFIX)


application = _make_application()
