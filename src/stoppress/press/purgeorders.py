"""Purge orders: what each outer cache has still to drop, in memory and in a file beside the store.

The file goes with the store. If either is lost, nobody knows what caches hold: everything goes.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from stoppress.edge.cachekeys import EVERY_PAGE
from stoppress.press.outercaches import Order

MOST_KEYS = 2_000  # above it everything goes: cheaper for the cache, and the file stays small
MOST_PATHS = 2_000  # above it an address waits for its time to end: ten minutes at most

EVERYTHING = Order(frozenset({EVERY_PAGE}))

log = structlog.get_logger("press.purging")


@dataclass(slots=True)
class Pending:
    """What one cache has still to drop. What is being sent waits apart: it may be touched anew."""

    hard: Order = field(default_factory=Order)
    soft: Order = field(default_factory=Order)
    sent_hard: Order = field(default_factory=Order)
    sent_soft: Order = field(default_factory=Order)

    def add(self, order: Order, *, hard: bool) -> None:
        """Take an order on, bounded."""
        if hard:
            self.hard = _bounded(self.hard | order)
        else:
            self.soft = _bounded(self.soft | order)

    def take(self, *, hard: bool) -> Order:
        """What is to be sent now; it is kept until `settle`."""
        if hard:
            self.sent_hard, self.hard = self.hard, Order()
            return self.sent_hard
        self.sent_soft, self.soft = self.soft, Order()
        return self.sent_soft

    def settle(self, *, is_done: bool) -> None:
        """Forget what was sent, or take it on again."""
        if not is_done:
            self.add(self.sent_hard, hard=True)
            self.add(self.sent_soft, hard=False)
        self.sent_hard = self.sent_soft = Order()

    def rows(self) -> dict[str, dict[str, list[str]]]:
        """For the file."""
        return {
            "hard": _row(self.hard | self.sent_hard),
            "soft": _row(self.soft | self.sent_soft),
        }


def read_pending(file: Path) -> dict[str, Pending]:
    """What the file says of each cache. Raises ValueError if there is none, or it is damaged."""
    try:
        written = json.loads(file.read_text())
        return {name: _pending_of(row) for name, row in written.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{file} can't be read: {error}") from error


def write_pending(file: Path, pending: Mapping[str, Pending], *, durably: bool) -> None:
    """Replace the file in one step. Durably: on disk before this returns. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with fresh.open("w") as opened:
        json.dump({name: orders.rows() for name, orders in pending.items()}, opened)
        opened.flush()
        if durably:
            os.fsync(opened.fileno())
    fresh.replace(file)
    if durably:
        _sync_folder(file.parent)


def read_waiting(file: Path) -> list[str]:
    """The caches that have still something to drop, as the file says; none if there is no file."""
    try:
        found = read_pending(file)
    except ValueError:
        return []
    return [name for name, orders in found.items() if orders.hard or orders.soft]


def _bounded(order: Order) -> Order:
    keys, paths = order.keys, order.paths
    if len(keys) > MOST_KEYS or EVERY_PAGE in keys:
        keys = EVERYTHING.keys
    if len(paths) > MOST_PATHS:
        log.warning("too many addresses to purge", paths=len(paths), purged=MOST_PATHS)
        paths = frozenset(sorted(paths)[:MOST_PATHS])
    return Order(keys, paths)


def _row(order: Order) -> dict[str, list[str]]:
    return {"keys": sorted(order.keys), "paths": sorted(order.paths)}


def _pending_of(row: dict[str, dict[str, list[str]]]) -> Pending:
    hard, soft = (
        Order(frozenset(row[kind]["keys"]), frozenset(row[kind]["paths"]))
        for kind in ("hard", "soft")
    )
    return Pending(hard, soft)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
