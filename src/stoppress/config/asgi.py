"""The app process's door: Django, with the number of requests in flight bounded.

A flood of misses or searches can't shut editors out, nor can slow uploads at the login page.
Whoever is over the bound waits; the edge gives up on those that wait too long.
"""

import asyncio
import os
from pathlib import Path
from typing import cast

from django.core.asgi import get_asgi_application

from stoppress.config.measuring import App, Measured
from stoppress.edge.asgi import Message, Receive, Scope, Send
from stoppress.edge.metrics import FOLDER
from stoppress.edge.room import PRIVATE_PREFIXES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stoppress.config.settings")


class Bounded:
    """Readers' pages, the desk, and search with accounts: each has so many places of its own.

    A place is held from the last byte of the request to the first of the answer, which is while
    Django works: whoever sends or takes slowly holds none.
    """

    def __init__(self, app: App, *, limit: int, desk_prefix: str) -> None:
        self.app = app
        self.desk_prefix = desk_prefix
        self.readers = asyncio.Semaphore(limit)
        self.desk = asyncio.Semaphore(limit)
        self.others = asyncio.Semaphore(max(1, limit // 2))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to Django; it goes on when there is a place."""
        if scope["type"] != "http":  # Django has no answer to lifespan messages
            return
        places = self._places(scope["path"])
        is_held = False

        async def receive_whole() -> Message:
            nonlocal is_held
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body", False):
                await places.acquire()
                is_held = True
            return message

        async def send_on(message: Message) -> None:
            nonlocal is_held
            if is_held:
                is_held = False
                places.release()
            await send(message)

        try:
            await self.app(scope, receive_whole, send_on)
        finally:
            if is_held:
                places.release()

    def _places(self, path: str) -> asyncio.Semaphore:
        if path.startswith(self.desk_prefix):
            return self.desk
        return self.others if path.startswith(PRIVATE_PREFIXES) else self.readers


def _make_application() -> Measured:
    django = get_asgi_application()
    from django.conf import settings

    desk = settings.DESK_PREFIX
    bounded = Bounded(cast(App, django), limit=settings.RENDERS, desk_prefix=desk)
    return Measured(bounded, folder=Path(settings.STORE_DIR) / FOLDER, desk_prefix=desk)


application = _make_application()
