"""What does a store cost when its archive is large? Run: make bench-store. Takes 3 minutes.

Fills a store with editions of 6 KB and times what readers, the app and the printer do with it:
open, read hot and cold, put, switch, mark what all share, let go, discard. The peer in the same run
is LMDB alone, on the same tables and the same disk, without any of the store's rules; and a plain
write with fdatasync, the least that anything durable can take. The full million needs some 10 GB of
disk, which are given back, and three to ten minutes, as the disk is:

    make bench-store ARGS="--editions 1000000"

Cold means: the file is closed and its pages are dropped (posix_fadvise); what the disk or a host
keeps in a cache of its own is out of reach. Asserts nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from bench import results
from bench.results import Report
from stoppress.edge import records, rules
from stoppress.edge.editions import Edition
from stoppress.edge.environments import DATA_FILE
from stoppress.edge.store import EVICTED_AT_ONCE, FULL_SHARE, Store
from stoppress.edge.tables import Tables, key_of

EDITIONS = 200_000
RECORD_BYTES = 6_000
DISK_BYTES = 10_500  # an edition with its share of all tables, and what copies on write need
FILLED_AT_ONCE = 10_000
IN_A_SWITCH = 20
AUTHORS = 2_000
SHARED = "picture:1"  # on every page: the paper's logo
NUMBER = "0000000"

IDLE_LOAD = 0.5

HOT = 1_000  # pages
READS = 20_000
COLD_READS = 300
WRITES = 200
SWITCHES = 50
STEPS = 50

Times = list[float]  # microseconds
Subject = TypeVar("Subject")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = results.parser(__doc__)
    made.add_argument("--editions", type=int, default=EDITIONS)
    made.add_argument("--folder", type=Path, help="on the disk to measure; else the system's /tmp")
    return made


def main() -> None:
    """Fill, measure, report, remove."""
    options = parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as name:
        refuse_without_room(Path(name), options.editions)
        measured = Measured(options.editions, load=os.getloadavg()[0])
        archive = Archive(Path(name) / "store", options.editions)
        measure(archive, measured)
    report(measured, write=options.write)


def refuse_without_room(folder: Path, editions: int) -> None:
    """End here if the disk is too small."""
    free = shutil.disk_usage(folder).free
    if editions * DISK_BYTES > free:
        raise SystemExit(
            f"{editions:,} editions need {editions * DISK_BYTES / 1e9:.0f} GB, and {folder} has "
            f"{free / 1e9:.0f} GB free. Give --editions {free // DISK_BYTES // 2} or --folder."
        )


@dataclass
class Measured:
    """Microseconds of everything, by what was done: ours, and the peer's."""

    editions: int
    load: float  # of the machine before: processes that want a processor
    ours: dict[str, Times] = field(default_factory=dict)
    raw: dict[str, Times] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)

    def middle(self, what: str) -> float:
        """The median of ours."""
        return statistics.median(self.ours[what])

    def raw_middle(self, what: str) -> float:
        """The median of the peer's."""
        return statistics.median(self.raw[what])


class Archive:
    """A folder full of editions, and what is asked of it."""

    def __init__(self, folder: Path, editions: int) -> None:
        self.folder = folder
        self.editions = editions
        self.max_bytes = editions * DISK_BYTES * 2 + 2**26
        self.chance = random.Random(7)
        self.body = page(self.chance)

    @contextmanager
    def opened(self, max_bytes: int = 0) -> Iterator[tuple[Store, Tables]]:
        """The store, and the tables below it."""
        tables = Tables.open(self.folder, max_bytes=max_bytes or self.max_bytes)
        store = Store(tables)
        try:
            yield store, tables
        finally:
            store.close()

    def drop_from_memory(self) -> None:
        """Have the kernel forget the closed file's pages."""
        with (self.folder / DATA_FILE).open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def edition(self, number: int, change: int) -> Edition:
        """A print of a story."""
        return Edition(
            path=path_of(number),
            status=200,
            headers=((b"content-type", b"text/html; charset=utf-8"),),
            body=self.body,
            tags=tags_of(number),
            change=change,
        )

    def some(self, count: int) -> list[int]:
        """As many stories, each once."""
        return self.chance.sample(range(self.editions), min(count, self.editions))

    def fill(self, tables: Tables) -> None:
        """Put all editions in place by the store's rules, compressed once for all."""
        template = records.pack(self.edition(0, 0))
        for first in range(0, self.editions, FILLED_AT_ONCE):
            numbers = range(first, min(first + FILLED_AT_ONCE, self.editions))
            made = [(self.edition(number, 0), renumbered(template, number)) for number in numbers]
            with tables.writing() as txn:
                rules.write_fresh(tables, txn, made)


