"""Readers in a process of their own, each request on a new connection of their own.

Run as `python -m tests.chaos.readers PORT SEED LOG`; ends on SIGTERM. They use nothing of ours: a
socket, a request, and what came back, written down as a line of JSON each (see `record.Read`).
"""

import asyncio
import json
import random
import re
import signal
import sys
import time
from typing import Any, TextIO

LISTS = ("/", "/latest/", "/world/", "/feed/", "/-/parts/latest/")
READERS = 6
FOLLOWED = 0.4  # of a reader's requests, the share that follows a link
PAUSE_SECONDS = 0.06  # so that the machine has time for what is tested
PATIENCE_SECONDS = 10.0
STORY = re.compile(rb"Barge (\d{5}) sails")
LINK = re.compile(rb'href="(?:https?://[^/"]+)?(/world/\d{4}/\d\d/\d\d/barge-\d{5}-sails/)"')


async def get(port: int, path: str) -> tuple[dict[str, Any], bytes]:
    """Ask for a page on a new connection; returns what to write down, and the body."""
    read: dict[str, Any] = {"path": path, "began": time.monotonic(), "status": 0, "fault": ""}
    body = b""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            read["status"], body = await exchange(port, path)
    except ConnectionRefusedError:
        read["fault"] = "refused"
    except TimeoutError:
        read["fault"] = "no answer in time"
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        read["fault"] = f"broken: {type(error).__name__} {error}"
    read["ended"] = time.monotonic()
    read["stories"] = sorted({int(number) for number in STORY.findall(body)})
    return read, body


async def exchange(port: int, path: str) -> tuple[int, bytes]:
    """One request and its whole answer. Raises ValueError for an answer that is cut short."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.read()
    finally:
        writer.close()
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if length is None or int(length[1]) != len(body):
        raise ValueError(f"{len(body)} bytes of {length and length[1]!r}")
    return int(head.split(b" ", 2)[1]), body


async def keep_reading(port: int, choose: random.Random, log: TextIO, end: asyncio.Event) -> None:
    """Read a list, follow one of its links, and so on."""
    links: list[str] = []
    while not end.is_set():
        path = (
            choose.choice(links[:12])
            if links and choose.random() < FOLLOWED
            else choose.choice(LISTS)
        )
        read, body = await get(port, path)
        log.write(json.dumps(read) + "\n")
        if path in LISTS and (found := LINK.findall(body)):
            links = [link.decode() for link in dict.fromkeys(found)]
        if not read["fault"]:
            await asyncio.sleep(PAUSE_SECONDS)  # after a fault: again, at once


async def main(port: int, seed: int, log_file: str) -> None:
    """Read until told to end."""
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    with open(log_file, "w", encoding="utf-8") as log:  # noqa: PTH123
        async with asyncio.TaskGroup() as group:
            for n in range(READERS):
                group.create_task(keep_reading(port, random.Random(seed * 100 + n), log, end))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
