"""The supervisor keeps processes running, sets a damaged store aside, and ends all of them.

It runs here in a process of its own (it handles signals), over small real programs.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from stoppress.cli import children
from tests.waiting import until

SUPERVISE = """
    import asyncio, sys
    from pathlib import Path
    from stoppress.cli.children import Child
    from stoppress.cli.supervisor import GaveUp, Plan, Supervisor

    here = Path(sys.argv[1])

    async def is_ready():
        return (here / "ready").exists()

    async def alongside():
        (here / "alongside").touch()
        try:
            await asyncio.Event().wait()
        finally:
            (here / "alongside").unlink()

    programs = sys.argv[2:]
    plan = Plan(
        children=tuple(
            Child(
                name=Path(program).stem,
                command=(sys.executable, program, str(here)),
                uses_store=not Path(program).stem.startswith("clock"),
                ends_first=Path(program).stem.startswith("edge"),
            )
            for program in programs
        ),
        store=here / "store",
        is_ready=is_ready,
        on_ready=lambda seconds: print("ready", flush=True),
        alongside=alongside,
    )
    try:
        asyncio.run(Supervisor(plan).run())
    except GaveUp as error:
        print(error, flush=True)
        sys.exit(1)
"""
STAYS = """
    import os, signal, sys
    from pathlib import Path
    here, name = Path(sys.argv[1]), Path(sys.argv[0]).stem
    (here / f"{name}.pid.{os.getpid()}").touch()
    def end(*_):
        with (here / "ended").open("a") as log:
            log.write(name + chr(10))
        sys.exit(0)
    signal.signal(signal.SIGTERM, end)
    print(f"{name} runs", flush=True)
    while True:
        signal.pause()
"""
DIES = "import sys; print('no such luck', flush=True); sys.exit(3)"


class House:
    """A supervisor over some programs, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "store").mkdir()
        self.programs: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None

    def add(self, name: str, program: str) -> None:
        file = self.folder / f"{name}.py"
        file.write_text(textwrap.dedent(program))
        self.programs.append(str(file))

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", textwrap.dedent(SUPERVISE), str(self.folder)]
        log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen([*command, *self.programs], stdout=log, stderr=log)
        return self.process

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def pids(self, name: str) -> list[int]:
        """The process ids this program had, oldest first."""
        marks = sorted(self.folder.glob(f"{name}.pid.*"), key=lambda mark: mark.stat().st_mtime_ns)
        return [int(mark.suffix[1:]) for mark in marks]

    def wait_for(self, name: str, times: int = 1) -> int:
        until(lambda: len(self.pids(name)) >= times, f"start {times} of {name}")
        return self.pids(name)[-1]


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    if house.process is not None and house.process.poll() is None:
        house.process.kill()
        house.process.wait(10)
    for name in {Path(program).stem for program in house.programs}:
        for pid in house.pids(name):
            until(lambda pid=pid: not is_alive(pid), f"the end of {name}")


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_process_that_dies_is_started_again(house):
    house.add("app", STAYS)
    house.start()
    os.kill(house.wait_for("app"), signal.SIGKILL)
    house.wait_for("app", times=2)
    assert "ended_by=SIGKILL" in plain(house.log())


@pytest.mark.parametrize(("steady_seconds", "pauses"), [(30, [0.2, 0.5, 1]), (0, [0.2, 0.2, 0.2])])
def test_one_that_ran_long_is_started_again_at_once(monkeypatch, steady_seconds, pauses):
    monkeypatch.setattr(children, "STEADY_SECONDS", steady_seconds)
    child = children.Child("edge-1", (sys.executable, "-c", ""))

    async def pause_after_a_death() -> float:
        await child.start()
        await child.wait()
        return child.back_off_seconds()

    assert [asyncio.run(pause_after_a_death()) for _ in pauses] == pauses


def test_a_signal_ends_all_processes_the_edge_first(house):
    for name in ("app", "edge-1", "edge-2", "clock"):
        house.add(name, STAYS)
    supervisor = house.start()
    for name in ("app", "edge-1", "edge-2", "clock"):
        house.wait_for(name)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(10) == 0
    ended = (house.folder / "ended").read_text().split()
    assert set(ended[:2]) == {"edge-1", "edge-2"}
    assert set(ended[2:]) == {"app", "clock"}


def test_what_is_to_run_alongside_runs_as_long_as_it_does(house):
    house.add("app", STAYS)
    supervisor = house.start()
    house.wait_for("app")
    mark = house.folder / "alongside"
    until(mark.exists, "what runs alongside")
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(10) == 0
    assert not mark.exists()


def test_no_process_outlives_a_supervisor_that_is_killed(house):
    house.add("app", STAYS)
    supervisor = house.start()
    child = house.wait_for("app")
    supervisor.kill()
    supervisor.wait(10)
    until(lambda: not is_alive(child), "the child's end")


def test_a_process_that_ignores_the_signal_is_killed(house):
    house.add("app", STAYS.replace("signal.SIGTERM, end", "signal.SIGTERM, signal.SIG_IGN"))
    supervisor = house.start()
    child = house.wait_for("app")
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(15) == 0
    assert not is_alive(child)


def test_a_process_that_can_not_start_ends_the_whole_with_its_last_words(house):
    house.add("app", DIES)
    house.add("edge-1", STAYS)
    supervisor = house.start()
    assert supervisor.wait(20) == 1
    assert "app     | no such luck" in house.log()
    assert "The app process ended 3 times before the newsroom was ready." in house.log()


def test_once_ready_it_never_gives_up(house):
    house.add("app", DIES)
    (house.folder / "ready").touch()
    supervisor = house.start()
    until(lambda: house.log().count("no such luck") >= 4, "a fourth try")
    assert supervisor.poll() is None


@pytest.mark.parametrize("number", [signal.SIGBUS, signal.SIGSEGV])
def test_a_worker_killed_by_bad_memory_has_the_store_set_aside(house, number):
    for name in ("edge-1", "printer", "clock"):
        house.add(name, STAYS)
    (house.folder / "store" / "data.mdb").write_bytes(b"damaged")
    house.start()
    for name in ("edge-1", "printer", "clock"):
        house.wait_for(name)
    os.kill(house.pids("edge-1")[0], number)
    house.wait_for("edge-1", times=2)
    house.wait_for("printer", times=2)
    assert list((house.folder / "store").iterdir()) == []
    (aside,) = house.folder.glob("store.damaged-*")
    assert (aside / "data.mdb").read_bytes() == b"damaged"
    assert len(house.pids("clock")) == 1


def test_readiness_is_announced_once(house):
    house.add("app", STAYS)
    house.start()
    house.wait_for("app")
    (house.folder / "ready").touch()
    until(lambda: "ready\n" in house.log(), "the announcement")


def plain(text: str) -> str:
    """The text without a terminal's colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