def path_of(number: int) -> str:
    """Where a story is."""
    return f"/world/2026/11/story-{number:07d}/"


def tags_of(number: int) -> frozenset[str]:
    """What a story depends on: itself, its author, a list of twenty, what all share, an epoch."""
    author, row = number % AUTHORS, number // IN_A_SWITCH
    return frozenset(
        {f"article:{number:07d}", f"author:{author:07d}", f"list:{row:07d}", SHARED, "epoch:theme"}
    )


def renumbered(template: bytes, number: int) -> bytes:
    """The record of story 0 as if it were another's: a store would compress the same text."""
    path, tags = path_of(0).encode(), sorted(tags_of(0))
    payload = template[records.STAMP_BYTES :].replace(path, path_of(number).encode(), 1)
    for old, new in zip(tags, sorted(tags_of(number)), strict=True):
        payload = payload.replace(b'"%s"' % old.encode(), b'"%s"' % new.encode(), 1)
    stamp = hashlib.blake2b(payload, digest_size=records.STAMP_BYTES).digest()
    return stamp + payload


def page(chance: random.Random) -> bytes:
    """A story page, with a hole as they have, whose record is of the size that was asked for."""
    words = [
        "".join(chance.choices("etaoinshrdlucmfwyp", k=chance.randint(2, 9))) for _ in range(3_000)
    ]
    body = b"<!doctype html><title>A story</title><!--part:latest-->"
    while True:
        edition = Edition(path_of(0), 200, (), body, tags_of(0), 0)
        if len(records.pack(edition)) >= RECORD_BYTES:
            return body
        body += f"<p>{' '.join(chance.choices(words, k=40))}</p>".encode()


def timed(work: Callable[[], object]) -> float:
    """Microseconds of one call."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e6


def times(work: Callable[[Subject], object], subjects: Iterable[Subject]) -> Times:
    """Microseconds of each call."""
    return [timed(partial(work, subject)) for subject in subjects]


def measure(archive: Archive, measured: Measured) -> None:
    """Everything, in the order in which one leaves the store as the next needs it."""
    with archive.opened() as (_, tables):
        measured.figures["fill"] = timed(lambda: archive.fill(tables)) / 1e6
    measured.figures["bytes"] = (archive.folder / DATA_FILE).stat().st_size
    measure_opening(archive, measured)
    measure_cold(archive, measured)
    with archive.opened() as (store, tables):
        measure_hot(archive, measured, store, tables, "hot")
        measure_writes(archive, measured, store, tables)
        measure_switches(archive, measured, store, tables)
        measure_epoch(archive, measured, store)
        measure_sweep(archive, measured, store, tables)
    measure_eviction(archive, measured)
    with archive.opened() as (store, _):
        measured.ours["discard"] = [timed(lambda: store.discard("another"))]
        measured.ours["clearing step"] = [timed(store.tidy) for _ in range(STEPS)]
        measured.ours["put after it"] = times(
            store.put, [archive.edition(number, 0) for number in archive.some(WRITES)]
        )


def measure_opening(archive: Archive, measured: Measured) -> None:
    """Opening the folder, with its pages in memory and without."""

    def open_and_close() -> None:
        with archive.opened() as (store, _):
            store.applied()

    measured.ours["open"] = [timed(open_and_close) for _ in range(20)]
    cold = []
    for _ in range(5):
        archive.drop_from_memory()
        cold.append(timed(open_and_close))
    measured.ours["open cold"] = cold


def measure_cold(archive: Archive, measured: Measured) -> None:
    """Reads of pages that are on disk only: LMDB's own, then ours, of other pages."""
    numbers = archive.some(2 * COLD_READS)
    archive.drop_from_memory()
    with archive.opened() as (_, tables):
        keys = [key_of(path_of(number)) for number in numbers[::2]]
        measured.raw["find cold"] = times(lambda key: raw_get(tables, key), keys)
    archive.drop_from_memory()
    with archive.opened() as (store, _):
        paths = [path_of(number) for number in numbers[1::2]]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_majflt
        measured.ours["find cold"] = times(store.find, paths)
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_majflt - before
        measured.figures["faults"] = faults / len(paths)


