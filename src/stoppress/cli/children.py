"""One process that the supervisor keeps running.

Children are spawned, never forked: LMDB environments, event loops and database connections must
not be shared by two processes.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from stoppress.edge.errors import DAMAGED_EXIT_CODE

BACK_OFF_SECONDS = (0.2, 0.5, 1, 2, 5, 10, 30)
STEADY_SECONDS = 30  # a child that ran this long begins its back-off anew
LINE_MAX_BYTES = 256 * 1024
STORE_DAMAGED = {-signal.SIGBUS, -signal.SIGSEGV, DAMAGED_EXIT_CODE}

log = structlog.get_logger("stoppress.supervisor")


@dataclass(slots=True)
class Child:
    """One process that is to run until it is stopped."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    uses_store: bool = False
    follows_store: bool = False  # opens the new one by itself when the old is set aside
    waits_for_ready: bool = False  # what readers don't need may start when they are served
    ends_first: bool = False  # the edge: nobody new comes in while the others end
    inherited: tuple[int, ...] = ()  # open file descriptors
    secret: Callable[[], str] | None = None  # said on its standard input only
    process: asyncio.subprocess.Process | None = None
    quick_deaths: int = 0
    started_at: float = 0.0

    async def start(self) -> None:
        """Spawn the process, tied to this one."""
        leash = (sys.executable, "-m", "stoppress.cli.leash", str(os.getpid()))
        self.started_at = time.monotonic()
        self.process = await asyncio.create_subprocess_exec(
            *(*leash, *self.command),
            env={**os.environ, **self.environment},
            pass_fds=self.inherited,
            stdin=asyncio.subprocess.PIPE if self.secret else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=LINE_MAX_BYTES,
            start_new_session=True,  # Ctrl-C reaches the supervisor only, which ends them in order
        )
        if self.secret and self.process.stdin:
            self.process.stdin.write(f"{self.secret()}\n".encode())
            self.process.stdin.close()

    async def wait(self) -> int:
        """Pass its output on, line by line, until it ends. Its exit code, or minus the signal."""
        process = self._running()
        assert process.stdout is not None  # noqa: S101
        while line := await _read_line(process.stdout):
            _write_line(self.name, line)
        code = await process.wait()
        lived = time.monotonic() - self.started_at
        self.quick_deaths = 0 if lived > STEADY_SECONDS else self.quick_deaths + 1
        return code

    def back_off_seconds(self) -> float:
        """How long to wait before the next start; the shortest pause for one that ran long."""
        return BACK_OFF_SECONDS[min(max(self.quick_deaths, 1), len(BACK_OFF_SECONDS)) - 1]

    def is_running(self) -> bool:
        """Has it been started, and not ended?"""
        return self.process is not None and self.process.returncode is None

    def send(self, signal_number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.is_running():
            try:
                self._running().send_signal(signal_number)
            except ProcessLookupError:
                log.debug("child ended by itself", name=self.name)

    async def end(self, seconds: float) -> None:
        """Ask it to end; kill it if it hasn't after so many seconds."""
        self.send(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._ended(), seconds)
        except TimeoutError:
            log.warning("child killed: it did not end in time", name=self.name, seconds=seconds)
            self.send(signal.SIGKILL)
            await self._ended()

    async def _ended(self) -> None:
        if self.process is not None:
            await self.process.wait()

    def _running(self) -> asyncio.subprocess.Process:
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.process


async def _read_line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError:
        return await stream.read(LINE_MAX_BYTES)


def _write_line(name: str, line: bytes) -> None:
    # JSON lines stand alone (they name their process); text gets the name in front.
    prefix = b"" if line.startswith(b"{") else f"{name:<8}| ".encode()
    sys.stderr.buffer.write(prefix + line.rstrip(b"\n") + b"\n")
    sys.stderr.buffer.flush()
