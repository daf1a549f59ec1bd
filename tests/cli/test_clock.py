"""The clock: duties don't hold each other up, and of many clocks one acts."""

import threading

import pytest
from django.db import connections

from stoppress.cli.clock import Clock, Duty
from stoppress.cli.lease import AdvisoryLease, FileLease
from tests.databases import pointed_at
from tests.waiting import until


class Counted:
    """A duty's act that counts its calls."""

    def __init__(self, pause: float = 0.01) -> None:
        self.calls = 0
        self.pause = pause

    def __call__(self) -> float:
        self.calls += 1
        return self.pause


@pytest.fixture
def run_clock(tmp_path):
    """Run clocks in threads until the test ends."""
    clocks: list[tuple[Clock, threading.Thread]] = []

    def run(*duties: Duty, lease_name: str = "lease") -> Clock:
        clock = Clock(list(duties), FileLease(tmp_path / lease_name), tmp_path / "numbers")
        thread = threading.Thread(target=clock.run)
        clocks.append((clock, thread))
        thread.start()
        return clock

    yield run
    for clock, thread in clocks:
        clock.stop()
        thread.join(10)


def fail() -> float:
    raise ValueError("as this duty always does")


def test_a_duty_that_fails_stops_no_other(run_clock):
    works = Counted()
    run_clock(Duty("fails", fail, needs_lease=False), Duty("works", works, needs_lease=False))
    until(lambda: works.calls >= 5, "the other duty's fifth call")


def test_a_duty_that_dawdles_delays_no_other(run_clock):
    works, is_free = Counted(), threading.Event()

    def dawdle() -> float:
        is_free.wait(20)
        return 0.01

    run_clock(Duty("dawdles", dawdle, needs_lease=False), Duty("works", works, needs_lease=False))
    until(lambda: works.calls >= 5, "the other duty's fifth call")
    is_free.set()


def test_of_two_clocks_one_acts_and_the_other_takes_over(run_clock):
    first, second, everywhere = Counted(), Counted(), Counted()
    leading = run_clock(Duty("schedule", first, needs_lease=True))
    until(lambda: first.calls >= 2, "the first clock's work")
    run_clock(
        Duty("schedule", second, needs_lease=True), Duty("views", everywhere, needs_lease=False)
    )
    until(lambda: everywhere.calls >= 3, "the second clock's work for its own machine")
    assert second.calls == 0
    leading.stop()
    until(lambda: second.calls >= 2, "the second clock's taking over")


def test_a_file_lease_is_free_when_it_is_released(tmp_path):
    one, other = FileLease(tmp_path / "lease"), FileLease(tmp_path / "lease")
    assert one.hold()
    assert one.hold()
    assert not other.hold()
    one.release()
    assert other.hold()
    other.release()


@pytest.fixture
def advisory_leases(cluster, django_db_blocker):
    """Two leases, each with a connection of its own to one PostgreSQL."""
    with django_db_blocker.unblock(), pointed_at(cluster.address()):
        leases = [AdvisoryLease(connections.create_connection("default")) for _ in range(2)]
        yield leases
        for lease in leases:
            lease.release()


@pytest.mark.postgresql
def test_a_lease_of_postgresql_is_held_by_one(advisory_leases):
    one, other = advisory_leases
    assert one.hold()
    assert one.hold()
    assert not other.hold()
    one.release()
    until(other.hold, "the other clock's lease")


@pytest.mark.postgresql
def test_a_lost_connection_is_a_lost_lease(advisory_leases):
    one, other = advisory_leases
    assert one.hold()
    with one.connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    assert not other.hold()
    with other.connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    until(other.hold, "the other clock's taking over")
    assert not one.hold()
