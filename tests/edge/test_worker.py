"""Workers as processes: a shared socket, a clean end, and a clear word when they can't start."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import lmdb

from stoppress.edge.store import Store
from tests.edge.newsroom import edge_worker, edition, eventually


def test_workers_share_a_socket_and_one_may_die(folder: Path, bare_store: Store) -> None:
    bare_store.put(edition("/", "front"))
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        edge_worker(folder, listener=listener) as first,
        edge_worker(folder, listener=listener) as second,
    ):
        first.process.kill()
        first.process.wait()
        for _ in range(20):
            with second.client() as client:
                assert client.get("/").text == "front"


def test_a_worker_ends_its_streams_and_leaves(folder: Path, bare_store: Store) -> None:
    with edge_worker(folder) as worker, worker.connect() as connection:
        connection.sendall(b"GET /-/live HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(65536)
        worker.process.send_signal(signal.SIGTERM)
        eventually(lambda: worker.process.poll() is not None)
        rest = b""
        while piece := connection.recv(65536):
            rest += piece
    assert rest.endswith(b"0\r\n\r\n")


def start(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        *(sys.executable, "-m", "stoppress.edge", "--port", "0", "--origin", "http://x"),
        *("--store", folder / "store", "--journal", folder / "journal"),
        *("--app-socket", folder / "app.sock", "--static", folder, "--media", folder),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def test_a_store_of_a_newer_format_is_named(folder: Path) -> None:
    write_format(folder / "store", b"99")
    ended = start(folder)
    assert ended.returncode == 1
    assert f"{folder / 'store'} holds a store of format 99" in ended.stderr
    assert "Traceback" not in ended.stderr


def write_format(place: Path, number: bytes) -> None:
    with lmdb.open(str(place), max_dbs=8) as environment:
        meta = environment.open_db(b"meta")
        with environment.begin(write=True) as txn:
            txn.put(b"format", number, db=meta)


def test_a_port_in_use_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "stoppress.edge", "--port", str(taken.getsockname()[1])]
        command += [f"--{name}={folder}" for name in ("store", "journal", "static", "media")]
        command += [f"--app-socket={folder}/app.sock", "--origin=http://x"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
    assert "in use" in ended.stderr


def test_clients_that_do_not_go_on_are_let_go(folder: Path) -> None:
    with edge_worker(folder) as worker:
        silent, slow = worker.connect(), worker.connect()
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nA: ")
        for connection in (silent, slow):
            assert connection.recv(65536) == b""  # closed, after ten seconds
            connection.close()


def test_only_so_many_connections_are_kept(folder: Path) -> None:
    with edge_worker(folder, "--max-connections", "3") as worker:
        kept = [worker.connect() for _ in range(3)]
        for connection in kept:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        with worker.connect() as another:
            assert another.recv(65536).startswith(b"HTTP/1.1 503")
        for connection in kept:
            connection.close()
