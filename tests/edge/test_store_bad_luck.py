"""Bad luck: processes killed amid a commit, full disks, wrong bytes, folders that vanish."""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import lmdb
import pytest

from stoppress.cli.children import STORE_DAMAGED
from stoppress.edge.errors import StoreUnavailable
from stoppress.edge.store import Store
from tests.edge.newsroom import STORE_MAX_BYTES, App, edge_worker, edition, eventually

KILLS = 12
PAGES = 20

SWITCHER = f"""
    import sys
    from pathlib import Path
    from stoppress.edge.store import Store
    from tests.edge.newsroom import edition
    store = Store.open(Path(sys.argv[1]), max_bytes={STORE_MAX_BYTES})
    number = store.applied()
    while True:
        number += 1
        body = f"print {{number}} " * 200
        tags = ["list:all", f"article:{{number % 7}}"]
        fresh = [
            edition(f"/{{page}}/", body, tags=tags, change=number)
            for page in range({PAGES})
        ]
        store.apply(number, touched=["list:all"], gone=[], fresh=fresh)
        print(number, flush=True)
"""
WRITER = f"""
    import sys, time
    from pathlib import Path
    from stoppress.edge.errors import StoreUnavailable
    from stoppress.edge.store import Store
    from tests.edge.newsroom import edition
    store = Store.open(Path(sys.argv[1]), max_bytes={STORE_MAX_BYTES})
    for number in range(100_000):
        body = __import__("random").Random(number).randbytes(20_000)
        try:
            store.put(edition(f"/{{number}}/", body))
            print("written", flush=True)
        except StoreUnavailable:
            print("failed", flush=True)
            time.sleep(0.02)
"""


