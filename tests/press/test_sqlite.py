"""SQLite with a queue for its writers."""

import subprocess
import sys
import threading
from queue import Queue

import pytest
from django.db import connection, connections, transaction

from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from tests.databases import pointed_at
from tests.press import paper as tiny


@pytest.fixture
def queued(paper):
    """The tiny paper's SQLite database, opened with our engine."""
    if paper != "sqlite":
        pytest.skip("SQLite only")
    declared = connections.settings["default"]
    name, before = declared["NAME"], connections["default"]
    with pointed_at(str(name)):
        connections.settings["default"]["ENGINE"] = "stoppress.press.sqlite"
        connections["default"].close()
        connections["default"] = connections.create_connection("default")
        yield str(name)
        connections["default"].close()
    connections["default"] = before


def test_writers_of_many_threads_all_get_their_turn(queued):
    errors = Queue()

    def write(who):
        try:
            for _ in range(10):
                with changing(f"writer {who}") as change:
                    tiny.Aside.objects.create(text=str(who))
                    change.touch("article:1")
        except BaseException as error:
            errors.put(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors.empty()
    assert tiny.Aside.objects.count() == 50


def is_free(name: str) -> bool:
    """Ask the kernel, from another process, whether the lock can be had now."""
    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)",
            f"{name}.lock",
        ],
        capture_output=True,
        check=False,
    )
    return asked.returncode == 0


def test_the_lock_is_held_for_as_long_as_the_transaction(queued):
    with transaction.atomic():
        assert not is_free(queued)
    assert is_free(queued)


def test_the_lock_is_let_go_by_an_error_and_by_closing(queued):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert is_free(queued)
    with transaction.atomic():
        connection.close()
        assert is_free(queued)


def test_reading_never_queues(queued):
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(10)
        assert print_page("/").body == b"front\n"
        assert tiny.Story.objects.count() == 0
    finally:
        done.set()
        thread.join(20)
