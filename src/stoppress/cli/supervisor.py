"""The supervisor: starts a newsroom's processes, keeps them running, and ends them together.

- Edge workers share one listening socket, so a worker's death refuses no connection.
- A child that dies is started again, after a pause that grows while it keeps dying. One that dies
  again and again before the newsroom was ever ready ends the whole: its fault is in the log.
- A child killed by SIGBUS or SIGSEGV, or that says so by its exit code, is taken for a damaged
  store: the processes that have it open are ended, its folder is set aside, and all start again
  with an empty one, which refills. The app goes on: it is what readers need most then, and it opens
  the new folder by itself.
"""

import asyncio
import contextlib
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from stoppress.cli.children import STORE_DAMAGED, Child

END_SECONDS = 4.0
DEATHS_BEFORE_READY = 3
READY_POLL_SECONDS = 0.1

log = structlog.get_logger("stoppress.supervisor")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a supervisor runs."""

    children: tuple[Child, ...]
    store: Path
    is_ready: Callable[[], Awaitable[bool]]
    on_ready: Callable[[float], None]  # gets the seconds it took
    alongside: Callable[[], Coroutine[Any, Any, None]]  # runs in the supervisor as long as it does


class GaveUp(Exception):
    """A process kept dying before the newsroom was ready."""


class Supervisor:
    """Runs a plan until a signal, or until it can't."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.children = plan.children
        self.stopping = asyncio.Event()
        self.failure: GaveUp | None = None
        self.ready = asyncio.Event()
        self.store_lock = asyncio.Lock()
        self.paused: set[str] = set()
        self.store_set_aside_at = 0.0

    async def run(self) -> None:
        """Start everything and stay until SIGTERM or SIGINT. Raises GaveUp."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        keepers = [asyncio.create_task(self._keep(child)) for child in self.children]
        others = [asyncio.create_task(self._announce_ready())]
        others.append(asyncio.create_task(self.plan.alongside()))
        try:
            await self.stopping.wait()
        finally:
            for other in others:
                other.cancel()
            await self._end_all()
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*others, *keepers, return_exceptions=True)
        if self.failure:
            raise self.failure

    async def _keep(self, child: Child) -> None:
        if child.waits_for_ready:
            await self.ready.wait()
        while not self.stopping.is_set():
            async with self.store_lock:  # nobody starts while the store is being set aside
                await child.start()
            code = await child.wait()
            if self.stopping.is_set():
                return
            if child.name in self.paused:  # ended by us, to be started with a new store
                self.paused.discard(child.name)
                continue
            await self._mourn(child, code)

    async def _mourn(self, child: Child, code: int) -> None:
        if code in STORE_DAMAGED and child.uses_store:
            await self._set_store_aside(child)
            return
        if not self.ready.is_set() and child.quick_deaths >= DEATHS_BEFORE_READY:
            self.failure = GaveUp(
                f"The {child.name} process ended {child.quick_deaths} times before the newsroom "
                "was ready. Its last lines above say why; `stoppress doctor` checks the rest."
            )
            self.stopping.set()
            return
        pause = child.back_off_seconds()
        log.warning(
            "a process ended and is started again",
            name=child.name,
            ended_by=_ended_by(code),
            pause_seconds=pause,
        )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), pause)

    async def _set_store_aside(self, damaged_by: Child) -> None:
        async with self.store_lock:
            if damaged_by.started_at < self.store_set_aside_at:
                return  # it died of the store that is gone already
            users = [
                child
                for child in self.children
                if child.uses_store and not child.follows_store and child.is_running()
            ]
            self.paused |= {child.name for child in users}
            await asyncio.gather(*(child.end(END_SECONDS) for child in users))
            aside = set_aside(self.plan.store)
            self.store_set_aside_at = time.monotonic()
        log.error(
            "the store is damaged: it was set aside and refills",
            name=damaged_by.name,
            aside=str(aside),
        )

    async def _end_all(self) -> None:
        for is_first in (True, False):
            ending = [child for child in self.children if child.ends_first is is_first]
            await asyncio.gather(*(child.end(END_SECONDS) for child in ending))

    async def _announce_ready(self) -> None:
        began = time.monotonic()
        while not await self.plan.is_ready():
            await asyncio.sleep(READY_POLL_SECONDS)
        self.ready.set()
        self.plan.on_ready(time.monotonic() - began)


def set_aside(store: Path) -> Path:
    """Move a damaged store out of the way; only the last one is kept, for whoever studies it."""
    for old in store.parent.glob(f"{store.name}.damaged-*"):
        shutil.rmtree(old, ignore_errors=True)
    aside = store.with_name(f"{store.name}.damaged-{int(time.time())}")
    if store.exists():
        store.rename(aside)
    store.mkdir(exist_ok=True)
    return aside


def _ended_by(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    return f"exit code {code}"