@contextmanager
def python(
    code: str, *arguments: object, through: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[str]]:
    command = [*through, sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def lines_until(process: subprocess.Popen[str], wanted: Callable[[str], bool]) -> str:
    assert process.stdout is not None
    return next(line.strip() for line in process.stdout if wanted(line.strip()))


def test_a_writer_killed_amid_a_commit_leaves_nothing_torn(folder: Path) -> None:
    chance = random.Random(3)
    last_told = 0
    for _ in range(KILLS):
        with python(SWITCHER, folder / "store") as writer:
            enough = last_told + chance.randint(2, 12)
            last_told = int(lines_until(writer, lambda line, enough=enough: int(line) >= enough))
            # Within the next commits, at no moment in particular.
            chance_point = chance.random() * 0.01
            signal.sigtimedwait([], chance_point)
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
        store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
        applied = store.applied()
        assert applied >= last_told  # what was acknowledged is there
        found = [store.find(f"/{page}/") for page in range(PAGES)]
        assert {each.change if each else None for each in found} == {applied}
        assert store.paths_tagged(["list:all"]) == sorted(f"/{page}/" for page in range(PAGES))
        assert store.paths_tagged([f"article:{(applied - 1) % 7}"]) == []
        assert store.stale_paths(100) == []
        last_told = applied
        store.close()


@contextmanager
def limited_file(folder: Path) -> Iterator[tuple[Path, tuple[str, ...], Callable[[int], None]]]:
    """A limit on the size of files stands in for the disk."""
    limited = ("prlimit", "--fsize=600000:unlimited")

    def make_room(process: int) -> None:
        subprocess.run(["prlimit", "--pid", str(process), "--fsize=unlimited"], check=True)

    yield folder / "store", limited, make_room


@contextmanager
def small_disk(folder: Path) -> Iterator[tuple[Path, tuple[str, ...], Callable[[int], None]]]:
    """A real disk of two megabytes, half of it taken by something else."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk")
    try:
        (disk / "filler").write_bytes(b"x" * 1_000_000)
        yield disk / "store", (), lambda _: (disk / "filler").unlink()
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("disk", [limited_file, small_disk])
def test_a_full_disk_stops_no_reader_is_told_and_is_got_over(disk, folder: Path) -> None:
    with disk(folder) as (place, through, make_room):
        store = Store.open(place, max_bytes=STORE_MAX_BYTES)
        store.put(edition("/kept/", "kept text"))
        app = App(folder / "app.sock", store)
        with (
            app.running(),
            edge_worker(folder, "--store", str(place)) as worker,
            python(WRITER, place, through=through) as writer,
            worker.client() as client,
        ):
            assert client.get("/readyz").json() == {"status": "ok", "applied": 0}
            lines_until(writer, lambda line: line == "failed")
            assert client.get("/kept/").text == "kept text"
            told = client.get("/readyz")
            assert told.status_code == 200
            assert told.json()["store"] == "not written"
            assert "can't be written" in told.json()["why"]
            assert 'state="store_unwritable"' in client.get("/metrics").text
            make_room(writer.pid)
            lines_until(writer, lambda line: line == "written")
            assert client.get("/readyz").json() == {"status": "ok", "applied": 0}
            assert client.get("/kept/").text == "kept text"
        store.close()


def flip_a_byte_of(file: Path, marker: bytes, *, at: int = 0) -> None:
    """Damage what is on disk, at an offset from a text that is stored as it is."""
    with file.open("r+b") as data, mmap.mmap(data.fileno(), 0) as mapped:
        place = mapped.rfind(marker) + at
        assert place >= at
        mapped[place] ^= 1


@pytest.mark.parametrize(
    ("marker", "at"),
    [(b"a text that is stored", 0), (b'{"path":"/a/"', 5), (b'{"path":"/a/"', -7)],
    ids=["body", "description", "change"],
)
def test_wrong_bytes_are_a_miss_and_printed_again(folder: Path, marker: bytes, at: int) -> None:
    store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    store.put(edition("/a/", "a text that is stored as it is", tags=["list:a"], change=5))
    app = App(folder / "app.sock", store)
    app.prints["/a/"] = edition("/a/", "printed again", tags=["list:a"], change=5)
    flip_a_byte_of(folder / "store" / "data.mdb", marker, at=at)
    assert store.find("/a/") is None
    with app.running(), edge_worker(folder) as worker, worker.client() as client:
        assert client.get("/a/").text == "printed again"
        found = store.find("/a/")
        assert found is not None
        assert found.body == b"printed again"
        assert client.get("/a/").text == "printed again"
        assert app.times_asked("/a/") == 1
    store.close()


def test_a_worker_that_meets_a_broken_page_of_the_file_says_so(folder: Path) -> None:
    """What LMDB notices by itself is no single edition's damage."""
    store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    store.put(edition("/a/", "text"))
    with edge_worker(folder) as worker, worker.client() as client:
        assert client.get("/a/").text == "text"
        file = folder / "store" / "data.mdb"
        with file.open("r+b") as data:
            data.seek(2 * mmap.PAGESIZE)  # behind the two pages that LMDB begins with
            data.write(b"\xff" * (file.stat().st_size - 2 * mmap.PAGESIZE))
        with contextlib.suppress(httpx.TransportError):
            client.get("/b/")
        eventually(lambda: worker.process.poll() is not None)
        assert worker.process.returncode in STORE_DAMAGED
    store.close()


def test_a_worker_whose_store_is_taken_away_ends_and_says_so(folder: Path) -> None:
    store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    with edge_worker(folder) as worker:
        shutil.rmtree(folder / "store")
        eventually(lambda: worker.process.poll() is not None)
        assert worker.process.returncode == 1
    assert store.must_reopen()
    anew = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    anew.put(edition("/a/", "new"))
    assert not anew.must_reopen()
    anew.close()
    store.close()


def test_a_file_that_is_cut_short_is_told_by_an_exit_code(folder: Path) -> None:
    Store.open(folder / "store", max_bytes=STORE_MAX_BYTES).close()
    os.truncate(folder / "store" / "data.mdb", 100)
    command = [
        *(sys.executable, "-m", "stoppress.edge", "--port", "0", "--origin", "http://x"),
        *("--store", folder / "store", "--journal", folder / "journal"),
        *("--app-socket", folder / "app.sock", "--static", folder, "--media", folder),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 65
    assert "is damaged" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_of_an_older_format_is_emptied(folder: Path) -> None:
    with lmdb.open(str(folder / "store"), max_dbs=9) as environment:
        for name in (b"meta", b"editions", b"something-old"):
            database = environment.open_db(name)
            with environment.begin(write=True) as txn:
                txn.put(b"/a/", b"a record of old", db=database)
        with environment.begin(write=True) as txn:
            txn.put(b"format", b"1", db=environment.open_db(b"meta", txn=txn))
            txn.put(b"lineage", b"old", db=environment.open_db(b"meta", txn=txn))
    store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    assert (store.find("/a/"), store.lineage()) == (None, "")
    store.put(edition("/a/", "new"))
    store.close()
    again = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    assert again.find("/a/") is not None
    again.close()


def test_a_read_only_folder_is_named() -> None:
    with tempfile.TemporaryDirectory(prefix="edge-") as name:
        mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", name]
        if os.geteuid():
            Path(name).chmod(0o500)
        elif subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("root may write everywhere here, and may not mount a disk")
        try:
            with pytest.raises(StoreUnavailable, match="Grant this user read and write"):
                Store.open(Path(name) / "store", max_bytes=STORE_MAX_BYTES)
        finally:
            subprocess.run(["umount", name], capture_output=True, check=False)
