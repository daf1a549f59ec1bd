"""Readers' browsers: they report over many connections, and again until they are answered.

They use nothing of ours: sockets, requests, and what comes back.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass, field

from stoppress.edge.views import Kind
from tests.chaos.counting_pattern import Sending

CONNECTIONS = 64
PATIENCE_SECONDS = 60.0  # for one answer, whoever was killed meanwhile
AGAIN_SECONDS = 0.05
ACKNOWLEDGED = {200, 409}  # counted, or refused as a replay
TRIED_AGAIN = {502, 503, 504}

_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass(slots=True)
class Answers:
    """What came back."""

    replays: int = 0
    sent_again: int = 0
    counts: dict[int, int] = field(default_factory=dict)  # article -> the last number told
    faults: list[str] = field(default_factory=list)


class Browsers:
    """Sixty-four connections to the public port; each is opened anew when it breaks."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers = Answers()
        self._open: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, sendings: list[Sending]) -> None:
        """Send all, and return when all are acknowledged but those that are cut off."""
        waiting = deque(sorted(sendings, key=lambda sending: not sending.is_cut))
        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(self._work(waiting))

    async def close(self) -> None:
        """Hang up."""
        for _, writer in self._open:
            writer.close()

    async def _work(self, waiting: deque[Sending]) -> None:
        streams = self._open.pop() if self._open else None
        while waiting:
            sending = waiting.popleft()
            streams = streams or await self._connect()
            if sending.is_cut:
                streams[1].write(self._request(sending))
                streams[1].close()
                streams = None
            else:
                streams = await self._send_until_answered(streams, sending)
        if streams:
            self._open.append(streams)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def _send_until_answered(
        self, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], sending: Sending
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    status, body = await self._exchange(*streams, self._request(sending))
                except (OSError, asyncio.IncompleteReadError):
                    streams[1].close()
                    streams = await self._connect()
                else:
                    if status not in TRIED_AGAIN:
                        self._note(sending, status, body)
                        return streams
                    await asyncio.sleep(AGAIN_SECONDS)
                self.answers.sent_again += 1

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
    ) -> tuple[int, bytes]:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status, length = _STATUS.match(head), _LENGTH.search(head)
        assert status is not None, head
        assert length is not None, head
        return int(status[1]), await reader.readexactly(int(length[1]))

    def _note(self, sending: Sending, status: int, body: bytes) -> None:
        if status not in ACKNOWLEDGED:
            self.answers.faults.append(f"{sending.report}: {status} {body[:200]!r}")
        elif status == 200:
            told = json.loads(body)
            self.answers.counts[told["article"]] = told["views"]
        else:
            self.answers.replays += 1

    def _request(self, sending: Sending) -> bytes:
        report = sending.report
        body = json.dumps(
            {
                "version": 2,
                "article": report.article,
                "visit": f"{report.visit:016x}",
                "referrer": report.referrer,
            }
        ).encode()
        lines = [
            "POST /-/reads HTTP/1.1",
            f"Host: localhost:{self.port}",
            f"Origin: http://localhost:{self.port}",
            f"User-Agent: {sending.agent}",
            "Accept-Language: en-GB",
            "Content-Type: application/json",
            f"X-Forwarded-For: {sending.address}",
            f"Content-Length: {len(body)}",
        ]
        if report.kind is Kind.STAFF:
            lines.append("Cookie: theme=dark; stoppress_staff=1")
        if report.is_private:
            lines.append("DNT: 1")
        return "\r\n".join([*lines, "", ""]).encode() + body
