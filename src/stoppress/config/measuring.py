"""What the app counts of its requests, and the id that each of its log lines carries.

The edge names every request it hands over (`X-Request-Id`) and logs that name itself. Here it is
bound for as long as the request lasts, so that whatever is logged meanwhile can be found by it; the
answer carries it back to whoever asked.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from stoppress.edge.asgi import Message, Receive, Scope, Send
from stoppress.edge.metrics import Metrics
from stoppress.edge.requestids import REQUEST_ID_HEADER, request_id

App = Callable[[Scope, Receive, Send], Awaitable[None]]

WRITE_SECONDS = 1.0


class Measured:
    """Counts requests, times them, and names them in the log."""

    def __init__(self, app: App, *, folder: Path, desk_prefix: str) -> None:
        self.app = app
        self.desk_prefix = desk_prefix
        self.counted: Counter[str] = Counter()
        self.under_way: Counter[str] = Counter()
        self.metrics = Metrics(folder, self.counted, self._state, process="app")
        self._is_dirty = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kind = "desk" if scope["path"].startswith(self.desk_prefix) else "page"
        name = request_id(dict(scope["headers"]))
        began = time.monotonic()
        self.under_way[kind] += 1
        with structlog.contextvars.bound_contextvars(request=name.decode("latin-1")):
            try:
                await self.app(scope, receive, self._naming(send, name))
            finally:
                self.under_way[kind] -= 1
                self.metrics.time(kind, time.monotonic() - began)
                self._write_soon()

    def _naming(self, send: Send, name: bytes) -> Send:
        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.counted[f"{message['status'] // 100}xx"] += 1
                headers = [*message.get("headers", ()), (REQUEST_ID_HEADER, name)]
                message = {**message, "headers": headers}
            await send(message)

        return named

    def _state(self) -> dict[str, float]:
        return {f"{kind}_under_way": self.under_way[kind] for kind in ("page", "desk")}

    def _write_soon(self) -> None:
        """Write the numbers down within a second, once for all that end in it."""
        if not self._is_dirty:
            self._is_dirty = True
            asyncio.get_running_loop().call_later(WRITE_SECONDS, self._write)

    def _write(self) -> None:
        self._is_dirty = False
        self.metrics.write()
