"""Rows behind a memory of their own, against a plain dict: folded, followed, failed, set back."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import Any

import lmdb
from hypothesis import given, settings
from hypothesis import strategies as st

from stoppress.edge.rows import RUN_ROWS, SHARED_OUT_AT_ONCE, Rows, Table

DAY, KEPT = 0, 1
TABLES = (
    Table("day", struct.Struct("8s4s"), period_seconds=100, periods_kept=1),
    Table("kept", struct.Struct("8s4s")),
)
KEYS = range(6)
WRITERS = range(3)


Place = tuple[int, int, bytes]  # table, period, key


def key(number: int) -> bytes:
    """Keys of all shares."""
    return struct.pack(">II", number * 0x30303030 % 2**32, number)


@st.composite
def stories(draw) -> list[tuple[int, float, list[tuple[int, int, int]], bool]]:
    """Transactions: by whom, how much later, (table, key, value) of each put, whether it fails."""
    put = st.tuples(st.sampled_from([DAY, KEPT]), st.sampled_from(KEYS), st.integers(0, 2**32 - 1))
    step = st.tuples(
        st.sampled_from(WRITERS),
        st.sampled_from([0, 1, 10, 60, 99, 250, 400, -150, -400, -2000]),
        st.lists(put, max_size=6),
        st.sampled_from([False, False, False, True]),
    )
    return draw(st.lists(step, min_size=5, max_size=60))


def databases_of(environment: lmdb.Environment) -> dict[str, Any]:
    names = ["redo", "meta", *(name for table in TABLES for name in table.names())]
    return {name: environment.open_db(name.encode()) for name in names}


class PowerFailure(Exception):
    pass


def fail_if(fails: bool) -> None:
    if fails:
        raise PowerFailure


def is_over(place: Place, period: int) -> bool:
    """By now, or because the clock was set back."""
    return abs(place[1] - period) > 1


@settings(max_examples=200, deadline=None)
@given(stories(), st.integers(1, 25))
def test_whoever_asks_is_told_what_was_put_last(story, fold_at_rows: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        lmdb.open(folder, max_dbs=12, sync=False) as environment,
    ):
        databases = databases_of(environment)
        writers = [Rows(TABLES, databases, fold_at_rows=fold_at_rows) for _ in WRITERS]
        model: dict[Place, bytes] = {}
        over: set[Place] = set()  # may be forgotten: no rule asks for it any more
        now = 100_000.0
        for who, later, puts, fails in story:
            now += later
            period = TABLES[DAY].period(now)
            over |= {place for place in model if place[0] == DAY and is_over(place, period)}
            asked = [(DAY, near, key(number)) for near in (period - 1, period) for number in KEYS]
            asked += [(KEPT, 0, key(number)) for number in KEYS]
            put = {
                (table, period if table == DAY else 0, key(number)): struct.pack(">I", value)
                for table, number, value in puts
            }
            rows = writers[who]
            try:
                with environment.begin(write=True) as txn:
                    rows.begin(txn)
                    for place in asked:
                        told = rows.of(*place[:2]).get(place[2])
                        assert told == model.get(place) or (told is None and place in over)
                    for place, row in put.items():
                        rows.of(*place[:2]).put(place[2], row)
                    rows.end(txn, now)
                    fail_if(fails)
            except PowerFailure:
                rows.forget()
            else:
                model |= put
                over -= put.keys()


def test_many_rows_are_folded_in_slices(tmp_path: Path) -> None:
    many = {key(number): struct.pack(">I", number) for number in range(3 * SHARED_OUT_AT_ONCE)}
    with lmdb.open(str(tmp_path), max_dbs=12, map_size=2**26) as environment:
        databases = databases_of(environment)
        writer, slices, is_more = Rows(TABLES, databases, fold_at_rows=10**6), 0, True
        with environment.begin(write=True) as txn:
            writer.begin(txn)
            for each, value in many.items():
                writer.of(KEPT, 0).put(each, value)
            writer.end(txn, now=0.0)
        while is_more:
            with environment.begin(write=True) as txn:
                writer.begin(txn)
                is_more = writer.fold_some(txn, 0.0, RUN_ROWS)
                slices += 1
        with environment.begin() as txn:
            assert dict(txn.cursor(databases["kept0"])) == many
            assert txn.stat(databases["redo"])["entries"] == 0
        assert slices > len(many) // RUN_ROWS


def test_a_clock_that_leaps_there_and_back_stops_no_folding(tmp_path: Path) -> None:
    noon, leapt = 100_000.0, 900_000.0
    period = TABLES[DAY].period(noon)
    with lmdb.open(str(tmp_path), max_dbs=12, map_size=2**26) as environment:
        databases = databases_of(environment)
        writer = Rows(TABLES, databases, fold_at_rows=10**6)
        with environment.begin(write=True) as txn:
            writer.begin(txn)
            for number in range(4 * RUN_ROWS):
                writer.of(DAY, period).put(key(number), bytes(4))
            writer.end(txn, noon)
        for now in (noon, leapt, noon, noon, noon):
            with environment.begin(write=True) as txn:
                writer.begin(txn)
                is_more = writer.fold_some(txn, now, RUN_ROWS)
        assert not is_more
        with environment.begin() as txn:
            assert txn.stat(databases["redo"])["entries"] == 0