def measure_hot(
    archive: Archive, measured: Measured, store: Store, tables: Tables, name: str
) -> None:
    """Reads of pages that are in memory: the whole edition, and the name of the print alone."""
    some = archive.some(HOT)
    numbers = some + archive.chance.choices(some, k=READS)
    paths = [path_of(number) for number in numbers]
    keys = [key_of(path) for path in paths]
    measured.raw[f"find {name}"] = times(lambda key: raw_get(tables, key), keys)[len(some) :]
    measured.ours[f"find {name}"] = times(store.find, paths)[len(some) :]
    measured.raw[f"stamps {name}"] = measured.raw[f"find {name}"]
    measured.ours[f"stamps {name}"] = times(lambda path: store.stamps([path]), paths)[len(some) :]


def measure_writes(archive: Archive, measured: Measured, store: Store, tables: Tables) -> None:
    """Single prints, beside LMDB's own put of the same record, beside one fdatasync."""
    ours, raw, packing, syncs = Times(), Times(), Times(), Times()
    with (archive.folder.parent / "plain").open("wb", buffering=0) as plain:
        for number in archive.some(WRITES):
            edition = archive.edition(number, store.applied())
            packing.append(timed(partial(records.pack, edition)))
            record = raw_get(tables, key_of(edition.path))
            syncs.append(timed(partial(write_plainly, plain.fileno(), record)))
            raw.append(timed(partial(raw_put, tables, [(edition.path, record)])))
            ours.append(timed(partial(store.put, edition)))
    measured.ours["pack"] = packing
    measured.ours["put"], measured.raw["put"] = ours, raw
    measured.raw["sync"] = syncs


def measure_switches(archive: Archive, measured: Measured, store: Store, tables: Tables) -> None:
    """Publishes of twenty editions, which all lists of the switch's tag name."""
    ours, raw = Times(), Times()
    for number in archive.some(SWITCHES):
        pairs, switch = a_switch(archive, store, tables, number)
        raw.append(timed(partial(raw_put, tables, pairs)))
        ours.append(timed(switch))
    measured.ours["switch"], measured.raw["switch"] = ours, raw


def a_switch(
    archive: Archive, store: Store, tables: Tables, number: int
) -> tuple[list[tuple[str, bytes]], Callable[[], object]]:
    """The twenty records as they are, and the publish that puts new prints in their places."""
    change, row = store.applied() + 1, number // IN_A_SWITCH
    numbers = range(row * IN_A_SWITCH, min((row + 1) * IN_A_SWITCH, archive.editions))
    fresh = [archive.edition(each, change) for each in numbers]
    pairs = [(each.path, raw_get(tables, key_of(each.path))) for each in fresh]
    touched = [f"list:{row:07d}"]
    return pairs, lambda: store.apply(change, touched=touched, gone=[], fresh=fresh)


def measure_epoch(archive: Archive, measured: Measured, store: Store) -> None:
    """A new theme: every edition is behind, none is marked."""
    change = store.applied() + 1
    measured.ours["epoch"] = [timed(lambda: store.apply(change, touched=["epoch:theme"], gone=[]))]
    skip = [path_of(number) for number in range(100)]
    measured.ours["stale_paths epoch"] = [
        timed(lambda: store.stale_paths(IN_A_SWITCH, skip=skip)) for _ in range(STEPS)
    ]


def measure_sweep(archive: Archive, measured: Measured, store: Store, tables: Tables) -> None:
    """A change to what all editions share: the switch, reads and publishes amid the sweep."""
    measured.ours["leading_paths"] = [
        timed(lambda: store.leading_paths([SHARED])) for _ in range(STEPS)
    ]
    change = store.applied() + 1
    measured.ours["mark all"] = [timed(lambda: store.apply(change, touched=[SHARED], gone=[]))]
    steps = [timed(store.tidy) for _ in range(3)]
    measure_hot(archive, measured, store, tables, "amid a sweep")
    amid = []
    while True:
        begun = time.perf_counter()
        if not store.tidy():
            break
        steps.append((time.perf_counter() - begun) * 1e6)
        if len(amid) < SWITCHES and len(steps) % 4 == 0:
            _, switch = a_switch(archive, store, tables, archive.some(1)[0])
            amid.append(timed(switch))
    measured.ours["sweep step"] = steps
    measured.ours["sweep"] = [sum(steps)]
    measured.ours["switch amid a sweep"] = amid or [float("nan")]
    measured.ours["stale_paths"] = [
        timed(lambda: store.stale_paths(IN_A_SWITCH)) for _ in range(STEPS)
    ]


def measure_eviction(archive: Archive, measured: Measured) -> None:
    """The printer's steps in a store that has become too large for its size."""
    with archive.opened() as (store, _):
        small = int(store.used_share() * archive.max_bytes / (FULL_SHARE + 0.05))
    with archive.opened(small) as (store, tables):
        before = count(tables)
        measured.ours["eviction step"] = [timed(store.tidy) for _ in range(STEPS)]
        measured.figures["evicted"] = (before - count(tables)) / STEPS


