"""Bad luck with the journal: pages are served on, views are refused, and it is got over."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from stoppress.edge.health import Health
from stoppress.edge.journal import Journal
from stoppress.edge.machines import MACHINE_FILE
from stoppress.edge.store import Store
from tests.edge.newsroom import Worker, edge_worker, edition, eventually
from tests.edge.test_reads import BROWSER
from tests.edge.test_worker import write_format

ARTICLE = 7


@pytest.fixture(autouse=True)
def story(bare_store: Store) -> None:
    bare_store.put(edition("/story/", "text", tags={f"article:{ARTICLE}"}))


def status(client: httpx.Client, reader: int) -> int:
    sent = BROWSER | {"user-agent": f"{BROWSER['user-agent']}.{reader}"}
    report = f'{{"version":2,"article":{ARTICLE},"visit":"{reader + 1:016x}"}}'
    return client.post("/-/reads", content=report, headers=sent).status_code


def events(client: httpx.Client, name: str) -> float:
    found = [line for line in client.get("/metrics").text.splitlines() if f'"{name}"' in line]
    return sum(float(line.rpartition(" ")[2]) for line in found)


def writer_of(worker: Worker) -> int:
    children = Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children")
    return int(eventually(lambda: children.read_text().split())[0])


@contextmanager
def limited_file(folder: Path) -> Iterator[tuple[Path, tuple[str, ...], object]]:
    """A limit on the size of files stands in for the disk."""

    def make_room(worker: Worker) -> None:
        for process in (worker.process.pid, writer_of(worker)):
            subprocess.run(["prlimit", "--pid", str(process), "--fsize=unlimited"], check=True)

    yield folder / "journal", ("prlimit", "--fsize=200000:unlimited"), make_room


@contextmanager
def small_disk(folder: Path) -> Iterator[tuple[Path, tuple[str, ...], object]]:
    """A real disk of two megabytes, most of it taken by something else."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk")
    try:
        (disk / "filler").write_bytes(b"x" * 1_800_000)
        yield disk / "journal", (), lambda _: (disk / "filler").unlink()
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("disk", [limited_file, small_disk])
def test_a_full_disk_costs_views_but_no_page_and_is_got_over(
    disk, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with (
        disk(folder) as (place, through, make_room),
        edge_worker(
            folder, f"--journal={place}", "--most-from-network=10000", through=through
        ) as worker,
        worker.client() as client,
    ):
        failed = next(reader for reader in range(10_000) if status(client, reader) == 503)
        assert [status(client, failed + more) for more in range(1, 20)] == [503] * 19
        assert client.get("/story/").text == "text"
        assert events(client, "journal_unwritable") == 1
        assert events(client, "lost_reads") == 20
        trouble = Health(place).trouble()
        assert trouble is not None
        assert "until its disk has room" in trouble.why
        make_room(worker)
        assert status(client, failed) == 200
        assert events(client, "journal_unwritable") == 0
        assert Health(place).trouble() is None
        counted = Journal.open(place)
        assert counted.counts(ARTICLE) == failed + 1  # those before, and none that was refused
        counted.close()
    said = capfd.readouterr()
    assert (said.out + said.err).count("views are not counted") == 1
    assert (said.out + said.err).count("views are counted again") == 1


@pytest.mark.parametrize("bad_luck", ["a newer format", "another machine"])
def test_a_journal_that_is_not_ours_costs_views_but_no_page(
    bad_luck: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = folder / "journal"
    if bad_luck == "a newer format":
        write_format(place, b"99")
    else:
        place.mkdir()
        (place / MACHINE_FILE).write_text("0123456789abcdef\n")
        if not Path("/etc/machine-id").exists():
            pytest.skip("this system has no machine-id")
    with edge_worker(folder) as worker, worker.client() as client:
        assert client.get("/story/").text == "text"
        eventually(lambda: events(client, "journal_unwritable"))  # though nobody reads
        assert [status(client, reader) for reader in range(3)] == [503] * 3
        why = Health(place).trouble()
        assert why is not None
        assert ("of format 99" if bad_luck == "a newer format" else "another machine") in why.why
        shutil.rmtree(place)  # as if it was moved away
        eventually(lambda: status(client, 1) == 200)
    said = capfd.readouterr()
    assert (said.out + said.err).count("views are not counted") == 1


def test_a_writer_that_dies_is_started_again(folder: Path) -> None:
    with edge_worker(folder) as worker, worker.client() as client:
        assert status(client, 1) == 200
        writer = writer_of(worker)
        os.kill(writer, signal.SIGKILL)
        eventually(lambda: status(client, 2) == 200)
        assert writer_of(worker) != writer
        assert client.get("/story/").text == "text"


def test_a_writer_ends_with_its_worker(folder: Path) -> None:
    with edge_worker(folder) as worker:
        writer = writer_of(worker)
        worker.process.kill()
        worker.process.wait()
        eventually(lambda: not Path(f"/proc/{writer}").exists() or is_dead(writer))


def is_dead(process: int) -> bool:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
