"""Durable before acknowledged, as the kernel's record of system calls shows it.

For each view: the page that holds it was written to the journal's file, `fdatasync` of that file
returned, the page that makes the transaction valid was written through (`O_DSYNC`), and only then
the answer's first byte left the socket of whoever reported it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stoppress.edge.store import Store
from tests.edge.newsroom import PATIENCE_SECONDS, Worker, edge_worker, edition, read_answer
from tests.edge.test_reports_in_the_lane import AGENT, ARTICLE, post

CALLS = (
    "read,recvfrom,recvmsg,write,writev,sendto,sendmsg,openat,fsync,fdatasync,msync,"
    "pwrite64,pwritev,pwritev2"
)
GROUP = 12
ALONE = 4

_CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)", re.DOTALL)
_BEGUN = re.compile(r"(.*) <unfinished \.\.\.>$", re.DOTALL)
_ENDED = re.compile(r"<\.\.\. \w+ resumed>(.*)$", re.DOTALL)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call, in the order in which they returned."""

    process: str
    name: str
    text: str
    result: int
    file: tuple[str, str]  # the descriptor, and what it is open on
    content: bytes  # what was read or written


def _decoded(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal.replace("\\x", ""))


def calls(record: str) -> Iterator[Call]:
    begun: dict[str, str] = {}
    for line in record.splitlines():
        process, _, text = line.partition(" ")
        text = text.strip()
        if unfinished := _BEGUN.match(text):
            begun[process] = unfinished[1]
            continue
        if resumed := _ENDED.match(text):
            text = begun.pop(process, "") + resumed[1]
        if call := _CALL.match(text):
            found = _FILE.search(call[2])
            file = (found[1], _decoded(found[2]).decode()) if found else ("", "")
            content = b"".join(map(_decoded, _TEXT.findall(call[2])))
            yield Call(process, call[1], call[2], int(call[3]), file, content)


def strace(record: Path) -> tuple[str, ...]:
    if shutil.which("strace") is None:
        pytest.fail("strace is not installed: run scripts/test-tools.sh")
    trial = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if trial.returncode:
        pytest.skip(f"no process may be traced here: {trial.stderr.decode().strip()}")
    options = ("-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-e", "signal=none")
    return ("strace", *options, "-o", str(record))


def view(visit: int, agent: str) -> bytes:
    content = f'{{"version":2,"article":{ARTICLE},"visit":"{visit:016x}"}}'
    return post(content.encode(), User_Agent=agent)


def test_no_answer_leaves_before_its_view_is_on_disk(folder: Path, bare_store: Store) -> None:
    bare_store.put(edition("/story/", "text", tags={f"article:{ARTICLE}"}))
    record = folder / "calls"
    visits = [secrets.randbits(63) + 1 for _ in range(ALONE + 2 * GROUP)]
    with edge_worker(folder, through=strace(record)) as worker:
        connections = [worker.connect() for _ in range(GROUP)]
        left = iter(enumerate(visits))
        for _ in range(ALONE):
            number, visit = next(left)
            connections[0].sendall(view(visit, f"{AGENT}.{number}"))
            assert b'"views": %d}' % (number + 1) in read_answer(connections[0])
        for _ in range(2):
            report_together(connections, [next(left) for _ in connections])
        for connection in connections:
            connection.close()
        end_traced(worker)
    everything = list(calls(record.read_text()))
    first = next(at for at, call in enumerate(everything) if b"POST /-/reads" in call.content)
    opened = [call for call in everything if call.name == "openat" and "O_DSYNC" in call.text]
    traced = opened + everything[first:]
    proofs = [proof_of(visit, traced, str(folder / "journal" / "data.mdb")) for visit in visits]
    assert all(proofs)
    commits = [commit for _, commit in proofs]
    assert len(set(commits)) < len(visits)  # views that came together share one
    assert len(set(commits)) > ALONE


def end_traced(worker: Worker) -> None:
    """End the worker: strace passes no signal on."""
    children = Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children")
    os.kill(int(children.read_text().split()[0]), signal.SIGTERM)
    worker.process.wait(PATIENCE_SECONDS)


def report_together(connections: list[socket.socket], views: list[tuple[int, int]]) -> None:
    for connection, (number, visit) in zip(connections, views, strict=True):
        connection.sendall(view(visit, f"{AGENT}.{number}"))
    for connection in connections:
        assert read_answer(connection).startswith(b"HTTP/1.1 200 ")


def proof_of(visit: int, traced: list[Call], journal: str) -> tuple[int, int]:
    """Where the answer stands in the record, and the `fdatasync` before it; fails without one."""
    steps = enumerate(traced)
    arrived_at, arrived = next((at, call) for at, call in steps if b"%016x" % visit in call.content)
    assert arrived.content.startswith(b"POST /-/reads")
    written = next(
        call
        for _, call in steps
        if call.name in ("writev", "pwrite64", "pwritev", "pwritev2")
        and call.file[1] == journal
        and visit.to_bytes(8) in call.content
    )
    flushed_at = next(
        at
        for at, call in steps
        if call.name in ("fsync", "fdatasync", "msync")
        and call.file == written.file
        and call.process == written.process
        and call.result == 0
    )
    valid_at, valid = next(
        (at, call)
        for at, call in steps
        if call.name == "pwrite64" and call.file[1] == journal and call.process == written.process
    )
    assert is_written_through(valid, traced)
    answered_at, _ = next(
        (at, call)
        for at, call in enumerate(traced)
        if at > arrived_at
        and (call.process, call.file) == (arrived.process, arrived.file)
        and call.content.startswith(b"HTTP/1.1 200")
    )
    assert valid_at < answered_at
    return answered_at, flushed_at


def is_written_through(call: Call, traced: list[Call]) -> bool:
    """Whether the descriptor was opened so that a write returns when the disk has it."""
    return any(
        each.name == "openat"
        and each.process == call.process
        and str(each.result) == call.file[0]
        and "O_DSYNC" in each.text
        for each in traced
    )
