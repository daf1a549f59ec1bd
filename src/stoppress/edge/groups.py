"""Reports on their way to the disk: one group is written while the next collects.

The worker's end of its journal writer (see journalwriter.py). The event loop never waits: not for
the disk, nor for the writer, nor for the journal's lock, which other workers hold by turns. A
writer that dies is started again; what it had not answered is told that it was not counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from stoppress.edge.errors import JournalUnavailable
from stoppress.edge.health import Health
from stoppress.edge.journal import Answer, Report
from stoppress.edge.journalwriter import RECEIVED_AT_ONCE, answer_of, take_frame, to_frame

MOST_IN_A_GROUP = 1024
MOST_UNDER_WAY = 2  # groups: one on its way to the disk, one for the writer to go on with
MOST_WAITING = 20_000  # reports; at the writer's speed, a second's worth
PACE_SECONDS = 0.010  # a group waits so long for company, if another was sent just before
END_SECONDS = 2.0  # for what is under way when the worker ends
RESTART_SECONDS = 1.0  # between two starts of a writer that dies

Answered = Callable[[Answer], None]

log = structlog.get_logger("stoppress.edge")


class Groups:
    """Collects reports, has them written, and says of each what became of it."""

    def __init__(self, journal: Path, most_from_network: int) -> None:
        self._command = (
            *(sys.executable, "-m", "stoppress.edge.journalwriter", "--journal", str(journal)),
            *("--most-from-network", str(most_from_network)),
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._started_at = -RESTART_SECONDS
        self._waiting: list[tuple[Report, Answered]] = []
        self._under_way: list[list[Answered]] = []
        self._unsent = b""
        self._received = bytearray()
        self._sent_at = 0.0
        self._is_due = False
        self._journal = journal
        self._health: Health | None = None
        self.trouble = ""  # why no view is counted just now
        self._lost = 0  # views since then

    def start(self) -> None:
        """Start the writer, so that the first report need not wait for it."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._started_at = time.monotonic()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [*self._command, "--fd", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a pipe it holds would outlive the worker
            )
        self._socket = ours
        self._under_way.append([])
        self._unsent = to_frame([])  # to hear whether the journal can be used at all
        self._send()
        asyncio.get_running_loop().add_reader(ours, self._receive)

    async def close(self) -> None:
        """Have what waits written, then let the writer end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                while self._socket is not None and (self._under_way or self._waiting):
                    await asyncio.sleep(PACE_SECONDS)
        self._waiting.clear()
        if self._under_way:
            log.warning("views were not waited for", groups=len(self._under_way))
        self._hang_up()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):  # a disk that takes nothing
                await asyncio.to_thread(self._process.wait, END_SECONDS)

    def add(self, report: Report, answered: Answered) -> None:
        """Have a report written. `answered` is called once, later, when its group is on disk or
        was refused, or at once if too many wait.
        """
        if len(self._waiting) >= MOST_WAITING:
            answered(JournalUnavailable("The disk is too slow for all the views that come in."))
            return
        self._waiting.append((report, answered))
        if not self._is_due and len(self._under_way) < MOST_UNDER_WAY:
            self._be_due()

    def _be_due(self) -> None:
        """Send soon: when all that has arrived is read, and a moment after the group before."""
        loop, self._is_due = asyncio.get_running_loop(), True
        wait = self._sent_at + PACE_SECONDS - loop.time()
        if wait > 0:
            loop.call_later(wait, self._send_group)
        else:
            loop.call_soon(self._send_group)

    def _send_group(self) -> None:
        self._is_due = False
        if not self._waiting or len(self._under_way) >= MOST_UNDER_WAY:
            return
        if self._socket is None and not self._started_again():
            self._fail_waiting("The journal's writer has ended; it is started again in a moment.")
            return
        group, self._waiting = self._waiting[:MOST_IN_A_GROUP], self._waiting[MOST_IN_A_GROUP:]
        self._under_way.append([answered for _, answered in group])
        self._sent_at = asyncio.get_running_loop().time()
        self._unsent += to_frame([tuple(report) for report, _ in group])
        self._send()
        if self._waiting and len(self._under_way) < MOST_UNDER_WAY:
            self._be_due()

    def _fail_waiting(self, why: str) -> None:
        waiting, self._waiting = self._waiting, []
        self._tell([answered for _, answered in waiting], why)

    def _started_again(self) -> bool:
        if self._process is not None:
            self._process.poll()
        if time.monotonic() < self._started_at + RESTART_SECONDS:
            return False
        self.start()
        return True

    def _send(self) -> None:
        """Send what the socket takes; the rest when it takes more."""
        if self._socket is None:
            return
        loop, was_unsent = asyncio.get_running_loop(), self._unsent
        try:
            self._unsent = was_unsent[self._socket.send(was_unsent) :]
        except BlockingIOError:
            self._unsent = was_unsent
        except OSError:
            self._stop("The journal's writer has ended.")
            return
        if self._unsent:
            loop.add_writer(self._socket, self._send)
        else:
            loop.remove_writer(self._socket)

    def _receive(self) -> None:
        assert self._socket is not None  # noqa: S101
        received = b""
        with contextlib.suppress(ConnectionError):
            received = self._socket.recv(RECEIVED_AT_ONCE)
        if not received:
            self._stop("The journal's writer has ended.")
            return
        self._received += received
        while (frame := take_frame(self._received)) is not None:
            group = self._under_way.pop(0)
            if self._waiting and not self._is_due:
                self._be_due()
            if isinstance(frame, str):
                self._tell(group, frame)
            else:
                if self.trouble or not group:
                    self._note_success()
                for answered, plain in zip(group, frame, strict=True):
                    answered(answer_of(plain))

    def _stop(self, why: str) -> None:
        """Let go of the writer; nobody may wait for it any more."""
        self._hang_up()
        groups, self._under_way = self._under_way, []
        for group in groups:
            self._tell(group, why)
        if self._waiting and not self._is_due:
            self._be_due()

    def _hang_up(self) -> None:
        if self._socket is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._socket)
            loop.remove_writer(self._socket)
            self._socket.close()
        self._socket, self._unsent, self._received = None, b"", bytearray()

    def _tell(self, group: list[Answered], why: str) -> None:
        if not self.trouble:  # it is said once, not once a view
            log.error("views are not counted", why=why)
        if self.trouble != why:
            self._healths().note_failure(why)
        self.trouble, self._lost = why, self._lost + len(group)
        for answered in group:
            answered(JournalUnavailable(why))

    def _note_success(self) -> None:
        if self.trouble:
            log.warning("views are counted again", lost=self._lost)
        self.trouble, self._lost = "", 0
        self._healths().note_success()

    def _healths(self) -> Health:
        """Where the desk and the doctor read of trouble."""
        if self._health is None:
            with contextlib.suppress(OSError):
                self._journal.mkdir(parents=True, exist_ok=True)
            self._health = Health(self._journal)
        return self._health
