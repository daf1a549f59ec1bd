"""LMDB folders that several threads and processes have open."""

import subprocess
import sys
from pathlib import Path

import pytest

OPENING = {
    "journal": "from stoppress.edge.journal import Journal; opened = Journal.open(folder)",
    "store": (
        "from stoppress.edge.store import Store; opened = Store.open(folder, max_bytes=2**24)"
    ),
}


@pytest.mark.parametrize("kind", OPENING)
def test_a_thread_may_open_what_another_is_writing(kind: str, tmp_path: Path) -> None:
    """In a process of its own, for if it may not, that process never does anything again."""
    code = f"""
import threading, time
from pathlib import Path
from stoppress.edge.environments import open_environment

folder = Path({str(tmp_path / kind)!r})
{OPENING[kind]}
environment = open_environment(folder, map_bytes=2**24, databases=1, metasync=True)
begun = threading.Event()

def write():
    with environment.begin(write=True):
        begun.set()
        for _ in range(100):  # each time it needs the interpreter to go on
            time.sleep(0.001)

writing = threading.Thread(target=write)
writing.start()
begun.wait()
{OPENING[kind]}
writing.join()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr
