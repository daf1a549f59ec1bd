"""The app's requests: counted, timed, and named in the log by the edge's name for them."""

import asyncio
import re

import httpx
import structlog

from stoppress.config.measuring import Measured
from stoppress.edge.metrics import read_all
from tests.waiting import until


async def app(scope, receive, send):
    structlog.get_logger().warning("at work")
    status = 503 if scope["path"] == "/broken/" else 200
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def ask(folder, *requests):
    """Send requests, and wait until the numbers are written."""
    measured = Measured(app, folder=folder, desk_prefix="/desk/")

    async def run():
        transport = httpx.ASGITransport(measured)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            answers = [await client.get(path, headers=headers) for path, headers in requests]
        while not list(folder.glob("app-*.json")):
            await asyncio.sleep(0.02)
        return answers

    answers = asyncio.run(run())
    until(lambda: list(read_all(folder)), "numbers")
    (numbers,) = read_all(folder)
    return answers, numbers


def test_requests_are_counted_and_timed_by_kind(tmp_path):
    _, numbers = ask(tmp_path, ("/desk/", {}), ("/world/", {}), ("/broken/", {}))
    assert numbers.process == "app"
    assert numbers.counted == {"2xx": 2, "5xx": 1}
    assert sum(numbers.seconds["page"].buckets) == 2
    assert sum(numbers.seconds["desk"].buckets) == 1
    assert numbers.gauges == {"page_under_way": 0, "desk_under_way": 0}


def test_a_request_is_named_in_the_log_and_in_the_answer(tmp_path):
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as logged:
        (named, nameless), _ = ask(
            tmp_path, ("/desk/", {"x-request-id": "name-of-the-edge"}), ("/desk/", {})
        )
    assert logged[0]["request"] == named.headers["x-request-id"] == "name-of-the-edge"
    assert logged[1]["request"] == nameless.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", logged[1]["request"])
