"""Rows behind a memory of their own, against a plain dict: folded, followed, failed, set back."""

from __future__ import annotations

import struct
import tempfile

import lmdb
from hypothesis import given, settings
from hypothesis import strategies as st

from stoppress.edge.rows import Rows, Table

DAY, KEPT = 0, 1
TABLES = (
    Table("day", struct.Struct("8s4s"), period_seconds=100, periods_kept=1),
    Table("kept", struct.Struct("8s4s")),
)
KEYS = range(6)
WRITERS = range(3)


def key(period: int, number: int) -> bytes:
    return struct.pack(">II", period, number)


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


class PowerFailure(Exception):
    pass


def fail_if(fails: bool) -> None:
    if fails:
        raise PowerFailure


def is_over(place: tuple[int, bytes], period: int) -> bool:
    """By now, or because the clock was set back."""
    return abs(int.from_bytes(place[1][:4]) - period) > 1


@settings(max_examples=200, deadline=None)
@given(stories(), st.integers(1, 25))
def test_whoever_asks_is_told_what_was_put_last(story, fold_at_rows: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        lmdb.open(folder, max_dbs=12, sync=False) as environment,
    ):
        names = ["redo", "meta", *(name for table in TABLES for name in table.names())]
        databases = {name: environment.open_db(name.encode()) for name in names}
        writers = [Rows(TABLES, databases, fold_at_rows=fold_at_rows) for _ in WRITERS]
        model: dict[tuple[int, bytes], bytes] = {}
        over: set[tuple[int, bytes]] = set()  # may be forgotten: no rule asks for it any more
        now = 100_000.0
        for who, later, puts, fails in story:
            now += later
            period = TABLES[DAY].period(now)
            over |= {place for place in model if place[0] == DAY and is_over(place, period)}
            asked = [(DAY, key(near, number)) for near in (period - 1, period) for number in KEYS]
            asked += [(KEPT, key(0, number)) for number in KEYS]
            put = {
                (table, key(period if table == DAY else 0, number)): struct.pack(">I", value)
                for table, number, value in puts
            }
            rows = writers[who]
            try:
                with environment.begin(write=True) as txn:
                    rows.begin(txn)
                    for place in asked:
                        told = rows.get(*place)
                        assert told == model.get(place) or (told is None and place in over)
                    for place, row in put.items():
                        rows.put(*place, row)
                    rows.end(txn, now)
                    fail_if(fails)
            except PowerFailure:
                rows.forget()
            else:
                model |= put
                over -= put.keys()
