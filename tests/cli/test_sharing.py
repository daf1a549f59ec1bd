"""What may not be shared: one store by two newsrooms, one node by two printers."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from stoppress.cli.claims import claim_store
from stoppress.cli.errors import StoreOfAnother
from tests.cli.conftest import command, environment
from tests.waiting import until

PRINTING_SECONDS = 60


def start_printer(home: Path, log: Path, **settings: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command("run", "printer"),
        env=environment(home, **settings),
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )


def test_a_second_printer_and_a_second_newsroom_are_turned_away(stoppress, newsroom, tmp_path):
    store = newsroom / "data" / "store"
    other = shutil.copytree(newsroom, tmp_path / "the-other-post")
    printer = start_printer(newsroom, tmp_path / "printer.log")
    try:
        lock = newsroom / "run" / "printer.lock"
        until(
            lambda: lock.exists() and lock.read_text() == str(printer.pid),
            "the first printer",
            seconds=PRINTING_SECONDS,
        )
        second = stoppress("run", "printer", home=newsroom)
        assert second.returncode == 1
        assert f"A printer already runs on this node (process {printer.pid}" in second.stderr
        for process in ("printer", "edge", "app"):
            refused = stoppress("run", process, home=other, STOPPRESS_STORE_DIR=str(store))
            assert refused.returncode == 1, refused.stderr
            assert f"{store} is the store of the newsroom in {newsroom}" in refused.stderr
            assert "Traceback" not in refused.stderr
        assert printer.poll() is None
    finally:
        printer.send_signal(signal.SIGTERM)
        printer.wait(20)
    # Once nobody holds it, a folder may be handed on.
    claim_store(store, other)
    assert (store / "newsroom").read_text() == str(other)


def test_a_claim_lasts_as_long_as_its_process(tmp_path):
    code = (
        "import sys; from pathlib import Path; from stoppress.cli.claims import claim_store; "
        "claim_store(Path(sys.argv[1]), Path('/a')); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [*command()[:1], "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    claim_store(tmp_path, Path("/a"))  # another process of the same newsroom
    began = time.monotonic()
    with pytest.raises(StoreOfAnother, match="newsroom in /a, which is running"):
        claim_store(tmp_path, Path("/b"))
    assert time.monotonic() - began < 20
    holder.kill()
    holder.communicate()
