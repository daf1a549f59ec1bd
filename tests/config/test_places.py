"""The app's places: each kind of request has its own, held only while Django works."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from stoppress.config.asgi import Bounded


class Request:
    """One request to the app, whose last byte comes, and whose view ends, when a test says so."""

    def __init__(self, app: Any, path: str) -> None:
        self.sent_whole, self.may_answer = asyncio.Event(), asyncio.Event()
        self.began = False
        self.task = asyncio.create_task(app({"type": "http", "path": path}, self._receive, _send))
        self.task.set_name(path)
        _current[path] = self

    async def _receive(self) -> dict[str, Any]:
        await self.sent_whole.wait()
        return {"type": "http.request", "body": b"", "more_body": False}


_current: dict[str, Request] = {}


async def _send(message: Any) -> None:
    if message["type"] == "http.response.body":
        await asyncio.Event().wait()  # a client that takes nothing


async def view(scope: Any, receive: Any, send: Any) -> None:
    request = _current[scope["path"]]
    await receive()
    request.began = True
    await request.may_answer.wait()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def in_a_loop(test: Callable[[Any], Any]) -> None:
    async def run() -> None:
        await test(Bounded(view, limit=2, desk_prefix="/desk/"))
        for request in _current.values():
            request.task.cancel()
        _current.clear()

    asyncio.run(run())


@pytest.mark.parametrize("flooded", ["/page/", "/search/", "/account/"])
def test_a_flood_leaves_the_desk_its_places(flooded: str):
    async def scenario(app: Any) -> None:
        flood = [Request(app, f"{flooded}{number}/") for number in range(20)]
        for request in flood:
            request.sent_whole.set()
        await settle()
        assert sum(request.began for request in flood) <= 2
        desk = Request(app, "/desk/")
        desk.sent_whole.set()
        await settle()
        assert desk.began

    in_a_loop(scenario)


def test_who_sends_slowly_holds_no_place():
    async def scenario(app: Any) -> None:
        slow = [Request(app, f"/desk/upload/{number}/") for number in range(20)]
        await settle()
        quick = Request(app, "/desk/")
        quick.sent_whole.set()
        await settle()
        assert quick.began
        assert not any(request.began for request in slow)

    in_a_loop(scenario)


def test_who_takes_slowly_holds_no_place():
    async def scenario(app: Any) -> None:
        for number in range(4):
            slow = Request(app, f"/desk/{number}/")
            slow.sent_whole.set()
            slow.may_answer.set()
        await settle()
        quick = Request(app, "/desk/")
        quick.sent_whole.set()
        await settle()
        assert quick.began

    in_a_loop(scenario)


def test_a_place_is_given_back_when_a_request_is_dropped():
    async def scenario(app: Any) -> None:
        for number in range(4):
            dropped = Request(app, f"/desk/{number}/")
            dropped.sent_whole.set()
            await settle()
            dropped.task.cancel()
            await settle()
        quick = Request(app, "/desk/")
        quick.sent_whole.set()
        await settle()
        assert quick.began

    in_a_loop(scenario)