def count(tables: Tables) -> int:
    """How many editions there are."""
    with tables.reading() as txn:
        return int(txn.stat(tables.editions)["entries"])


def raw_get(tables: Tables, key: bytes) -> bytes:
    """What LMDB alone takes to read a record."""
    with tables.environment.begin() as txn:
        return bytes(txn.get(key, db=tables.editions) or b"")


def raw_put(tables: Tables, pairs: Iterable[tuple[str, bytes]]) -> None:
    """What LMDB alone takes to write records back, with its fsync."""
    with tables.environment.begin(write=True) as txn:
        for path, record in pairs:
            txn.put(key_of(path), record, db=tables.editions)


def write_plainly(file: int, data: bytes) -> None:
    """A write that is on disk when it returns."""
    os.write(file, data)
    os.fdatasync(file)


ROWS = {
    "open": "open, in memory",
    "open cold": "open, from disk",
    "find hot": "read an edition, in memory",
    "stamps hot": "look whether it still holds",
    "find amid a sweep": "read amid a sweep",
    "find cold": "read an edition, from disk",
    "pack": "compress one edition",
    "put": "put one, compression included",
    "switch": "switch of 20, compression included",
    "switch amid a sweep": "the same, amid a sweep",
    "leading_paths": "choose what to print of a tag all share",
    "mark all": "change a tag that all share: the switch",
    "sweep step": "one step of its sweep",
    "sweep": "the whole sweep",
    "epoch": "change an epoch",
    "stale_paths": "find 20 marked editions",
    "stale_paths epoch": "find 20 behind an epoch, 100 skipped",
    "eviction step": "one step of letting go",
    "discard": "discard everything",
    "clearing step": "one step of clearing it away",
    "put after it": "put one amid that",
}


def report(measured: Measured, *, write: bool) -> None:
    """What came of it."""
    figures, middle, raw = measured.figures, measured.middle, measured.raw_middle
    made = Report("store", "The store with a large archive")
    made.note(
        f"What does a store of {measured.editions:,} editions cost? Records of "
        f"{RECORD_BYTES / 1000:.0f} KB, {figures['bytes'] / 1e9:.1f} GB on disk, filled in "
        f"{figures['fill']:.0f} s ({measured.editions / figures['fill']:,.0f} a second, compressed "
        "once for all). Beside it LMDB alone: the same records in the same file, without the "
        "store's rules and checks, and without compression."
    )
    made.table(
        ["", "p50 µs", "p99 µs", "LMDB alone, p50", "LMDB alone, p99"],
        [
            [
                text,
                middle(what),
                percentile(measured.ours[what], 0.99),
                raw(what) if what in measured.raw else "",
                percentile(measured.raw[what], 0.99) if what in measured.raw else "",
            ]
            for what, text in ROWS.items()
        ]
        + [["write 6 KB to a file, fdatasync", "", "", *both(measured.raw["sync"])]],
    )
    pack, sync = middle("pack"), raw("sync")
    made.ratio(middle("find hot"), raw("find hot"), "times LMDB's hot read, checksum and all")
    made.ratio(middle("stamps hot"), raw("find hot"), "times that, to see that an answer holds")
    made.ratio(middle("find cold"), raw("find cold"), "of LMDB's cold read")
    made.ratio(middle("put") - pack, raw("put"), "times LMDB's put, compression taken off")
    made.ratio(
        middle("switch") - IN_A_SWITCH * pack, raw("switch"), "times LMDB's twenty puts, likewise"
    )
    made.ratio(middle("mark all"), sync, "fsyncs for a change to what all editions share")
    made.ratio(middle("eviction step"), sync, "fsyncs for a step of letting go")
    made.note(
        f"A cold read waits for the disk {figures['faults']:.1f} times. A step of letting go "
        f"takes {figures['evicted']:.0f} editions ({EVICTED_AT_ONCE} at most), a sweep "
        f"{len(measured.ours['sweep step']):,} steps, between which anybody may write."
    )
    if measured.load > IDLE_LOAD:
        made.note(
            f"The machine was busy with other work: {measured.load:.0f} processes wanted a "
            "processor, the disk was shared, and single times and p99 show it."
        )
    made.close(write=write)


def both(found: Times) -> tuple[float, float]:
    """Median and p99."""
    return statistics.median(found), percentile(found, 0.99)


def percentile(found: Times, share: float) -> float:
    """So many took at most as long."""
    return sorted(found)[int(share * (len(found) - 1))]


if __name__ == "__main__":
    main()
