"""One edge worker: the lane and the app behind it, on a listening socket that workers may share."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import socket
import time
from functools import partial
from types import FrameType
from typing import Any, cast

import structlog
import uvicorn
import uvloop

from stoppress.edge.app import EdgeApp
from stoppress.edge.connections import IDLE_SECONDS
from stoppress.edge.errors import StoreDamaged, StoreError, StoreReplaced
from stoppress.edge.lane import Lane
from stoppress.edge.room import Room, Settings
from stoppress.edge.tls import HANDSHAKE_SECONDS

POLL_SECONDS = 0.02  # one empty LMDB transaction: half a microsecond
SWEEP_SECONDS = 1.0
READER_CHECK_SECONDS = 60.0
HAND_OVER_SECONDS = 5.0
END_SECONDS = 1
BACKLOG = 4096
GARBAGE_AT = 10_000  # new objects: reports that wait for the disk are not looked at many times

log = structlog.get_logger("stoppress.edge")


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT, or until the store must be opened anew.

    Raises StoreError if the store is or becomes unusable. Without a journal pages are served.
    """
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(_serve(settings, listener))


async def _serve(settings: Settings, listener: socket.socket) -> None:
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # not one line a bad request
    room = Room(settings)
    server = Server(room)
    gc.collect()
    gc.freeze()  # what lives as long as the worker need not be looked at again
    gc.set_threshold(GARBAGE_AT)
    upkeep = asyncio.create_task(_keep_up(room, server))
    try:
        await server.serve(sockets=[listener])
    finally:
        upkeep.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await upkeep
        await room.close()
    if server.reason is not None:
        raise server.reason


class _Loop(uvloop.Loop):
    """Uvloop, which gives a TLS handshake a minute where uvicorn does not say otherwise."""

    async def create_server(  # type: ignore[override]
        self, *arguments: Any, **more: Any
    ) -> asyncio.AbstractServer:
        if more.get("ssl"):
            more["ssl_handshake_timeout"] = HANDSHAKE_SECONDS
        return await super().create_server(*arguments, **more)


class Server(uvicorn.Server):
    """Uvicorn with the lane as its protocol; ends live streams before it waits for the rest."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.reason: StoreError | None = None
        super().__init__(
            uvicorn.Config(
                cast(Any, EdgeApp(room)),
                http=cast(Any, partial(Lane, room)),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # whom to believe is for Proxies to say
                backlog=BACKLOG,
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=END_SECONDS,
            )
        )

        if room.certificate:
            self.config.load()
            self.config.ssl = room.certificate.context

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in good order: uvicorn would send itself the signal again before we have closed."""
        self.should_exit = True

    def leave(self, why: StoreError) -> None:
        """End, with a reason: the supervisor starts another worker."""
        self.reason = why
        self.should_exit = True

    def leave_a_useless_store(self) -> None:
        """End if the store is damaged, or its folder was removed, moved or replaced."""
        if self.reason is not None:
            return
        if self._room.damage is not None:
            self.leave(self._room.damage)
        elif self._room.store.must_reopen():
            self.leave(StoreReplaced(self._room.store.directory))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start what writes the journal, then listen."""
        self._room.groups.start()
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End live streams, then the rest."""
        self._room.live.close()
        await super().shutdown(sockets)


async def _keep_up(room: Room, server: Server) -> None:
    """Tell open pages of changes; each second see to connections, the day's key and metrics."""
    loop = asyncio.get_running_loop()
    next_sweep = loop.time() + SWEEP_SECONDS
    next_reader_check = loop.time() + READER_CHECK_SECONDS
    next_hand_over = loop.time() + HAND_OVER_SECONDS
    while True:
        await asyncio.sleep(POLL_SECONDS)
        now = loop.time()
        try:
            room.live.poll()
            room.live.beat(now)
            if now >= next_sweep:
                next_sweep = now + SWEEP_SECONDS
                for connection in list(server.server_state.connections):
                    cast(Lane, connection).sweep(now)
                room.reader_keys.turn(time.time())
                room.metrics.write()
                if room.certificate:
                    room.certificate.refresh()
                server.leave_a_useless_store()
            if now >= next_hand_over:
                next_hand_over = now + HAND_OVER_SECONDS
                room.uses.hand_over()
            if now >= next_reader_check:
                next_reader_check = now + READER_CHECK_SECONDS
                room.store.clear_dead_readers()
        except StoreDamaged as error:
            server.leave(error)
        except Exception:  # it must go on as long as the worker does
            log.exception("upkeep failed")
